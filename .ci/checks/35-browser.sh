#!/usr/bin/env bash
# samples/devtools against a peer that no one here wrote, headless Chromium: its tests with a real browser, then the program itself:
# 20 screenshots over shared connections, what that saves, and how it ends. Installs chromium with apt-get where it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! command -v chromium >/dev/null; then
  echo "--- installing chromium"
  sudo=$([[ $(id -u) == 0 ]] || echo sudo)
  if ! { $sudo apt-get -qq update && $sudo apt-get -qq install -y --no-install-recommends chromium; } >/dev/null; then
    echo "chromium is neither installed nor to be had with apt-get: install it, then run this again" >&2
    exit 1
  fi
fi

. .ci/installed.sh
compile_sample devtools -P browser test
DEVTOOLS_CLASSPATH=$(sample_classpath devtools)
export DEVTOOLS_CLASSPATH PYTHONDONTWRITEBYTECODE=1

echo "--- 20 screenshots"
timeout 200 python3 .ci/browser/screenshots.py
echo "--- how the program ends"
timeout 200 python3 .ci/browser/manners.py
