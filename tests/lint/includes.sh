#!/usr/bin/env bash
# Holds every #include to the drawing of the rooms in ARCHITECTURE.md: a room includes only what its line names, and a line names
# only rooms on lines below it, so nothing can go in a circle. Third-party headers stay with their owners. Prints each breach as
# file:line; exit 1 when there is one. With a folder as argument it checks that tree against the same drawing (the test of this lint).
set -euo pipefail
drawing="$(cd "$(dirname "$0")/../.." && pwd)/ARCHITECTURE.md"
cd "${1:-$(dirname "$0")/../..}"

# shellcheck disable=SC2016  # awk's own variables
find parsers providers daemon -name '*.cpp' -o -name '*.hpp' 2>/dev/null | sort | xargs -r awk '
function room(path) { sub(/\/[^\/]*$/, "", path); return path }
function absolute(word, from,   floor) {
    if (word ~ /^(parsers|providers|daemon)(\/|$)/) return word
    floor = from; sub(/\/.*/, "", floor)
    return floor "/" word
}
function breach(why) { print FILENAME ":" FNR ": " why; bad = 1 }
BEGIN {
    split("parsers parsers/text parsers/graph parsers/source", list)
    for (i in list) common[list[i]] = 1
    # header pattern -> the rooms that may name it, in .cpp files
    owner["^yaml[.]h"] = "parsers/yaml"
    owner["^nlohmann/"] = "daemon/store daemon/commands"
    owner["^git2"] = "daemon/git"; owner["^sqlite3"] = "daemon/store"; owner["^boost/beast"] = "daemon/web providers/process"
    owner["^curl/"] = "daemon/notify"; owner["^boost/process"] = "providers/process"; owner["^systemd/"] = "daemon/base"
    owner["^crypt\\.h"] = "daemon/web"; owner["^zip.h"] = "parsers/terraform"; owner["^CLI/"] = "daemon/cli"
    owner["^openssl/(evp|hmac|sha)"] = "parsers/text"; owner["^seccomp.h"] = "providers/process"
    owner["^prometheus/"] = "daemon/observe"; owner["^boost/asio"] = "providers/process daemon/web"
}
FNR == 1 { from = room(FILENAME); floor = from; sub(/\/.*/, "", floor) }

# The drawing: the block ```rooms; a line that begins with a space goes on with the line before.
FILENAME == drawing {
    if ($0 == "```rooms") inside = 1
    else if (/^```/) inside = 0
    else if (inside && NF) {
        first = 1
        if ($0 !~ /^ /) { drawn = $1; line[drawn] = ++lines; first = 2 }
        for (i = first; i <= NF; i++) { to = absolute($i, drawn); may[drawn, to] = 1; named[++names] = drawn SUBSEP to }
    }
    next
}
!checked {
    checked = 1
    for (i = 1; i <= names; i++) {
        split(named[i], pair, SUBSEP)
        if (!(pair[2] in line)) { print "ARCHITECTURE.md: " pair[1] " names " pair[2] ", which has no line"; bad = 1 }
        else if (line[pair[2]] <= line[pair[1]]) { print "ARCHITECTURE.md: " pair[1] " names " pair[2] ", which is not below it"; bad = 1 }
    }
}
!(from in line) && FNR == 1 { breach(from " is not in the drawing of ARCHITECTURE.md") }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    match($0, /"[^"]*"/); path = substr($0, RSTART + 1, RLENGTH - 2); to = room(path)
    if (path !~ /^(parsers|providers|daemon)\//) breach("include \"" path "\": not from the root, or not allowed here")
    else if (from != to && !(to in common && line[to] > line[from]) && !((from, to) in may)) breach(from " must not include " to)
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    match($0, /<[^>]*>/); path = substr($0, RSTART + 1, RLENGTH - 2)
    for (pattern in owner) if (path ~ pattern) {
        if (index(" " owner[pattern] " ", " " from " ") == 0) breach("<" path "> belongs to " owner[pattern])
        else if (FILENAME ~ /\.hpp$/ && pattern != "^boost/asio") breach("<" path "> must stay in a .cpp file")
    }
}
END { exit bad }
' drawing="$drawing" "$drawing"
