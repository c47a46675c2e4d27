#!/usr/bin/env bash
# The tests of wspool-core on a second, newer JDK: SECOND_JDK, or else the newest one from 21 on beside the other JVMs of the machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

feature() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true
}

newest=${SECOND_JDK:-}
if [[ -z $newest ]]; then
  best=20
  for jdk in /usr/lib/jvm/*; do
    version=$(feature "$jdk")
    if [[ -x $jdk/bin/javac && -n $version && $version -gt $best ]]; then
      best=$version newest=$jdk
    fi
  done
fi
if [[ -z $newest ]]; then
  echo "SKIPPED: no second JDK (21 or newer) was found; set SECOND_JDK to one"
  exit 0
fi

echo "JDK $(feature "$newest")"
# The classes are those that the first JDK has compiled, as they are published.
[[ -d wspool-core/target/test-classes ]] || ./mvnw -B -q -pl wspool-core test-compile
JAVA_HOME=$newest ./mvnw -B -pl wspool-core surefire:test@default-test surefire:test@lincheck
