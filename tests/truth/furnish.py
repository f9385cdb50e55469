"""The stacks as they are in the beginning: what is in them, and which stories can happen there."""
from oracle import Ledger
from world import Item, Raw, Stack

# What a stack has beside its plain resources; each stack has the next two.
EXTRAS = ["data", "balancer", "input", "ignored", "branch", "bundle", "module", "inner", None]


class Furnishing:
    """A part of Events."""

    def add(self, repository, drifted):
        """A new stack; `drifted`: with a live change that its first check sees."""
        number = len([one for one in self.world.stacks if not one.outer]) + 1
        stack = self._found(repository, f"{self.rng.choice(['prod', 'test'])}/s{number:02}")
        ledger = self.oracle.ledgers[stack.name]
        self._furnish(stack, [EXTRAS[(2 * number + step) % len(EXTRAS)] for step in range(2)])
        deeds = [stack.create]
        if stack.inner:
            deeds = [stack.inner.create, lambda: stack.write_inner_file("first"), stack.create]
        if any(item.role == "input" for item in stack.items):
            deeds.insert(0, self.world.give_inputs)
        event = self.event("added", stack, "is new" + (" and drifted" if drifted else ""), None, stack.family)
        item = self._pick(self._free(stack, ledger, alone=True)) if drifted else None
        if item:
            edit = self._draw_edit(stack, item)
            deeds.append(self._edit_deed(stack, item, edit))
            self._live(ledger, item, "modified", event, edit)
        deeds.append(lambda: stack.commit("new"))

        def deed():
            for one in deeds:
                one()
        event.deed = deed
        return event

    def _found(self, repository, path):
        stack = Stack(self.world, repository, path)
        self.world.stacks.append(stack)
        self.oracle.ledgers[stack.name] = Ledger()
        return stack

    def _furnish(self, stack, extras):
        """A few resources."""
        rng = self.rng
        for _ in range(rng.randint(1, 3)):
            key = stack.fresh("r")
            attributes = {"name": key, "content": f"content of {key}"}
            if rng.random() < 0.5:
                attributes["size"] = rng.choice([1, 42, 0.25, 12345678901234567890])
            if rng.random() < 0.4:
                attributes["labels"] = {"env": "prod", "cost center": "42"}
            if rng.random() < 0.4:
                attributes["members"] = ["adam", "eve", "zoe"]
            if rng.random() < 0.3:
                attributes["secret"] = "canary-of-the-campaign"
            if rng.random() < 0.3:
                attributes["rule"] = [{"port": 443}]
            if rng.random() < 0.3:
                attributes["policy"] = Raw('jsonencode({ Version = "1", Allow = ["read"] })')
            stack.items.append(Item(key, attributes))
        if rng.random() < 0.5:
            key = stack.fresh("f")
            attribute, theirs = rng.choice([("content", "fingerprint"), ("depends", "id"), ("content", "id")])
            stack.items.append(Item(key, {"name": key}, follows=(attribute, stack.items[0], theirs)))
        for extra in extras:
            if extra:
                getattr(self, "_furnish_" + extra)(stack)
        stack.has_check = rng.random() < 0.4

    @staticmethod
    def _furnish_data(stack):
        stack.items.append(Item("image", {"name": "image", "content": Raw("data.box_lookup.image.value")}, role="data"))

    @staticmethod
    def _furnish_ignored(stack):
        stack.items.append(Item("free", {"name": "free", "content": "anything"}, role="ignored"))

    def _furnish_module(self, stack):
        module = self.rng.choice(stack.repository.modules)
        if len(module.users) < 4:
            stack.module = module
            module.users.append(stack)
            stack.items.append(Item("shared", {"name": f"shared-{len(module.users)}"}, role="module", module=module.name))

    def _furnish_branch(self, stack):
        stack.branch = self.world.branch()
        stack.branch.users.append(stack)
        stack.items.append(Item("remote", {"name": "remote"}, role="branch", module="remote"))

    def _furnish_input(self, stack):
        item = Item("given", {"name": "given"}, role="input")
        item.variable = f"size_of_{stack.tag}".replace("-", "_")
        item.attributes["size"] = Raw(f"var.{item.variable}")
        self.world.inputs["TF_VAR_" + item.variable] = "1"
        stack.items.append(item)

    @staticmethod
    def _furnish_bundle(stack):
        stack.items.append(Item("code", {"name": "code"}, role="bundle", kind="box_bundle"))

    @staticmethod
    def _furnish_balancer(stack):
        name = f"{stack.tag}-door".replace("/", "-")
        stack.items.append(Item("door", {"name": name}, role="balancer", kind="aws_elb"))

    def _furnish_inner(self, stack):
        inner = self._found(stack.repository, f"{stack.path}/inner")
        stack.inner, inner.outer = inner, stack
        inner.items.append(Item("within", {"name": "within", "content": "within"}))
        text = Raw('file("${path.module}/inner/values.txt")')
        stack.items.append(Item("reader", {"name": "reader", "content": text}, role="reads"))
