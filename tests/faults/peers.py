"""Peers that answer from a seeded script: yes, later, an error, a cut connection, or nothing at all. Each keeps what it was
sent and what it said, so that the campaign can judge."""
import collections
import dataclasses
import email.utils
import http.server
import json
import random
import sys
import threading
import time

MOST_FAILURES = 2  # of one event of one incident
HANGS = 2  # of each peer: the sender waits for its whole time limit
# What becomes of a request, and how often.
SCRIPT = {"yes": 67.0, "later": 1.0, "later by date": 0.5, "error 500": 6, "error 503": 6, "unread": 1, "lost": 9, "taken, not said": 5,
          "error in a 200": 4, "hang": 0.5}


@dataclasses.dataclass
class Attempt:
    """One request, and what became of it."""
    key: str  # the delivery, where the peer is told
    event: str
    subject: str  # the incident, in the peer's words
    fate: str
    start: int  # of the sender that sent it
    body: dict

    @property
    def was_taken(self):
        return self.fate in ("yes", "taken, not said")

    @property
    def is_unknown_to_sender(self):
        return self.fate in ("unread", "lost", "taken, not said", "hang")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A sender that was killed cuts its connections; anything else is a fault of the peer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Peer:
    """One service on 127.0.0.1. Subclasses read requests and word answers."""

    name = ""

    def __init__(self, seed, sender):
        self.rng = random.Random(f"{seed} {self.name}")
        self.sender = sender
        self.attempts = []
        self.lock = threading.Lock()
        self.hangs = 0
        self.failures = collections.Counter()  # by incident and event
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                peer._handle(self)

            do_POST = do_PATCH = handle_any

            def log_message(self, *_):
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _draw(self):
        fate = self.rng.choices(list(SCRIPT), list(SCRIPT.values()))[0]
        if fate == "hang":
            self.hangs += 1
            if self.hangs > HANGS:
                return "yes"
        if fate == "error in a 200" and not hasattr(self, "error"):
            return "error 500"
        return fate

    def _handle(self, handler):
        with self.lock:
            fate = self._draw()
        if fate == "unread":
            handler.close_connection = True
            return
        text = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        body = json.loads(text)
        with self.lock:
            key, event, subject = self.read(handler, body)
            # Back-off doubles: a few failures each are a campaign, many are a long wait for its end.
            if fate != "yes" and self.failures[subject, event] >= MOST_FAILURES:
                fate = "yes"
            self.failures[subject, event] += fate != "yes"
            # Which start sent it stands in its path: this thread may read it when another one runs already.
            start = int(handler.path.split("/")[1])
            attempt = Attempt(key, event, subject, fate, start, body)
            self.attempts.append(attempt)
            said = self.take(handler, body) if attempt.was_taken else b""
        if fate == "hang":
            time.sleep(25)
        if fate in ("lost", "taken, not said", "hang"):
            handler.close_connection = True
            return
        status, headers = self.good, {}
        if fate == "later":
            status, said, headers = 429, b"", {"Retry-After": "1"}
        elif fate == "later by date":
            status, said, headers = 429, b"", {"Retry-After": email.utils.formatdate(time.time() + 1, usegmt=True)}
        elif fate == "error in a 200":
            said = self.error
        elif fate.startswith("error "):
            status, said = int(fate.split()[1]), b"out of order"
        try:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(said)))
            handler.end_headers()
            handler.wfile.write(said)
        except OSError:  # the sender was killed meanwhile
            handler.close_connection = True

    good = 200

    def read(self, handler, body):
        """(delivery, event, incident) of a request."""
        raise NotImplementedError

    def take(self, handler, body):
        """Does what the request asks for; the body of the answer."""
        return b""

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Webhook(Peer):
    name = "hook"

    def settings(self, start):
        return f'webhook: {{ url: "{self.url}/{start}/" }}'

    def read(self, handler, body):
        assert handler.headers["Idempotency-Key"] == body["id"]
        return body["id"], body["event"], body["incident"]["subject"]


class PagerDuty(Peer):
    name = "pager"
    good = 202

    def settings(self, start):
        return f'pagerduty: {{ routing_key: "0123456789abcdef0123456789abcdef", url: "{self.url}/{start}" }}'

    def read(self, handler, body):
        return "", body["event_action"], body["dedup_key"]

    def take(self, handler, body):
        return json.dumps({"status": "success", "message": "Event processed", "dedup_key": body["dedup_key"]}).encode()


class SlackBot(Peer):
    name = "chat"
    error = b'{"ok":false,"error":"internal_error"}'

    def __init__(self, seed, sender):
        self.messages = {}  # ts -> text, without the replies
        self.roots = {}  # ts -> delivery
        self.replies = []  # (ts, delivery)
        super().__init__(seed, sender)

    def settings(self, start):
        return f'slack: {{ bot_token: "xoxb-campaign", channel: C1, url: "{self.url}/{start}" }}'

    def read(self, handler, body):
        method = handler.path.rsplit("/", 1)[-1]
        event = "update" if method == "chat.update" else "reply" if "thread_ts" in body else "root"
        key = body.get("metadata", {}).get("event_payload", {}).get("id", "")
        return key, event, body.get("ts") or body.get("thread_ts") or key

    def take(self, handler, body):
        method = handler.path.rsplit("/", 1)[-1]
        if method == "chat.update":
            assert body["ts"] in self.messages, body["ts"]
            self.messages[body["ts"]] = body["text"]
            return json.dumps({"ok": True, "channel": "C1", "ts": body["ts"]}).encode()
        ts = f"{1700000000 + len(self.messages) + len(self.replies)}.000100"
        key = body["metadata"]["event_payload"]["id"]
        if "thread_ts" in body:
            self.replies.append((body["thread_ts"], key))
        else:
            self.messages[ts] = body["text"]
            self.roots[ts] = key
        return json.dumps({"ok": True, "channel": "C1", "ts": ts}).encode()
