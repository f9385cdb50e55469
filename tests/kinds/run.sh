#!/usr/bin/env bash
# A new channel is a file and a line of one list; a new provider is two folders and a line of one list. In a copy of the
# tree this adds a sample of both, and nothing else; the program that is built there must read their keys, describe
# them, propose and diagnose them, and find a drift of such a stack.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/tree

# What Git knows of the tree, as it lies there.
mkdir "$copy"
(cd "$tree" && git ls-files -coz --exclude-standard | tar --null --ignore-failed-read --warning=no-failed-read -T - -cf -) | tar -xf - -C "$copy"
mv "$copy/tests/kinds" "$work/kinds"
cp -r "$work/kinds/parsers" "$work/kinds/providers" "$work/kinds/daemon" "$copy/"

# The two lists: a declaration and a name.
sed -i -e 's|^#include "providers/state/.*|#include "providers/sample/sample_provider.hpp"\n&|' \
    -e 's|^    &stateKind,|    \&sampleKind,\n&|' "$copy/providers/catalog.cpp"
sed -i -e 's|^extern const ChannelKind execChannel;|extern const ChannelKind sampleChannel;\n&|' \
    -e 's|^    &execChannel,|    \&sampleChannel,\n&|' "$copy/daemon/notify/channel.cpp"

# With the flags of the tests, so that nothing is compiled twice.
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$copy CCACHE_NOHASHDIR=1
(cd "$copy" && cmake --preset "${PRESET:-debug}" -DDRIFTKEEPER_TESTS=OFF && cmake --build --preset "${PRESET:-debug}" --target driftkeeper) \
    >"$work/log" 2>&1 || { tail -40 "$work/log"; exit 1; }
keeper=$copy/build/${PRESET:-debug}/bin/driftkeeper
failed=0
expect() {  # WHAT PATTERN FILE
    grep -q -- "$2" "$3" || { echo "$1: no \"$2\" in:"; head -60 "$3"; failed=1; }
}

# Stacks of the sample.
mkdir -p "$work/repository/app" "$work/home"
cd "$work/repository"
git init -q -b main .
printf 'door=shut\nlight=off\n' > app/stack.sample
printf 'door=open\nlight=off\n' > "$work/live"
git add . && git -c user.name=t -c user.email=t@example.org commit -qm one
export HOME=$work/home
cat > "$work/settings.yaml" <<YAML
state_directory: $work/state
listen: 127.0.0.1:0
providers:
  sample: { program: /bin/true, live: $work/live }
repositories:
  - { name: infra, url: $work/repository }
channels:
  - { name: here, sample_channel: { url: "http://127.0.0.1:9/", room: blue } }
YAML
sed 's/room: blue/rooom: blue/; s/live: /lief: /' "$work/settings.yaml" > "$work/wrong.yaml"

"$keeper" config check "$work/settings.yaml" > "$work/out" 2>&1 || { cat "$work/out"; failed=1; }
"$keeper" config check "$work/wrong.yaml" > "$work/out" 2>&1 && { echo "mistakes are taken"; failed=1; }
expect "config check" "did you mean room?" "$work/out"
expect "config check" "unknown key lief" "$work/out"
"$keeper" config schema > "$work/out"
expect "config schema" "Where the real values are." "$work/out"
expect "config schema" "Which room hears it." "$work/out"
"$keeper" config example > "$work/out"
expect "config example" "live: /srv/live.sample" "$work/out"
expect "config example" "room: blue" "$work/out"
"$keeper" config show "$work/settings.yaml" > "$work/out"
expect "config show" "tone: soft" "$work/out"
"$keeper" init . --output - > "$work/out" 2> "$work/err"
expect "init" "#live: /srv/live.sample" "$work/out"
expect "init" "sample-tool" "$work/err"
expect "init" "Sample" "$work/err"
"$keeper" doctor --config "$work/settings.yaml" > "$work/out" 2>&1 || true
expect "doctor" "/bin/true" "$work/out"
status=0
"$keeper" check --config "$work/settings.yaml" --format json > "$work/out" 2> "$work/err" || status=$?
[ $status = 1 ] || { echo "check: exit status $status"; cat "$work/out" "$work/err"; failed=1; }
expect "check" '"door"' "$work/out"
exit $failed
