#!/usr/bin/env bash
# The lint of words finds what it is there for, in a copy of the tree.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
cp -r "$here"/../../{parsers,providers,daemon,config,systemd,README.md,CHANGELOG.md} "$scratch"

# finds WORDS FILE LINE: the lint names WORDS of FILE when LINE stands at its end
finds() {
    cp "$scratch/$2" "$scratch/kept"
    echo "$3" >> "$scratch/$2"
    local found; found=$("$here/words.py" "$scratch") && { echo "not found: $1"; exit 1; }
    grep -qF -- "$2:$(wc -l < "$scratch/$2"): \"$1\"" <<<"$found" || { echo "expected: $1 in $2"; echo "found: $found"; exit 1; }
    mv "$scratch/kept" "$scratch/$2"
}

"$here/words.py" "$scratch"
finds told README.md 'Nobody is told.'
finds says systemd/driftkeeper.catalog 'driftkeeper says so.'
finds peer config/driftkeeper.yaml.5 'Sends it to the peer.'
finds 'in their stead' config/guide.md 'Write these in their stead.'
finds 'looks at' daemon/page/frame.cpp 'auto word = "driftkeeper looks at the folder";'
finds anew daemon/page/frame.cpp 'auto word = R"(begin anew)";'
finds 'none that' daemon/page/frame.cpp 'auto word = "there is none " "that matches";'
finds 'a message a notice' daemon/notify/slack.cpp 'auto word = "a webhook: a message a notice";'
finds 'this is no date' daemon/settings/scalars.cpp 'auto word = "this is no date; write another";'
finds 'Of the bot.' daemon/notify/telegram.cpp 'auto word = "Of the bot.";'
# Comments, keys of machines and words of code are not for people.
echo '// nobody is told, it says' >> "$scratch/daemon/page/frame.cpp"
echo 'auto word = "not_told";' >> "$scratch/daemon/page/frame.cpp"
echo '`driftkeeper tell` is code' >> "$scratch/README.md"
"$here/words.py" "$scratch"
