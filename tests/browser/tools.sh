#!/usr/bin/env bash
# Installs what the browser tests need: Chromium, and below build/servers/browser playwright-core and axe-core.
# Usage: tests/browser/tools.sh   Prints nothing when all is there.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tools="$root/build/servers/browser"
command -v chromium >/dev/null || bash "$root/tests/packages.sh" browser
command -v npm >/dev/null || bash "$root/tests/packages.sh" npm
[ -d "$tools/node_modules/playwright-core" ] && [ -d "$tools/node_modules/axe-core" ] && exit 0
mkdir -p "$tools"
npm install --silent --no-audit --no-fund --prefix "$tools" playwright-core@1.49.1 axe-core@4.10.2 >/dev/null 2>&1
