#!/usr/bin/python3
"""Holds sources and documents to the one vocabulary: parsers/graph/cause.cpp and reason_code.cpp.

    python3 tests/lint/vocabulary.py ROOT [PROGRAM] [--fix]    PROGRAM: vocabulary_tables, by default of the debug build
    python3 tests/lint/vocabulary.py ROOT --codes              every code that the sources give, and where

Prints each breach; exit 1 when there is one:
- a cause without a row, or one that no parser and no judge gives; a reason code that sources give without a row, or a row whose
  code nobody gives;
- a block of a document that is not what the table prints (--fix rewrites it);
- a second list: a cause as a literal, or a cause or code beside a sentence, outside the two tables;
- a mistake of the settings that operations.md does not list, or lists and nothing gives.

Reason codes are the snake_case words that stand where a code stands: what failure(), reason(), failedReport() and their like are
called with, Reason{}, and the tables that turn words of a tool into a code. Mistakes of the settings have codes that begin with
settings/.
"""
import pathlib
import re
import subprocess
import sys

word = r'"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"'
makers = (r"\b(?:failedReport|reason|commonReason|why|failed|refused|Reason|addUnreadable|\.unreadable|trouble)\s*[({]+\s*"
          r"|(?:setUnreadable|addTrouble)\(\w+, |\bofDaemon\(\"[^\"]*\", ")
# Rooms whose codes are about an answer of HTTP, a command line or a settings file, which carry their own sentence.
others = ("daemon/web", "daemon/cli", "daemon/notify", "daemon/api", "daemon/commands", "daemon/contract", "daemon/wording",
          "daemon/page")
tables = ("parsers/graph/cause.hpp", "parsers/graph/cause.cpp", "parsers/graph/reason_code.cpp")
# Rooms that read the words of Terraform's own JSON, and words that are also a resolution, a colour or why a file is left out.
foreign = ("parsers/terraform", "parsers/hcl", "parsers/terragrunt")
ambiguous = {"expired", "moved", "conflict", "encrypted"}
# document -> block -> what the program prints
blocks = {"config/guide.md": {"causes": "causes.md"},
          "config/operations.md": {"reason codes": "reasons.md"},
          "config/driftkeeper.1": {"causes": "causes.man"}}


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
    for match in re.finditer(r"\b(?:failure\(|Error\{)\s*Remedy::\w+(?:[^,\"]*:\s*Remedy::\w+)?\s*,\s*", text):
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
    codes |= set(re.findall(rf"\b(?:objection\(\s*|Objection\{{|judgeArgument\(text, |judgeLine\(text, ){word}", text))
    for call in re.findall(r"\bmistake\(([^;]*);", text):
        codes |= set(re.findall(rf"{word},", call)[:1])
    return {f"settings/{code}" for code in codes}


def yaml_codes_of(text):
    return {f"settings/{code}" for code in re.findall(rf"{word}(?:,| :)", text)}


def sources(root):
    """(path below root, text) of the product"""
    for folder in ("parsers", "providers", "daemon"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            yield str(file.relative_to(root)), file.read_text()


def given_codes(root):
    """code -> the files that give it; those of the settings apart"""
    found, settings = {}, {}
    for name, text in sources(root):
        if not name.startswith(others) and name not in tables and "kubernetes/shape" not in name:
            for code in codes_of(text):
                found.setdefault(code, set()).add(name)
        codes = settings_codes_of(text) if name.startswith("daemon/settings/") else set()
        if name == "parsers/yaml/yaml.cpp":
            codes = yaml_codes_of(text)
        for code in codes:
            settings.setdefault(code, set()).add(name)
    return found, settings


def pairs(kind, given, listed, where):
    yield from (f"{kind} {one} ({', '.join(sorted(given[one]))}) has no row in {where}" for one in sorted(given.keys() - listed))
    yield from (f"{kind} {one} has a row in {where}, and nothing gives it" for one in sorted(listed - given.keys()))


def cause_breaches(root, words):
    header = (root / tables[0]).read_text()
    constants = dict(re.findall(r'string_view (\w+) = "(\w+)";', header))
    given = {}
    for name, text in sources(root):
        if name in tables or not name.startswith(("parsers/", "daemon/judge/")):
            continue
        for constant in re.findall(r"\bcause::(\w+)", re.sub(r"[!=]=\s*cause::\w+", "", text)):
            if constant in constants:
                given.setdefault(constants[constant], set()).add(name)
    yield from pairs("cause", given, words, tables[1])
    yield from (f"cause {one} has no row in {tables[1]}" for one in sorted(set(constants.values()) - words))


def second_lists(root, words, codes):
    literal = re.compile("|".join(f'"{one}"' for one in sorted(words - ambiguous)))
    sentence = re.compile(r'(?<!Reason)\{\s*(?:cause::\w+|"(' + "|".join(sorted(codes)) + r')"),\s*"[^"]* [^"]*"')
    for name, text in sources(root):
        if name in tables:
            continue
        if name.startswith("daemon/settings/"):
            continue  # keys have help and examples of their own, and some are called like a code
        text = re.sub(r"//[^\n]*", "", text)
        for match in [] if name.startswith(foreign) else literal.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {match.group()} is a cause: use its constant of {tables[0]}"
        for match in sentence.finditer(text) if name.startswith("daemon/") else []:
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: a second list of sentences: {match.group()[:60]}…"


def settings_breaches(root, given):
    table = (root / "config/operations.md").read_text().split("\n### Settings\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.M)
    listed = {code for row in rows for code in re.findall(r"`(settings/[a-z0-9_]+)`", row)}
    yield from pairs("mistake", given, listed, "config/operations.md")


def block_breaches(root, shown, fix):
    for document, parts in blocks.items():
        path = root / document
        for block, what in parts.items():
            text = path.read_text()
            is_man = document.endswith(".1")
            begin = f'.\\" {block}: written by tests/lint/vocabulary.py --fix\n' if is_man else \
                f"<!-- {block}: written by tests/lint/vocabulary.py --fix -->\n\n"
            end = f'.\\" end of {block}\n' if is_man else f"\n<!-- end of {block} -->\n"
            if begin not in text or end not in text:
                yield f"{document}: there is no block of {block}"
                continue
            first, last = text.index(begin) + len(begin), text.index(end)
            if text[first:last] == shown(what):
                continue
            if fix:
                path.write_text(text[:first] + shown(what) + text[last:])
            else:
                yield f"{document}: the block of {block} is not what the table holds: run this lint with --fix"


def main(arguments):
    root = pathlib.Path(arguments[0])
    found, settings = given_codes(root)
    if "--codes" in arguments:
        for code, names in sorted(found.items()):
            print(code, " ".join(sorted(names)))
        return 0
    given = [one for one in arguments[1:] if not one.startswith("--")]
    program = given[0] if given else str(root / "build/debug/bin/vocabulary_tables")

    def shown(what):
        return subprocess.run([program, what], check=True, stdout=subprocess.PIPE).stdout.decode()

    words, codes = set(shown("words").split()), set(shown("codes").split())
    if len(found) < 80 or len(settings) < 40:
        sys.exit("the codes were not found in the sources: this lint no longer reads the tree")
    breaches = [*cause_breaches(root, words), *pairs("code", found, codes, tables[2]), *second_lists(root, words, codes),
                *settings_breaches(root, settings), *block_breaches(root, shown, "--fix" in arguments)]
    print("\n".join(breaches), end="\n" if breaches else "")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
