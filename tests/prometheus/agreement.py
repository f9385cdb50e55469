#!/usr/bin/python3
"""Holds config/metrics.md, the alert rules and the dashboard to what a daemon really exports. Prints each breach; exit 1.

Usage: agreement.py ROOT SCRAPE   checks; SCRAPE is a file with an answer of /metrics
       agreement.py ROOT --queries  prints every expression of rules and dashboard as JSON, its variables filled in
"""
import json
import pathlib
import re
import sys

import yaml

root = pathlib.Path(sys.argv[1])
breaches = []
names = r"\b(?:driftkeeper|process)_\w+"
of_prometheus = {"job", "instance", "le", "alertname", "alertstate"}


def exported(text):
    """family -> (type, help, labels)"""
    families = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name, said = line[7:].split(" ", 1)
            families[name] = ["", said, set()]
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            families[name][0] = kind
        else:
            name = re.match(r"\w+", line)[0]
            family = name if name in families else re.sub(r"_(bucket|sum|count)$", "", name)
            labels = re.findall(r'[{,](\w+)="', line.rsplit(" ", 1)[0])
            families[family][2] |= set(labels) - {"le"}
    return families


def documented():
    families = {}
    for line in (root / "config/metrics.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            families[cells[0].strip("`")] = [cells[1], cells[3], set(re.findall(r"`(\w+)`", cells[2]))]
    return families


def dashboards():
    for file in sorted((root / "config/grafana").glob("*.json")):
        dashboard = json.loads(file.read_text())
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield f"{file.name}, {panel['title']}", target["expr"]
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                # label_values(SELECTOR, LABEL) is Grafana's word; what it asks is which values LABEL has.
                selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
                yield f"{file.name}, ${variable['name']}", f"group by ({label}) ({selector})"


def rules():
    text = (root / "config/prometheus/driftkeeper.rules.yml").read_text()
    for group in yaml.safe_load(text)["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def check_expression(where, expr, families):
    known = set(of_prometheus)
    selected = re.findall(rf"({names})(\{{[^}}]*\}})?", expr)
    if not selected and "up{" not in expr and expr != "vector(1)":
        breaches.append(f"{where}: selects nothing")
    for name, matchers in selected:
        family = name if name in families else re.sub(r"_(bucket|sum|count)$", "", name)
        if family not in families:
            breaches.append(f"{where}: {name} is not exported")
            continue
        labels = families[family][2]
        known |= labels
        for label in re.findall(r"[{,]\s*(\w+)\s*(?:=|!)", matchers):
            if label not in labels | of_prometheus:
                breaches.append(f"{where}: {name} has no label {label}")
    for grouping in re.findall(r"\b(?:by|on|ignoring|group_left|group_right)\s*\(([^)]*)\)", expr):
        for label in re.findall(r"\w+", grouping):
            if label not in known:
                breaches.append(f"{where}: groups by {label}, which nothing there has")


def check_document(families, told):
    for name in sorted(families.keys() | told.keys()):
        if name not in told:
            breaches.append(f"metrics.md: {name} is exported and not documented")
        elif name not in families:
            breaches.append(f"metrics.md: {name} is documented and not exported")
        else:
            for what, real, said in zip(("type", "help", "labels"), families[name], told[name]):
                if real != said:
                    breaches.append(f"metrics.md: {name}: {what} is {real!r}, documented as {said!r}")


def filled(expr):
    for variable, value in {"$__rate_interval": "1m", "$job": ".+", "$instance": ".+", "$repository": ".+"}.items():
        expr = expr.replace(variable, value)
    return expr


if sys.argv[2] == "--queries":
    for kind, source in (("rule", rules()), ("dashboard", dashboards())):
        for where, expr in source:
            print(json.dumps({"kind": kind, "where": where, "expr": filled(expr)}))
    sys.exit(0)

real = exported(pathlib.Path(sys.argv[2]).read_text())
if len(real) < 20:
    breaches.append(f"{sys.argv[2]}: {len(real)} families are no scrape of a daemon")
check_document(real, documented())
for place, expression in [*rules(), *dashboards()]:
    check_expression(place, expression, real)
print("\n".join(breaches), end="\n" if breaches else "")
sys.exit(1 if breaches else 0)
