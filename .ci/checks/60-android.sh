#!/usr/bin/env bash
# The Android sample: compiled against Android 7.0 (API 24), its logic on the JVM, the library shrunk by the rules in its own jars, and
# its footprint, which docs/android.md quotes from samples/android/target/footprint.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

./mvnw -B -q -Pandroid -pl samples/android -am verify
cat samples/android/target/footprint.md
