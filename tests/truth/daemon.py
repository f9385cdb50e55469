"""The program under test: its settings, its process, its API."""
import ctypes
import datetime
import http.client
import json
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

GRACE = 2.0  # unapplied_grace of the settings below, in seconds


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _die_with_the_campaign():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def seconds(text):
    """A time of the API as seconds since 1970."""
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc).timestamp()


class Daemon:
    def __init__(self, program, room, terraform, cli_config, repositories, hook, group_wait_key, inputs):
        """inputs: environment variables of every stack; whoever changes them calls configure()."""
        self.program = program
        self._inputs = inputs
        self._configuring = threading.Lock()
        self.log = room / "daemon.log"
        self.settings = room / "driftkeeper.yaml"
        self.state = room / "state"
        self.port = free_port()
        self.process = None
        self.kills = 0
        provider = "opentofu" if pathlib.Path(terraform).name == "tofu" else "terraform"
        group_wait = ", group_wait: 0s" if group_wait_key else ""
        self._lines = [
            f"state_directory: {self.state}",
            f"listen: 127.0.0.1:{self.port}",
            # Checks come when the campaign asks for them; `every` is far away.
            "checks: { every: 12h, timeout: 10m, parallel: 2, confirm: 2, confirm_after: 1s,"
            f" unapplied_grace: {GRACE:.0f}s, stale_after: 12h{group_wait} }}",
            "providers:",
            f"  {provider}: {{ program: {terraform}, cli_config_file: {cli_config}, environment: ENVIRONMENT }}",
            "repositories:",
        ]
        for name, path in repositories:
            self._lines.append(f'  - {{ name: {name}, url: "{path}", ref: main, poll: 1s, discover: {{ exclude: ["modules/**"] }} }}')
        self._lines += ["channels:", f'  - {{ name: hook, webhook: {{ url: "{hook}" }} }}', ""]
        self.configure()

    def configure(self):
        """Writes the settings, and has a daemon that runs read them. From any thread."""
        with self._configuring:
            self.settings.write_text("\n".join(self._lines).replace("ENVIRONMENT", json.dumps(self._inputs)))
            if self.process and not self.is_dead() and not self._post("/-/reload"):
                raise RuntimeError(f"the settings were not read:\n{self.last_words()}")

    def start(self):
        """Only from the main thread: the process ends with the thread that starts it."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(self.program), "serve", "--config", str(self.settings)], stdout=log,
                                            stderr=log, preexec_fn=_die_with_the_campaign)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the daemon ended at once with {self.process.returncode}:\n{self.last_words()}")
            if self.get("/-/ready") is not None:
                return
            time.sleep(0.05)
        raise RuntimeError(f"the daemon is not ready:\n{self.last_words()}")

    def kill(self):
        """kill -9; may be called from any thread."""
        self.kills += 1
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def is_dead(self):
        return self.process.poll() is not None

    def stop(self):
        """The exit status after SIGTERM; -9 when it does not end within 60 s."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def last_words(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def _ask(self, method, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return None, b""
        finally:
            connection.close()

    def get(self, path):
        """The text of a 200, else None."""
        status, body = self._ask("GET", path)
        return body.decode() if status == 200 else None

    def stack(self, name):
        """The stack object; None while there is no such stack or no answer."""
        text = self.get("/api/v1/stacks/" + urllib.parse.quote(name, safe=""))
        return None if text is None else json.loads(text)["stacks"][0]

    def knows(self, name):
        """True or False; None without an answer."""
        status, _ = self._ask("GET", "/api/v1/stacks/" + urllib.parse.quote(name, safe=""))
        return None if status not in (200, 404) else status == 200

    def check(self, name):
        return self._post("/api/v1/stacks/" + urllib.parse.quote(name, safe="") + "/check")

    def _post(self, path):
        token = (self.state / "token").read_text().strip()
        status, _ = self._ask("POST", path, {"Authorization": f"Bearer {token}"})
        return status is not None and 200 <= status < 300

    def first_look(self, name):
        """When the oldest look of its history began, in seconds; None without one."""
        text = self.get("/api/v1/stacks/" + urllib.parse.quote(name, safe="") + "/history")
        looks = json.loads(text)["stacks"] if text else []
        return min((seconds(one["started"]) for one in looks), default=None)

    def metric(self, line, text=None):
        """The number of the metric that begins with `line`; None when there is none."""
        text = text or self.get("/metrics") or ""
        found = re.search("^" + re.escape(line) + r" (\S+)$", text, re.MULTILINE)
        return float(found.group(1)) if found else None

    def synced(self, repository):
        return self.metric(f'driftkeeper_repository_last_sync_timestamp_seconds{{repository="{repository}"}}') or 0

    def is_calm(self):
        """No check runs, and no delivery waits."""
        text = self.get("/metrics")
        return bool(text) and all(self.metric(line, text) == 0
                                  for line in ("driftkeeper_checks_running", 'driftkeeper_outbox_pending{channel="hook"}'))
