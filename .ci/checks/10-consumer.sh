#!/usr/bin/env bash
# The published artefacts, as a project of somebody else's meets them: by their coordinates, with nothing optional on the class path,
# and compiled by older Kotlin compilers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

. .ci/installed.sh
install_libraries

for kotlin in 2.2.21 2.3.20; do
  echo "--- a consumer with Kotlin $kotlin"
  maven -f .ci/consumer/pom.xml "-Dkotlin.version=$kotlin" clean verify
done
echo "--- a consumer in Java"
maven -f .ci/consumer-java/pom.xml clean verify
