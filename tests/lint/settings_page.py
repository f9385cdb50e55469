#!/usr/bin/python3
"""driftkeeper.yaml(5) documents every key that the settings have, where it stands, with its default, and no other. Prints each
breach; exit 1.

The keys come from config/driftkeeper.schema.json, which the readers themselves make. Usage: settings_page.py ROOT
"""
import json
import pathlib
import re
import shlex
import sys

root = pathlib.Path(sys.argv[1])
of_every_channel = {"values", "tls_ca_file", "proxy"}
not_of_a_stack = {"programs", "cli_config_file", "plugin_cache"}


def documented():
    """place -> key -> tag, as the page's headings and tags say them"""
    keys, places, lines = {}, [], (root / "config/driftkeeper.yaml.5").read_text().splitlines()
    lines = lines[lines.index(".SH KEYS") + 1:]
    lines = lines[:next(at for at, line in enumerate(lines) if line.startswith(".SH"))]
    for before, line in zip(lines, lines[1:] + [""]):
        if before.startswith(".SS "):
            places = [place.strip() for place in before[4:].split(",")]
        if before == ".TP":
            words = shlex.split(line[4:] if line.startswith(".BR ") else line[3:], posix=True)
            for place in places:
                keys.setdefault("" if place == "top level" else place, {}).update(dict.fromkeys(words[0::2], line))
    return keys


def spread(keys, providers):
    """what the page says once, at every place where it holds"""
    every = keys.pop("providers.NAME")
    for provider in providers:
        own = keys.pop(f"providers.{provider}", {})
        keys[f"providers.{provider}"] = own | every
        keys[f"repositories[].stacks[].{provider}"] = {key: tag for key, tag in own.items() if key not in not_of_a_stack}
    for place in [place for place in keys if place.startswith("providers.NAME.")]:
        own = keys.pop(place)
        keys |= {place.replace("NAME", provider): own for provider in providers}
    for place in keys:
        if place.startswith("channels[]."):
            keys[place] = keys[place] | {key: keys["channels[]"][key] for key in of_every_channel}
    return {place: names for place, names in keys.items() if names}


def of_schema(schema):
    """place -> key -> default, or None"""
    keys = {}

    def walk(node, place):
        if "$ref" in node:
            found = schema
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            walk(found, place)
        for several in ("anyOf", "oneOf", "allOf"):
            for one in node.get(several, []):
                walk(one, place)
        if isinstance(node.get("items"), dict):
            walk(node["items"], place + "[]")
        for key, value in node.get("properties", {}).items():
            keys.setdefault(place, {})[key] = value.get("default")
            walk(value, f"{place}.{key}" if place else key)

    walk(schema, "")
    # A single value is a list of one: what holds for it is written at the list's items.
    merged = {}
    for place, names in keys.items():
        listed = re.sub(r"\b(repositories|stacks|channels|routes|ignores|severity|mutes|tokens|hooks)(?=\.|$)", r"\1[]", place)
        merged.setdefault(listed if place else "", {}).update(names)
    return merged


schema = json.loads((root / "config/driftkeeper.schema.json").read_text())
providers = list(schema["properties"]["providers"]["properties"])
page, breaches = documented(), []
said, real = spread(page, providers), of_schema(schema)
for place in sorted(said.keys() | real.keys()):
    where, here, there = place or "top level", said.get(place, {}), real.get(place, {})
    breaches += [f"{where}: {key} is not documented" for key in sorted(there.keys() - here.keys())]
    breaches += [f"{where}: {key} is documented and no key" for key in sorted(here.keys() - there.keys())]
    for key, value in sorted(there.items()):
        text = json.dumps(value).strip('"') if not isinstance(value, list) else ", ".join(map(str, value))
        if value is not None and key in here and f"default {text}" not in here[key]:
            breaches.append(f"{where}: {key}: the default is {text}, the page says: {here[key]}")
if len(providers) < 8 or len(real) < 25:
    breaches.append("the settings' keys were not found")
print("\n".join(f"driftkeeper.yaml.5: {breach}" for breach in breaches), end="\n" if breaches else "")
sys.exit(1 if breaches else 0)
