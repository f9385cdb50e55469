"""A Debian 12 that boots its own kernel in a virtual machine, driven from outside: what the kernel itself holds back is
seen only there, whatever kernel this host has.

Its root is the container's one, with Debian's kernel and an agent: a shell behind a serial port. There is no network. It is
emulated, for a host that is a virtual machine itself often has a /dev/kvm that boots nothing: everything takes its time.
"""
import base64
import json
import os
import shutil
import socket
import subprocess
import time

from container import Failed, Host, base_root, eventually, fetch_dependencies, run

KERNEL = ["linux-image-amd64", "initramfs-tools"]
PORT = "/dev/virtio-ports/agent"

AGENT = f"""#!/usr/bin/env python3
import json, os, subprocess, time
port = os.open("{PORT}", os.O_RDWR)
waiting = b""
while True:
    while b"\\n" not in waiting:
        got = os.read(port, 65536)
        if not got:  # nobody holds the other end yet
            time.sleep(0.1)
        waiting += got
    line, waiting = waiting.split(b"\\n", 1)
    asked = json.loads(line)
    done = subprocess.run(["bash", "-c", asked["script"]], input=asked["input"].encode(), capture_output=True, cwd="/")
    answer = json.dumps({{"id": asked["id"], "status": done.returncode, "out": done.stdout.decode(errors="replace"),
                         "err": done.stderr.decode(errors="replace")}}).encode() + b"\\n"
    while answer:
        answer = answer[os.write(port, answer):]
"""

AGENT_UNIT = """[Unit]
DefaultDependencies=no
After=local-fs.target

[Service]
ExecStart=/usr/local/sbin/agent
Environment=HOME=/ LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER=cat
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
"""


def kernel_root(cache):
    """The Debian of the containers, with Debian's kernel."""
    base = base_root(cache)
    root = cache / f"{base.name}-kernel"
    if root.exists():
        return root
    making = cache / f"making-kernel-{os.getpid()}"
    run("cp", "-a", base, making)
    shutil.copy("/etc/resolv.conf", making / "etc/resolv.conf")
    run("chroot", making, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *KERNEL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, timeout=1800)
    (making / "usr/local/sbin/agent").write_text(AGENT)
    (making / "usr/local/sbin/agent").chmod(0o755)
    (making / "etc/systemd/system/agent.service").write_text(AGENT_UNIT)
    run("systemctl", f"--root={making}", "enable", "-q", "agent.service")
    (making / "etc/fstab").write_text("/dev/vda / ext4 rw 0 1\n")
    making.rename(root)
    return root


class Machine(Host):
    """Booted by `with`; powered off and removed at its end."""

    def __init__(self, cache, package, binds=()):
        self.cache, self.package, self.binds = cache, package, binds
        self.room = cache / f"machine-{os.getpid()}"
        self.qemu = self.port = None
        self.calls = 0

    def __enter__(self):
        base = kernel_root(self.cache)
        fetch_dependencies(base, self.package)
        self.room.mkdir()
        try:
            self.make_disk(base)
            self.boot(base)
        except BaseException:
            self.__exit__()
            raise
        return self

    def make_disk(self, base):
        root = self.room / "root"
        run("cp", "-a", "--reflink=auto", base, root)
        for outside, inside in self.binds:
            target = root / inside.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            run("cp", "-aL", outside, target)
        run("chroot", root, "ldconfig")
        run("mke2fs", "-q", "-t", "ext4", "-d", root, self.room / "disk", "6G")
        shutil.rmtree(root)

    def boot(self, base):
        kernel = sorted((base / "boot").glob("vmlinuz-*"))[-1]
        initrd = sorted((base / "boot").glob("initrd.img-*"))[-1]
        agent = self.room / "agent"
        self.console = open(self.cache / "machine.log", "w")
        self.qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-m", "4096", "-smp", "2",
             "-nographic", "-no-reboot", "-nic", "none",
             "-kernel", kernel, "-initrd", initrd, "-append", "root=/dev/vda rw console=ttyS0 quiet panic=1",
             "-drive", f"file={self.room}/disk,if=virtio,format=raw,cache=unsafe",
             "-chardev", f"socket,id=agent,path={agent},server=on,wait=off", "-device", "virtio-serial",
             "-device", "virtserialport,chardev=agent,name=agent"],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console)
        self.port = socket.socket(socket.AF_UNIX)
        eventually("the machine's port", lambda: self.port.connect_ex(str(agent)) == 0, 3)
        self.unread = b""
        eventually("the machine's agent", self.has_agent)
        self.await_boot()

    def has_agent(self):
        if self.qemu.poll() is not None:
            raise Failed("qemu ended:\n" + (self.cache / "machine.log").read_text(errors="replace"))
        try:
            return self.sh("true", timeout=5).returncode == 0
        except TimeoutError:
            return False

    def __exit__(self, *_):
        if self.qemu:
            if self.port and self.qemu.poll() is None:
                try:
                    self.sh("systemctl poweroff -i --no-block", check=False, timeout=20)
                except (OSError, Failed):
                    pass
            try:
                self.qemu.wait(60)
            except subprocess.TimeoutExpired:
                self.qemu.kill()
                self.qemu.wait()
            self.console.close()
        shutil.rmtree(self.room, ignore_errors=True)

    def sh(self, script, check=True, timeout=300, input=""):
        """A shell inside, as root."""
        self.calls += 1
        asked = json.dumps({"id": self.calls, "script": script, "input": input}).encode() + b"\n"
        end = time.monotonic() + timeout
        self.port.settimeout(timeout)
        self.port.sendall(asked)
        while True:
            while b"\n" not in self.unread:
                self.port.settimeout(max(0.1, end - time.monotonic()))
                self.unread += self.port.recv(65536)
            line, self.unread = self.unread.split(b"\n", 1)
            answer = json.loads(line)
            if answer["id"] == self.calls:
                break
        done = subprocess.CompletedProcess(script, answer["status"], answer["out"], answer["err"])
        if check and done.returncode != 0:
            raise Failed(f"{script}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def put(self, path, data, mode):
        self.sh(f"mkdir -p $(dirname {path}) && base64 -d > {path}" + (f" && chmod {mode:o} {path}" if mode is not None else ""),
                input=base64.b64encode(data).decode())

    def read(self, path):
        return self.sh(f"cat {path}").stdout

    def exists(self, path):
        return self.sh(f"[ -e {path} ] || [ -L {path} ]", check=False).returncode == 0
