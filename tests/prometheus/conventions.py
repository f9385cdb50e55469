#!/usr/bin/python3
"""Holds the dashboards and rules to their conventions (grafana/dashboard-linter, monitoring-mixins). Prints each breach; exit 1.

Usage: conventions.py ROOT
"""
import json
import pathlib
import re
import sys

import yaml

root = pathlib.Path(sys.argv[1])
breaches = []


def breach(where, what):
    breaches.append(f"{where}: {what}")


def panels_of(dashboard):
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def check_dashboard(name, dashboard):
    for key in ("uid", "title", "tags", "schemaVersion"):
        if not dashboard.get(key):
            breach(name, f"no {key}")
    if dashboard.get("id") is not None:
        breach(name, "has an id, which belongs to one installation")
    if dashboard.get("editable") is not False:
        breach(name, "is editable")
    check_variables(name, {v["name"]: v for v in dashboard["templating"]["list"]})
    ids, titles = set(), set()
    for panel in panels_of(dashboard):
        if panel["id"] in ids:
            breach(name, f"panel id {panel['id']} twice")
        ids.add(panel["id"])
        if panel["type"] == "row":
            continue
        if panel["title"] in titles:
            breach(name, f"panel {panel['title']} twice")
        titles.add(panel["title"])
        check_panel(f"{name}, panel {panel.get('title') or panel['id']}", panel)
    if not titles:
        breach(name, "no panels")


def check_variables(name, variables):
    if variables.get("datasource", {}).get("type") != "datasource":
        breach(name, "no variable datasource")
    for wanted in ("job", "instance", "repository"):
        variable = variables.get(wanted, {})
        if variable.get("type") != "query" or not variable.get("multi") or variable.get("refresh") != 2:
            breach(name, f"variable {wanted} is no query with several values that is refreshed with the time range")
        if variable.get("datasource", {}).get("uid") != "$datasource":
            breach(name, f"variable {wanted} does not use $datasource")


def check_panel(name, panel):
    for key in ("title", "description"):
        if not panel.get(key, "").strip():
            breach(name, f"no {key}")
    if not panel["fieldConfig"]["defaults"].get("unit"):
        breach(name, "no unit")
    if panel.get("datasource", {}).get("uid") != "$datasource":
        breach(name, "does not use $datasource")
    if not panel.get("targets"):
        breach(name, "no target")
    for target in panel.get("targets", []):
        check_target(name, target["expr"])
        if target["datasource"]["uid"] != "$datasource":
            breach(name, "a target does not use $datasource")


def check_target(name, expr):
    selectors = re.findall(r"\b(?:driftkeeper|process)_\w+(\{[^}]*\})?", expr)
    if not selectors:
        breach(name, "a target selects nothing")
    for selector in selectors:
        if 'job=~"$job"' not in selector or 'instance=~"$instance"' not in selector:
            breach(name, f"{expr}: selects without $job and $instance")
    for window in re.findall(r"\[([^\]]*)\]", expr):
        if window != "$__rate_interval":
            breach(name, f"{expr}: a rate over {window}, not $__rate_interval")


def check_rules(rules, anchors, fires, quiet):
    for rule in rules:
        name, notes = rule["alert"], rule.get("annotations", {})
        if not re.fullmatch(r"Driftkeeper([A-Z][a-z]+)+", name):
            breach(name, "is not called Driftkeeper…")
        if rule.get("labels", {}).get("severity") not in ("critical", "warning", "info", "none"):
            breach(name, "no severity")
        summary = notes.get("summary", "")
        if "{{" in summary or not summary.endswith("."):
            breach(name, "the summary is not one fixed sentence")
        if not notes.get("description"):
            breach(name, "no description")
        runbook = notes.get("runbook_url", "")
        if not runbook.endswith("/operations.md#" + name.lower()):
            breach(name, f"runbook_url {runbook} is not its heading in operations.md")
        if name.lower() not in anchors:
            breach(name, "operations.md has no heading of this name")
        if (name, rule["labels"]["severity"]) not in fires:
            breach(name, f"no test in which it fires as {rule['labels']['severity']}")
        if name not in quiet and name != "DriftkeeperWatchdog":
            breach(name, "no test in which it is quiet")
    for name in sorted(a for a in anchors if a.startswith("driftkeeper") and " " not in a):
        if name not in {rule["alert"].lower() for rule in rules}:
            breach("operations.md", f"{name} is no alert")


def tested():
    fires, quiet = set(), set()
    for file in sorted((root / "tests/prometheus").glob("*.test.yml")):
        for test in yaml.safe_load(file.read_text())["tests"]:
            for case in test.get("alert_rule_test", []):
                for alert in case["exp_alerts"]:
                    fires.add((case["alertname"], alert["exp_labels"]["severity"]))
                if not case["exp_alerts"]:
                    quiet.add(case["alertname"])
    return fires, quiet


for file in sorted((root / "config/grafana").glob("*.json")):
    check_dashboard(file.name, json.loads(file.read_text()))
groups = yaml.safe_load((root / "config/prometheus/driftkeeper.rules.yml").read_text())["groups"]
headings = re.findall(r"^#+ (.*)$", (root / "config/operations.md").read_text(), re.M)
check_rules([rule for group in groups for rule in group["rules"]], {h.lower() for h in headings}, *tested())
print("\n".join(breaches), end="\n" if breaches else "")
sys.exit(1 if breaches else 0)
