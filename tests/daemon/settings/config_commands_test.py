"""What `driftkeeper config` prints: config_commands_test.py PROGRAM SOURCE_DIR [CLASS…]. Reader and schema are asked the same."""
import copy
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
HERE = SOURCE / "tests/daemon/settings"


class Yaml(yaml.SafeLoader):
    """YAML 1.2 core, as the reader and editors have it: `on` and 22:00 are texts."""


Yaml.yaml_implicit_resolvers = {}
for tag, pattern, first in [("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
                            ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
                            ("int", r"[-+]?[0-9]+", "-+0123456789"),
                            ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789")]:
    Yaml.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(f"^(?:{pattern})$"), list(first))
Yaml.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def run(*words, folder=None):
    environment = {"HOME": "/h", "PATH": os.environ["PATH"], "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    return subprocess.run([PROGRAM, "config", *words], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=60)


def printed(*words):
    done = run(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def uncommented(text):
    """ "#key" is a setting, "# words" is prose."""
    return re.sub(r"^( *)#(?=[^ \n#])", r"\1", text, flags=re.M)


def sections(name):
    """Title, settings, whether a schema sees it, and what is told, of each section."""
    out = []
    for section in re.split(r"^=== ", (HERE / name).read_text(), flags=re.M)[1:]:
        title, rest = section.split("\n", 1)
        settings, told = re.split(r"^--- told", rest, flags=re.M)
        out.append((title, settings, not told.startswith(", and no schema"), told.split("\n", 1)[1]))
    return out


class Checked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(printed("schema"))
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def accepts(self, text):
        return self.validator.is_valid(yaml.load(text, Yaml))

    def errors(self, text):
        return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in self.validator.iter_errors(yaml.load(text, Yaml))]

    def read(self, text):
        """What the reader says of this file; empty: nothing is wrong. The web config file that it names is not there."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "x.yaml").write_text(text)
            done = run("check", "x.yaml", folder=folder)
            self.assertIn(done.returncode, (0, 2), done.stderr)
            elsewhere = r"^(?!x\.yaml:)\S+:1:1: .*: No such file or directory \[settings/unreadable\]\n+"
            return re.sub(elsewhere, "", done.stderr, flags=re.MULTILINE)


class Schema(Checked):
    def test_it_is_a_schema_and_the_one_that_is_shipped(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.assertEqual((SOURCE / "config/driftkeeper.schema.json").read_text(), printed("schema"),
                         "run: driftkeeper config schema > config/driftkeeper.schema.json")

    def test_no_mapping_takes_unknown_keys_and_every_key_says_what_it_is(self):
        mappings = 0

        def walk(node):
            nonlocal mappings
            if isinstance(node, dict):
                if "object" in node.get("type", []):
                    mappings += 1
                    names = "propertyNames" in node or isinstance(node["additionalProperties"], dict)
                    self.assertTrue(names or node["additionalProperties"] is False, node)
                    for key, what in node.get("properties", {}).items():
                        self.assertTrue(what.get("description"), key)
                        self.assertTrue({"type", "enum", "anyOf"} & what.keys(), key)
                for part in node.values():
                    walk(part)
            if isinstance(node, list):
                for part in node:
                    walk(part)

        walk(self.schema)
        self.assertGreater(mappings, 40)

    def test_valid_settings_are_accepted(self):
        shipped = (SOURCE / "config/driftkeeper.yaml").read_text()
        example = printed("example")
        texts = [shipped, uncommented(shipped), example, uncommented(example)]
        texts += [settings for _, settings, _, _ in sections("valid.txt")]
        for text in texts:
            with self.subTest(text=text[:300]):
                self.assertEqual(self.read(text), "")
                self.assertEqual(self.errors(text), [])

    def test_broken_settings_are_rejected_where_a_schema_can_see_it(self):
        seen = 0
        for title, settings, isSeen, _ in sections("broken.txt"):
            try:
                document = yaml.load(settings, Yaml)
            except yaml.YAMLError:
                continue  # no editor gets as far as the schema
            with self.subTest(title=title):
                self.assertEqual(self.validator.is_valid(document), not isSeen)
                seen += isSeen
        self.assertGreaterEqual(seen, 60)

    def test_the_schema_refuses_nothing_that_the_reader_takes(self):
        """Documents are the example with values moved around; what the schema refuses must be told by the reader, too."""
        seed = int(os.environ.get("SEED", "6"))
        chance = random.Random(seed)
        whole = yaml.load(uncommented(printed("example")), Yaml)
        values = ["5m", 7, True, None, "text", [], {}, ["a", "b"], "-x", "live", 0.5, "2027-01-01", "22:00", {"a": "b"}]
        refused = 0
        for number in range(60):
            document = copy.deepcopy(whole)
            section = chance.choice(sorted(document))
            document = {key: document[key] for key in document if key in (section, "channels", "repositories")}
            places = []

            def collect(node):
                for key in (list(node) if isinstance(node, dict) else range(len(node))):
                    places.append((node, key))
                    if isinstance(node[key], (dict, list)):
                        collect(node[key])

            collect(document)
            node, key = chance.choice(places)
            node[key] = chance.choice(values)
            text = json.dumps(document)
            if not self.accepts(text):
                refused += 1
                self.assertNotEqual(self.read(text), "", f"seed {seed}, document {number}: {self.errors(text)}\n{text}")
        self.assertGreater(refused, 10)


class Show(Checked):
    def secretKeys(self):
        """Every KEY of the schema that can be given as KEY_file."""
        found = set()

        def walk(node):
            if isinstance(node, dict):
                keys = node.get("properties", {})
                found.update(key for key in keys if key + "_file" in keys)
            for part in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else []):
                walk(part)

        walk(self.schema)
        return found - {"environment"}  # a mapping; environment_file is no other way to give it

    def planted(self):
        """Settings with a canary in every place that may hold a secret, the keys of it, and their number."""
        canary = {"token": "canary-canary-canary", "secret": "canary-canary-canary", "server": "smtp://canary.example",
                  "url": "https://canary.example/canary", "webhook_url": "https://canary.example/canary"}
        keys, count = set(), 0

        def plant(node):
            nonlocal count
            if isinstance(node, list):
                for part in node:
                    plant(part)
            if not isinstance(node, dict):
                return
            for key in list(node):
                base = key.removesuffix("_file")
                isSecret = base in self.secretKeys() and (key.endswith("_file") or base in canary)
                if "reconciliation_timeout" in node:  # of Argo CD: its token is in a file only
                    isSecret = False
                if key in ("environment",):
                    node[key] = {name: "canary" for name in node[key]}
                    count += len(node[key])
                elif key == "backend_config":
                    node[key] = ["file.hcl", "key=canary"]
                    count += 1
                elif isinstance(node[key], (dict, list)) and key != "program":
                    plant(node[key])
                elif isSecret and not (key == "url" and "poll" in node):
                    del node[key]
                    node[base] = canary.get(base, "canary")
                    keys.add(base)
                    count += 1
            if "poll" in node:  # a repository
                node["url"] = "https://canary@git.example.com/infra.git"
                count += 1
            if "exec" in node:
                node["exec"]["program"] = ["/bin/page", "--token=canary", "canary"]
                count += 2
            if "proxy" in node:
                node["proxy"] = "http://proxy.example:3128"  # may hold neither user nor password, and is not shown
                count += 1
            if "credentials" in node:
                node["credentials"]["username"] = "canary"
                count += 1

        document = yaml.load(uncommented(printed("example")), Yaml)
        plant(document)
        return document, keys, count

    def shown(self, document, form):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "x.yaml").write_text(json.dumps(document))
            done = run("show", "x.yaml", "--format", form, folder=folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

    def test_no_secret_is_shown_whatever_key_holds_it(self):
        document, keys, count = self.planted()
        self.assertEqual(keys, self.secretKeys())
        for form in ("yaml", "json"):
            text = self.shown(document, form)
            self.assertNotIn("canary", text)
            self.assertEqual(text.count("<hidden>"), count)

    def test_files_of_secrets_are_shown(self):
        text = self.shown(yaml.load(uncommented(printed("example")), Yaml), "yaml")
        for name in ("/run/credentials/driftkeeper.service/git", "/etc/driftkeeper/slack", "/etc/driftkeeper/prod.env",
                     "/etc/driftkeeper/heartbeat"):
            self.assertIn(name, text)

    def test_both_forms_say_the_same_and_what_is_not_given_has_its_default(self):
        document = {"checks": {"every": "5m"}, "repositories": {"name": "a", "url": "/r"}}
        asYaml, asJson = self.shown(document, "yaml"), self.shown(document, "json")
        self.assertEqual(yaml.load(asYaml, Yaml), json.loads(asJson))
        shown = json.loads(asJson)
        self.assertEqual(shown["checks"]["every"], "5m")
        self.assertEqual(shown["checks"]["timeout"], "30m")
        self.assertEqual(shown["state_directory"], "/h/.local/state/driftkeeper")
        self.assertEqual(shown["listen"], "127.0.0.1:9743")
        self.assertEqual(shown["repositories"],
                         [{"name": "a", "url": "/r", "poll": "1m", "discover": {"include": ["**"]}, "allow_ignores": True,
                           "submodules": True, "network": {"metadata": "deny"}}])
        whole = yaml.load(uncommented(printed("example")), Yaml)
        self.assertEqual(yaml.load(self.shown(whole, "yaml"), Yaml), json.loads(self.shown(whole, "json")))

    def test_what_is_shown_without_secrets_is_settings_again(self):
        document = {"checks": {"every": "5m", "confirm": 3}, "repositories": {"name": "true", "url": "/r", "ref": "1.0"},
                    "channels": [{"name": "c", "values": "hide", "slack": {"webhook_url_file": "/s"}}],
                    "routes": [{"channels": "c", "digest": {"every": "week", "on": "fri"}, "match": {"stack": "a: b/**"}}],
                    "mutes": [{"name": "m", "from": "22:00", "to": "24:00", "days": ["sat"]}]}
        once = self.shown(document, "yaml")
        self.assertEqual(self.read(once), "")
        self.assertEqual(self.errors(once), [])
        self.assertEqual(self.shown(yaml.load(once, Yaml), "yaml"), once)

    def test_included_files_are_part_of_it(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "conf.d").mkdir()
            pathlib.Path(folder, "x.yaml").write_text("include: conf.d/*.yaml\n")
            pathlib.Path(folder, "conf.d/a.yaml").write_text("repositories: [{ name: a, url: /r }]\n")
            done = run("show", "x.yaml", folder=folder)
            self.assertIn("- name: a\n", done.stdout)

    def test_mistakes_are_told_instead(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "x.yaml").write_text("chekcs: {}\n")
            done = run("show", "x.yaml", folder=folder)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("did you mean checks?", done.stderr)


class Check(Checked):
    def checked(self, text):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "x.yaml").write_text(text)
            done = run("check", "x.yaml", "--format", "json", folder=folder)
            return done.returncode, json.loads(done.stdout)

    def test_mistakes_come_as_json(self):
        status, answer = self.checked("checks:\n  evry: 5m\nlisten: x\n")
        self.assertEqual(status, 2)
        first, second = answer["mistakes"]
        self.assertEqual(first, {"file": "x.yaml", "line": 2, "column": 3, "key_path": "checks.evry",
                                 "code": "settings/unknown_key", "message": "unknown key evry; did you mean every?"})
        self.assertEqual((second["line"], second["column"], second["code"]), (3, 9, "settings/bad_listen"))

    def test_no_mistakes_are_an_empty_list(self):
        self.assertEqual(self.checked("checks:\n  every: 5m\n"), (0, {"version": 1, "mistakes": []}))

    def test_text_and_json_tell_the_same(self):
        for title, settings, _, told in sections("broken.txt")[::10]:
            with self.subTest(title=title):
                _, answer = self.checked(settings)
                heads = [f"{m['file']}:{m['line']}:{m['column']}: {m['message']} [{m['code']}]" for m in answer["mistakes"]]
                self.assertEqual(heads, [line for line in told.split("\n") if line.startswith("x.yaml:")])

    def test_the_example_names_every_key_and_means_the_defaults(self):
        text = printed("example")
        keys = set()

        def walk(node):
            if isinstance(node, dict):
                keys.update(node.get("properties", {}))
            for part in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else []):
                walk(part)

        walk(self.schema)
        named = set(re.findall(r"([a-z_]+):", text))
        missing = {key for key in keys - named if key + "_file" not in named}
        self.assertEqual({key for key in missing if not (key.endswith("_file") and key[:-5] in named)}, set())
        self.assertEqual(self.read(text), "")
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("example.yaml", text), ("none.yaml", "")):
                pathlib.Path(folder, name).write_text(content)
            shown = [run("show", name, folder=folder).stdout for name in ("example.yaml", "none.yaml")]
        self.assertEqual(shown[0], shown[1])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
