#!/usr/bin/env python3
"""Truth campaign: injects events into stacks of real terraform, and compares what driftkeeper's webhook told with what was
true by construction. Links nothing of driftkeeper; the arguments are those of run.sh, which finds the program.
Exit status 0: everything was told, once, and nothing else. 1: it was not. 2: the campaign itself could not run.
"""
import argparse
import collections
import concurrent.futures
import json
import math
import pathlib
import random
import shutil
import sys
import tempfile
import time
import traceback

from daemon import GRACE, Daemon, seconds
from events import CLASSES, Events
from lies import LIES, lie
from oracle import BLIND, Naive, Oracle
from receiver import Receiver
from report import print_failures, print_report
from world import Module, World

# What sabotage.py makes of terraform's answers.
ANSWERS = ["misses-deletions", "errors-are-in-sync", "tells-cascades", "forgets-siblings", "content-is-noise"]
BATCH = 8  # stacks that are touched at the same time
WANTED_CHECKS = 2  # as many as `confirm` of the settings
CALMING_CHECKS = 3  # so many clean ones end what comes and goes
PATIENCE = 180.0  # seconds in which something must happen, however slow the machine is
# How often a class comes when it can. What ends a story is only possible where one is open.
WEIGHTS = {"edit": 5, "delete": 4, "revert": 8, "commit": 8, "apply": 12, "elsewhere": 25, "hotfix": 8, "conflict": 6,
           "noise": 25, "unreadable": 4, "broken": 4, "removal": 3, "locked": 4, "comment": 20, "inputs": 12, "branch": 12,
           "nested": 12, "content": 12, "siblings": 12, "renamed": 4, "shared": 4, "lost": 4, "kill": 6}
FLOOR = 0.73 / len(CLASSES)  # the share that each class should have


class Campaign:
    def __init__(self, options, room):
        self.options = options
        self.room = room
        self.rng = random.Random(options.seed)
        self.world = World(room, options.terraform, options.cli_config)
        self.oracle = Oracle()
        self.naive = Naive()
        self.events = Events(self.world, self.oracle, self.rng)
        self.drawn = options.only or [cls for cls in CLASSES if cls != "kill"]
        self.receiver = Receiver()
        if options.sabotage in LIES:
            lie(options.sabotage)
        self.counts = collections.Counter()
        self.pool = concurrent.futures.ThreadPoolExecutor(3)
        self.read = 0  # bodies of the receiver
        self.batch = 0
        self.daemon = None

    # --- the story ---

    def list(self):
        """Says what would happen, and does nothing."""
        self._do = lambda _: None
        self._rest = lambda _, stacks, __: [self.oracle.observe(stack.name) for stack in stacks]
        self._furnish()
        while sum(self.counts[cls] for cls in CLASSES) < self.options.events:
            self.batch += 1
            events, stacks, kill = self._inject()
            self._rest(events, stacks, kill)
            print(f"batch {self.batch}{', kill -9 ' + kill[0] if kill else ''}")
            for event in events:
                print(f"  {event}")

    def run(self):
        self._furnish()
        while sum(self.counts[cls] for cls in CLASSES) < self.options.events:
            self.batch += 1
            self._rest(*self._inject())
            if self.daemon.is_dead() or len(self.oracle.failures) > 100:
                break
            if self.options.sabotage and self.oracle.failures:
                return  # it was noticed
        self._settle()
        self._end()

    def _furnish(self):
        """The stacks as they are when driftkeeper sees them first."""
        started = time.monotonic()
        count = max(2, math.ceil(self.options.stacks / 7))
        for number in range(count):
            repository = self.world.add_repository(f"repo{number + 1}")
            module = Module(repository, "shared")
            repository.modules.append(module)
            module.write()
            repository.commit("a shared module", module.folder)
        events = [self.events.add(self.world.repositories[number % count], drifted=number % 5 == 4)
                  for number in range(self.options.stacks)]
        self.counts["added"] += len(events)
        everybody = [stack for event in events for stack in event.stacks]
        if self.options.list:
            return self._rest(events, everybody, None)
        events[0].deed()  # it gives the others its lock file
        self._do(events[1:])
        program = self._saboteur() if self.options.sabotage in ANSWERS else self.options.terraform
        self.daemon = Daemon(self.options.program, self.room, program, self.options.cli_config,
                             [(one.name, one.path) for one in self.world.repositories], self.receiver.url,
                             self.options.group_wait_key, self.world.inputs)
        self.world.on_inputs = self.daemon.configure
        self._start()
        self._say(f"{len(events)} stacks in {count} repositories after {time.monotonic() - started:.1f} s")
        self._rest(events, everybody, None)

    def _saboteur(self):
        """terraform, with one thing wrong that a careless driftkeeper could do wrong."""
        program = self.room / "terraform"
        script = pathlib.Path(__file__).resolve().parent / "sabotage.py"
        program.write_text(f'#!/bin/sh\nexec python3 -B "{script}" {self.options.sabotage} "{self.options.terraform}" "$@"\n')
        program.chmod(0o755)
        return program

    def _inject(self):
        """One batch: at most one event a stack."""
        present = [stack for stack in self.world.stacks if self._is_alive(stack)]
        events, busy = [], []
        room_for = self.options.events - sum(self.counts[cls] for cls in CLASSES)
        kill = self._draw_kill() if room_for > 1 else None
        if kill:
            self.counts["kill"] += 1
            room_for -= 1
        for stack in self.rng.sample(present, len(present)):
            if len(events) >= min(BATCH, room_for):
                break
            event = None if any(one in busy for one in stack.family) else self._draw_event(stack, busy)
            if event:
                self.counts[event.cls] += 1
                events.append(event)
                busy += event.stacks
        alive = sum(not self.oracle.ledgers[stack.name].is_removed for stack in self.world.stacks)
        if alive < self.options.stacks:
            event = self.events.add(self.rng.choice(self.world.repositories), drifted=self.rng.random() < 0.5)
            self.counts["added"] += 1
            events.append(event)
            busy += event.stacks
        control = [stack for stack in present if stack not in busy and not self.oracle.ledgers[stack.name].is_removed]
        if control:
            busy.append(self.rng.choice(control))
        self._do(events)
        return events, busy, kill

    def _is_alive(self, stack):
        ledger = self.oracle.ledgers[stack.name]
        return not ledger.is_removed or ledger.orphan is not None

    def _weight(self, cls):
        """A class that came too seldom comes sooner."""
        share = self.counts[cls] / (sum(self.counts[one] for one in CLASSES) + BATCH)
        levels = ((0, 300), (FLOOR, 30), (FLOOR * 1.15, 6))
        return WEIGHTS[cls] * next((urgency for level, urgency in levels if share <= level), 1)

    def _draw_event(self, stack, busy):
        ledger = self.oracle.ledgers[stack.name]
        if ledger.is_removed:
            return self.events.make("removal", stack, busy) if self.rng.random() < 0.3 else None
        if ledger.mode and self.rng.random() < 0.6:
            return self.events.make(ledger.mode, stack, busy)
        classes = list(self.drawn)
        if ledger.mode == "shared":  # whatever happens there happens to two stacks
            return None
        if ledger.mode:
            classes = ["edit", "delete", "revert"] + (["commit"] if ledger.mode == "unreadable" else [])
        while classes:
            cls = self.rng.choices(classes, [self._weight(one) for one in classes])[0]
            event = self.events.make(cls, stack, busy)
            if event:
                return event
            classes.remove(cls)
        return None

    def _draw_kill(self):
        if self.options.only:
            return None
        wanted = self.counts["kill"] < 0.06 * (sum(self.counts[one] for one in CLASSES) + BATCH)
        if self.rng.random() > (0.8 if wanted else 0.1):
            return None
        return (self.rng.choice(["checks", "checks", "unanswered", "refused", "after"]), self.rng.uniform(0.0, 1.2))

    def _do(self, events):
        for done in [self.pool.submit(event.deed) for event in events]:
            done.result()

    # --- rest: everything that happened has been looked at ---

    def _rest(self, events, stacks, kill):
        if any(event.restarts for event in events):
            self._restart()
        started = time.time()
        for stack in stacks:
            self.oracle.last_event.setdefault(stack.name, None)
        expected = [one for stack in stacks for one in self.oracle.observe(stack.name)]
        for event in events:
            self._say(f"  {event}")
        if kill:
            self._arm(kill)
        self._await_sync(events, started)
        looks = [self.pool.submit(self._look_naively, stack) for stack in stacks
                 if stack in self.world.stacks and not self.oracle.ledgers[stack.name].is_removed]
        self._await_checks(stacks, started, kill)
        self._await_troubles(expected, kill)
        self._await_calm(kill)
        context = f"batch {self.batch}, seed {self.options.seed}"
        bodies = self.receiver.bodies(self.read)
        self.read += len(bodies)
        before = len(self.oracle.failures)
        self.oracle.compare(expected, self.oracle.read(bodies), context)
        for stack in stacks:
            if not self.oracle.ledgers[stack.name].is_removed:
                seen = self.daemon.stack(stack.name)
                if seen:
                    self.oracle.compare_api(stack.name, seen)
                for cause in [event.quiet for event in events if seen and event.quiet and stack in event.stacks]:
                    self.oracle.compare_list(stack.name, seen, cause)
        for event in events:
            if event.was:
                name = event.stacks[0].name
                self.oracle.compare_renamed(name, event.was, self.daemon.knows(event.was), self.daemon.first_look(name), started)
        for look in looks:
            stack, alarm = look.result()
            event = self.oracle.last_event[stack.name]
            counts = self.oracle.by_class[event.cls]
            self.naive.note(stack.name, self.oracle.ledgers[stack.name].truths, alarm, counts)
        done = sum(self.counts[cls] for cls in CLASSES)
        failed = len(self.oracle.failures) - before
        self._say(f"batch {self.batch}: {done} events, {len(bodies)} notices, {time.time() - started:.1f} s"
                  + (f", {failed} FAILURES" if failed else ""))
        for text in self.oracle.failures[before:]:
            self._say("  * " + text)

    def _look_naively(self, stack):
        return stack, stack.naive_alarm()

    def _arm(self, kill):
        when, delay = kill
        self._say(f"  kill -9 {'during checks' if when == 'checks' else 'at the next delivery (' + when + ')'}")
        if when != "checks":
            self.receiver.set_trap(when, self.daemon.kill)
        self.kill_at = time.monotonic() + delay if when == "checks" else None

    def _revive(self, kill):
        """Kills when it is time, and starts a daemon that is dead by our hand."""
        if not kill:
            return
        if self.kill_at and time.monotonic() >= self.kill_at and not self.daemon.is_dead():
            self.daemon.kill()
            self.kill_at = None
        if self.daemon.is_dead() and self.daemon.process.returncode == -9:
            self._start()

    def _start(self):
        self.receiver.starts += 1
        self.daemon.start()

    def _restart(self):
        self.daemon.stop()
        self._start()

    def _await_sync(self, events, started):
        """Until the daemon has fetched what was committed."""
        for repository in sorted({event.stacks[0].repository.name for event in events}):
            deadline = time.monotonic() + PATIENCE
            while self.daemon.synced(repository) <= started and time.monotonic() < deadline:
                if self.daemon.is_dead():
                    return
                time.sleep(0.1)

    def _await_checks(self, stacks, started, kill):
        """Until each stack has had the checks that its telling needs; asks for them."""
        heads = {one.name: one.head() for one in self.world.repositories}
        waiting = {stack.name: Watch(stack, self.oracle.ledgers[stack.name], heads[stack.repository.name], started,
                                     self.oracle.last_event[stack.name]) for stack in stacks}
        last_step, steps = time.monotonic(), None
        while waiting:
            self._revive(kill)
            for name, watch in list(waiting.items()):
                if watch.is_satisfied(self.daemon):
                    del waiting[name]
                elif watch.is_hopeless() or time.monotonic() > last_step + PATIENCE:
                    self.oracle.fail(name, f"{name}: {watch.complaint()}")
                    del waiting[name]
            now = [(name, watch.last) for name, watch in waiting.items()]
            if now != steps:
                last_step, steps = time.monotonic(), now
            time.sleep(0.05)

    def _await_troubles(self, expected, kill):
        """Until those that are no drifts were told: nobody's check tells them, a look over all stacks does."""
        wanted = collections.Counter((one.address, one.what) for one, _ in expected if one.address.startswith("("))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not (self.options.sabotage and self.oracle.failures):
            self._revive(kill)
            told = collections.Counter((f"({body['incident']['kind']})", body["event"])
                                       for _, body, _ in self.receiver.bodies(self.read))
            if not wanted - told:
                return
            time.sleep(0.05)

    def _await_calm(self, kill):
        """Until nothing is looked at and nothing waits to be told. A check can be due that nobody waits for: it must not run
        into what happens next. A moment between two checks is no calm."""
        deadline, calm = time.monotonic() + PATIENCE, 0
        while calm < 3 and time.monotonic() < deadline:
            self._revive(kill)
            calm = calm + 1 if not self.daemon.is_dead() and self.daemon.is_calm() else 0
            time.sleep(0.05)
        if calm < 3:
            self.oracle.fail(None, "the daemon does not come to rest")
        if kill:
            if self.receiver.clear_trap() or (kill[0] == "checks" and self.kill_at):
                self.daemon.kill()  # nothing was delivered: at rest, then
            self.kill_at = None
            if self.daemon.is_dead():
                self._start()
                self._await_calm(None)

    # --- the end ---

    def _settle(self):
        """Everything that is open ends: locks, breaks, drifts, commits. All of it must be told as resolved."""
        if self.daemon.is_dead():
            self.oracle.fail(None, f"the daemon ended with {self.daemon.process.returncode}:\n{self.daemon.last_words()}")
            return
        self._say("settling")
        self.batch += 1
        stacks = [stack for stack in self.world.stacks if not self.oracle.ledgers[stack.name].is_removed]
        events = []
        for stack in stacks:
            ledger = self.oracle.ledgers[stack.name]
            if ledger.mode:
                events.append(self.events.make(ledger.mode, stack, []))
        self._do(events)
        if events:  # what could not be looked at until now is told first
            self._rest(events, [stack for event in events for stack in event.stacks], None)
            self.batch += 1
        for stack in stacks:
            ledger = self.oracle.ledgers[stack.name]
            for truth in ledger.truths.values():
                if "perpetual" in truth.causes:
                    truth.item.attributes["content"] = "calm"
            for behaviour in stack.behaviour:
                stack.behaviour[behaviour] = None
            ledger.truths = {}
        self._do([self.events.event("apply", stack, "settles", lambda stack=stack: self._make_good(stack)) for stack in stacks])
        self._rest([], stacks, None)

    @staticmethod
    def _make_good(stack):
        stack.behave()
        stack.commit("settled")
        stack.apply()

    def _end(self):
        incidents = json.loads(self.daemon.get("/api/v1/incidents") or '{"incidents": []}')["incidents"]
        orphans = {name for name, ledger in self.oracle.ledgers.items() if ledger.orphan}
        for incident in incidents:
            if incident["closed"] is None and incident["kind"] != "orphaned":
                self.oracle.never_resolved += 1
                self.oracle.fail(None, f"an incident is open in the end: {incident}")
        if sum(one["closed"] is None and one["kind"] == "orphaned" for one in incidents) != len(orphans):
            self.oracle.fail(None, f"orphaned are {sorted(orphans)}, and the API has other incidents")
        status = self.daemon.stop()
        if status != 0:
            self.oracle.fail(None, f"the daemon ended with {status}:\n{self.daemon.last_words()}")
        with open(self.room / "notices.jsonl", "w", encoding="utf-8") as file:
            for _, body, _ in self.receiver.bodies():
                file.write(json.dumps(body) + "\n")

    def close(self):
        if self.daemon:
            self.daemon.stop()
        self.receiver.close()
        self.pool.shutdown()

    def _say(self, text):
        if self.options.verbose or not text.startswith("  "):
            print(text, flush=True)


class Watch:
    """Waits for the checks of one stack, and asks for them one by one."""

    MOST_OTHERS = 6  # checks that do not end as they must

    def __init__(self, stack, ledger, head, started, event):
        self.stack, self.ledger, self.head, self.started = stack, ledger, head, started
        _, self.complete = ledger.verdict()
        # A commit is told when a second look still sees it after the grace; whether it is one is not for us to say.
        self.needs_grace = ledger.mode not in BLIND and (
            event is None or event.cls not in ("edit", "delete", "locked")
            or any(truth.side == "git" and not truth.was_told for truth in ledger.truths.values()))
        self.wanted = CALMING_CHECKS if ledger.flaps() or (event and event.restarts) else WANTED_CHECKS
        self.checks = {}  # start -> end, in seconds
        self.others = set()
        self.asked_at = None
        self.asked_after = None
        self.last = None

    def is_satisfied(self, daemon):
        if self.ledger.is_removed:
            return daemon.knows(self.stack.name) is False
        seen = daemon.stack(self.stack.name)
        if seen is None:
            return False
        self.last = {key: seen[key] for key in ("started", "commit", "verdict", "complete", "reason")}
        start = seconds(seen["started"]) if seen.get("started") else None
        if start and start > self.started and seen["commit"] == self.head:
            if seen["complete"] == self.complete:
                self.checks[start] = start + seen["duration_seconds"]
            else:
                self.others.add(start)
        if len(self.checks) >= self.wanted and max(self.checks) >= self._graced():
            return True
        self._ask(daemon, start)
        return False

    def is_hopeless(self):
        return len(self.others) >= self.MOST_OTHERS

    def complaint(self):
        must = "complete" if self.complete else "not complete"
        return (f"its checks must be {must}, and {len(self.checks)} of {len(self.checks) + len(self.others)} were; "
                f"the last: {self.last}")

    def _graced(self):
        return min(self.checks.values()) + GRACE if self.needs_grace else 0

    def _ask(self, daemon, start):
        """One request at a time; the last one not before the grace of a commit is over."""
        if len(self.checks) >= self.wanted - 1 and time.time() < self._graced():
            return
        now = time.monotonic()
        if self.asked_at and self.asked_after == start and now - self.asked_at < 6:
            return
        if daemon.check(self.stack.name):
            self.asked_at, self.asked_after = now, start


def parse(arguments):
    parser = argparse.ArgumentParser(prog="tests/truth/run.sh", description="injects events and compares what was told with what was true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--stacks", type=int, default=12)
    parser.add_argument("--program", required=True, help="the driftkeeper to judge")
    parser.add_argument("--cli-config", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--terraform", default=shutil.which("terraform"), help="the terraform or tofu to use")
    parser.add_argument("--sabotage", choices=[*ANSWERS, *LIES],
                        help="make the product wrong in one way; the campaign must notice")
    parser.add_argument("--only", type=lambda text: text.split(","), help="draw only these classes: a,b,…")
    parser.add_argument("--no-group-wait-key", dest="group_wait_key", action="store_false",
                        help="the program does not know checks.group_wait yet")
    parser.add_argument("--list", action="store_true", help="say what would happen, and do nothing")
    parser.add_argument("--keep", action="store_true", help="keep the folder of the campaign")
    parser.add_argument("--verbose", action="store_true", help="say each event")
    return parser.parse_args(arguments)


def repeat_of(options):
    words = f"bash tests/truth/run.sh --seed {options.seed} --events {options.events} --stacks {options.stacks} --keep --verbose"
    words += f" --terraform {options.terraform}" if options.terraform != shutil.which("terraform") else ""
    words += f" --only {','.join(options.only)}" if options.only else ""
    return words + (f" --sabotage {options.sabotage}" if options.sabotage else "")


def main():
    options = parse(sys.argv[1:])
    if not options.terraform:
        print("terraform is not on PATH", file=sys.stderr)
        return 2
    room = pathlib.Path(tempfile.mkdtemp(prefix="driftkeeper-truth."))
    campaign = Campaign(options, room)
    started = time.monotonic()
    try:
        if options.list:
            campaign.list()
            shutil.rmtree(room)
            return 0
        campaign.run()
    except Exception:  # a fault of the campaign must not look like one of the product
        traceback.print_exc()
        print(f"the campaign could not go on; kept: {room}", file=sys.stderr)
        print_failures(campaign, repeat_of(options), room)
        return 2
    finally:
        campaign.close()
    print_report(campaign)
    perfect = campaign.oracle.is_perfect()
    keep = options.keep or not (perfect or options.sabotage)
    print_failures(campaign, repeat_of(options), room if keep else None)
    print(f"seed {options.seed}: {'perfect' if perfect else 'NOT PERFECT'}, {time.monotonic() - started:.0f} s")
    if not keep:
        shutil.rmtree(room)
    return 0 if perfect else 1


if __name__ == "__main__":
    sys.exit(main())
