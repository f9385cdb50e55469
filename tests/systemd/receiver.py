"""The other end of a webhook, inside the container: checks the signature, keeps each delivery that it takes as a file
NNN-EVENT-ID.json, and takes nothing while the file `refuse` is there.

usage: receiver.py PORT FOLDER SECRET_FILE
"""
import hashlib
import hmac
import http.server
import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[2])
SECRET = pathlib.Path(sys.argv[3]).read_text().strip().encode()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, self.headers.get("X-Driftkeeper-Signature-256", "")):
            return self.answer(401)
        if (FOLDER / "refuse").exists():
            return self.answer(503)
        notice = json.loads(body)
        count = len(list(FOLDER.glob("*.json"))) + 1
        (FOLDER / f"{count:03}-{notice['event']}-{notice['id']}.json").write_bytes(body)
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
