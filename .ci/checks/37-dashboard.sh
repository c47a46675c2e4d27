#!/usr/bin/env bash
# samples/dashboard in a browser that no one here wrote, headless Chromium, driven by playwright-core: each button, the charts, the
# keyboard, both colour schemes, a phone's width, axe-core, and a restart of the program. Installs what is missing: with apt-get, and what
# .ci/dashboard/package-lock.json pins, into target/dashboard.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [[ ${#missing[@]} != 0 ]]; then
  echo "--- installing ${missing[*]}"
  sudo=$([[ $(id -u) == 0 ]] || echo sudo)
  if ! { $sudo apt-get -qq update && $sudo apt-get -qq install -y --no-install-recommends "${missing[@]}"; } >/dev/null; then
    echo "${missing[*]}: neither installed nor to be had with apt-get; install them, then run this again" >&2
    exit 1
  fi
fi

mkdir -p target/dashboard
cp .ci/dashboard/package.json .ci/dashboard/package-lock.json target/dashboard
if ! npm ci --prefix target/dashboard --no-audit --no-fund --loglevel=error; then
  echo "npm could not install what .ci/dashboard/package.json names into target/dashboard" >&2
  exit 1
fi

# Without the profile, as the reactor has no test-jar before test-compile.
. .ci/installed.sh
compile_sample dashboard
DASHBOARD_CLASSPATH=$(sample_classpath dashboard)
CHROMIUM=$(command -v chromium)
NODE_PATH=target/dashboard/node_modules
export DASHBOARD_CLASSPATH CHROMIUM NODE_PATH

timeout 200 node .ci/dashboard/check.js
