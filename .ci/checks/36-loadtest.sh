#!/usr/bin/env bash
# samples/loadtest as a newcomer runs it: the command of its README, its report and its file, a server that is killed, paused and slowed,
# and how the program ends.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

. .ci/installed.sh
compile_sample loadtest
LOADTEST_CLASSPATH=$(sample_classpath loadtest)
export LOADTEST_CLASSPATH PYTHONDONTWRITEBYTECODE=1

echo "--- the command of the README"
command=$(awk '/^```sh$/ { inside = 1; next } /^```/ && inside { exit } inside' samples/loadtest/README.md)
output=$(timeout 100 bash -euo pipefail -c "$command" </dev/null)
if [[ $output != *"  Failed: 0 (0.0%)"* ]]; then
  printf 'not all went well:\n%s\n' "$output" >&2
  exit 1
fi
echo "--- calm and chaos"
timeout 100 python3 .ci/loadtest/runs.py
echo "--- how the program ends"
timeout 100 python3 .ci/loadtest/manners.py
