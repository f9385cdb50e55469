#!/usr/bin/env bash
# Every event of the log has its text in the journal's catalog, every text belongs to an event, every event is logged
# somewhere, and journalctl understands the catalog.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
breach() { echo "catalog: $1"; bad=1; }

sed -n 's/.*Event \([a-zA-Z]*\){"\([^"]*\)"};/\2 \1/p' daemon/base/events.hpp | sort > "$work/events"
cut -d' ' -f1 "$work/events" > "$work/code"
sed -n 's/^-- \([^ ]*\)$/\1/p' systemd/driftkeeper.catalog | sort > "$work/texts"
[ -s "$work/code" ] || breach "no events found"
[ -z "$(uniq -d "$work/code")" ] || breach "an identifier is used twice"
grep -qvE '^[0-9a-f]{32}$' "$work/code" && breach "an identifier is no 128 bits in hex"
diff "$work/code" "$work/texts" || breach "events (<) and texts (>) differ"
while read -r _ name; do
    grep -rqE "event::$name\b" daemon --include='*.cpp' || breach "$name is never logged"
done < "$work/events"

install -D -m 644 systemd/driftkeeper.catalog "$work/root/usr/lib/systemd/catalog/driftkeeper.catalog"
mkdir -p "$work/root/var/lib/systemd/catalog"
said=$(SYSTEMD_LOG_LEVEL=debug journalctl --update-catalog --root="$work/root" 2>&1) || breach "$said"
count=$(wc -l < "$work/code")
grep -q "Found $count items in catalog" <<<"$said" || breach "$said"
subjects=$(grep -c '^Subject: .' systemd/driftkeeper.catalog)
[ "$subjects" = "$count" ] || breach "$subjects subjects for $count texts"
exit $bad
