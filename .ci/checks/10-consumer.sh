#!/usr/bin/env bash
# The published artefacts, as a project of somebody else's meets them: by their coordinates, with nothing optional on the class path,
# and compiled by older Kotlin compilers. They are installed in a repository to throw away, before the machine's own in the search order.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

settings=$(./mvnw -B -q -N org.apache.maven.plugins:maven-help-plugin:3.5.1:evaluate -Dexpression=settings.localRepository -DforceStdout)
repository=$PWD/target/consumer-repository
rm -rf "$repository"
maven() {
  ./mvnw -B "-Dmaven.repo.local=$repository" "-Dmaven.repo.local.tail=$settings" "$@"
}

maven -pl wspool-core,wspool-ktor -am -DskipTests -Djacoco.skip -Dspotless.check.skip install
for kotlin in 2.2.21 2.3.20; do
  echo "--- a consumer with Kotlin $kotlin"
  maven -f .ci/consumer/pom.xml "-Dkotlin.version=$kotlin" clean verify
done
