"""Sabotage of the world: something else happens than the oracle believes, so that a driftkeeper that is right says what one
that has the fault would say. The campaign has to notice, which proves that the checks of these stories can fail."""
import shutil

from world import Branch, Stack, World


def _changes_a_value(honest):
    """As if a commit of words made an open drift one of Git."""
    def remark(stack, form):
        for item in stack.items:
            if item.role == "plain" and not item.follows:
                item.attributes["content"] = f"words {stack.fresh('')}"
        honest(stack, form)
    return remark


def _takes_no_state_along(honest):
    """As if a renamed folder were one stack that goes and another that comes."""
    def rename(stack, old):
        fresh = stack.state.with_name(f"{stack.state.stem}-{stack.fresh('')}.tfstate")
        shutil.copy(stack.state, fresh)
        stack.state = fresh
        honest(stack, old)
        stack.commit("another backend")
    return rename


def _gives_the_copy_a_state(honest):
    """As if nobody compared where the states of two stacks are."""
    def copy_folder(stack, copy):
        shutil.copy(stack.state, copy.state)
        honest(stack, copy)
        main = copy.folder / "main.tf"
        main.write_text(main.read_text().replace(str(stack.state), str(copy.state)))
        copy.repository.commit("another backend", copy.path)
    return copy_folder


def _deletes_everything(_):
    """As if a lost state were so many deletions."""
    def lose_state(stack, _):
        stack.kept_state = stack.state.read_text()
        for item in stack.items:
            if item.role == "plain":
                stack.object_file(item).unlink(missing_ok=True)
    return lose_state


def _changes_what_nobody_reads(honest):
    """As if a file in the folder of another stack were none of this one."""
    def write_inner_file(stack, text):
        honest(stack, "first")
        (stack.inner.folder / "beside.txt").write_text(text)
    return write_inner_file


def _pushes_elsewhere(honest):
    """As if nobody asked where the branch is."""
    return lambda branch: honest(branch, "main" if branch.version == 1 else "elsewhere")


def _gives_nothing(_):
    """As if a value from beside the repository were not compared."""
    return lambda world, name=None, value=None: world.on_inputs and not name and world.on_inputs()


LIES = {"comments-count": (Stack, "remark", _changes_a_value),
        "renamed-is-another": (Stack, "rename_folder", _takes_no_state_along),
        "shares-unseen": (Stack, "copy_folder", _gives_the_copy_a_state),
        "lost-is-deleted": (Stack, "lose_state", _deletes_everything),
        "nested-unread": (Stack, "write_inner_file", _changes_what_nobody_reads),
        "branches-stand-still": (Branch, "push", _pushes_elsewhere),
        "inputs-unseen": (World, "give_inputs", _gives_nothing)}


def lie(name):
    owner, verb, otherwise = LIES[name]
    setattr(owner, verb, otherwise(getattr(owner, verb)))
