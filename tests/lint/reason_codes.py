#!/usr/bin/python3
"""operations.md explains every reason code that the sources can give, and no other. Prints each breach; exit 1.

Codes are the snake_case words that stand where a code stands: what failure(), reason(), failedReport() and their like are
called with, Reason{}, and the tables that turn words of a tool into a code, or a code into a sentence. Mistakes of the settings
have codes that begin with settings/. Usage: reason_codes.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
word = r'"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"'
makers = r"\b(?:failedReport|reason|commonReason|why|failed|refused|Reason|addUnreadable|\.unreadable)\s*[({]+\s*|setUnreadable\(\w+, "
# Rooms whose codes are about an answer of HTTP, a command line or a settings file, which say themselves what to do.
others = ("daemon/web", "daemon/cli", "daemon/notify", "daemon/api", "daemon/commands", "daemon/present")


def argument(text, at):
    """the text from `at` to the comma or bracket that ends the argument"""
    depth, quoted, end = 0, False, at
    while end < len(text):
        char = text[end]
        if char == '"' and text[end - 1] != "\\":
            quoted = not quoted
        elif not quoted and char in "([{":
            depth += 1
        elif not quoted and char in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif not quoted and char == "," and depth == 0:
            break
        end += 1
    return text[at:end]


def codes_of(text):
    codes = set()
    for match in re.finditer(r"\bfailure\(\s*Remedy::\w+(?:[^,\"]*:\s*Remedy::\w+)?\s*,\s*", text):
        codes |= set(re.findall(word, argument(text, match.end())))
    for match in re.finditer(makers, text):
        given = argument(text, match.end())
        if "(" in given or "==" in given:
            given = re.sub(r"^[^?]*\?", "", given) if "?" in given else ""
        codes |= set(re.findall(word, given))
    for match in re.finditer(r"\b(?:code|cause)\s*=\s*([^=;]*);|\b(?:fileError|brokenChannel)\(([^)]*)\)", text):
        codes |= set(re.findall(word, match[1] or match[2]))
    for first, second in re.findall(r'\b(?:Row|Sign|Sentence)\{\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"', text):
        codes.add(first if " " in second else second)
    codes |= set(re.findall(r'"(git_\w+)"', text)) - {"git_change"}
    return {code for code in codes if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code)}


def settings_codes_of(text):
    """what readers of the settings call a mistake: the first word alone in quotes; those of a whole file are written out"""
    codes = set(re.findall(r'"settings/([a-z0-9_]+)"', text))
    codes |= set(re.findall(rf"\b(?:objection\(|Objection\{{|judgeArgument\(text, |judgeLine\(text, ){word}", text))
    for call in re.findall(r"\bmistake\(([^;]*);", text):
        codes |= set(re.findall(rf"{word},", call)[:1])
    return {f"settings/{code}" for code in codes}


def yaml_codes_of(text):
    return {f"settings/{code}" for code in re.findall(rf"{word}(?:,| :)", text)}


found = {}
for folder in ("parsers", "providers", "daemon"):
    for file in sorted((root / folder).rglob("*.[ch]pp")):
        if str(file.relative_to(root)).startswith(others) or "field_path" in file.name:
            continue
        for code in codes_of(file.read_text()):
            found.setdefault(code, set()).add(str(file.relative_to(root)))
for file in sorted((root / "daemon/settings").glob("*.[ch]pp")):
    for code in settings_codes_of(file.read_text()):
        found.setdefault(code, set()).add(str(file.relative_to(root)))
for code in yaml_codes_of((root / "parsers/yaml/yaml.cpp").read_text()):
    found.setdefault(code, set()).add("parsers/yaml/yaml.cpp")
if len(sys.argv) > 2:
    for code in sorted(found):
        print(code, " ".join(sorted(found[code])))
    sys.exit(0)
text = (root / "config/operations.md").read_text()
table = text.split("\n## Reason codes\n")[1].split("\n## ")[0]
told = set(code for row in re.findall(r"^\| (`[^|]*) \|", table, re.M) for code in re.findall(r"`([a-z0-9_/]+)`", row))
breaches = [f"{code} ({', '.join(sorted(found[code]))}) is not explained" for code in sorted(found.keys() - told)]
breaches += [f"{code} is explained, and nothing says it" for code in sorted(told - found.keys())]
if len(found) < 80:
    breaches.append("the codes were not found in the sources")
print("\n".join(f"operations.md: {breach}" for breach in breaches), end="\n" if breaches else "")
sys.exit(1 if breaches else 0)
