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
}
PATTERNS = [(re.compile(rf"(?<![\w.`/-])(?:{words})(?![\w`/-])", re.I), better) for words, better in ODD.items()]
DOCUMENTS = ("README.md", "CHANGELOG.md", "config/*.md", "config/*.1", "config/*.5", "config/*.yaml", "config/*.json",
             "config/prometheus/*.yml", "config/grafana/*.json", "config/completion/*", "config/demo/*.sh",
             "systemd/driftkeeper.catalog", "systemd/*.service", "systemd/*.example", "daemon/page/assets/*.js")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def sentences(path):
    """(line number, text that people read)"""
    is_source = path.suffix in (".cpp", ".hpp")
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if not is_source:
            yield number, line
            continue
        code = line.split(" // ")[0]
        if "#include" in code or code.lstrip().startswith("//"):
            continue
        for text in LITERAL.findall(code):
            if " " in text:  # words and keys of machines have no spaces
                yield number, text


def main(root):
    files = [path for pattern in DOCUMENTS for path in sorted(root.glob(pattern))]
    files += [path for floor in ("daemon", "providers", "parsers") for path in sorted((root / floor).rglob("*.[ch]pp"))]
    if len(files) < 300:
        sys.exit(f"only {len(files)} files were found: this lint no longer reads the tree")
    bad = 0
    for path in files:
        for number, text in sentences(path):
            for pattern, better in PATTERNS:
                for found in pattern.finditer(text):
                    bad += 1
                    print(f"{path.relative_to(root)}:{number}: \"{found.group()}\": write {better}: {text.strip()[:120]}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
