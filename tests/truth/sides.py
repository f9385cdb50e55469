"""Stories of which side moved: what is only said in other words, what comes from beside the repository, and what only the
provider knows."""
from oracle import Truth
from world import Item


class SideStories:
    """A part of Events."""

    # --- Git moves, or seems to ---

    def _comment(self, stack, ledger, busy):
        """Words alone, mostly where something is open on the live side: it stays as it was told."""
        is_open = any(truth.side == "live" for truth in ledger.truths.values())
        if ledger.mode is not None or not (is_open or self.rng.random() < 0.1):
            return None
        form = self.rng.choice(["readme", "remark"])
        return self.event("comment", stack, f"{form}, with {len(ledger.truths)} open", lambda: stack.remark(form))

    def _nested(self, stack, ledger, busy):
        """A file that lies in the folder of another stack."""
        if not stack.inner or not self._may_commit(ledger) or self.oracle.ledgers[stack.inner.name].mode is not None:
            return None
        item = self._pick(self._free(stack, ledger, ("reads",)))
        if item is None:
            return None
        before = stack.values
        stack.values = f"values {stack.fresh('')}"

        def write(text):
            stack.write_inner_file(text)
            stack.repository.commit(f"{stack.inner.path}: {text}", stack.inner.path)
        event = self.event("nested", stack, f"reads {stack.values}", lambda text=stack.values: write(text), stack.family)

        def undo():
            stack.values = before
        truth = self._git(ledger, item, "modified", event, undo)
        truth.restore, truth.others = lambda: write(before), (stack.inner,)
        return event

    # --- what is wanted follows from beside the repository ---

    def _from_beside(self, ledger, item, event):
        truth = Truth("git", "modified", ("inputs_changed",), event)
        ledger.truths[item.address] = truth
        return truth

    def _inputs(self, stack, ledger, busy):
        item = self._pick(self._free(stack, ledger, ("input",)))
        if item is None or ledger.mode is not None or not ledger.was_clean:
            return None
        name = "TF_VAR_" + item.variable
        before, now = self.world.inputs[name], str(100 + int(stack.fresh("")))
        event = self.event("inputs", stack, f"{name} = {now}", lambda: self.world.give_inputs(name, now))
        truth = self._from_beside(ledger, item, event)
        truth.undo, truth.restored = lambda: None, "in the settings"
        truth.restore = lambda: self.world.give_inputs(name, before)
        return event

    def _branch(self, stack, ledger, busy):
        """Somebody pushes to the branch that the modules of several stacks come from."""
        branch = stack.branch
        if branch is None:
            return None
        users = list(branch.users)
        for one in users:
            other = self.oracle.ledgers[one.name]
            if (one in busy and one is not stack) or other.is_removed or other.mode is not None or not other.was_clean:
                return None
            if not self._free(one, other, ("branch",)):
                return None
        event = self.event("branch", stack, f"moves for {len(users)} stacks", branch.push, users)
        event.restarts = True
        branch.version += 1
        for one in users:
            self._from_beside(self.oracle.ledgers[one.name], self._remote_of(one), event)
        return event

    @staticmethod
    def _remote_of(stack):
        return next(item for item in stack.items if item.role == "branch")

    # --- what only the provider knows ---

    def _content(self, stack, ledger, busy):
        item = self._pick(self._free(stack, ledger, ("bundle",)))
        if item is None or ledger.mode is not None:
            return None
        body = f"by hand {stack.fresh('')}"

        def deed():
            item.saved = stack.read_object(item)
            stack.replace_content(item, body)
        event = self.event("content", stack, f"{item.address} has another body", deed)
        self._live(ledger, item, "modified", event)
        return event

    def _siblings(self, stack, ledger, busy):
        """A collection that is filled by resources of its own: by an apply, and by hand."""
        item = self._pick(self._free(stack, ledger, ("balancer",)))
        if item is None or ledger.mode is not None:
            return None
        attached = self._free(stack, ledger, ("attachment",))
        if not ledger.truths and self._may_commit(ledger) and len(attached) < 3:
            return self._attach(stack, ledger, item)
        if attached and self.rng.random() < 0.3:
            gone = self.rng.choice(attached)
            event = self.event("siblings", stack, f"{gone.address} is detached by hand", self._delete_deed(stack, gone))
            self._live(ledger, gone, "deleted", event)
            return event
        edit = ("instances", f"i-hand-{stack.fresh('')}")
        event = self.event("siblings", stack, f"{item.address} gets {edit[1]} by hand", self._edit_deed(stack, item, edit))
        self._live(ledger, item, "modified", event)
        ledger.truths[item.address].shows = (edit[1],)
        return event

    def _attach(self, stack, ledger, item):
        key = stack.fresh("attached")
        attributes = {"name": f"{item.name}-{key}", "elb": item.name, "instance": f"i-{key}"}
        stack.items.append(Item(key, attributes, role="attachment", kind="aws_elb_attachment"))

        def deed():
            stack.commit("an attachment")
            stack.apply()
        event = self.event("siblings", stack, f"{item.address} gets {attributes['instance']} by an apply", deed)
        event.quiet = "sibling"
        self._applied(stack, ledger)
        return event
