#!/usr/bin/env bash
# Names the tests that a real program is missing for: they were not run, and count as nothing.
# Usage: tests/real/not_run.sh TEST-PROGRAM
set -euo pipefail
names() { "$1" --list-test-cases --no-intro "${@:2}" | grep -v '^\(===\|\[doctest\]\)' | sort; }
comm -13 <(names "$1") <(names "$1" --no-skip) | sed 's/^/not run: /'
