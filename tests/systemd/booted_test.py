#!/usr/bin/env python3
"""The package and the unit in a really booted Debian 12: what an operator does from `apt install` to `apt purge`, each
step asserted from outside.

usage: booted_test.py --package DEB --next DEB --mirror FOLDER --cache FOLDER [--attacks PROGRAM] [--keep]

DEB and the next DEB are the same program under two versions. FOLDER of the mirror is tests/provider's provider-mirror.
With PROGRAM (the tests of providers/process) it is a virtual machine with Debian's own kernel, and these tests of attacks
and limits run there within the unit; what needs no other kernel is left out.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import container  # noqa: E402
from container import Container, Failed, eventually  # noqa: E402
from machine import Machine  # noqa: E402

HERE = pathlib.Path(__file__).parent
PROJECT = HERE.parent.parent
SETTINGS = "/etc/driftkeeper/driftkeeper.yaml"
STACK = "infra/prod/network"
SECRET = "canary-hook-secret-7f3a"

STACK_TF = """
terraform {
  required_providers {
    box = { source = "registry.terraform.io/driftkeeper/box", version = "1.0.0" }
  }
  backend "local" { path = "/srv/state/network.tfstate" }
}

provider "box" { directory = "/srv/live" }

resource "box_item" "firewall" {
  name    = "firewall"
  content = "allow 10.0.0.0/8"
  secret  = "canary-stack-secret-91bc"
}

resource "box_item" "web" {
  name    = "web"
  content = "nginx"
}
"""

TERRAFORMRC = """disable_checkpoint = true
provider_installation {
  filesystem_mirror { path = "/opt/provider-mirror" }
}
"""

GOOD = """checks: { every: 3s, confirm: 2, confirm_after: 1s, stale_after: 1h }
providers:
  terraform: { cli_config_file: /srv/terraformrc }
repositories:
  - { name: infra, url: /srv/infra, ref: main, poll: 2s }
channels:
  - { name: hook, webhook: { url: "http://127.0.0.1:8080/", secret_file: "${CREDENTIALS_DIRECTORY}/hook" } }
"""


def check(holds, what):
    if not holds:
        raise Failed(f"not so: {what}")
    print(f"    ok: {what}", flush=True)


class World:
    """What an operator has: a host, a repository with a stack, a receiver."""

    def __init__(self, host):
        self.host = host

    def alerts(self):
        return sorted(self.host.names("/srv/alerts/*.json"))

    def awaits_alert(self, event, seconds=60):
        return eventually(f"an alert {event}", lambda: [a for a in self.alerts() if f"-{event}-" in a], seconds)

    def forget_alerts(self):
        self.host.sh("rm -f /srv/alerts/*.json")

    def opens_firewall(self):
        self.host.sh("sed -i 's#allow 10.0.0.0/8#allow 0.0.0.0/0#' /srv/live/box_item/firewall.json")

    def restores_firewall(self):
        self.host.sh("sed -i 's#allow 0.0.0.0/0#allow 10.0.0.0/8#' /srv/live/box_item/firewall.json")

    def metric(self, series):
        answer = self.host.sh("curl -sf http://127.0.0.1:9743/metrics", check=False).stdout
        found = re.search(rf"^{re.escape(series)} (\S+)$", answer, re.M)
        return found and float(found.group(1))

    def in_sync(self):
        return self.metric(f'driftkeeper_stack_verdict{{repository="infra",stack="{STACK}",provider="terraform",'
                           'verdict="in_sync"}') == 1

    def journal(self, *matches):
        text = self.host.out("journalctl -o json --no-pager -u driftkeeper.service " + " ".join(matches))
        return [json.loads(line) for line in text.splitlines()]


def events():
    text = (PROJECT / "daemon/base/events.hpp").read_text()
    return dict(re.findall(r'Event (\w+)\{"([0-9a-f]{32})"\}', text))


def install(world, package):
    host = world.host
    host.put("/srv/driftkeeper.deb", package.read_bytes(), 0o644)
    said = host.sh("apt-get install -y --no-install-recommends /srv/driftkeeper.deb")
    check("ERROR" not in said.stderr, "apt installs the package and its dependencies")
    check(host.out("getent passwd driftkeeper").endswith(":/var/lib/driftkeeper:/usr/sbin/nologin"), "the system user is there")
    check(host.out(f"stat -c '%a %U:%G' /etc/driftkeeper {SETTINGS}") ==
          "750 root:driftkeeper\n640 root:driftkeeper", "the settings are for the daemon's eyes only")
    check(host.out("systemctl is-enabled driftkeeper", check=False) == "disabled" and
          host.show("ActiveState") == "inactive", "nothing starts by itself")
    said = host.sh("systemd-analyze verify --man=no --recursive-errors=yes driftkeeper.service")
    check(said.stdout + said.stderr == "", "the installed unit is understood to the last word")
    listed = host.out("journalctl --list-catalog")
    check(all(one in listed for one in events().values()), "the journal's catalog knows every event")
    check(host.sh("systemctl start driftkeeper", check=False).returncode == 0, "it starts with the settings as shipped")
    check(host.show("StatusText") == "Idle: no repositories are configured", "… and says that it has nothing to do")
    check(world.journal("MESSAGE_ID=" + events()["idle"]) != [], "… in the journal, too")
    host.sh("systemctl stop driftkeeper")
    check(host.show("Result") == "success", "it stops")


def prepare(world):
    host = world.host
    host.write("/srv/terraformrc", TERRAFORMRC)
    host.write("/srv/infra/prod/network/main.tf", STACK_TF)
    host.write("/srv/receiver.py", (HERE / "receiver.py").read_text())
    host.write("/etc/driftkeeper-hook", SECRET + "\n", 0o600)
    host.sh("""set -e
        mkdir -p /srv/live /srv/state /srv/alerts
        export TF_CLI_CONFIG_FILE=/srv/terraformrc
        cd /srv/infra && git init -q -b main
        terraform -chdir=prod/network init -input=false -no-color
        terraform -chdir=prod/network apply -input=false -auto-approve -no-color
        rm -rf prod/network/.terraform
        git add -A && git -c user.name=ops -c user.email=ops@localhost commit -qm network
        chmod -R a+rX /srv
        systemd-run -q --unit=receiver python3 /srv/receiver.py 8080 /srv/alerts /etc/driftkeeper-hook""")


def alert(world):
    host = world.host
    host.write("/etc/systemd/system/driftkeeper.service.d/secrets.conf",
               "[Service]\nLoadCredential=hook:/etc/driftkeeper-hook\n")
    host.edit(SETTINGS, GOOD)
    host.sh("systemctl daemon-reload && systemctl enable --now driftkeeper")
    check(host.out("systemctl is-enabled driftkeeper") == "enabled", "systemctl enable --now")
    eventually("the first check", world.in_sync)
    check(world.journal("MESSAGE_ID=" + events()["noSandbox"]) == [],
          "a plan works within the unit's sandbox, and within its own")
    world.opens_firewall()
    told = world.awaits_alert("opened")
    notice = json.loads(host.read(told[0]))
    check([one["address"] for one in notice["opened"]] == ["box_item.firewall"],
          "somebody opens the firewall: the alert arrives, signed with a credential that only root can read")
    world.restores_firewall()
    world.awaits_alert("resolved")
    check(len(world.alerts()) == 2, "told once, resolved once")
    check("1 stack: all in sync; last check" in eventually(
        "a status of a fleet in sync", lambda: "all in sync" in host.show("StatusText") and host.show("StatusText"), 30),
        "systemctl status sums the fleet up")
    world.forget_alerts()


def journal(world):
    ids = events()
    found = world.journal("MESSAGE_ID=" + ids["checkFinished"], "DRIFTKEEPER_STACK=" + STACK)
    check(found and found[0]["SYSLOG_IDENTIFIER"] == "driftkeeper" and found[0]["PRIORITY"] == "6" and
          found[0]["DRIFTKEEPER_VERDICT"] == "in_sync", "a check is found by event and stack, with its fields")
    for name in ("starting", "ready", "stopping", "stopped", "repositoryRead", "incidentOpened", "incidentClosed",
                 "delivered"):
        check(world.journal("MESSAGE_ID=" + ids[name]) != [], f"the journal has an entry {name}")
    explained = world.host.out(f"journalctl -x -u driftkeeper MESSAGE_ID={ids['checkFinished']} -n 1 --no-pager")
    check("A stack was checked" in explained and f"driftkeeper show {STACK}" in explained,
          "journalctl -x says what an entry means, in its stack's words")


def reload(world):
    host = world.host
    pid = host.show("MainPID")
    host.edit(SETTINGS, GOOD + "checkz: {}\n")
    said = host.sh("systemctl reload driftkeeper", check=False)
    check(said.returncode != 0, "a reload of bad settings fails")
    place = f"{SETTINGS}:{len(GOOD.splitlines()) + 1}:1"
    eventually("the refusal in the status", lambda: "NOT reloaded" in host.show("StatusText"), 20)
    status = host.out("systemctl status driftkeeper --no-pager -l", check=False)
    check("NOT reloaded" in status and place in status, f"systemctl status says so, with the place {place}")
    refused = world.journal("MESSAGE_ID=" + events()["settingsRefused"])
    check(refused and refused[-1]["DRIFTKEEPER_PLACE"] == place and refused[-1]["PRIORITY"] == "3", "so does the journal")
    check(world.metric("driftkeeper_settings_last_reload_successful") == 0, "so does the metric")
    check(host.show("MainPID") == pid and host.show("ActiveState") == "active", "the daemon runs on")
    world.opens_firewall()
    world.awaits_alert("opened")
    check(True, "the old settings are in force: a drift is told")
    host.edit(SETTINGS, GOOD.replace("every: 3s", "every: 4s"))
    check(host.sh("systemctl reload driftkeeper", check=False).returncode == 0, "a reload of good settings works")
    eventually("the metric", lambda: world.metric("driftkeeper_settings_last_reload_successful") == 1, 20)
    check("NOT reloaded" not in eventually("a status", lambda: "Watching" in host.show("StatusText") and
                                           host.show("StatusText"), 20), "the status forgets the refusal")
    check(host.show("MainPID") == pid and world.journal("MESSAGE_ID=" + events()["settingsReloaded"]) != [],
          "the same process has new settings")
    world.restores_firewall()
    world.awaits_alert("resolved")
    world.forget_alerts()


def watchdog(world):
    host = world.host
    host.write("/etc/systemd/system/driftkeeper.service.d/watchdog.conf", "[Service]\nWatchdogSec=4s\nRestartSec=1s\n")
    host.sh("systemctl daemon-reload && systemctl restart driftkeeper")
    pid = host.show("MainPID")
    host.sh(f"kill -STOP {pid}")
    eventually("another process", lambda: host.show("MainPID") not in ("0", pid) and
               host.show("ActiveState") == "active", 60)
    check(host.show("NRestarts") == "1", "a daemon that hangs is killed by the watchdog and started again")
    check(any("Watchdog timeout" in one.get("MESSAGE", "") for one in world.journal()), "the journal has the reason")
    eventually("a check after it", world.in_sync)
    check(world.alerts() == [], "nobody was told anything by that")
    host.sh("rm /etc/systemd/system/driftkeeper.service.d/watchdog.conf && systemctl daemon-reload && "
            "systemctl restart driftkeeper")


def stop_under_load(world):
    host = world.host
    host.write("/srv/live/behaviour.json", '{"slow_read_ms": 120000}')
    eventually("a plan that takes long", lambda: host.sh("pgrep -u driftkeeper --older 3 terraform-prov", check=False).stdout, 60)
    started = time.monotonic()
    host.sh("systemctl stop driftkeeper")
    seconds = time.monotonic() - started
    check(seconds < 45 and host.show("Result") == "success", f"it stops with a plan running, in {seconds:.0f} s, as it should")
    check(host.sh("pgrep -u driftkeeper", check=False).stdout == "", "no process is left behind")
    group = host.out("cat /proc/self/cgroup >/dev/null; find /sys/fs/cgroup -path '*driftkeeper.service*' -name cgroup.procs "
                     "-exec cat {} +", check=False)
    check(group == "", "nor anything in its control group")
    host.sh("rm /srv/live/behaviour.json")
    check(world.alerts() == [], "a check that the stop cut short tells nothing")
    host.sh("systemctl start driftkeeper")
    eventually("a check after it", world.in_sync)


def limits(world):
    host = world.host
    host.sh("zcat -f /usr/share/driftkeeper/systemd/limits.conf.example* "
            "> /etc/systemd/system/driftkeeper.service.d/limits.conf && systemctl daemon-reload")
    said = host.sh("systemd-analyze verify --man=no --recursive-errors=yes driftkeeper.service")
    check(said.stdout + said.stderr == "", "the shipped limits are understood")
    shown = host.out("systemctl show driftkeeper --property=MemoryHigh,MemoryMax,TasksMax,CPUWeight,IOWeight,Slice,OOMPolicy")
    values = dict(line.split("=", 1) for line in shown.splitlines())
    check(values == {"MemoryHigh": str(3 << 30), "MemoryMax": str(4 << 30), "TasksMax": "2048", "CPUWeight": "50",
                     "IOWeight": "50", "Slice": "driftkeeper.slice", "OOMPolicy": "continue"},
          "they are in force for the daemon and its plans (what the kernel makes of them is not visible in here)")
    host.sh("systemctl restart driftkeeper")
    eventually("a check within the limits", world.in_sync)


def upgrade(world, package):
    host = world.host
    host.write("/srv/alerts/refuse", "")
    world.opens_firewall()
    eventually("an alert that waits in the outbox",
               lambda: (world.metric('driftkeeper_outbox_pending{channel="hook"}') or 0) >= 1)
    pid, before = host.show("MainPID"), host.out("dpkg-query -Wf '${Version}' driftkeeper")
    host.put("/srv/next.deb", package.read_bytes(), 0o644)
    host.sh("apt-get install -y --no-install-recommends /srv/next.deb")
    check(host.out("dpkg-query -Wf '${Version}' driftkeeper") != before, "apt upgrades the package")
    eventually("the new daemon", lambda: host.show("ActiveState") == "active" and host.show("MainPID") != pid)
    check(True, "the daemon was restarted")
    check("every: 4s" in host.read(SETTINGS) and host.out(f"stat -c '%a %U:%G' {SETTINGS}") == "640 root:driftkeeper",
          "the operator's settings stay")
    check(world.alerts() == [], "nothing arrived while the receiver refused")
    host.sh("rm /srv/alerts/refuse")
    told = world.awaits_alert("opened", 180)
    eventually("an empty outbox", lambda: world.metric('driftkeeper_outbox_pending{channel="hook"}') == 0)
    eventually("another check", lambda: len(world.journal("MESSAGE_ID=" + events()["checkFinished"], "--since=-5s")) > 0)
    check(len(told) == 1 and len(world.alerts()) == 1, "the alert that waited during the upgrade arrives exactly once")
    world.restores_firewall()
    world.awaits_alert("resolved")


def attacks(world, program):
    """What hostile code tries from within a room, within the unit, on this kernel."""
    host = world.host
    check(world.metric("driftkeeper_check_control_groups") == 1, "control groups hold the limits of checks")
    check(world.journal("MESSAGE_ID=" + events()["noSandbox"]) == [], f"rooms work on Linux {host.out('uname -r')}")
    drop_in = "/run/systemd/system/driftkeeper.service.d/attacks.conf"
    tests = "*hostile code*,*control group*,*limit*,*tool reaches*,*settings open is open*,*gives rooms*"
    host.write(drop_in, f"""[Service]
Type=oneshot
Restart=no
WatchdogSec=0
TimeoutStartSec=900
Environment=ASAN_OPTIONS=detect_leaks=0
ExecStart=
ExecStart={program} --no-colors "--test-case={tests}"
""")
    host.sh("systemctl daemon-reload && systemctl stop driftkeeper")
    started = host.sh("systemctl start driftkeeper", check=False, timeout=1000)
    said = host.out("journalctl -u driftkeeper _SYSTEMD_INVOCATION_ID=$(systemctl show driftkeeper -p InvocationID --value) -o cat --no-pager")
    summary = re.search(r"test cases: *(\d+) \| *(\d+) passed \| *0 failed", said)
    check(started.returncode == 0 and summary and int(summary[1]) == int(summary[2]) >= 8,
          f"each attack is held within the unit, and so is each limit{'' if summary else chr(10) + said}")
    host.sh(f"rm {drop_in} && systemctl daemon-reload && systemctl start driftkeeper")
    eventually("a check after it", world.in_sync)


def secrets(world):
    host = world.host
    text = host.out("journalctl --no-pager -o verbose; systemctl status driftkeeper --no-pager -l; "
                    "curl -s http://127.0.0.1:9743/metrics")
    check(SECRET not in text and "canary-stack-secret" not in text, "no secret is in journal, status or metrics")


def leave(world):
    host = world.host
    host.write("/etc/driftkeeper/mine", "an operator's own file\n")
    said = host.sh("apt-get remove -y driftkeeper")
    check(host.sh("pgrep -u driftkeeper", check=False).stdout == "", "remove stops the daemon")
    for path in ("/usr/bin/driftkeeper", "/usr/lib/systemd/system/driftkeeper.service", "/usr/share/driftkeeper",
                 "/usr/lib/systemd/catalog/driftkeeper.catalog", "/usr/share/doc/driftkeeper"):
        check(not host.exists(path), f"{path} is gone")
    check(host.exists(SETTINGS) and host.exists("/var/lib/driftkeeper/driftkeeper.db"), "settings and state stay")
    check(events()["ready"] not in host.out("journalctl --list-catalog"), "the catalog forgets the events")
    said = host.sh("apt-get purge -y driftkeeper")
    check("warning" not in said.stderr.lower(), "purge has nothing to complain about")
    for path in (SETTINGS, "/var/lib/driftkeeper", "/var/cache/driftkeeper",
                 "/etc/systemd/system/multi-user.target.wants/driftkeeper.service",
                 "/var/lib/systemd/deb-systemd-helper-enabled/driftkeeper.service.dsh-also"):
        check(not host.exists(path), f"{path} is gone")
    check(host.read("/etc/driftkeeper/mine") == "an operator's own file\n", "what the operator put there stays")
    check(host.out("systemctl is-system-running", check=False) == "running", "the host is well")


def programs_of(program):
    """The program of tests and its helper where they know each other, and the libraries that a small Debian lacks."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    libraries = re.findall(r"=> (/\S*/lib(?:asan|ubsan|boost|fmt|seccomp)\S*)", listed)
    return [(one, str(one)) for one in (program, program.parent / "test_attacker")] + \
        [(one, "/usr/local/lib/" + os.path.basename(one)) for one in libraries]


def main():
    asked = argparse.ArgumentParser()
    for name in ("package", "next", "mirror", "cache"):
        asked.add_argument(f"--{name}", type=pathlib.Path, required=True)
    asked.add_argument("--attacks", type=pathlib.Path)
    asked.add_argument("--keep", action="store_true", help="on failure, leave the container running until Enter")
    given = asked.parse_args()
    if os.geteuid() != 0:
        sys.exit("booted_test.py: a container needs root")
    terraform = shutil.which("terraform") or sys.exit("booted_test.py: terraform is not on PATH")
    given.cache.mkdir(parents=True, exist_ok=True)
    binds = [(terraform, "/usr/local/bin/terraform"), (given.mirror, "/opt/provider-mirror")]
    if given.attacks:
        container.patience = 10
        binds += programs_of(given.attacks)
    with (Machine if given.attacks else Container)(given.cache, given.package, binds) as host:
        world = World(host)
        try:
            steps = [(install, given.package), (prepare,), (alert,), (limits,)]
            steps += [(attacks, given.attacks)] if given.attacks else [
                (journal,), (reload,), (watchdog,), (stop_under_load,), (upgrade, given.next)]
            steps += [(secrets,), (leave,)]
            for step, *more in steps:
                print(f"{step.__name__.replace('_', ' ')}:", flush=True)
                step(world, *more)
        except BaseException as error:
            print(error)
            print(host.sh("journalctl -u driftkeeper --no-pager -n 60 -o short-precise; systemctl status driftkeeper "
                          "--no-pager -l -n 0; systemctl list-jobs; systemctl --failed", check=False).stdout)
            if given.keep:
                input(f"kept: nsenter -t {host.leader} -a")
            sys.exit(1)
    print("everything holds")


main()
