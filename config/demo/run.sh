#!/usr/bin/env bash
# The main job of driftkeeper on real input, from an empty machine: a Git repository with a Terraform stack, a live resource
# changed behind Terraform's back, the alert, the metrics, the repair and the resolve.
#   bash config/demo/run.sh            ends by itself with 0
#   bash config/demo/run.sh --keep     leaves the daemon running at the end
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

keep=no
case "${1:-}" in
    "") ;;
    --keep) keep=yes ;;
    *) echo "usage: bash config/demo/run.sh [--keep]" >&2; exit 2 ;;
esac

tool=$(command -v terraform || command -v tofu || true)
if [ -z "$tool" ]; then
    echo "The demo needs terraform or tofu on PATH; Debian has neither." >&2
    echo "Get one from developer.hashicorp.com/terraform/install or opentofu.org/docs/intro/install" >&2
    exit 1
fi

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || step() { printf '\n%s\n' "$*"; }

step "1. Install what is missing, build"
bash tests/packages.sh build provider test
cmake --preset release -DDRIFTKEEPER_TESTS=ON >/dev/null
cmake --build --preset release --target driftkeeper test_provider_mirror
driftkeeper="$root/build/release/bin/driftkeeper"
"$driftkeeper" --version

work=$(mktemp -d "${TMPDIR:-/tmp}/driftkeeper-demo.XXXXXX")
pids=()
finish() {
    status=$?
    if [ $keep = yes ] && [ $status = 0 ]; then return; fi
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    [ $status = 0 ] || { echo "The demo failed; the log of the daemon:" >&2; tail -n 20 "$work/daemon.log" >&2 || true; }
}
trap finish EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { # SECONDS WHAT COMMAND…
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $deadline ] || { echo "waited too long for $what" >&2; exit 1; }
        sleep 0.2
    done
}

step "2. A Git repository with a stack, applied with real $(basename "$tool")"
mkdir -p "$work/live" "$work/state" "$work/alerts"
export TF_CLI_CONFIG_FILE="$root/build/release/provider-mirror/terraformrc"
git init -q -b main "$work/infra"
mkdir -p "$work/infra/prod/network"
cat > "$work/infra/prod/network/main.tf" <<TF
terraform {
  required_providers {
    box = { source = "registry.terraform.io/driftkeeper/box", version = "1.0.0" }
  }
  backend "local" { path = "$work/state/network.tfstate" }
}

provider "box" { directory = "$work/live" }

resource "box_item" "firewall" {
  name    = "firewall"
  content = "allow 10.0.0.0/8"
  size    = 2
  secret  = "correct horse battery staple"
}

resource "box_item" "web" {
  name    = "web"
  content = "nginx"
  depends = box_item.firewall.id
}
TF
"$tool" -chdir="$work/infra/prod/network" init -input=false -no-color >/dev/null
"$tool" -chdir="$work/infra/prod/network" apply -input=false -auto-approve -no-color | tail -n 1
rm -rf "$work/infra/prod/network/.terraform"
git -C "$work/infra" add -A
git -C "$work/infra" -c user.name=demo -c user.email=demo@localhost commit -qm "network: firewall and web"

step "3. driftkeeper serve"
hook=$(free_port)
port=$(free_port)
python3 config/demo/receiver.py "$hook" "$work/alerts" &
pids+=($!)
cat > "$work/driftkeeper.yaml" <<YAML
state_directory: $work/driftkeeper
listen: 127.0.0.1:$port
checks: { every: 3s, confirm: 2, confirm_after: 1s }
providers:
  terraform: { program: $tool, cli_config_file: $TF_CLI_CONFIG_FILE }
repositories:
  - { name: infra, url: "$work/infra", ref: main, poll: 2s }
channels:
  - { name: chat, webhook: { url: "http://127.0.0.1:$hook/" } }
YAML
"$driftkeeper" config check "$work/driftkeeper.yaml"
"$driftkeeper" serve --config "$work/driftkeeper.yaml" 2> "$work/daemon.log" &
pids+=($!)
ask() { "$driftkeeper" "$@" --config "$work/driftkeeper.yaml"; }
metric() { curl -sf "http://127.0.0.1:$port/metrics" | grep -F "$1"; }
in_sync() { metric 'driftkeeper_stack_verdict{repository="infra",stack="infra/prod/network",provider="terraform",verdict="in_sync"} 1'; }
await 60 "the first check" in_sync
ask stacks

step "4. Somebody opens the firewall behind Terraform's back"
object="$work/live/box_item/firewall.json"
cp "$object" "$work/firewall.before"
sed -i 's#allow 10.0.0.0/8#allow 0.0.0.0/0#' "$object"
alert() { ls "$work"/alerts/*-opened.json; }
await 60 "the alert" alert

step "5. What the daemon shows"
ask show infra/prod/network
metric 'driftkeeper_stack_drifts{' | grep -v ' 0$'
metric driftkeeper_incidents_open{ | grep -v ' 0$'

step "6. Somebody restores it"
cp "$work/firewall.before" "$object"
resolved() { ls "$work"/alerts/*-resolved.json; }
await 60 "the resolve" resolved
await 60 "the clean check" in_sync
ask stacks

step "Done. Everything lies in $work: infra/ (the repository), live/ (the resources), alerts/ (what was sent),"
echo "daemon.log, driftkeeper.yaml, driftkeeper/ (the daemon's state)."
if [ $keep = yes ]; then
    echo "Still running: http://127.0.0.1:$port/ . End it with: kill ${pids[*]}"
    trap - EXIT
fi
