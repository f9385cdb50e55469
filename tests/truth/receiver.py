"""What stands at the other end of the webhook: keeps every body in the order of arrival."""
import http.server
import json
import threading


class Receiver:
    """A webhook receiver on 127.0.0.1. All members may be called from any thread."""

    def __init__(self):
        self._lock = threading.Lock()
        self._bodies = []  # (Idempotency-Key, body, how often the daemon was started until then), repeats too
        self._trap = None
        self.starts = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                text = self.rfile.read(int(self.headers["Content-Length"]))
                if not receiver._take(self.headers.get("Idempotency-Key"), text):
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, key, text):
        body = json.loads(text)
        with self._lock:
            trap, self._trap = self._trap, None
            if trap is None or trap[0] == "after":
                self._bodies.append((key, body, self.starts))
        if trap is None:
            return True
        when, spring = trap
        if when == "unanswered":
            with self._lock:
                self._bodies.append((key, body, self.starts))
        spring()
        return when == "after"

    def set_trap(self, when, spring):
        """The next delivery calls `spring`. when: "refused" (the body counts as never arrived), "unanswered" (it arrived,
        no answer goes back), "after" (it arrived; the answer goes back to whoever is still there)."""
        with self._lock:
            self._trap = (when, spring)

    def clear_trap(self):
        """True when the trap had not sprung."""
        with self._lock:
            armed, self._trap = self._trap is not None, None
        return armed

    def bodies(self, start=0):
        with self._lock:
            return list(self._bodies[start:])

    def close(self):
        self._server.shutdown()
        self._server.server_close()
