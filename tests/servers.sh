#!/usr/bin/env bash
# Unpacks servers that only tests need below build/servers, so that none is ever installed as a service.
# Usage: tests/servers.sh   Prints nothing when all is there.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
servers="$root/build/servers"
mkdir -p "$servers"

unpack() { # PACKAGE PROGRAM
    [ -x "$servers/usr/bin/$2" ] && return
    local work
    work=$(mktemp -d)
    (cd "$work" && apt-get download -qq "$1" 2>/dev/null || { ${SUDO:-} apt-get update -qq && apt-get download -qq "$1"; })
    dpkg -x "$work"/*.deb "$servers"
    rm -rf "$work"
    [ -x "$servers/usr/bin/$2" ] || { echo "servers.sh: $1 has no /usr/bin/$2" >&2; exit 1; }
}
[ "$(id -u)" = 0 ] || SUDO=sudo
unpack prometheus prometheus
unpack prometheus-alertmanager prometheus-alertmanager

# Debian's Alertmanager reads its default templates from a fixed place below /usr/share: it gets a /usr/share of its own.
cat > "$servers/alertmanager" <<'END'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec unshare --map-root-user --mount sh -c '
    mkdir -p "$1/share" && cp -r "$1/usr/share/prometheus" "$1/share/" 2>/dev/null
    mount --bind "$1/share" /usr/share && shift && exec "$@"' sh "$here" "$here/usr/bin/prometheus-alertmanager" "$@"
END
chmod +x "$servers/alertmanager"
