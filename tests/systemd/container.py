"""A booted Debian 12 in systemd-nspawn, driven from outside.

The root is made once and kept below the build folder; every boot gets a copy. There is no network inside: what the
package depends on is fetched into the copy's apt cache beforehand, so `apt install ./driftkeeper_*.deb` resolves and
unpacks real dependencies.

What does not work in here, silently: resource control (the controllers belong to the host) and IP address filters.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import time

SUITE = "bookworm"
# A small Debian as operators have it, and what the stacks of the tests need: git, python for the receiver, the
# libraries of the provider plugin.
PACKAGES = [
    "systemd", "systemd-sysv", "dbus", "libpam-systemd", "procps", "python3", "git", "ca-certificates", "curl",
    "libgrpc++1.51", "libprotobuf32",
]
# nspawn's own filter would forbid them, and plans would run without their sandbox.
LANDLOCK = "landlock_create_ruleset landlock_add_rule landlock_restrict_self"


class Failed(Exception):
    pass


def run(*words, check=True, timeout=600, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=timeout, errors="replace", **more)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


patience = 1  # times that a host needs more of than this one


def eventually(what, done, seconds=60):
    seconds *= patience
    end = time.monotonic() + seconds
    while True:
        answer = done()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failed(f"waited {seconds} s for: {what}")
        time.sleep(0.2)


def base_root(cache):
    """The Debian that every boot is a copy of; made by debootstrap when it is not there."""
    key = hashlib.sha256(" ".join([SUITE, *PACKAGES]).encode()).hexdigest()[:12]
    root = cache / f"root-{key}"
    if root.exists():
        return root
    making = cache / f"making-{os.getpid()}"
    run("debootstrap", "--variant=minbase", "--include=" + ",".join(PACKAGES), SUITE, making, timeout=1800)
    run("chroot", making, "apt-get", "update", "-qq")
    making.rename(root)
    return root


def own_groups():
    """The control groups that nspawn makes below this process's own, and leaves there."""
    groups = []
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for mount in {"": ("", "unified"), "name=systemd": ("systemd",)}.get(controllers, ()):
            groups += [pathlib.Path("/sys/fs/cgroup", mount, path.lstrip("/"), name) for name in ("payload", "supervisor")]
    return [group for group in groups if group.exists()]


def fetch_dependencies(base, package):
    """Into apt's cache of the base: only what is not there yet crosses the network."""
    shutil.copy(package, base / "var/cache/package.deb")
    shutil.copy("/etc/resolv.conf", base / "etc/resolv.conf")
    run("chroot", base, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "--download-only",
        "/var/cache/package.deb", env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


class Host:
    """What a booted Debian answers, however it was booted. `sh` is the subclass's."""

    def out(self, script, **more):
        return self.sh(script, **more).stdout.strip()

    def show(self, prop, unit="driftkeeper.service"):
        return self.out(f"systemctl show {unit} --property={prop} --value")

    def await_boot(self):
        eventually("a booted system", lambda: self.sh("systemctl is-system-running", check=False).stdout.strip() in
                   ("running", "degraded"), 120)

    def edit(self, path, text):
        """In place, as an editor would: owner and mode stay."""
        self.put(path, text.encode(), None)

    def write(self, path, text, mode=0o644):
        self.put(path, text.encode(), mode)

    def names(self, pattern):
        return self.out(f"ls -d {pattern} 2>/dev/null", check=False).split()


class Container(Host):
    """Booted by `with`; powered off and removed at its end."""

    def __init__(self, cache, package, binds=()):
        self.cache, self.package, self.binds = cache, package, binds
        self.root = cache / f"boot-{os.getpid()}"
        self.nspawn = None
        self.leader = None

    def __enter__(self):
        base = base_root(self.cache)
        fetch_dependencies(base, self.package)
        run("cp", "-a", "--reflink=auto", base, self.root)
        self.groups = own_groups()
        words = ["systemd-nspawn", "-D", self.root, "--boot", "--private-network", "--register=no", "--keep-unit",
                 "--console=read-only", f"--machine=driftkeeper-{os.getpid()}", f"--system-call-filter={LANDLOCK}"]
        words += [f"--bind-ro={outside}:{inside}" for outside, inside in self.binds]
        self.console = open(self.cache / "console.log", "w")
        self.nspawn = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console)
        try:
            self.leader = eventually("the container's systemd", self.find_leader, 60)
            self.await_boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.leader and self.nspawn.poll() is None:
            self.sh("systemctl poweroff -i", check=False)
        try:
            self.nspawn.wait(60)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.console.close()
        for group in own_groups():
            if group not in self.groups:
                for folder, _, _ in os.walk(group, topdown=False):
                    os.rmdir(folder)
        shutil.rmtree(self.root, ignore_errors=True)

    def find_leader(self):
        if self.nspawn.poll() is not None:
            raise Failed("nspawn ended:\n" + (self.cache / "console.log").read_text(errors="replace"))
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        for child in children:
            try:
                if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                    return child
            except FileNotFoundError:
                pass
        return None

    def sh(self, script, check=True, timeout=300):
        """A shell inside, as root."""
        words = ["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-C", "/usr/bin/env", "-i",
                 "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "LANG=C.UTF-8",
                 "DEBIAN_FRONTEND=noninteractive", "SYSTEMD_PAGER=cat", "bash", "-c", "cd /; " + script]
        return run(*words, check=check, timeout=timeout)

    def put(self, path, data, mode):
        file = pathlib.Path(str(self.root) + path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if mode is not None:
            file.chmod(mode)

    def read(self, path):
        return pathlib.Path(str(self.root) + path).read_text()

    def exists(self, path):
        return os.path.lexists(str(self.root) + path)
