#!/usr/bin/env bash
# The systemd unit is understood to the last word, and as closed as config/operations.md says.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# verify wants the program and the user to exist; neither is installed here.
sed -e 's#=/usr/bin/driftkeeper#=/bin/true#' -e '/^\(User\|Group\)=/d' systemd/driftkeeper.service > "$work/driftkeeper.service"
said=$(systemd-analyze verify --man=no --recursive-errors=yes "$work/driftkeeper.service" 2>&1) || { echo "$said"; exit 1; }
[ -z "$said" ] || { echo "$said"; exit 1; }
# The examples beside it, too: as drop-ins.
for example in systemd/*.conf.example; do
    install -D -m 644 "$example" "$work/driftkeeper.service.d/$(basename "$example" .example)"
done
said=$(systemd-analyze verify --man=no --recursive-errors=yes "$work/driftkeeper.service" 2>&1) || { echo "$said"; exit 1; }
[ -z "$said" ] || { echo "$said"; exit 1; }
systemd-analyze security --offline=true --threshold=22 systemd/driftkeeper.service >/dev/null || { echo "exposure is above 2.2"; exit 1; }
command -v systemd-sysusers >/dev/null && systemd-sysusers --dry-run "$PWD/systemd/driftkeeper.sysusers" >/dev/null
