#!/usr/bin/env bash
# Installs the Debian packages that are missing. Usage: tests/packages.sh GROUP…   (each is a list below)
set -euo pipefail

build="g++ cmake ninja-build ccache mold pkg-config git ca-certificates
    libgit2-dev nlohmann-json3-dev libboost1.81-dev libboost-filesystem1.81-dev libboost-system1.81-dev prometheus-cpp-dev
    libyaml-dev libsqlite3-dev libcurl4-openssl-dev libcli11-dev libfmt-dev libhowardhinnant-date-dev
    libsystemd-dev libssl-dev libcrypt-dev libzip-dev libseccomp-dev"
provider="libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev protobuf-compiler zip"
test="awscli git-lfs man-db groff doctest-dev libbenchmark-dev openssh-client openssh-server postgresql python3 python3-aiosmtpd python3-jsonschema python3-yaml
    sqlite3 unzip clang-format curl systemd procps strace zsh"
npm="npm" # only where no other npm is on PATH
browser="chromium fonts-dejavu-core"
system="debootstrap systemd-container lintian man-db groff dpkg-dev gzip file qemu-system-x86 e2fsprogs" # the package, and a Debian that boots, with its own kernel too
long="clang-19 libclang-rt-19-dev clang-tidy"

wanted=""
for group in "$@"; do
    case "$group" in
        build | provider | test | npm | browser | system | long) wanted="$wanted ${!group}" ;;
        *) echo "packages.sh: unknown group $group" >&2; exit 2 ;;
    esac
done

missing=""
for package in $wanted; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing:$missing" >&2
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086  # a list of words on purpose
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
