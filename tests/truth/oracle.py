"""What must be told, and what was told. Knows the truth by construction, nothing of how driftkeeper finds it."""
import collections
import dataclasses
import itertools

ORPHAN = "(orphaned)"  # stands for the address of an orphaned incident
BLIND = ("broken", "locked", "lost")  # modes in which a look says nothing


@dataclasses.dataclass
class Truth:
    """One divergence: on which resource, which side moved, and which event class made it."""
    side: str
    change: str
    causes: tuple
    event: "object"
    edit: tuple = None  # (attribute, value): what live says, where Git could say it too
    was_told: bool = False
    owed: bool = False  # it was due to be told at some rest
    shows: tuple = None  # the values of live that are all that is told
    undo: "object" = None  # takes it back in what Git says …
    restore: "object" = None  # … and the deed that makes it so; None: a commit
    restored: str = "in Git"
    others: tuple = ()  # stacks that have to be looked at then, too

    @property
    def seen_as(self):
        return (self.side, self.change)


class Ledger:
    """The truth of one stack, and what people know of it."""

    def __init__(self):
        self.truths = {}  # address -> Truth: what is so
        self.told = {}  # address -> (side, change): what people must have been told by now
        self.told_truth = {}  # address -> Truth
        self.mode = None  # None | unreadable | broken | locked | lost | shared
        self.unreadable = set()  # addresses
        self.was_clean = False  # it was found in sync at least once
        self.is_removed = False
        self.orphan = None  # Truth of an orphaned incident
        self.moves = []  # (old, new) addresses of told findings
        self.ends = collections.Counter()  # address -> how often it was found in sync again

    def visible(self):
        if self.mode in BLIND:
            return {}
        return {address: truth for address, truth in self.truths.items() if address not in self.unreadable}

    def verdict(self):
        """(verdict, complete) of a check now."""
        if self.mode in BLIND:
            return "inconclusive", False
        sides = {truth.side for truth in self.visible().values()}
        complete = self.mode != "unreadable"
        if sides - {"git"}:
            return "drifted", complete
        if sides:
            return "unapplied", complete
        return ("in_sync" if complete else "inconclusive"), complete

    def flaps(self):
        """Something comes and goes so often that more than one clean check has to end it."""
        return any(count > 2 for count in self.ends.values())


@dataclasses.dataclass(frozen=True)
class Telling:
    """One thing that people read: `what` is opened, changed or resolved."""
    stack: str
    address: str
    what: str
    detail: tuple  # opened, changed: (side, change); resolved: (resolution,)

    def __str__(self):
        return f"{self.what} {self.stack} {self.address} {'/'.join(self.detail)}"


class Oracle:
    def __init__(self):
        self.ledgers = {}
        self.failures = []
        self.told_twice = 0
        self.missed = 0
        self.told_right = 0
        self.told_wrong = 0
        self.never_resolved = 0
        self.repeats = 0
        self.by_class = collections.defaultdict(lambda: collections.Counter())
        self.last_event = {}  # stack -> event
        # what the notices said so far
        self._bodies = 0
        self._ids = {}  # delivery id -> (body, which start of the daemon sent it)
        self._members = {}  # incident -> {(stack, address)}
        self._severity = {}  # incident -> severity
        self._known = {}  # (stack, address) -> (side, change)
        self._expected = {}  # stack -> what else than drifts must be told, as observe() returns it
        self._opened_as = {}  # (stack, address) as it is called now -> as it was told, where that is another
        self._subjects = {}  # incident -> whom it is about

    # --- what must be told ---

    def rename(self, old, new):
        """The stack has another name, and everything else as it was. Who was told of a finding by the name of then is told
        of its end by that name, too."""
        self.ledgers[new] = self.ledgers.pop(old)
        self.last_event.pop(old, None)

        def renamed(where):
            return (new, where[1]) if where[0] == old else where
        for where in [one for one in self._known if one[0] == old]:
            self._opened_as[renamed(where)] = self._opened_as.pop(where, where)
        self._known = {renamed(where): what for where, what in self._known.items()}
        self._members = {incident: {renamed(one) for one in members} for incident, members in self._members.items()}

    def expect(self, stack, subject, kind, cause, truth):
        """An incident that is no drift, about `subject`: several stacks, or the one whose checks lead to it."""
        self.ledgers[stack].trouble = (subject, truth)
        self._expect(stack, subject, (Telling(subject, f"({kind})", "opened", (cause,)), truth), truth.event)

    def expect_end(self, stack, kind, resolution, event):
        subject, truth = self.ledgers[stack].trouble
        self._expect(stack, subject, (Telling(subject, f"({kind})", "resolved", (resolution,)), truth), event)

    def _expect(self, stack, subject, expected, event):
        self._expected.setdefault(stack, []).append(expected)
        self.last_event[subject] = event

    def observe(self, stack):
        """What the coming complete (or partial) checks of the stack must lead to. Marks it as told."""
        ledger = self.ledgers[stack]
        expected = []
        if ledger.is_removed:
            for address in ledger.told:
                expected.append((Telling(stack, address, "resolved", ("stack_removed",)), ledger.told_truth[address]))
            ledger.told, ledger.told_truth = {}, {}
            if ledger.orphan and not ledger.orphan.owed:
                ledger.orphan.owed = True
                expected.append((Telling(stack, ORPHAN, "opened", ("orphaned",)), ledger.orphan))
            return expected
        expected += self._expected.pop(stack, [])
        if ledger.mode in BLIND:
            return expected
        ledger.was_clean = ledger.was_clean or ledger.verdict() == ("in_sync", True)
        if ledger.orphan and ledger.mode is None:
            expected.append((Telling(stack, ORPHAN, "resolved", ("stack_returned",)), ledger.orphan))
            ledger.orphan = None
        for old, new in ledger.moves:
            if old not in ledger.told:
                continue
            truth = ledger.told_truth.pop(old)
            expected.append((Telling(stack, old, "resolved", ("moved",)), truth))
            expected.append((Telling(stack, new, "opened", truth.seen_as), truth))
            ledger.told[new], ledger.told_truth[new] = ledger.told.pop(old), truth
        ledger.moves = []
        visible = ledger.visible()
        for address, truth in visible.items():
            if address not in ledger.told:
                truth.owed = True
                expected.append((Telling(stack, address, "opened", truth.seen_as), truth))
            elif ledger.told[address] != truth.seen_as:
                truth.owed = True
                expected.append((Telling(stack, address, "changed", truth.seen_as), truth))
            ledger.told[address], ledger.told_truth[address] = truth.seen_as, truth
        if ledger.mode is None:
            for address in [one for one in ledger.told if one not in ledger.truths]:
                expected.append((Telling(stack, address, "resolved", ("in_sync",)), ledger.told_truth[address]))
                ledger.ends[address] += 1
                del ledger.told[address], ledger.told_truth[address]
        return expected

    # --- what was told ---

    def read(self, bodies):
        """Turns new bodies of the receiver into tellings."""
        tellings = []
        for key, body, start in bodies:
            self._bodies += 1
            incident, event = body["incident"], body["event"]
            if key != body["id"]:
                self.fail(None, f"Idempotency-Key {key} is not the id {body['id']}")
            if body["id"] in self._ids:
                self._repeat(body, start)
                continue
            self._ids[body["id"]] = (body, start)
            if incident["kind"] == "drift":
                tellings += self._drift(body)
            elif incident["kind"] == "orphaned":
                stack = body["stacks"][0]["stack"] if body["stacks"] else incident["subject"]
                detail = ("orphaned",) if event == "opened" else (incident.get("resolution") or "",)
                tellings.append((Telling(stack, ORPHAN, event, detail), "orphaned"))
            else:
                tellings.append(self._trouble(body))
        return tellings

    def _trouble(self, body):
        incident, event = body["incident"], body["event"]
        names = " + ".join(sorted(one["stack"] for one in body["stacks"])) or incident.get("subject") or ""
        subject = self._subjects.setdefault(incident["id"], names)
        detail = incident["cause"] if event == "opened" else incident.get("resolution")
        return Telling(subject, f"({incident['kind']})", event, (detail or "",)), incident["cause"]

    def _repeat(self, body, start):
        self.repeats += 1
        before, sent_by = self._ids[body["id"]]
        if sent_by == start:
            self.told_twice += 1
            self.fail(None, f"delivery {body['id']} came again though nobody killed the daemon in between")
        if before != body:
            self.fail(None, f"delivery {body['id']} came again with another content")
        self._ids[body["id"]] = (body, start)

    def _now(self, where):
        """What was told as `where`, as it is called now; from here on nothing is open there."""
        for now, then in self._opened_as.items():
            if then == where:
                del self._opened_as[now]
                return now
        return where

    def _drift(self, body):
        incident, event = body["incident"]["id"], body["event"]
        shown = {(stack["stack"], drift["address"]): drift for stack in body["stacks"] for drift in stack["drifts"]}
        opened = [(one["stack"], one["address"]) for one in body["opened"]]
        tellings = []
        for one in body["resolved"]:
            where = self._now((one["stack"], one["address"]))
            tellings.append((Telling(*where, "resolved", (one["resolution"],)), None))
            self._members.get(incident, set()).discard(where)
            if self._known.pop(where, None) is None:
                self.fail(where[0], f"{where} was resolved and was not open")
        for where in opened:
            drift = shown.get(where)
            if drift is None:
                self.fail(where[0], f"{where} was opened and is not among the drifts of its notice")
                continue
            tellings.append((Telling(*where, "opened", (drift["side"], drift["change"])), drift["cause"]))
            if where in self._known:
                self.told_twice += 1
                self.fail(where[0], f"told twice: {where}")
            self._known[where] = (drift["side"], drift["change"])
            self._members.setdefault(incident, set()).add(where)
        said = bool(opened or body["resolved"])
        for where, drift in shown.items():
            now = (drift["side"], drift["change"])
            if where in opened or where not in self._known or self._known[where] == now:
                continue
            said = True
            self._known[where] = now
            tellings.append((Telling(*where, "changed", now), drift["cause"]))
        severity = body["incident"].get("severity")
        said = said or severity != self._severity.get(incident)
        self._severity[incident] = severity
        if not said:
            self.told_twice += 1
            self.fail(None, f"a notice `{event}` of incident {incident} that says nothing new")
        if event == "resolved" and self._members.get(incident):
            self.fail(None, f"incident {incident} was resolved and still has {self._members[incident]}")
        return tellings

    # --- the comparison ---

    def compare(self, expected, got, context):
        """expected: [(Telling, Truth)], got: [(Telling, cause)]."""
        waiting = collections.defaultdict(list)
        for telling, truth in expected:
            waiting[telling].append(truth)
        for telling, cause in got:
            event = self.last_event.get(telling.stack)
            counts = self.by_class[event.cls if event else "none"]
            if not waiting.get(telling):
                self.told_wrong += 1
                counts["wrong"] += 1
                self.fail(telling.stack, f"told and not true: {telling} ({cause}); {context}")
                continue
            truth = waiting[telling].pop(0)
            self.told_right += 1
            counts["right"] += 1
            if telling.what == "resolved":
                continue
            self.by_class[truth.event.cls]["told"] += 1
            truth.was_told = True
            if cause not in truth.causes:
                self.told_wrong += 1
                self.fail(telling.stack, f"told with cause {cause}, and it is {' or '.join(truth.causes)}: {telling}; {context}")
        for telling, truth in expected:
            if telling.what != "resolved":
                self.by_class[truth.event.cls]["truths"] += 1
        for telling, truths in waiting.items():
            for truth in truths:
                if telling.what == "resolved":
                    self.never_resolved += 1
                    self.fail(telling.stack, f"never resolved: {telling}; {context}")
                else:
                    self.missed += 1
                    self.by_class[truth.event.cls]["missed"] += 1
                    self.fail(telling.stack, f"never told: {telling}; {context}")

    def compare_api(self, stack, seen):
        """The stack object at rest against the truth."""
        ledger = self.ledgers[stack]
        verdict, complete = ledger.verdict()
        if (seen["verdict"], seen["complete"]) != (verdict, complete):
            said = f"{seen['verdict']}{'' if seen['complete'] else ' (not complete)'}"
            must = f"{verdict}{'' if complete else ' (not complete)'}"
            self.fail(stack, f"the API says {said} {seen['reason'] or ''}, and it is {must}")
        if ledger.mode == "lost" and (seen["reason"] or {}).get("code") != "state_lost":
            self.fail(stack, f"its state is lost, and the API says {seen['reason']}")
        drifts = {drift["address"]: (drift["side"], drift["change"]) for drift in seen["drifts"]}
        if drifts != ledger.told:
            self.fail(stack, f"the API has open {drifts}, and open is {ledger.told}")
        for drift in seen["drifts"]:
            truth = ledger.told_truth.get(drift["address"])
            if truth and drift["cause"] not in truth.causes:
                self.fail(stack, f"the API says {drift['address']} is {drift['cause']}, and it is {' or '.join(truth.causes)}")
            shown = tuple(one["live"] for one in drift["attributes"])
            if truth and truth.shows and shown != truth.shows:
                self.fail(stack, f"the API shows {shown} of {drift['address']}, and just {truth.shows} changed")

    def compare_list(self, stack, seen, cause):
        """What was not told is listed, with its cause."""
        if cause not in {one["cause"] for one in seen["not_told"]}:
            self.fail(stack, f"the API does not list what was not told: {cause} is not in {seen['not_told']}")

    def compare_renamed(self, stack, was, known, oldest, before):
        """known: whether the API has a stack of the old name; oldest: its first look in the history of the new one."""
        if known is not False:
            self.fail(stack, f"the API still has {was}, and its folder is that of {stack}")
        if oldest is None or oldest >= before:
            self.fail(stack, f"{stack} was {was}, and its history does not go on: its first look was at {oldest}")

    def fail(self, stack, text):
        event = self.last_event.get(stack) if stack else None
        if event:
            text = f"{text}\n      last event there: {event}"
        self.failures.append(text)

    def is_perfect(self):
        return not self.failures


class Naive:
    """A cron job with `terraform plan -detailed-exitcode`: anything but 0 is an alarm."""

    def __init__(self):
        self.true_alarms = self.false_alarms = self.missed = self.again = 0
        self._before = {}  # stack -> what was so at its last alarm

    def note(self, stack, truths, alarm, counts):
        so = sorted((address, truth.seen_as) for address, truth in truths.items())
        if alarm and so:
            self.true_alarms += 1
            self.again += self._before.get(stack) == so
        elif alarm:
            self.false_alarms += 1
            self.again += stack in self._before
        elif so:
            self.missed += 1
        counts["naive_right"] += bool(alarm) == bool(so)
        counts["naive"] += 1
        if alarm:
            self._before[stack] = so
        else:
            self._before.pop(stack, None)
