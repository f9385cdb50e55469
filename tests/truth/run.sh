#!/usr/bin/env bash
# Keeps driftkeeper honest: makes stacks with real terraform, lets things happen to them by a seed, and compares what the webhook
# told with what was true by construction. Exit 0 only when every divergence was told once, resolved once, and nothing else.
#   bash tests/truth/run.sh --seed N --events N --stacks N
#     --program PATH     the driftkeeper to judge; default: the one of build/release, else of build/debug
#     --terraform PATH   the terraform or tofu that it runs; default: the terraform on PATH
#     --sabotage NAME    a fault that the campaign has to notice: misses-deletions | errors-are-in-sync | tells-cascades | …
#     --only A,B         draw only these classes of events
#     --keep, --verbose  keep the folder; say each event
#   bash tests/truth/run.sh --help
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

program=""
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        --program) program=${2:?--program needs a path}; shift ;;
        --program=*) program=${1#--program=} ;;
        *) arguments+=("$1") ;;
    esac
    shift
done

if [ -z "$program" ]; then
    for preset in release debug; do
        program=$root/build/$preset/bin/driftkeeper
        [ ! -x "$program" ] || break
    done
fi
program=$(realpath "$program")
mirror=$(dirname "$(dirname "$program")")/provider-mirror/terraformrc
[ -f "$mirror" ] || mirror=$(ls "$root"/build/{release,debug}/provider-mirror/terraformrc 2>/dev/null | head -n 1 || true)
if [ ! -x "$program" ] || [ -z "$mirror" ]; then
    echo "build first: cmake --build --preset release --target driftkeeper test_provider_mirror" >&2
    exit 2
fi
exec python3 -B "$root/tests/truth/campaign.py" --program "$program" --cli-config "$mirror" "${arguments[@]}"
