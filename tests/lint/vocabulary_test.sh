#!/usr/bin/env bash
# The lint of the vocabulary finds what it is there for, in a copy of the tree. Usage: vocabulary_test.sh PROGRAM
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT

# finds WORDS SCRIPT: the lint names WORDS once SCRIPT has changed the copy
finds() {
    rm -rf "$scratch/tree"; mkdir "$scratch/tree"
    cp -r "$here"/../../{parsers,providers,daemon,config} "$scratch/tree"
    (cd "$scratch/tree" && eval "$2")
    local found; found=$("$here/vocabulary.py" "$scratch/tree" "$program") && { echo "not found: $1"; exit 1; }
    grep -qF -- "$1" <<<"$found" || { echo "expected: $1"; echo "found: $found"; exit 1; }
}
program=$1

finds 'code out_of_luck (daemon/git/mirror.cpp) has no row' \
    'echo "auto no() { return failure(Remedy::Retry, \"out_of_luck\", \"\"); }" >> daemon/git/mirror.cpp'
finds 'code tool_crashed has a row' 'sed -i s/tool_crashed/tool_missing/ providers/look/common_reasons.cpp providers/*/*.cpp'
finds 'cause out_of_luck has no row' \
    'sed -i "/outOfBand =/a inline constexpr std::string_view outOfLuck = \"out_of_luck\";" parsers/graph/cause.hpp'
finds 'cause aggregated has a row' 'sed -i s/cause::aggregated/cause::injected/ parsers/kubernetes/noise.cpp'
finds 'daemon/page/frame.cpp:1: "out_of_band" is a cause' 'sed -i "1i auto word = \"out_of_band\";" daemon/page/frame.cpp'
finds 'daemon/page/frame.cpp:1: a second list of sentences' \
    'sed -i "1i constexpr Line line{\"state_locked\", \"Somebody holds it.\"};" daemon/page/frame.cpp'
finds 'config/operations.md: the block of reason codes' 'sed -i "s/force-unlock/unlock/" config/operations.md'
finds 'config/guide.md: the block of causes' 'sed -i "/^| .tainted/d" config/guide.md'
finds 'config/driftkeeper.1: the block of causes' 'sed -i "/^.B tainted/d" config/driftkeeper.1'
finds 'mistake settings/bad_listen' 'sed -i "s/, .settings.bad_listen.//" config/operations.md'
