#!/usr/bin/env bash
# Every source is formatted by .clang-format. `tests/lint/format.sh --fix` writes the files.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
git ls-files -co --exclude-standard '*.cpp' '*.hpp' | while read -r file; do [ -f "$file" ] && echo "$file"; done |
    xargs -r clang-format "${mode[@]}"
