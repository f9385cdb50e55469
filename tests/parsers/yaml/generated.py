#!/usr/bin/env python3
"""Writes documents, and what PyYAML's own (pure Python) reader makes of them.

Usage: generated.py COUNT SEED. No tabs: PyYAML takes them for no blanks. One line a document: its text in hex, a blank, the tree: n (null), s + hex (a text),
[a,b] (a sequence), {k=v;} (a mapping in its order), or ! for what is no YAML.
"""
import random
import re
import sys

import yaml

NULLS = ("", "~", "null", "Null", "NULL")
WORDS = ("a", "web", "x1", "10", "0x1F", "true", "yes", "~", "null", "1.5", "http://h/p", "a b", "a: b", "- a", "# c",
         "a #c", "ä", "…", "日本", "'", '"', "\\", "{}", "[x]", "*a", "!t", "%d", "@x", "", " ", "a,b", "k:", "<<", "2001-01-01", "|", ">")
ESCAPES = ("\\n", "\\t", "\\_", "\\N", "\\L", "\\P", "\\e", "\\0", "\\x41", "\\u00e4", "\\U0001F600", "\\\\", '\\"',
           "\\/", "\\ ", "\\a", "\\q", "\\\n  ")


def text(rng):
    lines = [" ".join(rng.choice(WORDS) for _ in range(rng.randrange(3))) for _ in range(rng.randrange(1, 4))]
    return "\n".join(lines) + "\n" * rng.choice((0, 0, 1, 2, 3))


def indented(value, indent):
    """The lines of a text, each behind an indent; blank ones at times without."""
    return value.replace("\n", "\n" + " " * indent)


def block(rng, indent):
    """A block text with any header, of lines that may be more indented, blank, or missing at the end."""
    explicit = rng.choice(("", "", "", "2"))
    inner = indent + 2
    lines = []
    for _ in range(rng.randrange(5)):
        kind = rng.randrange(6)
        if kind == 0:
            lines.append(" " * rng.randrange(inner + 1))
        elif kind == 1:
            lines.append(" " * (inner + rng.randrange(1, 4)) + rng.choice(WORDS).strip())
        else:
            lines.append(" " * inner + rng.choice(WORDS).strip() + rng.choice(("", "", " ", " more")))
    end = rng.choice(("", "\n", "\n", "\n\n", "\n" + " " * inner, "\n  \n"))
    head = rng.choice("|>") + explicit + rng.choice(("", "-", "+"))
    return head + rng.choice(("", " # comment")) + "\n" + "\n".join(lines) + end


def scalar(rng, indent, flow):
    kind = rng.randrange(7)
    if kind == 0:
        return rng.choice(WORDS).strip() if not flow else rng.choice(("a", "b c", "10", "~", "x:y"))
    if kind == 1:
        return "'" + indented(text(rng).replace("'", "''"), rng.choice((0, indent + 1, indent + 2))) + "'"
    if kind == 2:
        return '"' + indented(text(rng).replace("\\", "\\\\").replace('"', '\\"'), indent + 1) + '"'
    if kind == 3:
        parts = [rng.choice(ESCAPES) if rng.random() < 0.5 else rng.choice(("a", " ", "b\n  c", "\n\n   ")) for _ in range(5)]
        return '"' + "".join(parts) + '"'
    if kind == 4 and not flow:
        return block(rng, indent)
    if kind == 5:
        return rng.choice(("!!str ", "!!int ", "!!null ", "!!float ")) + rng.choice(("1", "'2'", '"x"', "a"))
    return rng.choice(("a", "b", "c d", "1", "plain text\n" + " " * (indent + 2) + "goes on"))


def flow(rng, indent, depth):
    if depth == 0 or rng.random() < 0.5:
        return scalar(rng, indent, True)
    parts = [flow(rng, indent, depth - 1) for _ in range(rng.randrange(4))]
    gap = rng.choice((", ", ",", ",\n" + " " * (indent + 2)))
    if rng.random() < 0.5:
        return "[" + gap.join(parts) + rng.choice(("", ",") if parts else ("",)) + "]"
    return "{" + gap.join(rng.choice(('k%d: %s', '"k%d": %s', "'k%d' : %s")) % (n, p) for n, p in enumerate(parts)) + "}"


def node(rng, indent, depth):
    """What stands behind `key:` or `-`, with its line end."""
    kind = rng.randrange(5) if depth else 0
    if kind <= 1:
        value = scalar(rng, indent, False)
        return " " + value + ("" if value.endswith("\n") else "\n")
    if kind == 2:
        return " " + flow(rng, indent, 2) + rng.choice(("\n", " # c\n", "\r\n"))
    pad = "\n" + rng.choice(("", "", "\n", "# comment\n"))
    if kind == 3:
        here = indent + rng.choice((0, 2))
        return pad + "".join(" " * here + "-" + node(rng, here, depth - 1) for _ in range(rng.randrange(1, 4)))
    return pad + mapping(rng, indent + 2, depth - 1)


def mapping(rng, indent, depth):
    keys = rng.sample(("a", "b", "'c'", '"d e"', "long key", "f-g"), rng.randrange(1, 4))
    return "".join(" " * indent + key + ":" + node(rng, indent, depth) for key in keys)


def document(rng):
    made = rng.choice(("", "", "", "---\n", "# first\n")) + mapping(rng, 0, rng.randrange(4))
    if rng.random() < 0.3:  # a file whose last line has no end, or that is cut anywhere
        made = made.rstrip("\n")
    if rng.random() < 0.1:
        # A cut tag: PyYAML takes `!` for none, and any other as it comes.
        made = re.sub(r"![!a-z]*\s*$", "", made[: rng.randrange(len(made) + 1)])
    if rng.random() < 0.1:
        made += rng.choice(("...\n", "\n\n", "# last", "   \n", "  # c\n"))
    return made


def tree(found):
    if found is None:
        return "n"
    if isinstance(found, yaml.ScalarNode):
        core = found.tag.removeprefix("tag:yaml.org,2002:")
        bare = found.style is None and core == "null" and found.value in NULLS
        return "n" if bare or found.explicit_null else "s" + found.value.encode().hex()
    if isinstance(found, yaml.SequenceNode):
        return "[" + ",".join(tree(item) for item in found.value) + "]"
    return "{" + "".join(tree(k) + "=" + tree(v) + ";" for k, v in found.value) + "}"


class Loader(yaml.SafeLoader):
    """Remembers which scalars are null because they say so (!!null x)."""

    def compose_scalar_node(self, anchor):
        event = self.peek_event()
        made = super().compose_scalar_node(anchor)
        made.explicit_null = event.tag == "tag:yaml.org,2002:null"
        return made


def read(made):
    try:
        return tree(yaml.compose(made, Loader=Loader))
    except yaml.YAMLError:
        return "!"


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        made = document(rng)
        print(made.encode().hex() or "-", read(made))


main()
