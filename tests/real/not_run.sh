#!/usr/bin/env bash
# Names the programs that are missing, and the tests that need them: they were not run, and count as nothing.
# Usage: tests/real/not_run.sh TEST-PROGRAM
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bash "$here/build.sh" --list | while read -r name path; do
    [ -x "$path" ] || echo "not run: what needs $name"
done
names() { "$1" --list-test-cases --no-intro "${@:2}" | grep -v '^\(===\|\[doctest\]\)' | sort; }
comm -13 <(names "$1") <(names "$1" --no-skip) | sed 's/^/not run: /'
