#!/usr/bin/env bash
# The quick loop: builds and runs the unit tests of rooms, preset debug, and prints how long it took.
#   bash tests/room.sh daemon/notify [ROOM…]     a room is a folder below tests/
#   bash tests/room.sh daemon/notify -- -tc='*slack*'     what follows -- is doctest's
set -euo pipefail
cd "$(dirname "$0")/.."

rooms=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    rooms+=("${1%/}")
    shift
done
[ $# -eq 0 ] || shift
[ ${#rooms[@]} -gt 0 ] || { echo "usage: bash tests/room.sh ROOM… [-- DOCTEST OPTION…]" >&2; exit 2; }

export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
[ -f build/debug/build.ninja ] || cmake --preset debug >/dev/null

programs=()
for room in "${rooms[@]}"; do
    mapfile -t found < <(awk -v room="$room" '$1 == room && $3 == "unit" { print $2 }' build/debug/test_programs.txt)
    [ ${#found[@]} -gt 0 ] || { echo "tests/room.sh: tests/$room has no unit tests" >&2; exit 2; }
    programs+=("${found[@]}")
done

start=$EPOCHREALTIME
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", b - a }'; }
cmake --build --preset debug --target "${programs[@]}"
built=$(since "$start")
failed=0
for program in "${programs[@]}"; do
    "build/debug/bin/$program" "$@" || failed=1
done
echo "built in $built, all in $(since "$start")"
exit $failed
