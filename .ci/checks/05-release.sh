#!/usr/bin/env bash
# What is published, as the test command has just built it: poms that need no parent and say all that a repository asks for, a bill of
# materials, and jars that a second build, elsewhere, makes the same, byte by byte.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

modules=(wspool-core wspool-ktor)

for module in "${modules[@]}"; do
  pom=$module/target/.flattened-pom.xml
  if grep -q '<parent>' "$pom"; then
    echo "$pom depends on a parent" >&2
    exit 1
  fi
  for element in name description url license developer scm; do
    grep -q "<$element>" "$pom" || { echo "$pom has no <$element>" >&2 && exit 1; }
  done
  sbom=$(ls "$module"/target/"$module"-*-cyclonedx.json)
  grep -q '"bomFormat" : "CycloneDX"' "$sbom" && grep -q '"purl" : "pkg:maven/org.jetbrains.kotlinx/kotlinx-coroutines-core-jvm@' "$sbom" ||
    { echo "$sbom does not say what $module depends on" >&2 && exit 1; }
done

# Not the javadoc jars: Dokka gives their entries the time of the build.
digests() {
  (cd "$1" && sha256sum wspool-*/target/wspool-*.jar wspool-*/target/wspool-*-cyclonedx.json wspool-*/target/.flattened-pom.xml | grep -v javadoc)
}

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
digests . >"$again/first"
git clone --quiet . "$again/wspool"
"$again/wspool/mvnw" -B -q -f "$again/wspool/pom.xml" -pl wspool-core,wspool-ktor -am package \
  -DskipTests -Djacoco.skip -Dspotless.check.skip -Ddokka.skip -Danimal.sniffer.skip
digests "$again/wspool" >"$again/second"
diff "$again/first" "$again/second" || { echo "Two builds differ: see above" >&2 && exit 1; }
echo "$(wc -l <"$again/first") files, the same from two builds"
