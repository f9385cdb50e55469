"""What happens in the world. An event changes the model at once (what is true is known by construction) and carries the deed
that makes it so; events of one batch touch different stacks, and their deeds run at the same time.

Rules that keep the truth beyond dispute: a resource has at most one story at a time; nothing happens to what depends on a
resource that drifts, or to a resource whose state lags behind, until an apply; somebody applies other code only where
nothing else is open.
"""
import copy
import dataclasses

from furnish import Furnishing
from lives import LifeStories
from oracle import Truth
from sides import SideStories
from world import Item, Raw

CLASSES = ["edit", "delete", "revert", "commit", "apply", "elsewhere", "hotfix", "conflict", "noise", "unreadable", "broken",
           "removal", "locked", "comment", "inputs", "branch", "nested", "content", "siblings", "renamed", "shared", "lost",
           "kill"]
NOISE = ["output_only", "data_source", "ignore_changes", "computed", "optional_computed", "moved", "private_bytes",
         "zero_for_null", "cascade", "check_block", "perpetual", "set_order"]
LISTED = ["output_only", "data_source", "ignore_changes", "computed", "moved", "cascade", "check_block"]


@dataclasses.dataclass
class Event:
    number: int
    cls: str
    stacks: list
    text: str
    deed: "object" = None
    quiet: str = None  # the cause under which the API must list what was not told
    was: str = None  # the name that its stack had before
    restarts: bool = False  # the daemon is started once more, and asks anew what it asks once an interval

    def __str__(self):
        return f"event {self.number} {self.cls}: {self.text}"


class Events(Furnishing, SideStories, LifeStories):
    """Makes events for stacks. Everything that is drawn comes from `rng`, in the order of the calls."""

    def __init__(self, world, oracle, rng):
        self.world = world
        self.oracle = oracle
        self.rng = rng
        self.number = 0
        self.noise_counts = {name: 0 for name in NOISE}

    def make(self, cls, stack, busy):
        """An event of the class on the stack, or None where it cannot be. `busy`: stacks that this batch touches."""
        return getattr(self, "_" + cls)(stack, self.oracle.ledgers[stack.name], busy)

    def event(self, cls, stack, text, deed, stacks=None):
        self.number += 1
        event = Event(self.number, cls, stacks or [stack], f"{stack.name} {text}", deed)
        for one in event.stacks:
            self.oracle.last_event[one.name] = event
        return event

    # --- who may be touched ---

    def _free(self, stack, ledger, roles=("plain",), alone=False):
        """Items without a story. `alone`: no other item depends on it."""
        free = []
        for item in stack.items:
            if item.role not in roles or item.is_stale or item.address in ledger.truths or item.address in ledger.unreadable:
                continue
            if item.follows and item.follows[1].address in ledger.truths:
                continue
            if alone and stack.followers(item):
                continue
            free.append(item)
        return free

    def _pick(self, things):
        return self.rng.choice(things) if things else None

    @staticmethod
    def _may_commit(ledger, modes=(None,)):
        return ledger.mode in modes and not any("applied_elsewhere" in truth.causes for truth in ledger.truths.values())

    # --- single changes ---

    def _draw_edit(self, stack, item, sayable=False):
        """(attribute, value) that live shall say. `sayable`: only what Git could say as well."""
        number = int(stack.fresh(""))
        options = [("size", 1000 + number), ("labels", {"env": f"hand {number}"}), ("zones", [f"zone {number}", "b"]),
                   ("members", [f"member {number}", "a"]), ("enabled", not item.attributes.get("enabled", False)),
                   ("secret", f"by-hand-{number}")]
        if item.role != "ignored" and not (item.follows and item.follows[0] == "content"):
            options += [("content", f"by hand {number}")] * 2
            if not sayable and item.attributes.get("content"):
                options.append(("content", None))
        if not sayable:
            options.append(("rule", 22 + number))
            if not stack.followers(item):
                options.append(("owner", f"mallory {number}"))
        return self.rng.choice(options)

    def _draw_commit(self, stack, item):
        """(attribute, value) that Git shall say: worded so that it is never what Git or live say already."""
        number = int(stack.fresh(""))
        options = [("size", 5000 + number), ("labels", {"env": f"git {number}"}), ("members", [f"git {number}"])]
        if item.role != "ignored" and not (item.follows and item.follows[0] == "content"):
            options += [("content", f"from git {number}")] * 3
        return self.rng.choice(options)

    @staticmethod
    def _edit_deed(stack, item, edit):
        def deed():
            item.saved = stack.read_object(item)
            stack.edit_object(item, *edit)
        return deed

    @staticmethod
    def _delete_deed(stack, item):
        def deed():
            item.saved = stack.read_object(item)
            stack.delete_object(item)
        return deed

    def _live(self, ledger, item, change, event, edit=None):
        ledger.truths[item.address] = Truth("live", change, ("out_of_band",), event, edit)

    # --- the live side ---

    def _edit(self, stack, ledger, busy):
        item = self._pick(self._free(stack, ledger, ("plain", "ignored", "module")))
        if item is None:
            return None
        edit = self._draw_edit(stack, item)
        event = self.event("edit", stack, f"{item.address} {edit[0]} = {edit[1]!r}", self._edit_deed(stack, item, edit))
        self._live(ledger, item, "modified", event, edit)
        return event

    def _delete(self, stack, ledger, busy):
        item = self._pick(self._free(stack, ledger, ("plain", "ignored", "module")))
        if item is None:
            return None
        event = self.event("delete", stack, item.address, self._delete_deed(stack, item))
        self._live(ledger, item, "deleted", event)
        return event

    def _revert(self, stack, ledger, busy):
        open_ones = []
        for address, truth in ledger.truths.items():
            item = stack.item_at(address) or getattr(truth, "item", None)
            if address in ledger.unreadable or item is None or (item.follows and item.follows[1].address in ledger.truths):
                continue
            if "out_of_band" in truth.causes or "conflict" in truth.causes:
                open_ones.append((address, truth, item, "live"))
            if getattr(truth, "undo", None) and ledger.mode is None and self._may_commit(ledger):
                open_ones.append((address, truth, item, "git"))
        if not open_ones:
            return None
        address, truth, item, side = self.rng.choice(open_ones)
        if side == "live":
            def deed():
                stack.write_object(item, item.saved)
            event = self.event("revert", stack, f"{address} by hand", deed)
            rest = truth.git_part if truth.side == "both" else None
        else:
            undo = truth.undo

            deed = truth.restore or (lambda: stack.commit("back"))
            event = self.event("revert", stack, f"{address} {truth.restored}", deed, truth.others and [stack, *truth.others])
            undo()
            rest = truth.live_part if truth.side == "both" else None
        if rest:
            ledger.truths[address] = self._again(rest, event, item)
        else:
            del ledger.truths[address]
        return event

    @staticmethod
    def _again(truth, event, item):
        again = copy.copy(truth)
        again.event, again.was_told, again.owed = event, False, False
        again.item = item
        return again

    # --- the Git side ---

    def _commit(self, stack, ledger, busy):
        if not self._may_commit(ledger, (None, "unreadable")):
            return None
        kinds = ["modify", "modify", "create", "delete", "replace", "module"]
        self.rng.shuffle(kinds)
        for kind in kinds:
            event = getattr(self, "_commit_" + kind)(stack, ledger, busy)
            if event:
                return event
        return None

    def _git(self, ledger, item, change, event, undo):
        truth = Truth("git", change, ("unapplied_commit",), event)
        truth.undo, truth.item = undo, item
        ledger.truths[item.address] = truth
        return truth

    @staticmethod
    def _setting(item, attribute, value):
        """Sets it in what Git says; returns what takes it back."""
        before = dict(item.attributes)
        item.attributes[attribute] = value

        def undo():
            item.attributes = before
        return undo

    def _commit_modify(self, stack, ledger, busy):
        item = self._pick(self._free(stack, ledger, ("plain", "ignored")))
        if item is None:
            return None
        attribute, value = self._draw_commit(stack, item)
        event = self.event("commit", stack, f"{item.address} {attribute} = {value!r}", lambda: stack.commit("modified"))
        self._git(ledger, item, "modified", event, self._setting(item, attribute, value))
        return event

    def _commit_create(self, stack, ledger, busy):
        if len(stack.items) >= 9:
            return None
        key = stack.fresh("made")
        item = Item(key, {"name": key, "content": "new"})
        event = self.event("commit", stack, f"creates {item.address}", lambda: stack.commit("created"))
        stack.items.append(item)
        self._git(ledger, item, "created", event, lambda: stack.items.remove(item))
        return event

    def _commit_delete(self, stack, ledger, busy):
        # What was to be moved and is gone from Git, with its `moved`, is told at the address that the state has.
        item = self._pick([one for one in self._free(stack, ledger, alone=True) if not one.is_moving])
        if item is None or len(stack.items) < 2:
            return None
        event = self.event("commit", stack, f"removes {item.address}", lambda: stack.commit("deleted"))
        at = stack.items.index(item)
        stack.items.remove(item)
        self._git(ledger, item, "deleted", event, lambda: stack.items.insert(at, item))
        return event

    def _commit_replace(self, stack, ledger, busy):
        item = self._pick(self._free(stack, ledger))
        if item is None:
            return None
        event = self.event("commit", stack, f"renames the object of {item.address}", lambda: stack.commit("renamed"))
        self._git(ledger, item, "modified", event, self._setting(item, "name", stack.fresh("renamed")))
        return event

    def _commit_module(self, stack, ledger, busy):
        module = stack.module
        if module is None:
            return None
        users = list(module.users)
        for one in users:
            other = self.oracle.ledgers[one.name]
            if (one in busy and one is not stack) or other.is_removed or not self._may_commit(other):
                return None
            if one.module_item() not in self._free(one, other, ("module",)):
                return None

        def deed():
            module.write()
            module.repository.commit(f"{module.folder}: version {module.version}", module.folder)
        event = self.event("commit", stack, f"module {module.name} for {len(users)} stacks", deed, users)
        module.version += 1
        for one in users:
            truth = self._git(self.oracle.ledgers[one.name], one.module_item(), "modified", event, None)
            truth.item = None
        return event

    # --- applies ---

    def _applied(self, stack, ledger):
        """What an apply of Git's code leaves: only what never converges."""
        ledger.truths = {address: truth for address, truth in ledger.truths.items() if "perpetual" in truth.causes}
        for item in stack.items:
            item.is_stale = item.is_moving = False
            item.live_name = item.name

    def _apply(self, stack, ledger, busy):
        worth = [truth for truth in ledger.truths.values() if truth.side != "live" or "applied_elsewhere" in truth.causes]
        worth = [truth for truth in worth if "perpetual" not in truth.causes]
        if ledger.mode is not None or not (worth or any(item.is_stale for item in stack.items)):
            return None
        single = [item for address in ledger.truths for item in [stack.item_at(address)]
                  if item and item.role == "plain" and not item.follows and not stack.followers(item)]
        is_moving = any(item.is_moving for item in stack.items)  # terraform moves all or none
        if len(ledger.truths) > 1 and single and not is_moving and self.rng.random() < 0.4:
            return self._apply_one(stack, ledger, self.rng.choice(single))
        event = self.event("apply", stack, f"ends {len(ledger.truths)}", stack.apply)
        self._applied(stack, ledger)
        return event

    def _apply_one(self, stack, ledger, item):
        event = self.event("apply", stack, f"of {item.address} alone", lambda: stack.apply(target=item.address))
        del ledger.truths[item.address]
        item.is_stale, item.live_name = False, item.name
        return event

    def _elsewhere(self, stack, ledger, busy):
        if ledger.mode is not None or ledger.truths:
            return None
        item = self._pick([one for one in self._free(stack, ledger, alone=True) if not one.follows])
        kind = self.rng.choice(["modified", "modified", "created", "deleted"])
        if item is None and kind != "created":
            return None
        items = list(stack.items)
        if kind == "created":
            key = stack.fresh("foreign")
            item = Item(key, {"name": key, "content": "from another branch"})
            items.append(item)
        elif kind == "deleted":
            items.remove(item)
        else:
            other = copy.copy(item)
            other.attributes = {**item.attributes, "content": f"another branch {stack.fresh('')}"}
            items[items.index(item)] = other
        event = self.event("elsewhere", stack, f"{item.address} {kind}", lambda: stack.apply(items))
        for one in stack.items:
            one.is_stale = one.is_moving = False
        ledger.truths[item.address] = Truth("live", kind, ("applied_elsewhere",), event)
        return event

    # --- both sides ---

    def _hotfix(self, stack, ledger, busy):
        fixes = []
        if self._may_commit(ledger):
            for address, truth in ledger.truths.items():
                item = stack.item_at(address)
                if "out_of_band" not in truth.causes or item is None or item.role != "plain" or stack.followers(item):
                    continue
                if item.follows and item.follows[1].address in ledger.truths:
                    continue
                sayable = truth.edit and truth.edit[0] not in ("rule", "owner") and truth.edit[1] is not None
                if sayable or (truth.change == "deleted" and len(stack.items) > 1):
                    fixes.append((address, truth, item))
        if fixes:
            address, truth, item = self.rng.choice(fixes)
            event = self.event("hotfix", stack, f"{address} is committed as it is live", lambda: stack.commit("hotfix"))
            if truth.change == "deleted":
                stack.items.remove(item)
            else:
                item.attributes[truth.edit[0]] = truth.edit[1]
                item.is_stale = True
            del ledger.truths[address]
            return event
        item = self._pick(self._free(stack, ledger, alone=True))
        if item is None or ledger.mode is not None:
            return None
        edit = self._draw_edit(stack, item, sayable=True)
        event = self.event("hotfix", stack, f"{item.address} {edit[0]} = {edit[1]!r}, to be committed",
                           self._edit_deed(stack, item, edit))
        self._live(ledger, item, "modified", event, edit)
        return event

    def _conflict(self, stack, ledger, busy):
        if not self._may_commit(ledger):
            return None
        starts = [("free", item, None) for item in self._free(stack, ledger, alone=True)]
        for address, truth in ledger.truths.items():
            item = stack.item_at(address)
            if item is None or item.role != "plain" or stack.followers(item) or address in ledger.unreadable:
                continue
            if item.follows and item.follows[1].address in ledger.truths:
                continue
            if "out_of_band" in truth.causes:
                starts.append(("live", item, truth))
            if "unapplied_commit" in truth.causes and "perpetual" not in truth.causes and truth.change == "modified" \
                    and item.live_name == item.name:
                starts.append(("git", item, truth))
        if not starts:
            return None
        start, item, truth = self.rng.choice(starts)
        deeds = []
        if start in ("free", "git"):
            live_change = "deleted" if start == "free" and self.rng.random() < 0.25 else "modified"
            edit = self._draw_edit(stack, item) if live_change == "modified" else None
            deeds.append(self._edit_deed(stack, item, edit) if edit else self._delete_deed(stack, item))
        else:
            live_change, edit = truth.change, truth.edit
        git_change, undo = "modified", getattr(truth, "undo", None)
        if start in ("free", "live"):
            if live_change == "modified" and len(stack.items) > 1 and not item.is_moving and self.rng.random() < 0.25:
                at = stack.items.index(item)
                git_change, undo = "deleted", lambda: stack.items.insert(at, item)
                stack.items.remove(item)
            else:
                undo = self._setting(item, *self._draw_commit(stack, item))
            deeds.append(lambda: stack.commit("on top of it"))

        def deed():
            for one in deeds:
                one()
        event = self.event("conflict", stack, f"{item.address} live {live_change} ({edit}), Git {git_change}, from {start}", deed)
        both = Truth("both", live_change, ("conflict",), event)
        both.item, both.undo = item, undo
        both.live_part = Truth("live", live_change, ("out_of_band",), event, edit)
        both.git_part = Truth("git", git_change, ("unapplied_commit",), event)
        both.git_part.undo = undo
        ledger.truths[item.address] = both
        return event

    # --- what must not be told ---

    def _noise(self, stack, ledger, busy):
        kinds = sorted(NOISE, key=lambda kind: (self.noise_counts[kind], self.rng.random()))
        for kind in kinds:
            event = getattr(self, "_noise_" + kind)(stack, ledger) if ledger.mode is None else None
            if event:
                event.text += f" ({kind})"
                event.quiet = kind if kind in LISTED and self._is_listed(kind, stack, ledger) else None
                self.noise_counts[kind] += 1
                return event
        return None

    @staticmethod
    def _is_listed(kind, stack, ledger):
        """Where another story of the resource takes its place, a cause is not listed."""
        if kind == "computed":
            return not stack.behaviour.get("zero_for_null")
        if kind == "cascade":  # a follower that is gone itself is told
            return any(follower.address not in ledger.truths for item in stack.items if item.address in ledger.truths
                       for follower in stack.followers(item))
        return kind != "moved" or not ledger.moves

    def _noise_output_only(self, stack, ledger):
        if not self._may_commit(ledger):
            return None
        stack.note += 1
        return self.event("noise", stack, "another output", lambda: stack.commit("another output"))

    def _noise_data_source(self, stack, ledger):
        if not any(item.role == "data" for item in stack.items):
            return None
        value = f"image {stack.fresh('')}"
        return self.event("noise", stack, "another answer", lambda: stack.set_lookup("image", value))

    def _noise_edit(self, stack, item, attribute, value):
        return self.event("noise", stack, f"{item.address} {attribute}",
                          lambda: stack.edit_object(item, attribute, value))

    def _noise_ignore_changes(self, stack, ledger):
        item = self._pick([one for one in self._free(stack, ledger, ("ignored",)) if not stack.followers(one)])
        return item and self._noise_edit(stack, item, "content", f"ignored {stack.fresh('')}")

    def _noise_computed(self, stack, ledger):
        item = self._pick(self._free(stack, ledger, alone=True))
        return item and self._noise_edit(stack, item, "revision", stack.fresh(""))

    def _noise_set_order(self, stack, ledger):
        item = self._pick([one for one in self._free(stack, ledger) if len(one.attributes.get("members", [])) > 1])
        return item and self._noise_edit(stack, item, "members", list(reversed(item.attributes["members"])))

    def _noise_optional_computed(self, stack, ledger):
        """Looks like noise and is none: nobody set it, somebody changed it."""
        item = self._pick(self._free(stack, ledger, alone=True))
        if item is None:
            return None
        edit = ("owner", f"mallory {stack.fresh('')}")
        event = self.event("noise", stack, f"{item.address} owner, told", self._edit_deed(stack, item, edit))
        self._live(ledger, item, "modified", event, edit)
        return event

    def _noise_cascade(self, stack, ledger):
        """The source is told, what follows it is not."""
        item = self._pick([one for one in self._free(stack, ledger) if stack.followers(one)])
        if item is None:
            return None
        uses = [one.follows[2] for one in stack.followers(item)]
        if "fingerprint" not in uses or self.rng.random() < 0.3:  # an id is unknown only to what is made anew
            event = self.event("noise", stack, f"{item.address} deleted, told", self._delete_deed(stack, item))
            self._live(ledger, item, "deleted", event)
            return event
        edit = ("size", 9000 + int(stack.fresh("")))
        event = self.event("noise", stack, f"{item.address} size, told", self._edit_deed(stack, item, edit))
        self._live(ledger, item, "modified", event, edit)
        return event

    def _noise_moved(self, stack, ledger):
        item = self._pick([one for one in stack.items if one.role == "plain" and not one.is_stale
                           and one.address not in ledger.unreadable and not stack.followers(one)])
        if item is None or not self._may_commit(ledger):
            return None
        old = item.address
        truth = ledger.truths.get(old)
        if truth and (truth.side != "live" or truth.change != "modified"):
            return None
        item.moved_from.append(item.key)
        item.key = stack.fresh("moved")
        item.is_moving = True
        if truth:
            ledger.truths[item.address] = ledger.truths.pop(old)
            ledger.moves.append((old, item.address))
        return self.event("noise", stack, f"{old} is now {item.address}", lambda: stack.commit("moved"))

    def _noise_private_bytes(self, stack, ledger):
        return self._toggle(stack, "churn_private")

    def _noise_zero_for_null(self, stack, ledger):
        return self._toggle(stack, "zero_for_null")

    def _toggle(self, stack, behaviour):
        on = not stack.behaviour.get(behaviour)
        stack.behaviour[behaviour] = on
        return self.event("noise", stack, f"{behaviour} {'on' if on else 'off'}", stack.behave)

    def _noise_check_block(self, stack, ledger):
        if not stack.has_check:
            return None
        value = f"bad {stack.fresh('')}"
        return self.event("noise", stack, "the check fails", lambda: stack.set_lookup("expected", value))

    def _noise_perpetual(self, stack, ledger):
        """Wants another value after each apply. Told once, as what an apply should have ended and cannot."""
        clocks = [truth for truth in ledger.truths.values() if "perpetual" in truth.causes]
        if len(clocks) < len(ledger.truths) or not self._may_commit(ledger):
            return None
        if clocks:
            item = clocks[0].item
            item.attributes["content"] = "calm"

            def stop():
                stack.commit("no clock")
                stack.apply()
            event = self.event("noise", stack, f"{item.address} without its clock", stop)
            del ledger.truths[item.address]
            self._applied(stack, ledger)
            return event
        key = stack.fresh("clock")
        item = Item(key, {"name": key, "content": Raw("timestamp()")}, role="clock")
        stack.items.append(item)

        def start():
            stack.commit("a clock")
            stack.apply()
        event = self.event("noise", stack, f"{item.address} with a clock, told once", start)
        self._applied(stack, ledger)
        truth = Truth("git", "modified", ("unapplied_commit", "perpetual"), event)
        truth.item = item
        ledger.truths[item.address] = truth
        return event

    # --- trouble: each has a beginning and an end ---

    def _unreadable(self, stack, ledger, busy):
        if ledger.mode == "unreadable":
            stack.behaviour["fail_read"] = []
            ledger.mode, ledger.unreadable = None, set()
            return self.event("unreadable", stack, "everything can be read again", stack.behave)
        items = [one for one in stack.items if not stack.followers(one) and one.address not in ledger.truths
                 and not one.is_stale and one.role not in ("clock", "balancer", "attachment")]
        if ledger.mode is not None or not items:
            return None
        item = self.rng.choice(items)
        stack.behaviour["fail_read"] = [item.live_name]
        deeds = [stack.behave]
        ledger.mode, ledger.unreadable = "unreadable", {item.address}
        other = self._pick(self._free(stack, ledger, ("plain", "ignored", "module")))
        edit = self._draw_edit(stack, other) if other else None
        if other:
            deeds.append(self._edit_deed(stack, other, edit))

        def deed():
            for one in deeds:
                one()
        beside = f", {other.address} {edit[0]} beside it" if other else ""
        event = self.event("unreadable", stack, f"{item.address} cannot be read{beside}", deed)
        if other:
            self._live(ledger, other, "modified", event, edit)
        return event

    def _broken(self, stack, ledger, busy):
        if ledger.mode == "broken":
            def repair():
                (stack.folder / "broken.tf").unlink()
                stack.repository.commit(f"{stack.path}: repaired", stack.path)
            ledger.mode = None
            return self.event("broken", stack, "is repaired", repair)
        if ledger.mode is not None:
            return None
        kind, text = self.rng.choice([("syntax", 'resource "box_item" {\n'), ("attribute", 'resource "box_item" "x" {\n  nam = "x"\n}\n'),
                                      ("variable", 'variable "needed" { type = string }\n'),
                                      ("reference", 'output "x" { value = box_item.nowhere.id }\n')])

        def break_it():
            (stack.folder / "broken.tf").write_text(text)
            stack.repository.commit(f"{stack.path}: broken", stack.path)
        ledger.mode = "broken"
        return self.event("broken", stack, f"does not parse or plan ({kind})", break_it)

    def _locked(self, stack, ledger, busy):
        if ledger.mode == "locked":
            ledger.mode = None
            return self.event("locked", stack, "the apply has ended", stack.release_lock)
        if ledger.mode is not None:
            return None
        ledger.mode = "locked"
        return self.event("locked", stack, "somebody applies", stack.hold_lock)

    # --- stacks come and go ---

    def _removal(self, stack, ledger, busy):
        if ledger.is_removed:
            if ledger.orphan is None:
                return None
            ledger.is_removed = False

            def come_back():
                stack.render()
                self.world.give_lock_file(stack)
                stack.init()
                stack.commit("back again")
            return self.event("removal", stack, "comes back to its state", come_back)
        if ledger.mode is not None or len(stack.family) > 1:
            return None
        ledger.is_removed = True
        if self.rng.random() < 0.5:
            event = self.event("removal", stack, "is removed, its state stays", stack.remove_files)
            if stack.holds_resources():  # somebody may have applied them away
                ledger.orphan = Truth("unknown", "deleted", ("orphaned",), event)
            return event

        for shared in (stack.module, stack.branch):
            if shared:
                shared.users.remove(stack)

        def destroy():
            stack.destroy()
            stack.remove_files()
        return self.event("removal", stack, "is destroyed and removed", destroy)
