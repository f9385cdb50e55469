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

    def __init__(self, key, attributes, role="plain", follows=None, module=None, kind="box_item"):
        self.kind = kind
        self.key = key
        self.attributes = attributes  # name -> value; `name` is the live object's id
        self.role = role  # plain | data | ignored | module | …: stories.py and furnish.py have the others
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
        return (f"module.{self.module}." if self.module else "") + f"{self.kind}.{self.key}"

    def text(self):
        lines = [f'resource "{self.kind}" "{self.key}" {{']
        if self.kind.startswith("aws_"):
            lines.append("  provider = box")
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
            'terraform {\n  required_providers {\n    box = { source = "registry.terraform.io/driftkeeper/box" }\n  }\n}\n'
            'variable "name" { type = string }\n'
            f'resource "box_item" "shared" {{\n  name    = var.name\n  content = "version {self.version}"\n}}\n')


class Branch:
    """A module in a repository of its own, which stacks take from a branch: whoever pushes there changes them."""

    def __init__(self, path):
        self.repository = Repository(path, path.name)
        self.version = 1
        self.users = []

    @property
    def source(self):
        return f"git::file://{self.repository.path}//box?ref=main"

    def push(self, branch="main"):
        folder = self.repository.path / "box"
        folder.mkdir(exist_ok=True)
        if branch != "main":
            self.repository.git("checkout", "-q", "-B", branch)
        (folder / "main.tf").write_text(
            'terraform {\n  required_providers {\n    box = { source = "registry.terraform.io/driftkeeper/box" }\n  }\n}\n'
            'variable "name" { type = string }\n'
            f'resource "box_item" "remote" {{\n  name    = var.name\n  content = "version {self.version}"\n}}\n')
        self.repository.commit(f"version {self.version}", "box")
        if branch != "main":
            self.repository.git("checkout", "-q", "main")


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

    def move(self, old, new):
        with self._lock:
            self.git("mv", old, new)
            self.git("commit", "-q", "-m", f"{old} is {new}")

    def head(self):
        with self._lock:
            return self.git("rev-parse", "HEAD")


class Stack:
    """One stack: its part of the work tree of its repository, its state, its live objects."""

    def __init__(self, world, repository, path):
        self.world = world
        self.repository = repository
        self.path = path
        self.tag = self.name.replace("/", "_")  # stays when the folder is renamed
        flat = self.name.replace("/", "-")
        self.live = world.room / "live" / flat
        self.state = world.room / "states" / f"{flat}.tfstate"
        self.items = []
        self.module = None
        self.branch = None
        self.inner = None  # a stack in a folder below it, from which it reads a file
        self.values = "first"  # what that file says
        self.outer = None  # the stack that reads a file of this one
        self.copy = None  # another stack that keeps its state in the same place
        self.note = 1  # an output
        self.remarks = 0  # comments
        self.has_check = False
        self.counter = 0
        self.behaviour = {}
        self.kept_state = None  # what was in the state when it was lost
        self._held = None

    @property
    def name(self):
        return f"{self.repository.name}/{self.path}"

    @property
    def folder(self):
        return self.repository.path / self.path

    @property
    def family(self):
        """Those whose folders are one in the other."""
        return [one for one in (self, self.inner, self.outer) if one]

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
        parts = ['terraform {\n  required_providers {\n    box = { source = "registry.terraform.io/driftkeeper/box", version = "1.0.0" }\n  }\n'
                 f'  backend "local" {{ path = "{self.state}" }}\n}}\n'
                 f'provider "box" {{ directory = "{self.live}" }}\n']
        items = self.items if items is None else items
        parts += [f"# remark {number + 1}\n" for number in range(self.remarks)]
        parts += [f'variable "{item.variable}" {{ type = number }}\n' for item in items if item.role == "input"]
        parts += [item.text() for item in items if not item.module]
        if self.branch:
            name = next(item.name for item in items if item.role == "branch")
            parts.append(f'module "remote" {{\n  source = "{self.branch.source}"\n  name   = "{name}"\n}}\n')
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
        return next(item for item in self.items if item.role == "module")

    def commit(self, message):
        self.render()
        self.repository.commit(f"{self.path}: {message}", self.path)

    # --- live objects ---

    def object_file(self, item):
        return self.live / item.kind / f"{item.live_name}.json"

    def read_object(self, item):
        return self.object_file(item).read_text()

    def write_object(self, item, text):
        fresh = self.live / item.kind / f".edit-{item.live_name}"
        fresh.write_text(text)
        os.replace(fresh, self.object_file(item))

    def edit_object(self, item, attribute, value):
        thing = json.loads(self.read_object(item))
        if attribute == "rule":
            value = (thing.get("rule") or []) + [{"port": value, "cidrs": ["0.0.0.0/0"], "note": None, "secret": None}]
        if attribute == "instances":
            value = (thing.get("instances") or []) + [value]
        thing[attribute] = value
        self.write_object(item, json.dumps(thing))

    def delete_object(self, item):
        self.object_file(item).unlink()

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
        done = subprocess.run([self.world.terraform, *words], cwd=self.folder,
                              env={**self.world.environment, **self.world.inputs},
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
        if self.branch:
            self.terraform("get", "-update", "-no-color")
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

    # --- what happens to it ---

    def remark(self, form):
        """A commit that changes words alone."""
        if form == "readme":
            (self.folder / "README.md").write_text(f"# {self.name}, once more {self.fresh('')}\n")
        else:
            self.remarks += 1
        self.commit(f"words ({form})")

    def rename_folder(self, old):
        """Its path is the new one already."""
        self.repository.move(old, self.path)

    def copy_folder(self, copy):
        """Another folder with the same backend."""
        shutil.copytree(self.folder, copy.folder, ignore=shutil.ignore_patterns(".terraform"))
        copy.repository.commit(f"{copy.path}: a copy of {self.path}", copy.path)

    def lose_state(self, lineage):
        """It is gone, or another one, with nothing in it, lies in its place."""
        self.kept_state = self.state.read_text()
        self.state.unlink()
        if lineage:
            self.state.write_text(json.dumps({"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": lineage,
                                              "outputs": {}, "resources": [], "check_results": None}))

    def restore_state(self):
        self.state.write_text(self.kept_state)

    def write_inner_file(self, text):
        (self.inner.folder / "values.txt").write_text(text)

    def replace_content(self, item, body):
        """What only the digest of the object shows."""
        self.edit_object(item, "body", body)

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
        self.is_tofu = pathlib.Path(terraform or "").name == "tofu"
        self.environment = {**{key: value for key, value in os.environ.items() if not key.startswith("TF_")},
                            "TF_CLI_CONFIG_FILE": str(cli_config), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        self.repositories = []
        self.stacks = []
        self.inputs = {}  # environment variables of every terraform, the daemon's as well
        self.on_inputs = None  # called when they changed
        self._branches = []
        self._lock_file = None

    def add_repository(self, name):
        repository = Repository(self.room / "git" / name, name)
        if self.is_tofu:
            (repository.path / ".opentofu-version").write_text("1.12.6\n")
            repository.commit("which program", ".opentofu-version")
        self.repositories.append(repository)
        return repository

    def give_inputs(self, name=None, value=None):
        """Sets a variable for everybody; without a name: everybody learns what there is."""
        if name:
            self.inputs[name] = value
        if self.on_inputs:
            self.on_inputs()

    def branch(self):
        """A module by branch that has room for one more user."""
        if not self._branches or len(self._branches[-1].users) > 1:
            self._branches.append(Branch(self.room / "git" / f"modules{len(self._branches) + 1}"))
            self._branches[-1].push()
        return self._branches[-1]

    def keep_lock_file(self, stack):
        self._lock_file = (stack.folder / ".terraform.lock.hcl").read_text()

    def give_lock_file(self, stack):
        if self._lock_file:
            (stack.folder / ".terraform.lock.hcl").write_text(self._lock_file)
