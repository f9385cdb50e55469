"""Serves a folder of Git repositories through git http-backend on a free port of 127.0.0.1, for the tests.

http_server.py ROOT [--tls CERTIFICATE KEY] [--login USER:PASSWORD] [--old]
/moved/… answers with a redirect to /…, /away/… with one to another host; anything that lacks the login gets 401. --old: TLS 1.1 at most.
"""
import base64
import http.server
import os
import ssl
import subprocess
import sys

arguments = sys.argv[2:]
root = sys.argv[1]
login = arguments[arguments.index("--login") + 1] if "--login" in arguments else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while (size := int(self.rfile.readline(), 16)) > 0:
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def do_GET(self):
        sent = self.body()
        if self.path.startswith("/moved/"):
            return self.answer(301, [("Location", self.path[6:])], b"")
        if self.path.startswith("/away/"):
            return self.answer(301, [("Location", "http://127.0.0.2:1" + self.path[5:])], b"")
        if login:
            wanted = "Basic " + base64.b64encode(login.encode()).decode()
            if self.headers.get("Authorization") != wanted:
                return self.answer(401, [("WWW-Authenticate", 'Basic realm="git"')], b"")
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": root, "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(sent)),
            "REMOTE_ADDR": "127.0.0.1",
        }
        if "Content-Encoding" in self.headers:
            environment["HTTP_CONTENT_ENCODING"] = self.headers["Content-Encoding"]
        done = subprocess.run(["git", "http-backend"], input=sent, env=environment, capture_output=True, check=False)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if ": " in line]
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        return self.answer(status, [(n, v) for n, v in headers if n != "Status"], body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if "--tls" in arguments:
    at = arguments.index("--tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments[at + 1], arguments[at + 2])
    if "--old" in arguments:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print("serving on", server.server_address[1], flush=True)
server.serve_forever()
