#!/usr/bin/env bash
# Installs what is missing, builds (preset debug: ASan + UBSan) and runs the short tests: labels unit, lint, e2e.
#   bash tests/run.sh            the short tests
#   bash tests/run.sh --real     also: label real, with real programs built from Go modules (tests/real/build.sh: half an hour of CPU once)
#   bash tests/run.sh --all      also: label real, label long, the unit tests under ThreadSanitizer, every fuzzer for a while
set -euo pipefail
cd "$(dirname "$0")/.."

all=no
real=no
for argument in "$@"; do
    case "$argument" in
        --all) all=yes real=yes ;;
        --real) real=yes ;;
        *) echo "usage: bash tests/run.sh [--real|--all]" >&2; exit 2 ;;
    esac
done

groups="build provider test"
[ $all = no ] || groups="$groups long system"
# shellcheck disable=SC2086
bash tests/packages.sh $groups
bash tests/servers.sh
bash tests/kubernetes_tools.sh
if ! command -v terraform >/dev/null; then
    echo "tests/run.sh: terraform is not on PATH. Debian does not have it: get it from developer.hashicorp.com/terraform/install" >&2
    exit 1
fi

jobs=$(nproc)
failed=0
# What another checkout of the same text compiled is not compiled again.
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
if [ $all = yes ]; then
    cmake --preset tsan >/dev/null
    cmake --build --preset tsan --target unit_tests && ctest --preset tsan -L unit -j "$jobs" || failed=1
    cmake --preset fuzz >/dev/null
    cmake --build --preset fuzz --target fuzzers && bash tests/fuzz/run.sh 30 || failed=1
fi

if [ $real = yes ]; then
    bash tests/real/build.sh
    rm -f build/debug/bin/tests_real # which of its tests there are depends on the programs that are there
fi
cmake --preset debug >/dev/null
cmake --build --preset debug
run() { # run JOBS CTEST-OPTION…
    local at_once=$1
    shift
    ctest --preset debug -j "$at_once" "$@" | awk -f tests/slowest.awk || failed=1
}
run "$jobs" -L 'unit|lint'
# They wait for polls and tools most of their time: on two cores five at once keep both busy.
run $((jobs * 5 / 2)) -L e2e -LE 'unit|lint'
if [ $real = yes ]; then
    run "$jobs" -L real --no-tests=ignore
    bash tests/real/not_run.sh build/debug/bin/tests_real
fi
# A campaign waits for checks most of its time, too.
[ $all = no ] || run $((jobs * 2)) -L long -LE 'unit|lint|e2e'
exit $failed
