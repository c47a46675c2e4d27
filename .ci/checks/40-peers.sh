#!/usr/bin/env bash
# The pool against WebSocket servers and TLS proxies that no one here wrote: npm's ws, Debian's python3-websockets, nginx, haproxy.
# Installs what is missing: with apt-get, and ws, which .ci/peers/package-lock.json pins, into target/peers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
PATH=$PATH:/usr/sbin

missing=()
/usr/bin/python3 -c 'import websockets' 2>/dev/null || missing+=(python3-websockets)
command -v nginx >/dev/null || missing+=(nginx-light)
command -v haproxy >/dev/null || missing+=(haproxy)
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

mkdir -p target/peers
cp .ci/peers/package.json .ci/peers/package-lock.json target/peers
if ! npm ci --prefix target/peers --no-audit --no-fund --loglevel=error; then
  echo "npm could not install ws (.ci/peers/package.json) into target/peers" >&2
  exit 1
fi

# -am for wspool-core, whose classes the tests need; the profile runs none of its tests.
timeout 600 ./mvnw -B -Pinterop -pl wspool-ktor -am test
