#!/usr/bin/env bash
# The alert rules are understood by promtool, and fire when they should and not otherwise (*.test.yml).
set -euo pipefail
cd "$(dirname "$0")/../.."
promtool=build/servers/usr/bin/promtool
[ -x "$promtool" ] || { echo "$promtool is missing: run tests/servers.sh"; exit 1; }
"$promtool" check rules --lint-fatal config/prometheus/driftkeeper.rules.yml
"$promtool" test rules tests/prometheus/*.test.yml
