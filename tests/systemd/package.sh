#!/usr/bin/env bash
# What build_packages.sh made: the package holds what it should, lintian finds no error and no warning, man pages render without a warning, and
# `cmake --install` puts the same files down without touching settings that are there.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
breach() { echo "package: $1"; bad=1; }

deb=build/systemd/driftkeeper.deb
lintian --fail-on error,warning --allow-root "$deb" || breach "lintian"
dpkg-deb -x "$deb" "$work/deb"
for file in usr/bin/driftkeeper usr/lib/systemd/system/driftkeeper.service usr/lib/sysusers.d/driftkeeper.conf \
    usr/lib/tmpfiles.d/driftkeeper.conf usr/lib/systemd/catalog/driftkeeper.catalog etc/driftkeeper/driftkeeper.yaml \
    usr/share/man/man1/driftkeeper.1.gz usr/share/driftkeeper/systemd/limits.conf.example \
    usr/share/doc/driftkeeper/copyright usr/share/doc/driftkeeper/changelog.gz; do
    [ -s "$work/deb/$file" ] || breach "$file is not in it"
done
# What others put into these folders of config/ is in it, too.
for pair in completion/*.bash:usr/share/bash-completion/completions completion/_*:usr/share/zsh/vendor-completions \
    prometheus/*:usr/share/driftkeeper/prometheus grafana/*:usr/share/driftkeeper/grafana; do
    # shellcheck disable=SC2086  # a pattern on purpose
    for file in config/${pair%:*}; do
        [ -f "$file" ] || continue
        name=$(basename "$file" .bash)
        [ -s "$work/deb/${pair#*:}/$name" ] || breach "$file is not in it as ${pair#*:}/$name"
    done
done
file "$work/deb/usr/bin/driftkeeper" | grep -q ', stripped' || breach "the program is not stripped"
depends=$(dpkg-deb -f "$deb" Depends)
for library in libc6 libcurl4 libgit2-1.5 libsqlite3-0 libsystemd0 openssh-client systemd; do
    grep -qw "$library" <<<"$depends" || breach "does not depend on $library: $depends"
done
[ "$(dpkg-deb -I "$deb" conffiles)" = /etc/driftkeeper/driftkeeper.yaml ] || breach "conffiles"
"$work/deb/usr/bin/driftkeeper" config check "$work/deb/etc/driftkeeper/driftkeeper.yaml" || breach "the settings in it are bad"
for page in "$work"/deb/usr/share/man/man*/*.gz; do
    said=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || breach "$(basename "$page"): $said"
done

# The same rules without a package.
mkdir -p "$work/tree/etc/driftkeeper"
echo "# mine" > "$work/tree/etc/driftkeeper/driftkeeper.yaml"
DESTDIR=$work/tree cmake --install build/package >/dev/null
[ "$(cat "$work/tree/etc/driftkeeper/driftkeeper.yaml")" = "# mine" ] || breach "cmake --install replaces settings"
diff <(cd "$work/deb" && find . -type f | sort) <(cd "$work/tree" && find . -type f | sort) || breach "cmake --install puts other files down"
exit $bad
