#!/usr/bin/env python3
"""Counts the figures of two trees and prints them side by side: figures.py BEFORE NOW."""
import pathlib
import re
import statistics
import sys

ROOMS = ("parsers", "providers", "daemon")


def sources(tree, folders):
    return [path for folder in folders for path in sorted((tree / folder).rglob("*")) if path.suffix in (".cpp", ".hpp")]


def arrows(tree):
    """The pairs of folders of which one includes the other."""
    found = set()
    for path in sources(tree, ROOMS):
        room = str(path.parent.relative_to(tree))
        for target in re.findall(r'^\s*#\s*include\s*"([^"]+)"', path.read_text(), re.M):
            other = str(pathlib.PurePath(target).parent)
            if other.split("/")[0] in ROOMS and other != room:
                found.add((room, other))
    return found


def code_of(text):
    """The text without comments, and with empty literals."""
    return re.sub(
        r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/',
        lambda match: '""' if match[0][0] in "R\"'" else " ", text, flags=re.S)


def nested_conditionals(text):
    """How many `?` stand inside of another conditional operator, in either branch or in an argument."""
    count = 0
    levels = [False]  # for each open bracket: whether a conditional operator has begun there
    for token in re.findall(r"[?;,(){}\[\]]", code_of(text)):
        if token in "([":
            levels.append(levels[-1])
        elif token == "{":
            levels.append(False)
        elif token in ")]}":
            if len(levels) > 1:
                levels.pop()
            if token == "}":
                levels[-1] = False
        elif token == "?":
            count += levels[-1]
            levels[-1] = True
        else:
            levels[-1] = False
    return count


def figures(tree):
    files = {path: path.read_text() for path in sources(tree, ROOMS)}
    if not files:
        return {}
    lengths = {path: text.count("\n") for path, text in files.items()}
    lines = sum(lengths.values())
    pairs = arrows(tree)
    test_lines = sum(path.read_text().count("\n") for path in sources(tree, ["tests"]))
    return {
        "top": sum(1 for path in files if path.parent == tree / "daemon"),
        "rooms": len({path.parent for path in files}),
        "arrows": len(pairs),
        "two-way": len({frozenset(pair) for pair in pairs if pair[::-1] in pairs}),
        "long": sum(1 for length in lengths.values() if length > 350),
        "median": f"{statistics.median(lengths.values()):.0f}",
        "wide": sum(1 for text in files.values() for line in text.splitlines() if len(line) > 100),
        "conditional": f"{1000 * sum(code_of(text).count('?') for text in files.values()) / lines:.1f}",
        "nested": f"{1000 * sum(nested_conditionals(text) for text in files.values()) / lines:.1f}",
        "immediate": sum(len(re.findall(r"\}\s*\(\s*\)\s*[;,)]", code_of(text))) for text in files.values()),
        "tests": f"{test_lines / lines:.2f}",
    }


ROWS = (
    ("top", "files directly in daemon/", "≤ 12"),
    ("two-way", "pairs of folders that include each other", "0"),
    ("rooms", "rooms (folders)", "more, each with one owner"),
    ("arrows", "arrows between rooms", "fewer"),
    ("long", "files over 350 lines", "0"),
    ("median", "lines of the median file", "50 to 350"),
    ("wide", "lines over 100 columns", "fewer"),
    ("conditional", "conditional operators per 1,000 lines", "towards 3, not a limit"),
    ("nested", "nested conditional operators per 1,000 lines", "0"),
    ("immediate", "lambdas invoked where they stand", "0"),
    ("tests", "lines of tests per line of source", "as many"),
)

before, now = (figures(pathlib.Path(argument)) for argument in sys.argv[1:3])
print(f"{'':<52} {'0.1.0':>10} {'now':>10}   target")
for key, title, target in ROWS:
    print(f"{title:<52} {before.get(key, ''):>10} {now.get(key, ''):>10}   {target}")
