#!/usr/bin/env python3
"""A Kubernetes API server in memory, for tests with real kubectl and helm: discovery (aggregated and plain), OpenAPI v3 as far as kubectl
reads it, get, list with selectors and pages, create, update, delete, every kind of patch, server-side apply with field ownership,
dry run, defaulting, mutating webhooks, custom resources, aggregated cluster roles. After the API concepts, Server-Side Apply and
RBAC pages of the Kubernetes documentation (v1.35). It refuses what a real server refuses, with Status objects. No TLS, no watches.

  kubernetes_api.py [--config FILE]

Prints one line: "PORT ADMINPORT". Who comes by PORT is the user driftkeeper, by ADMINPORT the user admin, to whom nothing is forbidden.
It ends when stdin does. Ways of its own, by ADMINPORT only:

  POST /peer          a document like --config; members that are not named stay as they are:
    forbid    [{"verbs": ["patch"], "resources": ["deployments"], "names": [...], "namespaces": [...]}]   "*" or no list: any
    webhooks  [{"name", "kinds": ["Deployment"], "sideEffects": "None", "broken": false, "set": {"spec.a": 1}, "append": {"spec.list": {}}}]
    refuse_credentials   true: 401 for the user driftkeeper
    discovery "aggregated" | "plain"
    page      at most that many objects a page, whatever the client asks for
    objects   [object]: as if created, with the managedFields and the status that they have
    time      what managedFields say from now on (RFC 3339)
  GET  /peer          {"requests": [{"user", "method", "path"}], "writes": N}: N requests of driftkeeper that were no dry runs
"""
import argparse
import base64
import copy
import http.server
import json
import sys
import threading
import time
import urllib.parse
import uuid

from kubernetes_fields import Owners, doubled, readable
import kubernetes_types as types


class Refused(Exception):
    def __init__(self, code, reason, message, causes=(), details=None):
        super().__init__(message)
        self.code = code
        details = dict(details or {})
        if causes:
            details["causes"] = [{"reason": r, "message": m, "field": f} for r, f, m in causes]
        self.status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
                       "details": details, "code": code}


def not_found(kind, name):
    where = kind.plural + ("." + kind.group if kind.group else "")
    return Refused(404, "NotFound", '%s "%s" not found' % (where, name), details={"name": name, "group": kind.group, "kind": kind.plural})


def matches_labels(selector, labels):
    for part in filter(None, split_outside(selector)):
        part = part.strip()
        if " in " in part or " notin " in part:
            name, _, rest = part.partition(" notin " if " notin " in part else " in ")
            inside = labels.get(name.strip()) in [v.strip() for v in rest.strip(" ()").split(",")]
            if inside == (" notin " in part):
                return False
        elif "!=" in part:
            name, value = part.split("!=")
            if labels.get(name) == value:
                return False
        elif "=" in part:
            name, _, value = part.partition("==" if "==" in part else "=")
            if labels.get(name) != value:
                return False
        elif (part.lstrip("!") in labels) == part.startswith("!"):
            return False
    return True


def split_outside(text):
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def merge_patch(target, patch):
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def strategic(target, patch, schema):
    """Strategic merge patch: keyed lists are merged, $patch and $retainKeys obeyed."""
    if isinstance(patch, dict):
        if patch.get("$patch") == "replace":
            return {k: v for k, v in patch.items() if k != "$patch"}
        result = dict(target) if isinstance(target, dict) else {}
        for key, value in patch.items():
            if key.startswith("$setElementOrder/") or key in ("$patch", "$retainKeys"):
                continue
            if key.startswith("$deleteFromPrimitiveList/"):
                name = key.partition("/")[2]
                result[name] = [i for i in result.get(name, []) if i not in value]
            elif value is None:
                result.pop(key, None)
            else:
                result[key] = strategic(result.get(key), value, types.ANY if schema["t"] not in ("object", "map") else
                                        schema["value"] if schema["t"] == "map" else schema["fields"].get(key, types.ANY))
        if "$retainKeys" in patch:
            result = {k: v for k, v in result.items() if k in patch["$retainKeys"]}
        return result
    if isinstance(patch, list) and schema["t"] == "maplist":
        keys = schema["keys"][:1]  # a strategic merge knows one key only
        result = list(target or [])
        for item in patch:
            at = next((i for i, old in enumerate(result) if all(old.get(k) == item.get(k) for k in keys)), None)
            if item.get("$patch") == "delete":
                result = [old for i, old in enumerate(result) if i != at]
            elif at is None:
                result.append(item)
            else:
                result[at] = strategic(result[at], item, schema["item"])
        return result
    return patch


def json_patch(target, operations):
    for one in operations:
        *way, last = [p.replace("~1", "/").replace("~0", "~") for p in one["path"].split("/")[1:]]
        place = target
        try:
            for step in way:
                place = place[int(step)] if isinstance(place, list) else place[step]
            if isinstance(place, list):
                at = len(place) if last == "-" else int(last)
                if one["op"] == "add":
                    place.insert(at, one["value"])
                elif one["op"] == "remove":
                    del place[at]
                elif one["op"] == "replace":
                    place[at] = one["value"]
            elif one["op"] in ("add", "replace"):
                place[last] = one["value"]
            elif one["op"] == "remove":
                del place[last]
            if one["op"] == "test" and place[last] != one["value"]:
                raise KeyError
        except (KeyError, IndexError, ValueError):
            raise Refused(422, "Invalid", "the server rejected our request due to an error in our request")
    return target


class Api:
    def __init__(self):
        self.lock = threading.RLock()
        self.types = types.builtin()
        self.objects = {}
        self.version = 1000
        self.settings = {"forbid": [], "webhooks": [], "refuse_credentials": False, "discovery": "aggregated", "page": 0, "time": ""}
        self.requests = []
        self.writes = 0
        for name in ("default", "kube-system"):
            self.preload({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    # --- what is there -------------------------------------------------------------------------------------------

    def now(self):
        return self.settings["time"] or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def type_of(self, group, version, plural):
        for kind in self.types:
            if (kind.group, kind.version, kind.plural) == (group, version, plural):
                return kind
        raise Refused(404, "NotFound", "the server could not find the requested resource")

    def preload(self, o):
        group, _, version = o["apiVersion"].rpartition("/")
        kind = next((k for k in self.types if (k.group, k.version, k.kind) == (group, version, o["kind"])), None)
        if kind is None:
            raise Refused(404, "NotFound", "no kind %s %s" % (o["apiVersion"], o["kind"]))
        if kind.namespaced:
            o["metadata"].setdefault("namespace", "default")
        entries, status = o["metadata"].get("managedFields"), o.get("status")
        made = self.complete(kind, None, o, [], dry=False)
        if status is not None:
            made["status"] = status
        made["metadata"]["managedFields"] = entries or []
        self.store(kind, made)

    def key(self, kind, namespace, name):
        return kind.group, kind.plural, namespace if kind.namespaced else "", name

    def find(self, kind, namespace, name):
        found = self.objects.get(self.key(kind, namespace, name))
        return None if found is None else dict(copy.deepcopy(found), apiVersion=kind.group_version)

    def store(self, kind, o):
        self.version += 1
        o["metadata"]["resourceVersion"] = str(self.version)
        self.objects[self.key(kind, o["metadata"].get("namespace", ""), o["metadata"]["name"])] = copy.deepcopy(o)
        if kind.kind == "CustomResourceDefinition":
            self.types = [t for t in self.types if (t.group, t.plural) != (o["spec"]["group"], o["spec"]["names"]["plural"])]
            self.types += types.custom_types(o)
        if kind.kind == "ClusterRole":
            self.aggregate()

    def aggregate(self):
        """What the clusterrole-aggregation-controller does."""
        roles = [o for k, o in self.objects.items() if k[1] == "clusterroles"]
        for role in roles:
            if "aggregationRule" not in role:
                continue
            rules = []
            for other in roles:
                for selector in role["aggregationRule"].get("clusterRoleSelectors", []):
                    wanted = selector.get("matchLabels", {})
                    labels = other["metadata"].get("labels", {})
                    if other is not role and wanted and all(labels.get(k) == v for k, v in wanted.items()):
                        rules += [rule for rule in other.get("rules", []) if rule not in rules]
            if rules != role.get("rules", []):
                owners = Owners(role["metadata"].get("managedFields"))
                before = copy.deepcopy(role)
                role["rules"] = rules
                kind = self.type_of("rbac.authorization.k8s.io", "v1", "clusterroles")
                owners.update(before, role, kind.schema, "clusterrole-aggregation-controller", kind.group_version, "", self.now())
                role["metadata"]["managedFields"] = owners.list()

    # --- writing -------------------------------------------------------------------------------------------------

    def complete(self, kind, before, o, unknown, dry):
        """What a server makes of an object before it stores it: fields, defaults, admission, validation."""
        meta = o["metadata"]
        o = types.prune(o, kind.schema, unknown)
        if kind.kind == "Secret" and "stringData" in o:
            data = o.setdefault("data", {})
            for key, value in o.pop("stringData").items():
                data[key] = base64.b64encode(value.encode()).decode()
        old = before["metadata"] if before else {}
        if not before and kind.namespaced and self.key(self.type_of("", "v1", "namespaces"), "", meta["namespace"]) not in self.objects:
            raise not_found(self.type_of("", "v1", "namespaces"), meta["namespace"])
        for name in ("uid", "creationTimestamp", "generation", "resourceVersion"):
            meta.pop(name, None)
        meta["uid"] = old.get("uid") or str(uuid.uuid4())
        meta["creationTimestamp"] = old.get("creationTimestamp") or self.now()
        if "resourceVersion" in old:
            meta["resourceVersion"] = old["resourceVersion"]
        address = (before or {}).get("spec", {}).get("clusterIP") or "10.96.%d.%d" % divmod(len(self.objects) + 10, 256)
        if kind.validation:
            types.default_custom(o, kind.validation)
        else:
            types.apply_defaults(o, address)
        for hook in self.settings["webhooks"]:
            self.admit(hook, kind, o, dry)
        if self.settings["webhooks"] and not kind.validation:
            types.apply_defaults(o, address)
        types.prune(o, kind.schema, [])
        causes = list(types.causes(o, before, kind))
        if causes:
            name = "%s%s" % (kind.kind, "." + kind.group if kind.group else "")
            raise Refused(422, "Invalid", '%s "%s" is invalid: %s' % (name, meta["name"], ", ".join("%s: %s" % c for c in causes)),
                          [("FieldValueInvalid", field, message) for field, message in causes],
                          {"name": meta["name"], "group": kind.group, "kind": kind.kind})
        body = lambda x: {k: v for k, v in (x or {}).items() if k not in ("metadata", "status", "apiVersion", "kind")}
        if kind.plural not in ("configmaps", "secrets", "serviceaccounts", "namespaces", "events", "services", "roles", "clusterroles",
                               "rolebindings", "clusterrolebindings", "persistentvolumeclaims"):
            meta["generation"] = old.get("generation", 0) + (body(before) != body(o))
        return o

    def admit(self, hook, kind, o, dry):
        if kind.kind not in hook["kinds"] or o["metadata"].get("namespace") in hook.get("exempt", []):
            return
        if dry and hook.get("sideEffects", "None") not in ("None", "NoneOnDryRun"):
            raise Refused(400, "BadRequest", 'admission webhook "%s" does not support dry run' % hook["name"])
        if hook.get("broken"):
            raise Refused(500, "InternalError", 'Internal error occurred: failed calling webhook "%s": failed to call webhook: Post '
                          '"https://hook.default.svc:443/?timeout=10s": dial tcp 10.96.0.9:443: connect: connection refused' % hook["name"])
        for path, value in hook.get("set", {}).items():
            *way, last = path.replace("\\.", "\0").split(".")
            place = o
            for step in way:
                place = place.setdefault(step.replace("\0", "."), {})
            place[last.replace("\0", ".")] = value
        for path, value in hook.get("append", {}).items():
            *way, last = path.split(".")
            place = o
            for step in way:
                place = place.setdefault(step, {})
            items = place.setdefault(last, [])
            if not any(item.get("name") == value.get("name") for item in items):
                items.append(copy.deepcopy(value))

    def write(self, kind, before, after, request, owners, subresource=""):
        """Ends a write: what the server adds, ownership of an update, storing unless it is a dry run."""
        unknown = []
        if before and subresource == "" and kind.status:
            after.pop("status", None)
            if "status" in before:
                after["status"] = copy.deepcopy(before["status"])
        elif before and subresource == "status":
            after = dict(copy.deepcopy(before), status=after.get("status"))
        elif not before and kind.status:
            after.pop("status", None)
        given = copy.deepcopy(after)
        after = self.complete(kind, before, after, unknown, request.dry)
        if unknown and request.validation == "Strict" and not request.applies:
            raise Refused(400, "BadRequest", '%s in version "%s" cannot be handled as a %s: strict decoding error: %s' % (
                kind.kind, kind.version, kind.kind, ", ".join('unknown field "%s"' % u for u in unknown)))
        if unknown and request.validation == "Warn":
            request.warnings += ['unknown field "%s"' % u for u in unknown]
        if not request.applies:
            owned = after if not self.settings["webhooks"] else self.without_hooks(kind, before, given, request)
            owners.update(before, owned, kind.schema, request.manager, kind.group_version, subresource, self.now())
        after["metadata"]["managedFields"] = owners.list()
        if not request.dry:
            same = before and {**before, "metadata": {**before["metadata"], "managedFields": 0}} == \
                {**after, "metadata": {**after["metadata"], "managedFields": 0}}
            if same and before["metadata"].get("managedFields") == after["metadata"]["managedFields"]:
                return after
            self.store(kind, after)
            after = self.find(kind, after["metadata"].get("namespace", ""), after["metadata"]["name"])
        return after

    def without_hooks(self, kind, before, given, request):
        hooks, self.settings["webhooks"] = self.settings["webhooks"], []
        try:
            return self.complete(kind, before, copy.deepcopy(given), [], request.dry)
        finally:
            self.settings["webhooks"] = hooks

    def check_body(self, kind, o, namespace, name):
        if not isinstance(o, dict) or not isinstance(o.get("metadata", {}), dict):
            raise Refused(400, "BadRequest", "the object provided is unrecognized")
        if (o.get("apiVersion"), o.get("kind")) != (kind.group_version, kind.kind):
            raise Refused(400, "BadRequest", "%s in version \"%s\" cannot be handled as a %s" % (o.get("kind"), o.get("apiVersion"), kind.kind))
        meta = o.setdefault("metadata", {})
        if kind.namespaced:
            if meta.setdefault("namespace", namespace) != namespace:
                raise Refused(400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request")
        else:
            meta.pop("namespace", None)
        if name is not None and meta.setdefault("name", name) != name:
            raise Refused(400, "BadRequest", "the name of the object (%s) does not match the name on the URL (%s)" % (meta["name"], name))
        if not meta.get("name"):
            raise Refused(422, "Invalid", "name or generateName is required")

    def create(self, kind, namespace, o, request):
        self.check_body(kind, o, namespace, None)
        if self.find(kind, namespace, o["metadata"]["name"]):
            raise Refused(409, "AlreadyExists", '%s "%s" already exists' % (kind.plural, o["metadata"]["name"]))
        return self.write(kind, None, o, request, Owners([]))

    def replace(self, kind, namespace, name, o, request, subresource):
        before = self.find(kind, namespace, name)
        if before is None:
            raise not_found(kind, name)
        self.check_body(kind, o, namespace, name)
        self.check_version(before, o, kind)
        return self.write(kind, before, o, request, Owners(before["metadata"].get("managedFields")), subresource)

    def check_version(self, before, o, kind):
        wanted = o["metadata"].get("resourceVersion")
        if wanted and wanted != before["metadata"]["resourceVersion"]:
            raise Refused(409, "Conflict", 'Operation cannot be fulfilled on %s "%s": the object has been modified; please apply your '
                          'changes to the latest version and try again' % (kind.plural, before["metadata"]["name"]))

    def patch(self, kind, namespace, name, body, request, subresource):
        before = self.find(kind, namespace, name)
        if request.applies:
            return self.apply(kind, namespace, name, body, before, request, subresource)
        if before is None:
            raise not_found(kind, name)
        base = copy.deepcopy(before)
        if request.content == "application/strategic-merge-patch+json":
            if kind.custom:
                raise Refused(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: "
                              "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
            after = strategic(base, body, kind.schema)
        elif request.content == "application/merge-patch+json":
            after = merge_patch(base, body)
        else:
            after = json_patch(base, body)
        self.check_version(before, after, kind)
        return self.write(kind, before, after, request, Owners(before["metadata"].get("managedFields")), subresource)

    def apply(self, kind, namespace, name, body, before, request, subresource):
        if not request.query.get("fieldManager"):
            raise Refused(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")
        self.check_body(kind, body, namespace, name)
        if body["metadata"].get("managedFields"):
            raise Refused(400, "BadRequest", "metadata.managedFields must be nil")
        if before is None and request.forbids("create"):
            raise request.forbidden("create")
        if before is not None and body["metadata"].get("uid") not in (None, before["metadata"]["uid"]):
            raise Refused(409, "Conflict", "Precondition failed: UID in precondition does not match")
        unknown = []
        types.prune(body, kind.schema, unknown)
        if unknown:
            raise Refused(500, "", "failed to create typed patch object (%s/%s; %s, Kind=%s): %s" % (
                namespace, name, kind.group_version, kind.kind,
                ", ".join(".%s: field not declared in schema" % u for u in unknown)))
        for path, key in doubled(body, kind.schema):
            raise Refused(500, "", "failed to create typed patch object (%s/%s; %s, Kind=%s): %s: duplicate entries for key %s" % (
                namespace, name, kind.group_version, kind.kind, readable(path), readable((key,))))
        if kind.status and subresource == "":
            body.pop("status", None)
        owners = Owners(before["metadata"].get("managedFields") if before else [])
        live = copy.deepcopy(before)
        merged, conflicts = owners.apply(live, body, kind.schema, request.manager, kind.group_version, subresource, request.force, self.now())
        if conflicts:
            causes = [("FieldManagerConflict", readable(p), 'conflict with "%s"%s using %s' % (
                e["manager"], ' with subresource "%s"' % e["subresource"] if e.get("subresource") else "", e["apiVersion"])) for e, p in conflicts]
            raise Refused(409, "Conflict", "Apply failed with %d conflict%s: %s" % (
                len(causes), "" if len(causes) == 1 else "s", "; ".join("%s: %s" % (m, f) for _, f, m in causes)), causes)
        return self.write(kind, before, merged, request, owners, subresource)

    def delete(self, kind, namespace, name, request):
        before = self.find(kind, namespace, name)
        if before is None:
            raise not_found(kind, name)
        if not request.dry:
            if before["metadata"].get("finalizers"):
                before["metadata"].setdefault("deletionTimestamp", self.now())
                self.store(kind, before)
                return before
            del self.objects[self.key(kind, namespace, name)]
            if kind.kind == "Namespace":
                self.objects = {k: o for k, o in self.objects.items() if k[2] != name}
            if kind.kind == "CustomResourceDefinition":
                gone = (before["spec"]["group"], before["spec"]["names"]["plural"])
                self.types = [t for t in self.types if (t.group, t.plural) != gone]
                self.objects = {k: o for k, o in self.objects.items() if k[:2] != gone}
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": {
            "name": name, "group": kind.group, "kind": kind.plural, "uid": before["metadata"]["uid"]}}

    def scale(self, kind, namespace, name, body, request):
        before = self.find(kind, namespace, name)
        if before is None:
            raise not_found(kind, name)
        if request.method != "GET":
            after = copy.deepcopy(before)
            if "replicas" not in body.get("spec", {}):
                raise Refused(422, "Invalid", "spec.replicas: Required value")
            after["spec"]["replicas"] = body["spec"]["replicas"]
            before = self.write(kind, before, after, request, Owners(before["metadata"].get("managedFields")), "scale")
        meta = {k: before["metadata"][k] for k in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp") if k in before["metadata"]}
        return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": meta, "spec": {"replicas": before["spec"]["replicas"]},
                "status": {"replicas": before.get("status", {}).get("replicas", 0)}}

    def list(self, kind, namespace, query):
        selector, fields = query.get("labelSelector", ""), query.get("fieldSelector", "")
        found = []
        for key in sorted(k for k in self.objects if k[:2] == (kind.group, kind.plural)):
            o = self.objects[key]
            meta = o["metadata"]
            wanted = {"metadata.name": meta["name"], "metadata.namespace": meta.get("namespace", "")}
            by_fields = all(wanted.get(part.partition("=")[0]) == part.partition("=")[2].lstrip("=") for part in fields.split(",") if part)
            if (not namespace or key[2] == namespace) and matches_labels(selector, meta.get("labels", {})) and by_fields:
                found.append(dict(copy.deepcopy(o), apiVersion=kind.group_version))
        meta = {"resourceVersion": str(self.version)}
        try:
            begin = int(base64.b64decode(query["continue"])) if query.get("continue") else 0
        except ValueError:
            raise Refused(400, "BadRequest", "continue key is not valid")
        limit = min(int(query.get("limit") or 0) or 10**9, self.settings["page"] or 10**9)
        if begin + limit < len(found):
            meta["continue"] = base64.b64encode(str(begin + limit).encode()).decode()
            meta["remainingItemCount"] = len(found) - begin - limit
        return {"kind": kind.kind + "List", "apiVersion": kind.group_version, "metadata": meta, "items": found[begin:begin + limit]}

    # --- what the server says about itself -----------------------------------------------------------------------

    def groups(self):
        result = {}
        for kind in self.types:
            versions = result.setdefault(kind.group, [])
            if kind.version not in versions:
                versions.append(kind.version)
        return result

    def verbs(self):
        return ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    def aggregated(self, core):
        items = []
        for group, versions in self.groups().items():
            if (group == "") != core:
                continue
            listed = [{"version": v, "freshness": "Current", "resources": [
                {"resource": k.plural, "responseKind": {"group": k.group, "version": k.version, "kind": k.kind},
                 "scope": "Namespaced" if k.namespaced else "Cluster", "singularResource": k.singular, "verbs": self.verbs(),
                 **({"shortNames": k.short} if k.short else {}), "subresources": [
                     {"subresource": s, "responseKind": {"group": k.group, "version": k.version, "kind": k.kind},
                      "verbs": ["get", "patch", "update"]} for s, there in (("status", k.status), ("scale", k.scale)) if there]}
                for k in self.types if (k.group, k.version) == (group, v)]} for v in versions]
            items.append({"metadata": {"name": group or None, "creationTimestamp": None}, "versions": listed})
        return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}

    def group(self, name):
        versions = [{"groupVersion": "%s/%s" % (name, v), "version": v} for v in self.groups()[name]]
        return {"name": name, "versions": versions, "preferredVersion": versions[0]}

    def resources(self, group, version):
        found = [k for k in self.types if (k.group, k.version) == (group, version)]
        if not found:
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        listed = []
        for k in found:
            listed.append({"name": k.plural, "singularName": k.singular, "namespaced": k.namespaced, "kind": k.kind, "verbs": self.verbs(),
                           **({"shortNames": k.short} if k.short else {})})
            listed += [{"name": k.plural + "/" + s, "singularName": "", "namespaced": k.namespaced, "kind": k.kind,
                        "verbs": ["get", "patch", "update"]} for s, there in (("status", k.status), ("scale", k.scale)) if there]
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": found[0].group_version, "resources": listed}

    def openapi_index(self):
        paths = {}
        for group, versions in self.groups().items():
            for v in versions:
                path = "apis/%s/%s" % (group, v) if group else "api/" + v
                paths[path] = {"serverRelativeURL": "/openapi/v3/%s?hash=%d" % (path, self.version)}
        return {"paths": paths}

    def openapi(self, group, version):
        names = ("dryRun", "fieldManager", "fieldValidation", "force")
        parameters = [{"name": n, "in": "query", "schema": {"type": "boolean" if n == "force" else "string", "uniqueItems": True}} for n in names]
        paths, schemas = {}, {}
        for k in self.types:
            if (k.group, k.version) != (group, version):
                continue
            gvk = {"group": k.group, "version": k.version, "kind": k.kind}
            base = ("/apis/%s/%s" % (group, version) if group else "/api/" + version) + ("/namespaces/{namespace}" if k.namespaced else "")
            answer = {"responses": {"200": {"description": "OK"}}, "x-kubernetes-group-version-kind": gvk}
            paths["%s/%s/{name}" % (base, k.plural)] = {
                "get": dict(answer, **{"x-kubernetes-action": "get"}),
                "patch": dict(answer, parameters=parameters, **{"x-kubernetes-action": "patch"})}
            schemas["%s.%s.%s" % (k.group or "core", k.version, k.kind)] = {
                "type": "object", "x-kubernetes-group-version-kind": [gvk], "x-kubernetes-preserve-unknown-fields": True}
        return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.35.2"}, "paths": paths, "components": {"schemas": schemas}}


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer is one packet: nobody waits for a delayed acknowledgement
    api = Api()

    def log_message(self, *arguments):
        pass

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        text = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            text += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return text

    def answer(self):
        body = self.body()
        self.method, self.warnings, self.media = self.command, [], "application/json"
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.dry = self.query.get("dryRun") == "All"
        self.validation = self.query.get("fieldValidation", "Warn")
        self.force = self.query.get("force") == "true"
        self.manager = self.query.get("fieldManager") or (self.headers.get("User-Agent") or "").split("/")[0] or "unknown"
        self.content = (self.headers.get("Content-Type") or "application/json").split(";")[0]
        self.applies = self.method == "PATCH" and self.content == "application/apply-patch+yaml"
        try:
            with self.api.lock:
                code, result = self.serve([urllib.parse.unquote(p) for p in url.path.strip("/").split("/")], body)
        except Refused as refused:
            code, result = refused.code, refused.status
        text = json.dumps(result).encode()
        self.send_response(code)
        self.send_header("Content-Type", self.media)
        self.send_header("Content-Length", str(len(text)))
        for warning in self.warnings:
            self.send_header("Warning", '299 - "%s"' % warning.replace('"', '\\"'))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    @property
    def user(self):
        return "admin" if self.server.is_admin else "driftkeeper"

    def serve(self, parts, body):
        api = self.api
        if parts == ["peer"]:
            return self.control(body)
        api.requests.append({"user": self.user, "method": self.method, "path": self.path})
        if self.user != "admin" and api.settings["refuse_credentials"]:
            raise Refused(401, "Unauthorized", "Unauthorized")
        if parts == ["version"]:
            return 200, {"major": "1", "minor": "35", "gitVersion": "v1.35.2", "platform": "linux/amd64"}
        if parts in (["api"], ["apis"]):
            return 200, self.discovery(parts == ["api"])
        if parts[:2] == ["openapi", "v3"]:
            if len(parts) == 2:
                return 200, api.openapi_index()
            return 200, api.openapi(*(parts[3:5] if parts[2] == "apis" else ["", parts[3]]))
        if parts[0] == "api" and len(parts) > 1:
            return self.resource("", parts[1], parts[2:], body)
        if parts[0] == "apis" and len(parts) == 2 and parts[1] in api.groups():
            return 200, dict(api.group(parts[1]), kind="APIGroup", apiVersion="v1")
        if parts[0] == "apis" and len(parts) > 2:
            return self.resource(parts[1], parts[2], parts[3:], body)
        raise Refused(404, "NotFound", "the server could not find the requested resource")

    def control(self, body):
        if self.user != "admin":
            raise Refused(403, "Forbidden", "only by the admin's port")
        if self.method == "GET":
            return 200, {"requests": self.api.requests, "writes": self.api.writes}
        configure(self.api, json.loads(body))
        return 200, {}

    def discovery(self, core):
        if self.api.settings["discovery"] == "aggregated" and "as=APIGroupDiscoveryList" in self.headers.get("Accept", ""):
            self.media = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            return self.api.aggregated(core)
        if core:
            return {"kind": "APIVersions", "versions": self.api.groups()[""],
                    "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}]}
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [self.api.group(g) for g in self.api.groups() if g]}

    def resource(self, group, version, parts, body):
        if not parts:
            return 200, self.api.resources(group, version)
        namespace = ""
        if parts[0] == "namespaces" and len(parts) > 2 and parts[2] not in ("status", "finalize"):
            namespace, parts = parts[1], parts[2:]
        kind = self.api.type_of(group, version, parts[0])
        name, sub = (parts + ["", ""])[1:3]
        if len(parts) > 3 or kind.namespaced != bool(namespace) and (name or not kind.namespaced):
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        if sub and not (sub == "status" and kind.status or sub == "scale" and kind.scale):
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        self.kind, self.namespace, self.name, self.sub = kind, namespace, name, sub
        return self.act(body)

    def forbids(self, verb):
        if self.user == "admin":
            return False
        asked = {"verbs": verb, "resources": self.kind.plural + ("/" + self.sub if self.sub else ""), "names": self.name, "namespaces": self.namespace,
                 "groups": self.kind.group}
        return any(all(rule.get(k, ["*"]) == ["*"] or asked[k] in rule[k] for k in asked) for rule in self.api.settings["forbid"])

    def forbidden(self, verb):
        where = 'in the namespace "%s"' % self.namespace if self.namespace else "at the cluster scope"
        full = self.kind.plural + ("." + self.kind.group if self.kind.group else "")
        return Refused(403, "Forbidden", '%s%s is forbidden: User "%s" cannot %s resource "%s" in API group "%s" %s' % (
            full, ' "%s"' % self.name if self.name else "", self.user, verb, self.kind.plural, self.kind.group, where),
            details={"name": self.name, "group": self.kind.group, "kind": self.kind.plural})

    def act(self, body):
        kind, namespace, name, api = self.kind, self.namespace, self.name, self.api
        verb = {"GET": "get" if name else "list", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}[self.method]
        if self.forbids(verb):
            raise self.forbidden(verb)
        if self.query.get("watch") in ("true", "1"):
            raise Refused(405, "MethodNotAllowed", "this server has no watches")
        if verb == "get" and self.sub != "scale":
            found = api.find(kind, namespace, name)
            if found is None:
                raise not_found(kind, name)
            return 200, found
        if verb == "list":
            return 200, api.list(kind, namespace, self.query)
        if verb == "delete":
            return 200, api.delete(kind, namespace, name, self)
        if self.user != "admin" and not self.dry and verb != "get":
            api.writes += 1
        document = {}
        if verb != "get":
            accepted = {"create": ["application/json"], "update": ["application/json"], "patch": [
                "application/apply-patch+yaml", "application/strategic-merge-patch+json", "application/merge-patch+json",
                "application/json-patch+json"]}[verb]
            if self.content not in accepted:
                raise Refused(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: "
                              + ", ".join(accepted))
            try:
                document = json.loads(body)
            except ValueError:
                raise Refused(400, "BadRequest", "the object provided is unrecognized (must be of type %s)" % kind.kind)
        if self.sub == "scale":
            return 200, api.scale(kind, namespace, name, document, self)
        if verb == "create":
            return 201, api.create(kind, namespace, document, self)
        there = api.find(kind, namespace, name) is not None
        if verb == "update":
            return 200, api.replace(kind, namespace, name, document, self, self.sub)
        return 200 if there else 201, api.patch(kind, namespace, name, document, self, self.sub)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # clients that run out of patience
            super().handle_error(request, address)


def configure(api, document):
    for key, value in document.items():
        if key == "objects":
            for o in value:
                api.preload(o)
        elif key in api.settings:
            api.settings[key] = value
        else:
            raise Refused(400, "BadRequest", "unknown setting " + key)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--config")
    options = arguments.parse_args()
    if options.config:
        with open(options.config) as file:
            configure(Request.api, json.load(file))
    servers = []
    for is_admin in (False, True):
        server = Server(("127.0.0.1", 0), Request)
        server.is_admin, server.daemon_threads = is_admin, True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    print(*[server.server_address[1] for server in servers], flush=True)
    sys.stdin.read()  # whoever started us holds the other end


if __name__ == "__main__":
    main()
