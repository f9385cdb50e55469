#!/usr/bin/env bash
# Prints how easy the source is to work in: its layout, its density and (--times) its loop, beside version 0.1.0 and the targets.
#   bash tests/figures.sh            what can be counted: a second
#   bash tests/figures.sh --times    also the loop: a fresh clone's demo, the cold tests, a room after one edit (up to an hour)
set -euo pipefail
cd "$(dirname "$0")/.."
before=334a256 # version 0.1.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

times=no
case "${1:-}" in
    --times) times=yes ;;
    "") ;;
    *) echo "usage: bash tests/figures.sh [--times]" >&2; exit 2 ;;
esac

mkdir "$work/before" "$work/now"
git archive "$before" parsers providers daemon tests | tar -x -C "$work/before" ||
    echo "tests/figures.sh: no commit $before in this clone: its column is empty" >&2
git ls-files -z parsers providers daemon tests | xargs -0 tar -c 2>/dev/null | tar -x -C "$work/now"
python3 tests/figures.py "$work/before" "$work/now"
[ $times = yes ] || exit 0

export CCACHE_DISABLE=1 # a cold build compiles
row() { printf '%-52s %10s %10s   %s\n' "$@"; }
seconds() { # seconds COMMAND…: how long it takes, whatever it prints
    local start=$EPOCHREALTIME
    "$@" >"$work/output" 2>&1 || { tail -20 "$work/output" >&2; echo "failed"; return; }
    awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f s", b - a }'
}
demo() {
    git clone -q . "$work/clone"
    (cd "$work/clone" && bash config/demo/run.sh)
}
tests() { (cd "$work/clone" && bash tests/run.sh); }
room() { (cd "$work/clone" && echo "// $RANDOM" >>daemon/notify/slack.cpp && bash tests/room.sh daemon/notify); }

echo
row "time on $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)" "0.1.0" "now" "target"
row "README's demo from a fresh clone" "17 min" "$(seconds demo)" "≤ 300 s"
row "bash tests/run.sh, cold" "" "$(seconds tests)" "≤ 720 s"
row "bash tests/room.sh daemon/notify after one edit" "" "$(seconds room)" "≤ 15 s"
