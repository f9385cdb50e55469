#!/usr/bin/env python3
"""Layouts after the shape of real repositories, and what tests/corpus/run.sh has to say of each.
   layouts.py PROGRAM"""
import os, pathlib, re, subprocess, sys, tempfile

OUTPUT = 'output "a" {\n  value = 1\n}\n'
BACKEND = 'terraform {\n  backend "s3" {}\n}\n'
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n"
QUEUE = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"


def module(source):
    return f'module "m" {{\n  source = "{source}"\n}}\n'


def flux(kind, group, spec):
    return f"apiVersion: {group}.toolkit.fluxcd.io/v1\nkind: {kind}\nmetadata: {{ name: a, namespace: flux-system }}\nspec: {spec}\n"


def applied(path):
    return flux("Kustomization", "kustomize",
                f"{{ path: {path}, sourceRef: {{ kind: GitRepository, name: flux-system }} }}")


# NAME: (files, stacks by kind, reasons and paths of what is left out)
LAYOUTS = {
    "a module with examples and tests": (
        {"main.tf": 'variable "name" {}\n' + OUTPUT, "modules/sub/main.tf": OUTPUT,
         "examples/simple/main.tf": module("../.."), "wrappers/main.tf": module("../"),
         "tests/setup/main.tf": OUTPUT, "tests/a.tftest.hcl": 'run "s" {\n  module {\n    source = "./tests/setup"\n  }\n}\n'},
        "none", {"example or a test": "examples/simple", "a module": "modules/sub, wrappers"}),
    "roots by environment with modules beside them": (
        {"prod/net/main.tf": BACKEND + module("../../modules/vpc"), "prod/db/main.tf": BACKEND,
         "test/net/main.tf": BACKEND + module("../../prod/net"), "modules/vpc/main.tf": OUTPUT},
        "3 terraform", {}),
    "units of Terragrunt": (
        {"root.hcl": "", "live/prod/app/terragrunt.hcl":
            'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = get_env("L", "") == "" ? "../../../modules//app" : "git::https://example.com/app"\n}\n',
         "live/prod/db/terragrunt.hcl.json": '{"terraform": {"source": "git::https://example.com/db"}}',
         "modules/app/main.tf": 'variable "name" {}\n'},
        "2 terragrunt", {}),
    "stacks of Terragrunt and of Terraform": (
        {"a/terragrunt.stack.hcl": 'stack "s" {\n  source = "git::https://example.com/stacks//s"\n  path   = "s"\n}\n',
         "b/main.tfcomponent.hcl": 'component "c" {\n  source = "./c"\n}\n', "b/c/main.tf": OUTPUT},
        "none", {"only Terragrunt knows": "a/terragrunt.stack.hcl",
                 "HCP Terraform alone plans": "b/main.tfcomponent.hcl"}),
    "a fleet of Flux": (
        {"clusters/prod/apps.yaml": applied("./apps/prod"),
         "clusters/prod/flux-system/kustomization.yaml": "resources: [gotk.yaml]\n",
         "clusters/prod/flux-system/gotk.yaml": flux("GitRepository", "source", "{ url: https://example.com }"),
         "apps/base/kustomization.yaml": "resources: [web.yaml]\n", "apps/base/web.yaml": MAP,
         "apps/prod/kustomization.yaml": "namespace: base\nresources: [../base]\n"},
        "1 flux", {"applied by Flux": "apps/prod"}),
    "apps of apps of Argo CD": (
        {"root/web.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec: { source: { repoURL: https://example.com/x, path: web }, destination: { namespace: web } }\n",
         "web/kustomization.yaml": "resources: [map.yaml]\n", "web/map.yaml": MAP,
         "rollouts/r.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: r }\n"},
        "1 argocd, 1 kubernetes", {"applied by Argo CD": "web"}),
    "overlays of kustomize beside a chart": (
        {"Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "templates/a.yaml": "kind: {{ .Kind }}\n",
         "deploy/base/kustomization.yaml": "resources: [a.yaml]\n", "deploy/base/a.yaml": MAP,
         "deploy/prod/kustomization.yaml": "resources: [../base]\n",
         "deploy/test/kustomization.yaml": "resources: [../base]\n"},
        "3 kubernetes", {}),
    "templates of CloudFormation": (
        {"net/vpc.yaml": QUEUE, "net/loop.yaml": "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::T:\n    - N\n    - [a]\n    - T${N}: { Type: AWS::SNS::Topic }\n",
         "main.yaml": "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: https://example.com/nested/db.yaml }\n",
         "nested/db.yaml": QUEUE, "schema.json": '{"properties": {"AWSTemplateFormatVersion": {}, "Resources": {}}}'},
        "3 cloudformation", {"nests by its URL": "nested"}),
    "files of other tools": (
        {"catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\n",
         "dev/kind.yaml": "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n",
         "ansible/svc.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ name }}\n",
         "env/svc.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: ${NAME}\n",
         "prod/main.tf": OUTPUT},
        "1 terraform", {"another program fills in": "ansible, env"}),
    "hidden, ignored and linked folders": (
        {".archive/old/main.tf": BACKEND, ".gitignore": "node_modules/\n", "node_modules/x/main.tf": BACKEND,
         "lib/net/main.tf": OUTPUT, "prod/main.tf": BACKEND + module("./mods/net"), "prod/mods": "-> ../lib"},
        "1 terraform", {"begins with a dot": ".archive/old"}),
    "files with mistakes": (
        {"a/main.tf": 'resource "x" {\n', "b/release.yaml": flux("HelmRelease", "helm", "{}") + "values:\n\tx: 1\n",
         "c/t.yaml": QUEUE + "    Properties: { DelaySeconds: 1\n", "d/a.yaml": MAP + "data: {x: \n"},
        "1 cloudformation, 1 flux, 1 kubernetes, 1 terraform", {}),
    "configuration that is large": (
        {"big/main.tf": OUTPUT + "#" + "x" * (5 << 20) + "\n", "small/main.tf": OUTPUT},
        "2 terraform", {"larger than the 4 MiB": "big/main.tf"}),
}


def write(folder, files):
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            os.symlink(text[3:], place)
        else:
            place.write_text(text)
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@localhost", *words], check=True)


def main():
    os.environ["DRIFTKEEPER"] = sys.argv[1]
    script = pathlib.Path(__file__).with_name("run.sh")
    mistakes = []
    with tempfile.TemporaryDirectory() as work:
        folders = {}
        for number, (name, (files, _, _)) in enumerate(LAYOUTS.items()):
            folders[name] = pathlib.Path(work, f"layout-{number}")
            write(folders[name], files)
        said = subprocess.run(["bash", script, *folders.values()], capture_output=True, text=True, check=True).stdout
    for part, (name, (_, stacks, left_out)) in zip(said.split("== ")[1:], LAYOUTS.items()):
        lines = [line.strip() for line in part.splitlines()[1:]]
        wanted = [f"stacks: {stacks}"]
        if lines[0] != wanted[0]:
            mistakes.append(f"{name}: {lines[0]}, not {wanted[0]}")
        told = [line for line in lines if line.startswith("left out")]
        for reason, paths in left_out.items():
            if not any(reason in line and line.endswith(": " + paths) for line in told):
                mistakes.append(f"{name}: nothing says that {paths} is left out ({reason}): {told}")
        if len(told) != len(left_out):
            mistakes.append(f"{name}: left out is more than is wanted: {told}")
        if not re.fullmatch(r"[\d.]+ s, [\d.]+ s of CPU, \d+ MiB", lines[-1]):
            mistakes.append(f"{name}: no time and memory: {lines[-1]}")
    print(said if mistakes else f"{len(LAYOUTS)} layouts are as they should be")
    print("\n".join(mistakes))
    return 1 if mistakes else 0


sys.exit(main())
