#!/usr/bin/env bash
# How many descriptors are left of 100 stuck writers when the network swallows everything and they are aborted; the figures stand in
# docs/reliability.md. By hand, not in CI: it takes two minutes, Linux's iproute2 and the right to make a network namespace (root, or
# user namespaces that are open to all). The namespace has nothing but a loopback device of its own, and ends with the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./mvnw -B -q -pl wspool-ktor -am -Djacoco.skip test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
  -Dmdep.includeScope=test "-Dmdep.outputFile=\${project.build.directory}/test-classpath"
classpath=wspool-ktor/target/classes:wspool-ktor/target/test-classes:$(<wspool-ktor/target/test-classpath)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

as_root=$([[ $(id -u) == 0 ]] || echo --map-root-user)
# shellcheck disable=SC2016
timeout 600 unshare $as_root --net --kill-child bash -euc 'ip link set lo up && exec "$@"' blackhole \
  "$java" -Xmx4g -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$classpath" dev.wspool.ktor.soak.BlackHole
