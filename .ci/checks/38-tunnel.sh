#!/usr/bin/env bash
# samples/tunnel: 10,000 pair-ups by id between two processes, while connections are cut and either process is killed; a gibibyte there and
# back, its checksums compared; and the commands of its README as a newcomer runs them, a page fetched through the tunnel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

echo "--- pair-ups by id"
. .ci/installed.sh
compile_sample tunnel -P tunnel test
classpath=$(sample_classpath tunnel)
tunnel() { exec java -cp "$classpath" dev.wspool.samples.tunnel.Main "$@"; }

echo "--- a gibibyte"
measured=$(timeout 100 java -cp "$classpath" dev.wspool.samples.tunnel.Main measure)
echo "$measured"
[[ $measured == *"SHA-256 of both "* ]]

echo "--- both ends as programs"
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
head -c 10000000 /dev/urandom >"$work/file"

# The first line of a program tells where it listens; what it says later waits in the pipe.
exec {from_service}< <(cd "$work" && exec python3 -u -m http.server --bind 127.0.0.1 0 2>/dev/null)
pids+=($!)
read -t 30 -r line <&"$from_service"
service=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' <<<"$line")

exec {from_server}< <(tunnel server --listen-tunnel 127.0.0.1:0 --listen 127.0.0.1:0 --token check 2>&1)
server=$!
pids+=("$server")
read -t 30 -r line <&"$from_server"
ws=$(sed -nE 's/Tunnel at (.*), TCP at .*/\1/p' <<<"$line")
address=$(sed -nE 's/.*, TCP at (.*)/\1/p' <<<"$line")

exec {from_client}< <(tunnel client --server "$ws" --to "127.0.0.1:$service" --connections 5 --token check 2>&1)
client=$!
pids+=("$client")
timeout 60 curl -sSf -o "$work/copy" "http://$address/file"
cmp "$work/file" "$work/copy"

echo "--- how they end"
end() { # the pid, and what to read what it has said from
  local status=0 said
  kill -TERM "$1"
  wait "$1" || status=$?
  said=$(timeout 10 cat <&"$2")
  if [[ $status != 143 || $said != *"TCP connections: 1 carried to their end "*" 0 broken, 0 refused"* ]]; then
    printf 'exit status %s, and it said:\n%s\n' "$status" "$said" >&2
    exit 1
  fi
}
end "$client" "$from_client"
end "$server" "$from_server"
