"""Stories of the life of a stack: its folder moves, another one takes its state, its state is lost. Each but the first has a
beginning and an end."""
from oracle import Ledger, Truth
from world import Stack


class LifeStories:
    """A part of Events."""

    def _renamed(self, stack, ledger, busy):
        """`git mv`, the state stays where it is: it is the same stack, with what is open and what was."""
        if ledger.mode is not None or len(stack.family) > 1:
            return None
        was, old = stack.name, stack.path
        stack.path = f"{old.split('-')[0]}-{stack.fresh('')}"
        self.oracle.rename(was, stack.name)
        event = self.event("renamed", stack, f"was {was}, with {len(ledger.truths)} open", lambda: stack.rename_folder(old))
        event.was = was
        return event

    def _shared(self, stack, ledger, busy):
        """A folder is copied and its backend is not changed."""
        if ledger.mode == "shared":
            return self._end_shared(stack, ledger)
        is_busy = ledger.truths or any(item.is_stale or item.is_moving for item in stack.items)
        if ledger.mode is not None or is_busy or len(stack.family) > 1:
            return None
        copy = Stack(self.world, stack.repository, f"{stack.path}-copy")
        copy.items = stack.items
        self.oracle.ledgers[copy.name] = Ledger()
        stack.copy, ledger.mode = copy, "shared"
        event = self.event("shared", stack, f"has the state of {copy.name}, too", lambda: stack.copy_folder(copy),
                           [stack, copy])
        both = " + ".join(sorted(one.name for one in event.stacks))
        self.oracle.expect(stack.name, both, "ownership", "state_shared", Truth("live", "shared", ("state_shared",), event))
        return event

    def _end_shared(self, stack, ledger):
        copy = stack.copy
        stack.copy, ledger.mode = None, None
        self.oracle.ledgers[copy.name].is_removed = True
        event = self.event("shared", stack, f"has its state alone, {copy.name} is gone", copy.remove_files, [stack, copy])
        self.oracle.expect_end(stack.name, "ownership", "one_owner", event)
        return event

    def _lost(self, stack, ledger, busy):
        """The state is gone, or another one: nobody deleted anything."""
        if ledger.mode == "lost":
            ledger.mode = None
            event = self.event("lost", stack, "has its state again", stack.restore_state)
            self.oracle.expect_end(stack.name, "stale", "checked", event)
            return event
        is_there = all(truth.side == "live" and truth.change == "modified" and "out_of_band" in truth.causes
                       for truth in ledger.truths.values())
        # A state that holds nothing cannot be lost.
        if ledger.mode is not None or not is_there or not ledger.was_clean or not stack.items:
            return None
        ledger.mode = "lost"
        lineage = f"another-{stack.fresh('')}" if self.rng.random() < 0.5 else None
        event = self.event("lost", stack, "has another, empty state" if lineage else "has no state",
                           lambda: stack.lose_state(lineage))
        self.oracle.expect(stack.name, stack.name, "stale", "state_lost", Truth("live", "lost", ("state_lost",), event))
        return event
