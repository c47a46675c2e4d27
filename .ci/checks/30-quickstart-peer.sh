#!/usr/bin/env bash
# The quickstart against a WebSocket server that no one here wrote, Debian's python3-websockets: 100,000 lines while that server is
# killed and restarted twice, then how the program ends. Last, the README's own command to run it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=/usr/bin/python3
if ! "$python" -c 'import websockets' 2>/dev/null; then
  echo "--- installing python3-websockets"
  sudo=$([[ $(id -u) == 0 ]] || echo sudo)
  if ! { $sudo apt-get -qq update && $sudo apt-get -qq install -y python3-websockets; } >/dev/null || ! "$python" -c 'import websockets'; then
    echo "python3-websockets is neither installed nor to be had with apt-get: install it for $python, then run this again" >&2
    exit 1
  fi
fi

# Without the profile, as the reactor has no test-jar before test-compile.
. .ci/installed.sh
compile_sample quickstart
QUICKSTART_CLASSPATH=$(sample_classpath quickstart)
export QUICKSTART_CLASSPATH PYTHONDONTWRITEBYTECODE=1

echo "--- a server that is killed and restarted twice"
timeout 600 "$python" .ci/quickstart/restarts.py
echo "--- how the program ends"
timeout 600 "$python" .ci/quickstart/manners.py

echo "--- the README's command"
run_command=$(awk '/^```sh$/ { inside = 1; next } /^```/ && inside { exit } inside' README.md | sed -n 1p)
replies=$PWD/target/quickstart-replies
arguments="--input $PWD/LICENSE --output $replies"
timeout 600 bash -euo pipefail -c "${run_command/--input LICENSE/$arguments}"
cmp LICENSE "$replies"
