#!/usr/bin/env bash
# Copies the pictures that the README shows from the last run of tests_browser to config/screenshots.
# Usage: tests/browser/pictures.sh [SCREENSHOTS]     (default build/debug/screenshots)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
from=${1:-$root/build/debug/screenshots}
to=$root/config/screenshots
mkdir -p "$to"
keep() { # SCREENSHOT NAME
    [ "$(stat -c %s "$from/$1.png")" -lt 153600 ] || { echo "pictures.sh: $1.png is over 150 KiB" >&2; exit 1; }
    cp "$from/$1.png" "$to/$2.png"
}
keep fleet-1440-light fleet
keep running running
keep drift stack
