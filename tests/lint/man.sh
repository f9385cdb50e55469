#!/usr/bin/env bash
# The manual pages render without a warning, in ASCII too. Usage: man.sh [FOLDER]
set -euo pipefail
export LC_ALL=C.UTF-8
cd "${1:-$(dirname "$0")/../../config}"
bad=0
for page in *.[1-8]; do
    for device in utf8 ascii; do
        said=$(man --warnings -E UTF-8 -l -T$device -Z "$page" 2>&1 >/dev/null) || true
        [ -z "$said" ] || { echo "$page: $said"; bad=1; }
    done
    man -l "$page" 2>/dev/null | grep -q . || { echo "$page: renders to nothing"; bad=1; }
done
exit $bad
