#!/usr/bin/env bash
# Holds every #include to the floors: arrows go down only, rooms that reach the world never include each other, and
# third-party headers stay with their owner. Prints each breach as file:line; exit 1 when there is one.
# With a folder as argument it checks that tree instead (the test of this lint).
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"

find parsers providers daemon -name '*.cpp' -o -name '*.hpp' 2>/dev/null | sort | xargs -r awk '
function place(path,   parts, n) {  # the room of a path: parsers/json, daemon/git, daemon (at the top of it)
    n = split(path, parts, "/")
    if (parts[1] == "parsers" && n == 2) return "parsers"
    if (n <= 2) return parts[1]
    if (parts[1] == "daemon" && (parts[2] == "api" || parts[2] == "commands")) return "daemon"  # rooms of the top
    return parts[1] "/" parts[2]
}
function breach(why) { print FILENAME ":" FNR ": " why; bad = 1 }
BEGIN {
    split("git store notify web settings cli", list); for (i in list) world[list[i]] = 1
    split("judge tell present page", list); for (i in list) pure[list[i]] = 1
    split("model base", list); for (i in list) ground[list[i]] = 1
    # header pattern -> the only room that may name it
    owner["^simdjson"] = "parsers/json"; owner["^yaml-cpp/"] = "parsers/yaml"; owner["^nlohmann/"] = "daemon/present"
    owner["^git2"] = "daemon/git"; owner["^sqlite3"] = "daemon/store"; owner["^boost/beast"] = "daemon/web"
    owner["^curl/"] = "daemon/notify"; owner["^boost/process"] = "providers/process"; owner["^systemd/"] = "daemon/base"
    owner["^crypt\\.h"] = "daemon/web"
    owner["^zip.h"] = "parsers/terraform"; owner["^CLI/"] = "daemon/cli"; owner["^prometheus/"] = "daemon"
}
FNR == 1 { from = place(FILENAME); split(from, f, "/") }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    match($0, /"[^"]*"/); path = substr($0, RSTART + 1, RLENGTH - 2); to = place(path); split(to, t, "/")
    if (t[1] != "parsers" && t[1] != "providers" && t[1] != "daemon") { breach("include \"" path "\": not from the root, or not allowed here"); next }
    if (f[1] == "parsers" && t[1] != "parsers") breach(from " must not include " to)
    if (f[1] == "providers" && t[1] == "daemon") breach(from " must not include " to)
    if (f[1] != "daemon" || t[1] != "daemon" || f[2] == "" || from == to) next
    if (t[2] == "") breach(from " must not include the top of daemon/")
    else if (f[2] in ground && !(t[2] in ground)) breach(from " must not include " to)
    else if (f[2] in pure && (t[2] in world)) breach(from " must not include " to)
    else if (f[2] == "model" && t[2] != "model") breach("model must not include " to)
    else if (f[2] in pure && t[2] == "base") breach(from " is pure and must not include " to)
    else if (f[2] in world && (t[2] in world)) breach(from " must not include " to)
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    match($0, /<[^>]*>/); path = substr($0, RSTART + 1, RLENGTH - 2)
    if (path ~ /^boost\/asio/ && from != "providers/process" && from != "daemon/web") breach("<" path "> belongs to providers/process and daemon/web")
    for (pattern in owner) if (path ~ pattern) {
        allowed = (from == owner[pattern]) || (pattern == "^nlohmann/" && from == "daemon")
        if (!allowed) breach("<" path "> belongs to " owner[pattern])
        else if (FILENAME ~ /\.hpp$/) breach("<" path "> must stay in a .cpp file")
    }
}
END { exit bad }
'
