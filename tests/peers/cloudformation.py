#!/usr/bin/env python3
"""AWS CloudFormation for real `aws` programs: the Query protocol, API version 2010-05-15, as far as drift detection goes.

    cloudformation.py PORT_FILE     serves on a free port of 127.0.0.1, which is written to PORT_FILE

Requests are POST / with a form body and a SigV4 Authorization header (its presence, scope and access key are checked, not
the signature); answers are XML. What the service refuses is refused: unknown actions and parameters, bad page sizes,
stacks that are not there, detections in a state that allows none, a second detection of a stack that is being looked at.

Control, for tests (JSON):
    PUT  /control/stacks/NAME   one stack: status, template, parameters, tags, outputs, resources, parent, detection
    DELETE /control/stacks/NAME
    POST /control/behave        {"throttle": {"ACTION or *": TIMES}, "errors": {"ACTION": {"code", "message", "times"}},
                                 "page": N, "on": {"ACTION": {"stack": NAME, "set": {…}}}}
    GET  /control/calls         [{"action", "parameters"}] since the start, and the most detections at once
"""
import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
ACCOUNT = "123456789012"
ACCESS_KEY = "AKIDTEST"
TIME = "2026-01-01T00:00:00.000Z"
COMPARABLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED",
              "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}
# Action -> (needed, allowed beside)
PARAMETERS = {
    "DescribeStacks": ((), ("StackName", "NextToken")),
    "ListStackResources": (("StackName",), ("NextToken",)),
    "GetTemplate": (("StackName",), ("TemplateStage",)),
    "DetectStackDrift": (("StackName",), ()),
    "DescribeStackDriftDetectionStatus": (("StackDriftDetectionId",), ()),
    "DescribeStackResourceDrifts": (("StackName",), ("NextToken", "MaxResults", "StackResourceDriftStatusFilters")),
}


class Refused(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class World:
    def __init__(self):
        self.lock = threading.Lock()
        self.stacks, self.detections, self.calls = {}, {}, []
        self.throttle, self.errors, self.on = {}, {}, {}
        self.page, self.most_at_once = 100, 0

    def put(self, name, stack):
        region = stack.get("region", "eu-central-1")
        stack["name"] = name
        stack.setdefault("id", f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/00000000-0000-0000-0000-{len(name):012d}")
        stack.setdefault("status", "CREATE_COMPLETE")
        stack.setdefault("resources", [])
        stack.setdefault("results", [])  # of the last detection
        self.stacks[name] = stack

    def behave(self, what):
        self.throttle.update(what.get("throttle", {}))
        self.errors.update(what.get("errors", {}))
        self.on.update(what.get("on", {}))
        self.page = what.get("page", self.page)

    def stack(self, name, message="Stack with id {} does not exist"):
        for stack in self.stacks.values():
            by_name = name == stack["name"] and stack["status"] != "DELETE_COMPLETE"
            if by_name or name == stack["id"]:
                return stack
        raise Refused("ValidationError", message.format(name))

    # What a test ordered to go wrong.
    def trouble(self, action):
        for key in (action, "*"):
            if self.throttle.get(key, 0) > 0:
                self.throttle[key] -= 1
                raise Refused("Throttling", "Rate exceeded")
        error = self.errors.get(action)
        if error and error.get("times", 1 << 30) > 0:
            error["times"] = error.get("times", 1 << 30) - 1
            raise Refused(error["code"], error["message"], error.get("status", 400))

    def happen(self, action):
        event = self.on.pop(action, None)
        if event:
            self.stacks[event["stack"]].update(event["set"])

    # --- actions ---
    def DescribeStacks(self, p):
        stack = self.stack(p["StackName"])
        shown = {"StackId": stack["id"], "StackName": stack["name"], "StackStatus": stack["status"], "CreationTime": TIME,
                 "DisableRollback": "false", "NotificationARNs": [], "Capabilities": ["CAPABILITY_IAM"],
                 "Parameters": stack.get("parameters", []), "Outputs": stack.get("outputs", []),
                 "Tags": [{"Key": k, "Value": v} for k, v in stack.get("tags", {}).items()],
                 "DriftInformation": {"StackDriftStatus": stack.get("drift", "NOT_CHECKED")}}
        for key, name in (("status_reason", "StackStatusReason"), ("updated", "LastUpdatedTime"), ("parent", "ParentId")):
            if key in stack:
                shown[name] = stack[key]
        return {"Stacks": [shown]}

    def ListStackResources(self, p):
        stack = self.stack(p["StackName"])
        checked = {r["LogicalResourceId"]: r["StackResourceDriftStatus"] for r in stack["results"]}
        rows = [{"LogicalResourceId": r["id"], "PhysicalResourceId": r.get("physical", ""), "ResourceType": r["type"],
                 "LastUpdatedTimestamp": TIME, "ResourceStatus": r.get("status", "CREATE_COMPLETE"),
                 "DriftInformation": {"StackResourceDriftStatus": checked.get(r["id"], "NOT_CHECKED")}}
                for r in stack["resources"]]
        return self.paged(rows, p, 100, "StackResourceSummaries")

    def GetTemplate(self, p):
        if p.get("TemplateStage", "Processed") not in ("Original", "Processed"):
            raise Refused("ValidationError", "1 validation error detected: Value at 'templateStage' failed to satisfy constraint")
        stack = self.stack(p["StackName"])
        body = stack["template"] if p.get("TemplateStage") == "Original" else stack.get("processed", stack["template"])
        return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}

    def DetectStackDrift(self, p):
        stack = self.stack(p["StackName"], "Stack [{}] does not exist")
        if stack["status"] not in COMPARABLE:
            raise Refused("ValidationError", f"Drift detection is not supported on stack [{stack['id']}] in state [{stack['status']}]")
        busy = stack.get("detection", {}).get("busy", 0)
        if busy > 0 or any(d["stack"] is stack and d["left"] > 0 for d in self.detections.values()):
            if busy > 0:
                stack["detection"]["busy"] = busy - 1
            raise Refused("ValidationError", f"Drift detection is already in progress for stack [{stack['id']}]")
        detection = f"{len(self.detections):08d}-f67e-11eb-a5fc-067ab790b156"
        self.detections[detection] = {"stack": stack, "left": stack.get("detection", {}).get("polls", 1)}
        self.most_at_once = max(self.most_at_once, sum(d["left"] > 0 for d in self.detections.values()))
        return {"StackDriftDetectionId": detection}

    def DescribeStackDriftDetectionStatus(self, p):
        detection = self.detections.get(p["StackDriftDetectionId"])
        if detection is None:
            raise Refused("ValidationError", f"Drift detection with id {p['StackDriftDetectionId']} does not exist")
        stack = detection["stack"]
        shown = {"StackId": stack["id"], "StackDriftDetectionId": p["StackDriftDetectionId"], "Timestamp": TIME}
        if detection["left"] > 0:
            detection["left"] -= 1
            return shown | {"DetectionStatus": "DETECTION_IN_PROGRESS", "DetectionStatusReason": "User Initiated"}
        stack["results"] = [self.result(stack, r) for r in stack["resources"] if r.get("drift")]
        drifted = sum(r["StackResourceDriftStatus"] in ("MODIFIED", "DELETED") for r in stack["results"])
        wanted = stack.get("detection", {})
        shown["DetectionStatus"] = wanted.get("status", "DETECTION_COMPLETE")
        if "reason" in wanted:
            shown["DetectionStatusReason"] = wanted["reason"]
        return shown | {"StackDriftStatus": "DRIFTED" if drifted else "IN_SYNC", "DriftedStackResourceCount": str(drifted)}

    @staticmethod
    def result(stack, resource):
        drift = resource["drift"]
        shown = {"StackId": stack["id"], "LogicalResourceId": resource["id"], "PhysicalResourceId": resource.get("physical", ""),
                 "ResourceType": resource["type"], "StackResourceDriftStatus": drift["status"], "Timestamp": TIME,
                 "PropertyDifferences": [{"PropertyPath": d[0], "ExpectedValue": d[1], "ActualValue": d[2], "DifferenceType": d[3]}
                                         for d in drift.get("differences", [])]}
        for key, name in (("expected", "ExpectedProperties"), ("actual", "ActualProperties")):
            if key in drift:
                value = drift[key]
                shown[name] = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        if "reason" in drift:
            shown["DriftStatusReason"] = drift["reason"]
        return shown

    def DescribeStackResourceDrifts(self, p):
        stack = self.stack(p["StackName"])
        most = int(p.get("MaxResults", "100"))
        if not 1 <= most <= 100:
            raise Refused("ValidationError", "1 validation error detected: Value at 'maxResults' failed to satisfy constraint")
        wanted = p.get("StackResourceDriftStatusFilters")
        rows = [r for r in stack["results"] if not wanted or r["StackResourceDriftStatus"] in wanted]
        return self.paged(rows, p, min(most, self.page), "StackResourceDrifts")

    @staticmethod
    def paged(rows, p, size, name):
        token = p.get("NextToken", "")
        if token and not re.fullmatch(r"page-\d+", token):
            raise Refused("ValidationError", "Token is invalid")
        start = int(token[5:]) if token else 0
        answer = {name: rows[start:start + size]}
        if start + size < len(rows):
            answer["NextToken"] = f"page-{start + size}"
        return answer


def parameters_of(form):
    single, lists = {}, {}
    for key, (value, *_) in form.items():
        member = re.fullmatch(r"(\w+)\.member\.(\d+)", key)
        if member:
            lists.setdefault(member[1], {})[int(member[2])] = value
        else:
            single[key] = value
    return single | {name: [values[i] for i in sorted(values)] for name, values in lists.items()}


def check_signature(headers):
    header = headers.get("Authorization", "")
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/([a-z]+)/aws4_request, "
                         r"SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}", header)
    if not found:
        raise Refused("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    key, day, region, service, signed = found.groups()
    if service != "cloudformation" or not headers.get("X-Amz-Date", "").startswith(day) or "host" not in signed.split(";"):
        raise Refused("SignatureDoesNotMatch", "Credential should be scoped to correct service: 'cloudformation'.", 403)
    if headers.get("X-Amz-Security-Token") == "expired":
        raise Refused("ExpiredToken", "The security token included in the request is expired", 403)
    if key != ACCESS_KEY:
        raise Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    return region


def xml(value):
    if isinstance(value, dict):
        return "".join(f"<{k}>{xml(v)}</{k}>" for k, v in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{xml(v)}</member>" for v in value)
    return escape(str(value))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text, kind):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def do_PUT(self):
        with WORLD.lock:
            WORLD.put(unquote(self.path.removeprefix("/control/stacks/")), json.loads(self.body()))
        self.answer(200, "{}", "application/json")

    def do_DELETE(self):
        with WORLD.lock:
            WORLD.stacks.pop(unquote(self.path.removeprefix("/control/stacks/")))
        self.answer(200, "{}", "application/json")

    def do_GET(self):
        if self.path != "/control/calls":
            return self.answer(404, "", "text/plain")
        with WORLD.lock:
            self.answer(200, json.dumps({"calls": WORLD.calls, "most_at_once": WORLD.most_at_once}), "application/json")

    def do_POST(self):
        if self.path == "/control/behave":
            with WORLD.lock:
                WORLD.behave(json.loads(self.body()))
            return self.answer(200, "{}", "application/json")
        try:
            with WORLD.lock:
                action, result = self.act()
            text = (f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{xml(result)}</{action}Result>'
                    f"<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{action}Response>")
            self.answer(200, text, "text/xml")
        except Refused as refused:
            error = {"Type": "Sender", "Code": refused.code, "Message": refused.message}
            text = f'<ErrorResponse xmlns="{NAMESPACE}"><Error>{xml(error)}</Error><RequestId>r-1</RequestId></ErrorResponse>'
            self.answer(refused.status, text, "text/xml")

    def act(self):
        body = self.body().decode()
        if self.path != "/" or not self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            raise Refused("InvalidAction", "Could not find operation", 404)
        region = check_signature(self.headers)
        p = parameters_of(parse_qs(body, strict_parsing=True, keep_blank_values=True))
        action, version = p.pop("Action", ""), p.pop("Version", "")
        WORLD.calls.append({"action": action, "region": region, "parameters": p})
        if action not in PARAMETERS or version != "2010-05-15":
            raise Refused("InvalidAction", f"Could not find operation {action} for version {version}")
        needed, allowed = PARAMETERS[action]
        for name in needed:
            if not p.get(name):
                raise Refused("ValidationError", f"1 validation error detected: Value null at '{name}' failed to satisfy constraint")
        unknown = set(p) - set(needed) - set(allowed)
        if unknown:
            raise Refused("ValidationError", f"unexpected parameters {sorted(unknown)}")
        name = p.get("StackName")
        if name is not None and not re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*", name):
            raise Refused("ValidationError", "Value at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern")
        WORLD.trouble(action)
        result = getattr(WORLD, action)(p)
        WORLD.happen(action)
        return action, result


WORLD = World()
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
