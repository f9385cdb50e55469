"""sabotage.py KIND TERRAFORM ARGUMENTS…: runs terraform and makes its answers wrong in one way, so that driftkeeper behaves as
if it had that fault. The campaign has to notice."""
import json
import pathlib
import shutil
import subprocess
import sys

KIND, TERRAFORM, WORDS = sys.argv[1], sys.argv[2], sys.argv[3:]
LAST_GOOD = pathlib.Path.home() / "last-good"  # the private home of the stack


def run(**options):
    return subprocess.run([TERRAFORM, *WORDS], check=False, **options)


def misses_deletions(plan):
    """As if deletions were not looked for, on either side."""
    gone = {entry["address"] for entry in plan.get("resource_drift", []) if entry["change"]["actions"] == ["delete"]}
    plan["resource_drift"] = [entry for entry in plan.get("resource_drift", []) if entry["address"] not in gone]
    plan["resource_changes"] = [entry for entry in plan.get("resource_changes", [])
                                if entry["address"] not in gone and entry["change"]["actions"] != ["delete"]]


def tells_cascades(plan):
    """As if what follows from another change were a change of its own."""
    drifted = {entry["address"] for entry in plan.get("resource_drift", [])}
    for entry in plan.get("resource_changes", []):
        change = entry["change"]
        if entry["address"] in drifted or change["actions"] != ["update"]:
            continue
        for name, unknown in list((change.get("after_unknown") or {}).items()):
            if unknown is True and name != "fingerprint":
                change["after"][name] = "known after all"
                del change["after_unknown"][name]


def forgets_siblings(plan):
    """As if only the changed resource were looked at, not those beside it."""
    plan["resource_changes"] = [entry for entry in plan.get("resource_changes", [])
                                if entry["type"] != "aws_elb_attachment" or entry["change"]["actions"] != ["no-op"]]


def content_is_noise(plan):
    """As if whatever only the provider computes were noise."""
    plan["resource_drift"] = [entry for entry in plan.get("resource_drift", []) if entry["type"] != "box_bundle"]


def show():
    done = run(capture_output=True, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        return done.returncode
    plan = json.loads(done.stdout)
    {"misses-deletions": misses_deletions, "tells-cascades": tells_cascades, "forgets-siblings": forgets_siblings,
     "content-is-noise": content_is_noise}[KIND](plan)
    sys.stdout.write(json.dumps(plan))
    return 0


def plan_without_errors():
    """As if a plan that failed had found nothing: the last plan without a change takes its place."""
    out = pathlib.Path(next(word for word in WORDS if word.startswith("-out=")).removeprefix("-out="))
    done = run(capture_output=True, text=True)
    if done.returncode == 0:
        if '"type":"planned_change"' not in done.stdout and '"type":"resource_drift"' not in done.stdout:
            LAST_GOOD.mkdir(exist_ok=True)
            shutil.copy(out, LAST_GOOD / "plan")
            (LAST_GOOD / "stream").write_text(done.stdout)
    elif LAST_GOOD.exists():
        shutil.copy(LAST_GOOD / "plan", out)
        sys.stdout.write((LAST_GOOD / "stream").read_text())
        return 0
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode


def main():
    if KIND == "errors-are-in-sync":
        if WORDS[0] == "plan":
            return plan_without_errors()
        if WORDS[0] == "init":
            run()
            return 0
    elif WORDS[0] == "show":
        return show()
    return run().returncode


sys.exit(main())
