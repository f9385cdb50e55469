#!/usr/bin/env python3
"""Two types of one name in one namespace: the linker takes either for both, without a word (the one definition rule).

    python3 tests/lint/type_names.py ROOT

Read are headers and sources; types in anonymous namespaces and in other types do not count.
"""
import collections
import pathlib
import re
import sys

NAMESPACE = re.compile(r"^namespace\s*([\w:]*)\s*\{")
TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:struct|class|enum class|enum)\s+(?:\[\[\w+\]\]\s*)?(\w+(?:::\w+)*)")
END = re.compile(r"^\}  // namespace")


def types_in(text):
    """(name with its namespaces, line) of every type at the left edge: what is in a type or a function is indented."""
    namespaces = []
    for number, line in enumerate(text.splitlines(), 1):
        if begin := NAMESPACE.match(line):
            namespaces.append(begin.group(1))
        elif END.match(line):
            namespaces.pop()
        elif "" not in namespaces and (type_ := TYPE.match(line)):
            if "{" in line or ";" not in line:  # not a declaration alone
                yield "::".join([*namespaces, type_.group(1)]), number


def main(root):
    places = collections.defaultdict(list)
    for folder in ("daemon", "parsers", "providers"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            for name, line in types_in(path.read_text()):
                places[name].append(f"{path.relative_to(root)}:{line}")
    if len(places) < 100:
        sys.exit(f"only {len(places)} types were found: this lint no longer reads the sources")
    twice = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in sorted(twice.items()):
        print(f"{name} is defined more than once: {', '.join(where)}")
    sys.exit(1 if twice else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
