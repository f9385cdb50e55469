#!/usr/bin/env python3
"""Fault campaign: peers answer from a seeded script of 429, 5xx, cut connections, silence and errors in a 200, while the
sender is killed at random. Nothing may be lost, the order of each incident is kept, and a repeat needs an attempt whose
outcome the sender could not know, and carries the same id.
Exit status 0: so it was. 1: it was not. 2: the campaign itself could not run.
"""
import argparse
import collections
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from peers import PagerDuty, SlackBot, Webhook

EVENTS = ["opened", "changed", "resolved"]
PATIENCE = 1500.0


class Sender:
    def __init__(self, program, room, incidents):
        self.program, self.room, self.incidents = program, room, incidents
        self.process = None
        self.starts = 0

    def start(self, peers):
        if self.starts == 0:
            (self.room / "state").mkdir(mode=0o700)
        self.starts += 1
        lines = [f"state_directory: {self.room}/state", "checks: { group_wait: 0s }", "channels:"]
        lines += [f"  - {{ name: {peer.name}, {peer.settings(self.starts)} }}" for peer in peers]
        (self.room / "driftkeeper.yaml").write_text("\n".join(lines) + "\n")
        with open(self.room / "sender.log", "ab") as log:
            self.process = subprocess.Popen([self.program, str(self.room / "driftkeeper.yaml"), str(self.incidents)],
                                            stdout=log, stderr=log)

    def kill(self):
        self.process.kill()
        self.process.wait()


def judge_webhook(hook, subjects, complain, figures):
    """Every event of every incident once, in order; a repeat only where the sender could not know."""
    by_subject = collections.defaultdict(list)
    for attempt in hook.attempts:
        by_subject[attempt.subject].append(attempt)
    for subject in subjects:
        attempts = by_subject.pop(subject, [])
        first = {}
        for attempt in attempts:
            known = first.setdefault(attempt.event, attempt)
            if known.key != attempt.key or known.body != attempt.body:
                complain(f"{subject}: `{attempt.event}` came as another delivery or with another content")
        taken = [attempt.event for attempt in attempts if attempt.was_taken]
        if list(dict.fromkeys(taken)) != EVENTS:
            complain(f"{subject}: taken were {taken}")
        if [EVENTS.index(event) for event in taken] != sorted(EVENTS.index(event) for event in taken):
            complain(f"{subject}: out of order: {taken}")
        for number, attempt in enumerate(attempts):
            earlier = [one for one in attempts[:number] if one.key == attempt.key]
            if not earlier:
                continue
            if not any(one.was_taken for one in earlier):
                figures["tries"] += 1
            elif earlier[-1].is_unknown_to_sender or any(one.fate == "taken, not said" for one in earlier):
                figures["repeats after an unknown outcome"] += 1
            # A sender that was killed told the next one nothing of what it had been sending, which may be read late.
            elif not any(one.was_taken and one.start == attempt.start for one in earlier):
                figures["repeats after a kill"] += 1
            else:
                complain(f"{subject}: `{attempt.event}` came again after a yes")
    if by_subject:
        complain(f"incidents that nobody made: {sorted(by_subject)}")


def judge_pager(pager, count, complain):
    by_key = collections.defaultdict(list)
    for attempt in pager.attempts:
        if attempt.was_taken:
            by_key[attempt.subject].append(attempt.event)
    if len(by_key) != count:
        complain(f"the pager knows {len(by_key)} incidents of {count}")
    for key, events in by_key.items():
        if events[0] != "trigger" or events[-1] != "resolve" or "trigger" in events[events.index("resolve"):]:
            complain(f"the pager was told {events} of {key}")


def judge_chat(chat, subjects, complain, figures):
    """One message an incident, which ends as resolved; a second one only where the first one's `yes` was lost."""
    deliveries = collections.Counter(chat.roots.values())
    figures["messages twice in the chat"] = sum(deliveries.values()) - len(deliveries)
    if len(deliveries) != len(subjects):
        complain(f"the chat has messages of {len(deliveries)} deliveries, and there are {len(subjects)} incidents")
    unknown = collections.Counter(one.key for one in chat.attempts if one.event == "root" and one.fate == "taken, not said")
    starts = collections.defaultdict(set)
    for one in chat.attempts:
        if one.event == "root":
            starts[one.key].add(one.start)
    for key, times in deliveries.items():
        if times > 1 + unknown[key] + len(starts[key]) - 1:
            complain(f"delivery {key} made {times} messages in the chat")
    ended = {subject for subject in subjects for text in chat.messages.values()
             if text.split()[0:2].count(subject) or f"{subject} " in text or f"{subject}:" in text
             if "esolved" in text or "back in sync" in text}
    missing = set(subjects) - ended
    if missing:
        sample = next(iter(chat.messages.values()), "")
        complain(f"{len(missing)} incidents do not end in the chat, such as {sorted(missing)[:3]}; a message reads: {sample!r}")


def run(options, room):
    sender = Sender(options.program, room, options.incidents)
    peers = [kind(options.seed, sender) for kind in (Webhook, PagerDuty, SlackBot)]
    rng = random.Random(options.seed)
    began = time.monotonic()
    kills = 0
    sender.start(peers)
    while time.monotonic() - began < PATIENCE:
        until = time.monotonic() + rng.uniform(0.3, options.kill_every * 2)
        while time.monotonic() < until and sender.process.poll() is None:
            time.sleep(0.02)
        if sender.process.poll() is not None:
            break
        sender.kill()
        kills += 1
        sender.start(peers)
    else:
        sender.kill()
    failures = []
    figures = collections.Counter()
    if sender.process.returncode != 0:
        failures.append(f"the sender ended with {sender.process.returncode}")
    subjects = [f"infra/s{number}" for number in range(options.incidents)]
    hook, pager, chat = peers
    judge_webhook(hook, subjects, failures.append, figures)
    judge_pager(pager, len(subjects), failures.append)
    judge_chat(chat, subjects, failures.append, figures)
    with sqlite3.connect(room / "state/driftkeeper.db") as database:
        if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            failures.append("the state database is damaged")
        states = dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))
    for peer in peers:
        peer.close()
    fates = collections.Counter(attempt.fate for peer in peers for attempt in peer.attempts)
    print(f"{options.incidents} incidents over {len(peers)} channels, {kills} kills, {time.monotonic() - began:.0f} s")
    print("rows: " + ", ".join(f"{state} {number}" for state, number in sorted(states.items())))
    print("answers: " + ", ".join(f"{fate} {number}" for fate, number in fates.most_common()))
    print("webhook: " + ", ".join(f"{name} {number}" for name, number in sorted(figures.items())))
    for text in failures[:20]:
        print("  * " + text)
    print(f"seed {options.seed}: {'nothing lost, nothing out of order' if not failures else f'{len(failures)} FAILURES'}")
    return 0 if not failures else 1


def main():
    parser = argparse.ArgumentParser(description="sends through peers that fail, while the sender is killed")
    parser.add_argument("--program", required=True, help="tests_alerter")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--incidents", type=int, default=500)
    parser.add_argument("--kill-every", type=float, default=2.0, help="seconds, on average")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    room = pathlib.Path(tempfile.mkdtemp(prefix="driftkeeper-faults."))
    status = 2
    try:
        status = run(options, room)
    finally:
        if status == 0 and not options.keep:
            shutil.rmtree(room)
        else:
            print(f"kept: {room}")
    return status


if __name__ == "__main__":
    sys.exit(main())
