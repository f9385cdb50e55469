#!/usr/bin/env bash
# Makes the package, and the same once more under a higher version: build/systemd/driftkeeper.deb and next.deb.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash tests/packages.sh build system
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset package >/dev/null
cmake --build --preset package
rm -f build/package/driftkeeper_*.deb
cpack --preset package >/dev/null

mkdir -p build/systemd
cp build/package/driftkeeper_*_amd64.deb build/systemd/driftkeeper.deb
rm -rf build/systemd/next
dpkg-deb -R build/systemd/driftkeeper.deb build/systemd/next
sed -i 's/^Version: .*/&+next/' build/systemd/next/DEBIAN/control
dpkg-deb -Zgzip -z1 -b build/systemd/next build/systemd/next.deb >/dev/null
rm -rf build/systemd/next
