#!/usr/bin/env python3
"""What people read uses the standard words of the field: alert, notify, suppress, report, fix, again, receiver.

Reads the documents, the journal catalog, the alert rules, and every string literal of the product that is a sentence. Prints each
breach as file:line; exit 1 when there is one.

    python3 tests/lint/words.py ROOT
"""
import pathlib
import re
import sys

# word -> what an engineer would write
ODD = {
    r"tell|tells|told|telling": "alert, notify, report, list",
    r"say|says|said|saying": "show, report, list, name, mean",
    r"mend|mends|mended|mending": "fix",
    r"anew": "again",
    r"peer|peers": "receiver, server, client",
    r"none that": "no … that",
    r"looks? at|looked at|looking at": "check",
    r"in (?:its|the|their) stead": "instead",
    r"an? (?:message|issue|line|delivery|row) an? [a-z]+": "one … per …",
    r"(?:this|that|it|stdout) is (?:no (?!longer)|none )[a-z]+|is no (?:folder|file|commit|form|URL|date|duration|message)": "is not a …",
    r"think of a new": "rotate",
    r"by the clock (?:of|on)": "local time",
    r"it weighs|drift weighs": "severity",
    r"has an? [a-z]+ in the way": "is blocked by",
}
PATTERNS = [(re.compile(rf"(?<![\w.`/-])(?:{words})(?![\w`/-])", re.I), better) for words, better in ODD.items()]
# A help or description without a head: "Of the service."
HEADLESS = re.compile(r"(?:Of (?:the|a|an|its|one|this|what)|Whom|With which|Which of them|Where it goes)\b[^\n]*\.$")
DOCUMENTS = ("README.md", "CHANGELOG.md", "config/*.md", "config/*.1", "config/*.5", "config/*.yaml", "config/*.json",
             "config/prometheus/*.yml", "config/grafana/*.json", "config/completion/*", "config/demo/*.sh",
             "systemd/driftkeeper.catalog", "systemd/*.service", "systemd/*.example", "daemon/page/assets/*.js")
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((?P<raw>.*?)\)\1"|"(?P<text>(?:[^"\\\n]|\\.)*)"'
                   r"|'(?:[^'\\\n]|\\.)+'|#include[^\n]*|\s+|.", re.S)
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|WHERE|IS NULL)\b")
COLUMNS = "daemon/store/"  # names of columns are no sentences


def literals(code):
    """(offset, text) of each literal of C++, adjacent ones as the one that the compiler makes of them"""
    begin, text = 0, ""
    for token in TOKEN.finditer(code):
        part = token["raw"] if token["raw"] is not None else token["text"]
        if part is not None:
            begin, text = (begin if text else token.start()), text + part
        elif not token.group().isspace() and text:
            yield begin, text
            text = ""


def sentences(path, name):
    """(line number, text that people read)"""
    content = path.read_text()
    if path.suffix not in (".cpp", ".hpp"):
        yield from enumerate(content.split("\n"), 1)
        return
    for at, text in literals(content):
        if " " in text and not SQL.search(text) and not (name.startswith(COLUMNS) and "_" in text):
            yield content.count("\n", 0, at) + 1, text


def main(root):
    files = [path for pattern in DOCUMENTS for path in sorted(root.glob(pattern))]
    files += [path for floor in ("daemon", "providers", "parsers") for path in sorted((root / floor).rglob("*.[ch]pp"))]
    if len(files) < 300:
        sys.exit(f"only {len(files)} files were found: this lint no longer reads the tree")
    bad = 0
    for path in files:
        name = str(path.relative_to(root))
        for number, text in sentences(path, name):
            found = [(match, better) for pattern, better in PATTERNS for match in pattern.finditer(text)]
            found += [(match, "a phrase with a head: Token of the bot.") for match in [HEADLESS.match(text)] if match]
            for match, better in found:
                bad += 1
                line = number + text.count("\n", 0, match.start())
                context = text[max(0, match.start() - 60):match.end() + 60].replace("\n", " ").strip()
                print(f"{name}:{line}: \"{match.group()}\": write {better}: {context}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
