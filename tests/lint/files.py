#!/usr/bin/env python3
"""What every text file of the tree owes its reader. Prints each breach; exit 1 when there is one.

    python3 tests/lint/files.py ROOT
"""
import fnmatch
import pathlib
import re
import subprocess
import sys

OUTPUT = ("tests/parsers/*/golden/*", "tests/fuzz/corpus/*")  # of tools: as it came
SOURCE = (".cpp", ".hpp")
MOST_LINES = 450
TOP = {"CMakeLists.txt", "daemon", "providers", "parsers", "tests", "systemd", "config", "README.md",
       "CMakePresets.json", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}
LEFTOVER = re.compile(r"TODO|FIXME|\bXXX\b")  # XXXXXX is what mkdtemp(3) wants
COROUTINE = re.compile(r"\bco_(await|return|yield)\b")
OWN_PATH = re.compile(r"(^|[^\w./-])/(work|root|home)/")


def breaches_of(name, text):
    """(line number or 0, what is wrong)"""
    is_output = any(fnmatch.fnmatch(name, pattern) for pattern in OUTPUT)
    is_product = name.endswith(SOURCE) and not name.startswith("tests/")
    if text and not is_output and not text.endswith("\n"):
        yield 0, "no newline at the end"
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not is_output and line.endswith("\r"):
            yield number, "a carriage return"
        elif not is_output and not name.endswith(".md") and line != line.rstrip(" \t"):
            yield number, "white space at the end"
        if name.endswith(SOURCE) and COROUTINE.search(line):
            yield number, "a coroutine"
        if is_product and LEFTOVER.search(line):
            yield number, "a leftover"
        if not name.startswith("tests/lint/") and OWN_PATH.search(line):
            yield number, "a path of somebody's own machine"
    if name.endswith(".hpp") and "#pragma once" not in lines[:5]:
        yield 0, "no #pragma once"
    if is_product and len(lines) - 1 > MOST_LINES:
        yield 0, f"{len(lines) - 1} lines; does it still hold one thing?"


def main(root):
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=root, check=True,
                            stdout=subprocess.PIPE).stdout.decode().split("\0")
    names = sorted({name for name in listed if (root / name).is_file()})
    if len(names) < 100:
        sys.exit(f"only {len(names)} files were found: this lint no longer reads the tree")
    breaches = []
    for name in names:
        top = name.split("/")[0]
        if top not in TOP and not top.startswith("."):
            breaches.append(f"{name}: {top} does not belong to the top level")
        data = (root / name).read_bytes()
        if b"\0" in data:
            continue
        for line, what in breaches_of(name, data.decode(errors="replace")):
            breaches.append(f"{name}:{line}: {what}" if line else f"{name}: {what}")
    print("\n".join(breaches), end="\n" if breaches else "")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
