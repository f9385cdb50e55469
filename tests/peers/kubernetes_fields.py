"""Field ownership of the Kubernetes API: sets of fields (FieldsV1), merging, conflicts.

After "Server-Side Apply" of the Kubernetes documentation (v1.35) and sigs.k8s.io/structured-merge-diff v6: a field is a tuple of
path elements as FieldsV1 spells them: f:NAME, k:{"name":"web"}, v:"value", and "." for an item or a map itself.

A schema is a dict: {"t": "object", "fields": {...}}, {"t": "map", "value": S}, {"t": "list", "item": S} (atomic),
{"t": "maplist", "keys": [...], "item": S} ("defaults": of its keys), {"t": "set"}, {"t": "quantity"}, {"t": "any"} (granular objects, atomic lists);
"atomic": True makes an object or a map one single field.
"""
import copy
import json

ANY = {"t": "any"}
UNOWNED = {("f:apiVersion",), ("f:kind",), ("f:metadata",), ("f:metadata", "f:name"), ("f:metadata", "f:namespace"),
           ("f:metadata", "f:creationTimestamp"), ("f:metadata", "f:selfLink"), ("f:metadata", "f:uid"),
           ("f:metadata", "f:generation"), ("f:metadata", "f:managedFields"), ("f:metadata", "f:resourceVersion")}


def child(schema, key):
    if schema["t"] == "object":
        return schema["fields"].get(key, ANY)
    if schema["t"] == "map":
        return schema["value"]
    return ANY


def is_granular(value, schema):
    return isinstance(value, dict) and value and not schema.get("atomic")


def key_of(item, schema):
    full = dict(schema.get("defaults", {}), **item)
    return "k:" + json.dumps({k: full[k] for k in sorted(schema["keys"]) if k in full}, separators=(",", ":"))


def fields_of(value, schema, at=()):
    """Every field that a value has; what belongs to nobody is left out."""
    found = set()
    if is_granular(value, schema):
        for key, below in value.items():
            if below is not None:
                found |= fields_of(below, child(schema, key), at + ("f:" + key,))
        if schema["t"] == "map":
            found.add(at + (".",))
    elif isinstance(value, list) and schema["t"] == "maplist":
        for item in value:
            here = at + (key_of(item, schema),)
            found.add(here + (".",))
            found |= fields_of(item, schema["item"], here)
    elif isinstance(value, list) and schema["t"] == "set":
        found |= {at + ("v:" + json.dumps(item),) for item in value}
    else:
        found.add(at)
    return {path for path in found if path not in UNOWNED}


def get(value, schema, path):
    """The value at a path; KeyError when it is not there."""
    for element in path:
        if element == ".":
            return True
        kind, name = element[:2], element[2:]
        if kind == "f:":
            if not isinstance(value, dict):
                raise KeyError(element)
            value, schema = value[name], child(schema, name)
        elif kind == "k:":
            value = next((i for i in value or [] if schema["t"] == "maplist" and key_of(i, schema) == element), None)
            if value is None:
                raise KeyError(element)
            schema = schema["item"]
        elif json.loads(name) not in (value or []):
            raise KeyError(element)
        else:
            return True
    return value


def same(a, b, schema, path):
    def at(value):
        try:
            return True, get(value, schema, path)
        except (KeyError, TypeError):
            return False, None
    return at(a) == at(b)


def remove(value, schema, path):
    """Takes one field out; containers that it leaves empty go too."""
    element, rest = path[0], path[1:]
    kind, name = element[:2], element[2:]
    if kind == "f:":
        if not isinstance(value, dict) or name not in value:
            return
        if rest and rest != (".",):
            remove(value[name], child(schema, name), rest)
        if not rest or value[name] in ({}, []):
            del value[name]
    elif kind == "k:" and isinstance(value, list):
        for item in [i for i in value if key_of(i, schema) == element]:
            if rest == (".",):
                value.remove(item)
            else:
                remove(item, schema["item"], rest)
    elif kind == "v:" and isinstance(value, list) and json.loads(name) in value:
        value.remove(json.loads(name))


def merge(live, applied, schema):
    """What an apply makes of a live value: maps and keyed lists are merged, all else is replaced."""
    if is_granular(applied, schema) and isinstance(live, dict):
        result = dict(live)
        for key, value in applied.items():
            if value is not None:
                result[key] = merge(live.get(key), value, child(schema, key))
        return result
    if isinstance(applied, list) and isinstance(live, list) and schema["t"] == "maplist":
        result = list(live)
        places = {key_of(item, schema): i for i, item in enumerate(result)}
        for item in applied:
            at = places.get(key_of(item, schema))
            if at is None:
                result.append(copy.deepcopy(item))
            else:
                result[at] = merge(result[at], item, schema["item"])
        return result
    if isinstance(applied, list) and isinstance(live, list) and schema["t"] == "set":
        return live + [item for item in applied if item not in live]
    return copy.deepcopy(applied)


def doubled(value, schema, at=()):
    """Items of keyed lists that have the keys of another one: (path of the list, key)."""
    if is_granular(value, schema):
        for key, below in value.items():
            yield from doubled(below, child(schema, key), at + ("f:" + key,))
    elif isinstance(value, list) and schema["t"] == "maplist":
        seen = set()
        for item in value:
            key = key_of(item, schema)
            if key in seen:
                yield at, key
            seen.add(key)
            yield from doubled(item, schema["item"], at + (key,))


def to_v1(paths):
    tree = {}
    for path in sorted(paths):
        node = tree
        for element in path:
            node = node.setdefault(element, {})
    return tree


def from_v1(tree, at=()):
    found = set()
    for element, below in tree.items():
        found |= from_v1(below, at + (element,)) if below else {at + (element,)}
    return found


def readable(path):
    """A field as conflicts name it: .spec.template.spec.containers[name="web"].image"""
    text = ""
    for element in path:
        kind, name = element[:2], element[2:]
        if kind == "f:":
            text += "." + name
        elif kind == "k:":
            text += "[" + ",".join("%s=%s" % (k, json.dumps(v)) for k, v in json.loads(name).items()) + "]"
        elif kind == "v:":
            text += "[=%s]" % name
    return text


class Owners:
    """metadata.managedFields of one object."""

    def __init__(self, entries):
        self.entries = [dict(e, paths=from_v1(e.get("fieldsV1", {}))) for e in entries or []]

    def list(self):
        return [{k: v for k, v in dict(e, fieldsType="FieldsV1", fieldsV1=to_v1(e["paths"])).items() if k != "paths"}
                for e in self.entries if e["paths"]]

    def find(self, manager, operation, version, subresource):
        for e in self.entries:
            if (e["manager"], e["operation"], e.get("subresource", "")) == (manager, operation, subresource) and \
                    (operation == "Apply" or e["apiVersion"] == version):
                return e
        return None

    def entry(self, manager, operation, version, subresource, now):
        found = self.find(manager, operation, version, subresource)
        if found is None:
            found = {"manager": manager, "operation": operation, "apiVersion": version, "time": now, "paths": set()}
            if subresource:
                found["subresource"] = subresource
            self.entries.append(found)
        found["apiVersion"] = version
        return found

    def update(self, before, after, schema, manager, version, subresource, now):
        """A write that says nothing of ownership: the manager gets every field that it changed."""
        new, old = fields_of(after, schema), fields_of(before, schema) if before else set()
        changed = {p for p in new if p not in old or not same(before, after, schema, p)}
        gone = old - new
        for e in self.entries:
            e["paths"] = {p for p in e["paths"] if p not in changed and p not in gone}
        if changed:
            mine = self.entry(manager, "Update", version, subresource, now)
            mine["paths"] |= changed
            mine["time"] = now

    def apply(self, live, applied, schema, manager, version, subresource, force, now):
        """The merged object, or the list of conflicts [(manager, version, operation, path)]."""
        mine = self.entry(manager, "Apply", version, subresource, now)
        wanted, before = fields_of(applied, schema), set(mine["paths"])
        wanted = {p for p in wanted if p[-1] != "." or p[-2][:2] == "k:"}
        merged = merge(live, applied, schema) if live else copy.deepcopy(applied)
        others = [e for e in self.entries if e is not mine]
        conflicts = [(e, p) for e in others for p in sorted(e["paths"] & wanted) if not same(live, merged, schema, p)]
        if conflicts and not force:
            return None, conflicts
        for e, p in conflicts:
            e["paths"].discard(p)
        owned = set().union(*[e["paths"] for e in others]) if others else set()
        inside = {p[:i] + (".",) for p in owned for i in range(1, len(p))}
        for path in sorted(before - wanted - owned, key=lambda p: (-len(p), p)):
            if path[-1] == "." and path in inside:
                continue
            remove(merged, schema, path)
        if before != wanted or merged != live:
            mine["time"] = now
        mine["paths"] = wanted
        return merged, []
