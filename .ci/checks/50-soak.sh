#!/usr/bin/env bash
# The soak for a minute: 200 coroutines on 20 connections against a server that is killed, paused, cut off and made slow. It fails where
# one of its criteria is violated, see docs/reliability.md. SOAK_SECONDS and SOAK_SEED ask for another time, or for the same faults again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${SOAK_SECONDS:-60}
timeout $((seconds + 540)) ./mvnw -B -q -Psoak -pl wspool-ktor -am "-Dsoak.seconds=$seconds" ${SOAK_SEED:+"-Dsoak.seed=$SOAK_SEED"} test
