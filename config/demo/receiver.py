#!/usr/bin/env python3
"""A stand-in for a chat: takes driftkeeper's webhook on 127.0.0.1, keeps every body, and prints what a person would read.

usage: receiver.py PORT FOLDER
"""
import http.server
import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[2])


def shown(value):
    if isinstance(value, dict):
        return "(sensitive)" if "redacted" in value else "(long)"
    return "not set" if value is None else json.dumps(value, ensure_ascii=False)


def picture(notice):
    head = {"opened": "DRIFT", "changed": "DRIFT CHANGED", "resolved": "RESOLVED", "reminder": "STILL DRIFTING"}
    lines = []
    for stack in notice["stacks"]:
        lines.append(f"[{head[notice['event']]}] {stack['stack']}  ({stack['verdict']}, commit {stack['commit'][:10]})")
        for drift in stack["drifts"]:
            lines.append(f"  {drift['address']}  {drift['change']} on the {drift['side']} side, {drift['cause']}")
            for attribute in drift["attributes"]:
                lines.append(f"    {attribute['path']}: Git {shown(attribute['git'])}, live {shown(attribute['live'])}")
    for gone in notice["resolved"]:
        lines.append(f"  {gone['address']}  {gone['resolution']}")
    return "\n".join("  | " + line for line in lines)


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        notice = json.loads(body)
        print(picture(notice), flush=True)
        (FOLDER / f"{len(list(FOLDER.iterdir())) + 1:03}-{notice['event']}.json").write_bytes(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
