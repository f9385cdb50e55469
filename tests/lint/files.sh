#!/usr/bin/env bash
# What every tracked text file owes its reader. Prints each breach; exit 1 when there is one.
set -uo pipefail
cd "${1:-$(dirname "$0")/../..}"
bad=0
breach() { echo "$1"; bad=1; }

list() { git ls-files -co --exclude-standard -- "$@" 2>/dev/null | while read -r file; do [ -f "$file" ] && echo "$file"; done; }

while read -r file; do
    case "$file" in tests/parsers/*/golden/* | tests/fuzz/corpus/*) continue ;; esac
    grep -Iq . "$file" || continue  # empty or binary
    [ -z "$(tail -c 1 "$file")" ] || breach "$file: no newline at the end"
    grep -nI $'\r$' "$file" | head -1 | grep -q . && breach "$file: carriage returns"
    case "$file" in *.md) ;; *) grep -nIE '[ 	]+$' "$file" | head -3 | sed "s|^|$file:|" | grep . && bad=1 ;; esac
done < <(list .)

while read -r file; do
    case "$file" in *.hpp) head -5 "$file" | grep -q '#pragma once' || breach "$file: no #pragma once" ;; esac
    grep -nE '\bco_(await|return|yield)\b' "$file" | sed "s|^|$file:|" | grep . && bad=1
    lines=$(wc -l < "$file")
    case "$file" in
        tests/*) ;;
        *) [ "$lines" -le 450 ] || breach "$file: $lines lines; does it still hold one thing?"
           grep -nE '(TODO|FIXME|XXX)' "$file" | sed "s|^|$file:|" | grep . && bad=1 ;;
    esac
done < <(list '*.cpp' '*.hpp')

git grep -nIE '(^|[^[:alnum:]_./-])/(work|root|home)/' -- . ':!tests/lint' 2>/dev/null | grep . && bad=1
for top in $(git ls-files | cut -d/ -f1 | sort -u); do
    case "$top" in
        CMakeLists.txt | daemon | providers | parsers | tests | systemd | config | README.md) ;;
        .* | CMakePresets.json | ARCHITECTURE.md | CHANGELOG.md | CONTRIBUTING.md) ;;
        *) breach "$top: does not belong to the top level" ;;
    esac
done
exit $bad
