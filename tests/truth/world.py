"""The world that the daemon looks at: Git repositories, stacks applied with real terraform, live objects.

What Git says is rendered from a model, so that every change of it is known by construction. Nothing here decides what must
be told: that is oracle.py.
"""
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import threading


class Raw(str):
    """An expression of the configuration language, written as it is."""


def hcl(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(hcl(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {hcl(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)


class Item:
    """One resource as Git has it. `follows`: another item whose fingerprint or id it uses."""

    def __init__(self, key, attributes, role="plain", follows=None, module=None):
        self.key = key
        self.attributes = attributes  # name -> value; `name` is the live object's id
        self.role = role  # plain | data | ignored | module
        self.follows = follows  # (attribute, item, its attribute)
        self.module = module
        self.live_name = attributes["name"]  # what it is called until an apply of Git's name
        self.moved_from = []
        self.is_moving = False  # its last `moved` waits for an apply
        self.is_stale = False  # the state lags behind: nothing more happens to it until an apply
        self.saved = None  # the live object before it was changed behind terraform's back

    @property
    def name(self):
        return self.attributes["name"]

    @property
    def address(self):
        return f"module.{self.module}.box_item.{self.key}" if self.module else f"box_item.{self.key}"

    def text(self):
        lines = [f'resource "box_item" "{self.key}" {{']
        for name, value in self.attributes.items():
            if name == "rule":
                lines += [f"  rule {{ port = {hcl(one['port'])} }}" for one in value]
            else:
                lines.append(f"  {name} = {hcl(value)}")
        if self.follows:
            attribute, item, theirs = self.follows
            lines.append(f"  {attribute} = box_item.{item.key}.{theirs}")
        if self.role == "ignored":
            lines.append("  lifecycle { ignore_changes = [content] }")
        lines.append("}")
        names = self.moved_from + [self.key]  # a chain: no two moves may have the same end
        lines += [f"moved {{\n  from = box_item.{old}\n  to   = box_item.{new}\n}}" for old, new in zip(names, names[1:])]
        return "\n".join(lines) + "\n"


class Module:
    """A folder of a repository that several of its stacks use: one resource each."""

    def __init__(self, repository, name):
        self.repository = repository
        self.folder = f"modules/{name}"
        self.name = name
        self.version = 1
        self.users = []

    def write(self):
        folder = self.repository.path / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "main.tf").write_text(
            'terraform {\n  required_providers {\n    box = { source = "driftkeeper/box" }\n  }\n}\n'
            'variable "name" { type = string }\n'
            f'resource "box_item" "shared" {{\n  name    = var.name\n  content = "version {self.version}"\n}}\n')


class Repository:
    def __init__(self, path, name):
        self.path = path
        self.name = name
        self._lock = threading.Lock()
        self.modules = []
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        (path / ".gitignore").write_text(".terraform/\n")
        self.commit("begin", ".gitignore")

    def git(self, *words):
        command = ["git", "-C", str(self.path), "-c", "user.name=campaign", "-c", "user.email=campaign@localhost",
                   "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"git {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def commit(self, message, *paths):
        with self._lock:
            self.git("add", "-A", "--", *paths)
            self.git("commit", "-q", "--allow-empty", "-m", message)

    def head(self):
        with self._lock:
            return self.git("rev-parse", "HEAD")


class Stack:
    """One stack: its part of the work tree of its repository, its state, its live objects."""

    def __init__(self, world, repository, path):
        self.world = world
        self.repository = repository
        self.path = path
        self.name = f"{repository.name}/{path}"
        flat = self.name.replace("/", "-")
        self.folder = repository.path / path
        self.live = world.room / "live" / flat
        self.state = world.room / "states" / f"{flat}.tfstate"
        self.items = []
        self.module = None
        self.note = 1  # an output
        self.has_check = False
        self.counter = 0
        self.behaviour = {}
        self._held = None

    # --- what Git says ---

    def fresh(self, prefix):
        self.counter += 1
        return f"{prefix}{self.counter}"

    def item_at(self, address):
        return next((item for item in self.items if item.address == address), None)

    def followers(self, item):
        return [one for one in self.items if one.follows and one.follows[1] is item]

    def render(self, items=None):
        """Writes the stack's files: as Git has them, or with other items."""
        self.folder.mkdir(parents=True, exist_ok=True)
        parts = ['terraform {\n  required_providers {\n    box = { source = "driftkeeper/box", version = "1.0.0" }\n  }\n'
                 f'  backend "local" {{ path = "{self.state}" }}\n}}\n'
                 f'provider "box" {{ directory = "{self.live}" }}\n']
        items = self.items if items is None else items
        parts += [item.text() for item in items if not item.module]
        if self.module:
            up = os.path.relpath(self.module.folder, self.path)
            parts.append(f'module "{self.module.name}" {{\n  source = "{up}"\n  name   = "{self.module_item().name}"\n}}\n')
        if any(item.role == "data" for item in items):
            parts.append('data "box_lookup" "image" { key = "image" }\n'
                         'output "image" { value = data.box_lookup.image.value }\n')
        if self.has_check:
            parts.append('check "expected" {\n  data "box_lookup" "expected" { key = "expected" }\n  assert {\n'
                         '    condition     = data.box_lookup.expected.value == "good"\n'
                         '    error_message = "it is not good"\n  }\n}\n')
        parts.append(f'output "note" {{ value = "note {self.note}" }}\n')
        (self.folder / "main.tf").write_text("\n".join(parts))

    def module_item(self):
        return next(item for item in self.items if item.module)

    def commit(self, message):
        self.render()
        self.repository.commit(f"{self.path}: {message}", self.path)

    # --- live objects ---

    def object_file(self, name):
        return self.live / "box_item" / f"{name}.json"

    def read_object(self, name):
        return self.object_file(name).read_text()

    def write_object(self, name, text):
        fresh = self.live / "box_item" / f".edit-{name}"
        fresh.write_text(text)
        os.replace(fresh, self.object_file(name))

    def edit_object(self, name, attribute, value):
        thing = json.loads(self.read_object(name))
        if attribute == "rule":
            value = (thing.get("rule") or []) + [{"port": value, "cidrs": ["0.0.0.0/0"], "note": None, "secret": None}]
        thing[attribute] = value
        self.write_object(name, json.dumps(thing))

    def delete_object(self, name):
        self.object_file(name).unlink()

    def set_lookup(self, key, value):
        (self.live / "lookup").mkdir(parents=True, exist_ok=True)
        (self.live / "lookup" / key).write_text(value)

    def behave(self, **changes):
        self.behaviour.update(changes)
        fresh = self.live / ".behaviour"
        fresh.write_text(json.dumps({key: value for key, value in self.behaviour.items() if value}))
        os.replace(fresh, self.live / "behaviour.json")

    # --- terraform, as its users run it ---

    def terraform(self, *words, ok=(0,), timeout=600):
        done = subprocess.run([self.world.terraform, *words], cwd=self.folder, env=self.world.environment,
                              capture_output=True, text=True, timeout=timeout, check=False)
        if ok is not None and done.returncode not in ok:
            raise RuntimeError(f"{self.name}: terraform {words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def init(self):
        self.terraform("init", "-input=false", "-no-color")

    def apply(self, items=None, target=None):
        """Applies what Git says, or other code (`items`), which Git never sees; all of it, or one address."""
        self.render(items)
        only = [f"-target={target}"] if target else []
        self.terraform("apply", "-input=false", "-no-color", "-auto-approve", *only)
        if items is not None:
            self.render()

    def destroy(self):
        self.terraform("destroy", "-input=false", "-no-color", "-auto-approve")

    def naive_alarm(self):
        """What a cron job would say: plan ended with anything but 0."""
        return self.terraform("plan", "-input=false", "-no-color", "-lock=false", "-detailed-exitcode", ok=None).returncode != 0

    def holds_resources(self):
        """Whether its state has managed resources."""
        if not self.state.exists():
            return True  # nothing is done for real
        return any(one["mode"] == "managed" and one["instances"] for one in json.loads(self.state.read_text())["resources"])

    def hold_lock(self):
        """Locks the state as a running apply does."""
        info = self.state.parent / f".{self.state.name}.lock.info"
        info.write_text(json.dumps({"ID": "0d8e", "Operation": "OperationTypeApply", "Who": "ci@elsewhere", "Info": ""}))
        self._held = open(self.state, "r+b")
        fcntl.lockf(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release_lock(self):
        (self.state.parent / f".{self.state.name}.lock.info").unlink()
        self._held.close()
        self._held = None

    # --- as a whole ---

    def create(self):
        """Makes and applies it; Git does not have it yet."""
        (self.live / "box_item").mkdir(parents=True)
        self.state.parent.mkdir(parents=True, exist_ok=True)
        self.set_lookup("image", "image 1")
        self.set_lookup("expected", "good")
        self.render()
        self.world.give_lock_file(self)
        self.init()
        self.world.keep_lock_file(self)
        self.apply()

    def remove_files(self):
        shutil.rmtree(self.folder)
        self.repository.commit(f"{self.path}: removed", self.path)


class World:
    def __init__(self, room, terraform, cli_config):
        self.room = room
        self.terraform = terraform
        self.environment = {**{key: value for key, value in os.environ.items() if not key.startswith("TF_")},
                            "TF_CLI_CONFIG_FILE": str(cli_config), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        self.repositories = []
        self.stacks = []
        self._lock_file = None

    def add_repository(self, name):
        repository = Repository(self.room / "git" / name, name)
        self.repositories.append(repository)
        return repository

    def keep_lock_file(self, stack):
        self._lock_file = (stack.folder / ".terraform.lock.hcl").read_text()

    def give_lock_file(self, stack):
        if self._lock_file:
            (stack.folder / ".terraform.lock.hcl").write_text(self._lock_file)
