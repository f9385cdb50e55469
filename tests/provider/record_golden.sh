#!/usr/bin/env bash
# record_golden.sh BUILD_FOLDER [SITUATION…]: has real terraform and the test provider make every situation that the
# parser must judge, and stores under tests/parsers/terraform/golden/SITUATION what terraform said about it:
#   plan.json (show -json; missing when there is no plan file), stream.jsonl (plan -json), exit, config/ (what Git says),
#   config_before/ (what was applied, where it differs), state_before.json (missing: never applied).
# Everything happens in one fixed folder, and time stamps and lineages are evened out, so that a new recording differs
# only where terraform or the provider do.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${1:?usage: record_golden.sh BUILD_FOLDER [SITUATION…]}")
shift
wanted=" $* "
golden=$PWD/tests/parsers/terraform/golden
room=/tmp/driftkeeper-golden
state=$room/state/terraform.tfstate
export TF_CLI_CONFIG_FILE=$room/terraformrc TF_DATA_DIR=$room/data TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1 NO_COLOR=1

mkdir -p "$room"
cp -r "$build/provider-mirror" "$room/"
cat >"$room/terraformrc" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror { path = "$room/provider-mirror" }
}
END

# --- words ---------------------------------------------------------------------------------------------------------

# An empty stack, an empty cloud, no state.
begin() {
    name=$1
    rm -rf "$room/stack" "$room/applied" "$room/live" "$room/state" "$room/data"
    mkdir -p "$room/stack" "$room/live/lookup" "$room/state"
    cat >"$room/stack/stack.tf" <<END
terraform {
  required_providers {
    box = { source = "driftkeeper/box" }
  }
  backend "local" { path = "$state" }
}

provider "box" { directory = "$room/live" }
END
}

# git_says [FILE]: what the stack's files say from now on (stdin).
git_says() {
    local file=$room/stack/${1:-main.tf}
    mkdir -p "$(dirname "$file")"
    cat >"$file"
}

init() { terraform -chdir="$room/stack" init -input=false >"$room/log" 2>&1 || { cat "$room/log"; exit 1; }; }

apply() {
    init
    terraform -chdir="$room/stack" apply -input=false -auto-approve "$@" >"$room/log" 2>&1 || { cat "$room/log"; exit 1; }
    rm -rf "$room/applied"
    cp -r "$room/stack" "$room/applied"
}

# edit ID FILTER: changes a live object with jq.
edit() {
    local file=$room/live/box_item/$1.json
    jq "$2" "$file" >"$file.new"
    mv "$file.new" "$file"
}

# The provider's next version, from now on.
upgrade() {
    sed -i 's|source = "driftkeeper/box"|source = "driftkeeper/box", version = "2.0.0-beta1"|' "$room/stack/stack.tf"
    terraform -chdir="$room/stack" init -input=false -upgrade >"$room/log" 2>&1 || { cat "$room/log"; exit 1; }
}

vanish() { rm "$room/live/box_item/$1.json"; }
lookup() { printf '%s' "$2" >"$room/live/lookup/$1"; }
behave() { printf '%s\n' "$1" >"$room/live/behaviour.json"; }

even_out() {
    sed -E -e 's/"(@timestamp|timestamp)":"[^"]*"/"\1":"2026-11-22T19:07:00Z"/g' \
        -e 's/"lineage": "[^"]*"/"lineage": "00000000-0000-4000-8000-000000000000"/' \
        -e 's/plugin[0-9]+\.sock/plugin.sock/g'
}

record() {
    local target=$golden/$name status=0
    rm -rf "$target"
    mkdir -p "$target"
    if [ -e "$state" ]; then even_out <"$state" >"$target/state_before.json"; fi
    rm -f "$room/plan"
    terraform -chdir="$room/stack" plan -input=false -lock=false -json -out="$room/plan" >"$room/stream" 2>"$room/log" || status=$?
    even_out <"$room/stream" >"$target/stream.jsonl"
    echo "$status" >"$target/exit"
    if [ -e "$room/plan" ]; then
        terraform -chdir="$room/stack" show -json "$room/plan" | even_out >"$target/plan.json"
    fi
    cp -r "$room/stack" "$target/config"
    rm -f "$target/config/.terraform.lock.hcl"
    if [ -d "$room/applied" ] && ! diff -rq "$room/applied" "$room/stack" >"$room/log"; then
        cp -r "$room/applied" "$target/config_before"
        rm -f "$target/config_before/.terraform.lock.hcl"
    fi
    echo "recorded $name (exit $status)"
}

# One item of every kind of attribute.
every_kind() {
    cat <<'END'
resource "box_item" "web" {
  name    = "web"
  size    = 12345678901234567890123
  enabled = true
  labels  = { env = "prod", "cost center" = "42" }
  zones   = ["b", "a"]
  members = ["zoe", "adam"]
  content = "hello"
  policy  = jsonencode({ Version = "1", Allow = ["read"] })
  secret  = "canary-secret-1"

  rule {
    port   = 443
    cidrs  = ["10.0.0.0/8"]
    secret = "canary-secret-2"
  }
  rule {
    port = 80.25
    note = "plain"
  }

  grant {
    principal = "ops"
    actions   = ["read", "write"]
  }
  grant {
    principal = "dev"
    actions   = ["read"]
  }
}
END
}

two_items() {
    cat <<'END'
resource "box_item" "a" {
  name    = "a"
  content = "one"
  size    = 3
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
}
END
}

# situation NAME: true when it shall be recorded now.
situation() {
    [ "$wanted" = "  " ] || [[ $wanted == *" $1 "* ]] || return 1
    begin "$1"
}

# --- nothing differs -----------------------------------------------------------------------------------------------

if situation clean; then every_kind | git_says; apply; record; fi
if situation clean_unset; then two_items | git_says; apply; record; fi
if situation never_applied; then two_items | git_says; init; record; fi
if situation empty; then git_says </dev/null; init; record; fi
if situation churn_private; then two_items | git_says; apply; behave '{"churn_private":true}'; record; fi
if situation text_hostile; then
    printf '%s\n' 'resource "box_item" "a" {' '  name    = "a"' '  content = "line\nquote\" \\ tab\t \u0000nul? \u001b[31m <b> ünïcödé 漢 \u202e"' \
        '  labels  = { "a.b" = "1", "a b" = "2", "quo\"te" = "3", "ü" = "4", "" = "5" }' '}' | sed 's/\\u0000//' | git_says
    apply
    edit a '.labels["a.b"] = "changed" | .labels["quo\"te"] = "changed" | .content = "other \u001b[0m"'
    record
fi

# --- the live side moved -------------------------------------------------------------------------------------------

if situation modified; then two_items | git_says; apply; edit a '.content = "changed by hand"'; record; fi
if situation modified_every_kind; then
    every_kind | git_says; apply
    edit web '.enabled = false | .labels.env = "test" | .labels.extra = "new" | del(.labels["cost center"]) | .zones = ["a", "b", "c"]
        | .members = ["zoe", "eve"] | .content = null | .policy = "{\"Version\":\"1\",\"Allow\":[\"*\"]}" | .owner = "mallory" | .size = 7'
    record
fi
if situation modified_numbers; then
    git_says <<'END'
resource "box_item" "n" {
  name = "n"
  size = 12345678901234567890123

  rule { port = 0.1 }
  rule { port = 1e-9 }
  rule { port = 65535 }
}
END
    apply
    sed -i -e 's/12345678901234567890123/12345678901234567890124/' -e 's/65535/65536/' "$room/live/box_item/n.json"
    record
fi
if situation modified_nested; then
    every_kind | git_says; apply
    edit web '.rule[0].cidrs = ["0.0.0.0/0"] | .rule += [{"port": 22, "cidrs": ["0.0.0.0/0"], "note": "backdoor", "secret": null}]
        | .size = null'
    record
fi
if situation modified_set_block; then
    every_kind | git_says; apply
    edit web '.size = null | (.grant[] | select(.principal == "dev") | .actions) = ["read", "admin"]'
    record
fi
if situation set_reordered; then
    two_items | git_says
    git_says c.tf <<'END'
resource "box_item" "c" {
  name    = "c"
  members = ["x", "y", "z"]
  grant { principal = "p" }
  grant { principal = "q" }
}
END
    apply; edit c '.members |= reverse | .grant |= reverse'; record
fi
if situation deleted; then two_items | git_says; apply; vanish b; record; fi
if situation deleted_with_dependents; then two_items | git_says; apply; vanish a; record; fi
if situation sensitive_changed; then
    every_kind | git_says; apply
    edit web '.secret = "canary-secret-3" | .rule[0].secret = "canary-secret-4" | .size = null'
    record
fi
if situation sensitive_variable; then
    git_says <<'END'
variable "password" {
  type      = string
  sensitive = true
  default   = "canary-secret-5"
}

resource "box_item" "a" {
  name    = "a"
  content = "password=${var.password}"
  labels  = { plain = "shown", hidden = var.password }
  members = ["plain", var.password]
  zones   = ["zone", var.password]
}

output "password" {
  value     = var.password
  sensitive = true
}
END
    apply
    edit a '.content = "password=canary-secret-6" | .labels.hidden = "canary-secret-6" | .labels.plain = "still shown" | .members = ["plain", "canary-secret-6"] | .zones = ["other", "canary-secret-6"]'
    record
fi
if situation optional_computed_changed; then two_items | git_says; apply; edit a '.owner = "mallory"'; record; fi
if situation computed_changed; then two_items | git_says; apply; edit a '.revision = "2"'; record; fi
if situation ignore_changes; then
    git_says <<'END'
resource "box_item" "a" {
  name    = "a"
  content = "one"
  zones   = ["x"]
  labels  = { env = "prod", scaled = "1" }
  lifecycle { ignore_changes = [content, labels["scaled"]] }
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  lifecycle { ignore_changes = all }
}
END
    apply; edit a '.content = "ignored" | .labels.scaled = "9"'; edit b '.content = "ignored too"'; record
fi
if situation ignore_changes_and_drift; then
    git_says <<'END'
resource "box_item" "a" {
  name    = "a"
  content = "one"
  zones   = ["x"]
  lifecycle { ignore_changes = [content] }
}
END
    apply; edit a '.content = "ignored" | .zones = ["y"]'; record
fi
if situation cascade; then
    git_says <<'END'
resource "box_item" "a" {
  name    = "a"
  content = "one"
}

resource "box_item" "b" {
  name    = "b"
  content = box_item.a.fingerprint
}

output "fingerprint" { value = box_item.b.fingerprint }
END
    apply; edit a '.content = "changed by hand"'; record
fi
if situation zero_for_null; then two_items | git_says; apply; behave '{"zero_for_null":true}'; record; fi
if situation policy_reformatted; then
    every_kind | git_says; apply
    sed -i 's/"policy": .*/"policy": "{ \\"Version\\" : \\"1\\", \\"Allow\\" : [\\"read\\"] }",/' "$room/live/box_item/web.json"
    record
fi
if situation zero_for_null_and_drift; then
    two_items | git_says; apply; behave '{"zero_for_null":true}'; edit a '.content = "changed by hand"'; record
fi
if situation zero_for_null_and_unapplied; then
    two_items | git_says; apply; behave '{"zero_for_null":true}'
    two_items | sed 's/"two"/"two"\n  enabled = true/' | git_says
    record
fi
if situation zero_for_null_and_replace; then
    two_items | git_says; apply; behave '{"zero_for_null":true}'
    two_items | sed 's/= "b"$/= "renamed"/' | git_says
    record
fi
if situation zero_for_null_and_unwanted; then
    every_kind | git_says; apply; every_kind | sed '/secret/d' | git_says; apply
    behave '{"zero_for_null":true}'
    printf 'resource "box_item" "other" {\n  name = "other"\n}\n' | git_says; record
fi
if situation zero_for_null_and_tainted; then
    two_items | git_says; apply; behave '{"zero_for_null":true}'
    terraform -chdir="$room/stack" taint box_item.a >"$room/log"
    record
fi
if situation empty_for_unset; then
    two_items | git_says; apply; two_items | sed 's/"two"/"two"\n  policy  = ""/' | git_says; record
fi
if situation policy_reordered; then
    git_says <<'END'
resource "box_item" "a" {
  name   = "a"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["read", "write"], Principal = { AWS = ["x", "y"] } }] })
}
resource "box_item" "b" {
  name   = "b"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["read", "write"] }] })
}
END
    apply
    edit a '.policy |= (fromjson | .Statement[0] |= (.Action |= reverse | .Principal.AWS |= reverse) | tojson)'
    edit b '.policy |= (fromjson | .Statement[0] |= (.Action |= reverse | .Effect = "Deny") | tojson)'
    record
fi
if situation list_reordered; then
    git_says <<'END'
resource "box_item" "a" {
  name  = "a"
  zones = ["x", "y", "z"]
}
END
    apply; edit a '.zones |= reverse'; record
fi

# --- the Git side moved --------------------------------------------------------------------------------------------

if situation unapplied_create; then
    two_items | git_says; apply
    git_says c.tf <<'END'
resource "box_item" "c" {
  name    = "c"
  content = box_item.a.fingerprint
  secret  = "canary-secret-7"
  rule { port = 1 }
}
END
    record
fi
if situation unapplied_modify; then two_items | git_says; apply; two_items | sed 's/"two"/"three"/' | git_says; record; fi
if situation unapplied_delete; then two_items | git_says; apply; two_items | sed '/"b" {/,$d' | git_says; record; fi
if situation replace; then two_items | git_says; apply; two_items | sed 's/"a"$/"renamed"/' | git_says; record; fi
if situation replace_create_first; then
    git_says <<'END'
resource "box_item" "a" {
  name = "a"
  lifecycle { create_before_destroy = true }
}
END
    apply; sed -i 's/name = "a"/name = "a2"/' "$room/stack/main.tf"; record
fi
if situation replace_triggered; then
    two_items | git_says; apply
    two_items | sed -e 's/"one"/"uno"/' -e '/depends/a\  lifecycle { replace_triggered_by = [box_item.a.content] }' | git_says
    record
fi
if situation tainted; then
    two_items | git_says; apply
    terraform -chdir="$room/stack" taint box_item.a >"$room/log"
    record
fi
if situation tainted_and_drifted; then
    two_items | git_says; apply
    terraform -chdir="$room/stack" taint box_item.a >"$room/log"
    edit a '.content = "changed by hand"'
    record
fi
if situation output_only; then
    { two_items; echo 'output "a" { value = box_item.a.content }'; } | git_says; apply
    { two_items; echo 'output "a" { value = upper(box_item.a.content) }'; } | git_says; record
fi
if situation output_sensitive; then
    { two_items; echo 'output "a" { value = "canary-secret-8" }'; } | sed 's/-8" }/-8"\n  sensitive = true\n}/; s/{ value/{\n  value/' | git_says; apply
    { two_items; echo 'output "a" { value = "canary-secret-9" }'; } | sed 's/-9" }/-9"\n  sensitive = true\n}/; s/{ value/{\n  value/' | git_says; record
fi
data_source() {
    cat <<'END'
data "box_lookup" "image" { key = "image" }

resource "box_item" "a" {
  name    = "a"
  content = data.box_lookup.image.value
}

output "image" { value = data.box_lookup.image.value }
END
}
if situation data_source_same; then lookup image ami-1; data_source | git_says; apply; record; fi
if situation data_source_changed; then lookup image ami-1; data_source | git_says; apply; lookup image ami-2; record; fi
if situation data_source_gone; then
    lookup image ami-1; { data_source; two_items | sed -e '/"a" {/,/^}/d' -e '/depends/d'; } | git_says; apply
    rm "$room/live/lookup/image"; edit b '.content = "changed by hand"'; record
fi
if situation timestamp; then
    git_says <<'END'
resource "box_item" "a" {
  name    = "a"
  content = timestamp()
}
END
    apply; record
    # The value itself differs in each recording; only the state holds it.
    sed -i -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/2026-11-22T19:07:00Z/g' "$golden/timestamp/plan.json" "$golden/timestamp/state_before.json"
fi
if situation provider_upgrade; then two_items | git_says; apply; upgrade; record; fi
if situation provider_upgrade_and_drift; then
    two_items | git_says; apply; upgrade; edit a '.content = "changed by hand"'; record
fi
if situation never_converges_before; then two_items | git_says; apply; behave '{"never_converge":["a"]}'; record; fi
if situation never_converges; then two_items | git_says; apply; behave '{"never_converge":["a"]}'; apply; record; fi

# --- both sides ----------------------------------------------------------------------------------------------------

if situation conflict; then
    two_items | git_says; apply
    edit b '.content = "changed by hand"'
    two_items | sed 's/"two"/"three"/' | git_says; record
fi
if situation conflict_other_attribute; then
    two_items | git_says; apply
    edit a '.content = "changed by hand"'
    two_items | sed 's/size    = 3/size    = 4/' | git_says; record
fi
if situation delete_vs_modify; then
    two_items | git_says; apply
    vanish b; two_items | sed 's/"two"/"three"/' | git_says; record
fi
if situation modify_vs_delete; then
    two_items | git_says; apply
    edit b '.content = "changed by hand"'; two_items | sed '/"b" {/,$d' | git_says; record
fi
if situation modify_vs_replace; then
    two_items | git_says; apply
    edit b '.content = "changed by hand"'; two_items | sed 's/= "b"$/= "renamed"/' | git_says; record
fi
if situation hotfix; then
    two_items | git_says; apply
    edit b '.content = "hotfix"'; two_items | sed 's/"two"/"hotfix"/' | git_says; record
fi
if situation hotfix_and_more; then
    two_items | git_says; apply
    edit a '.content = "hotfix"'; two_items | sed -e 's/"one"/"hotfix"/' -e 's/size    = 3/size    = 4/' | git_says; record
fi
if situation hotfix_and_drift; then
    two_items | git_says; apply
    edit a '.content = "hotfix" | .size = 9'; two_items | sed 's/"one"/"hotfix"/' | git_says; record
fi
if situation absorbed; then
    every_kind | git_says; apply
    edit web '.labels.env = "test" | .members = ["zoe"] | .size = null'
    every_kind | sed -e 's/env = "prod"/env = "test"/' -e 's/, "adam"//' -e '/size/d' | git_says; record
fi
if situation deleted_on_both_sides; then
    two_items | git_says; apply
    vanish b; two_items | sed '/"b" {/,$d' | git_says; record
fi
if situation applied_elsewhere; then
    two_items | sed 's/"one"/"from another branch"/' | git_says; apply
    two_items | git_says; rm -rf "$room/applied"; record
fi
if situation applied_elsewhere_created; then
    { two_items; printf 'resource "box_item" "c" {\n  name = "c"\n}\n'; } | git_says; apply
    two_items | git_says; rm -rf "$room/applied"; record
fi

# --- addresses -----------------------------------------------------------------------------------------------------

counted() {
    cat <<'END'
resource "box_item" "n" {
  count   = 3
  name    = "n${count.index}"
  content = "same"
}

resource "box_item" "k" {
  for_each = { "eu west" = "one", "a.b" = "two", "quo\"te" = "three" }
  name     = "k-${each.value}"
  content  = each.key
}
END
}
if situation count_and_for_each_drifted; then
    counted | git_says; apply; edit n1 '.content = "changed"'; vanish n2; edit k-two '.content = "changed"'; vanish k-three; record
fi
if situation count_shrunk; then counted | git_says; apply; counted | sed 's/count   = 3/count   = 2/' | git_says; record; fi
if situation count_grown; then counted | git_says; apply; counted | sed 's/count   = 3/count   = 4/' | git_says; record; fi
if situation for_each_key_changed; then counted | git_says; apply; counted | sed 's/"a.b"/"b.a"/' | git_says; record; fi
if situation moved; then
    two_items | git_says; apply
    { two_items | sed -e 's/"b" {/"renamed" {/'; printf 'moved {\n  from = box_item.b\n  to   = box_item.renamed\n}\n'; } | git_says; record
fi
if situation moved_and_drifted; then
    two_items | git_says; apply
    edit b '.content = "changed by hand"'
    { two_items | sed -e 's/"b" {/"renamed" {/'; printf 'moved {\n  from = box_item.b\n  to   = box_item.renamed\n}\n'; } | git_says; record
fi
if situation moved_and_cascade; then
    two_items | git_says; apply
    edit a '.content = "changed by hand"'
    { two_items | sed -e 's/"b" {/"renamed" {/' -e 's/box_item.a.id/box_item.a.fingerprint/'
      printf 'moved {\n  from = box_item.b\n  to   = box_item.renamed\n}\n'; } | git_says; record
fi
if situation removed_block; then
    two_items | git_says; apply
    { two_items | sed '/"b" {/,$d'; } | sed '/resource "box_item" "b"/d' | git_says
    printf 'removed {\n  from = box_item.b\n  lifecycle { destroy = false }\n}\n' | git_says removed.tf; record
fi
if situation import_block; then
    two_items | git_says; apply
    printf '{"id":"c","name":"c","content":"made by hand","owner":"eve"}\n' >"$room/live/box_item/c.json"
    git_says c.tf <<'END'
import {
  to = box_item.c
  id = "c"
}

resource "box_item" "c" {
  name    = "c"
  content = "made by hand"
}
END
    record
fi
if situation import_block_differs; then
    two_items | git_says; apply
    printf '{"id":"c","name":"c","content":"made by hand","owner":"eve"}\n' >"$room/live/box_item/c.json"
    git_says c.tf <<'END'
import {
  to = box_item.c
  id = "c"
}

resource "box_item" "c" {
  name    = "c"
  content = "as Git wants it"
}
END
    record
fi
modules() {
    git_says <<'END'
module "net" {
  source = "./modules/net"
  name   = "prod"
}

module "many" {
  source   = "./modules/leaf"
  for_each = toset(["x", "y.z"])
  name     = "many-${each.key}"
}

resource "box_item" "root" {
  name    = "root"
  depends = module.net.leaf
}

output "leaf" { value = module.net.leaf }
END
    git_says modules/net/main.tf <<'END'
terraform {
  required_providers {
    box = { source = "driftkeeper/box" }
  }
}

variable "name" { type = string }

resource "box_item" "net" {
  name    = "${var.name}-net"
  content = "net"
}

module "leaf" {
  source = "../leaf"
  name   = "${var.name}-leaf"
  above  = box_item.net.id
}

output "leaf" { value = module.leaf.id }
END
    git_says modules/leaf/main.tf <<'END'
terraform {
  required_providers {
    box = { source = "driftkeeper/box" }
  }
}

variable "name" { type = string }
variable "above" {
  type    = string
  default = null
}

resource "box_item" "leaf" {
  count   = 2
  name    = "${var.name}-${count.index}"
  content = "leaf"
  depends = var.above
}

output "id" { value = box_item.leaf[0].id }
END
}
if situation modules_clean; then modules; apply; record; fi
if situation modules_drifted; then
    modules; apply; edit prod-leaf-1 '.content = "changed"'; vanish prod-net; edit many-y.z-0 '.owner = "mallory"'; record
fi
if situation modules_unapplied; then
    modules; apply; sed -i 's/content = "leaf"/content = "new leaf"/' "$room/stack/modules/leaf/main.tf"; record
fi
if situation module_removed; then
    modules; apply; sed -i '/module "many"/,/^}/d' "$room/stack/main.tf"; record
fi
if situation provider_alias; then
    git_says <<'END'
provider "box" {
  alias     = "second"
  directory = "/tmp/driftkeeper-golden/live"
  token     = "canary-secret-10"
}

resource "box_item" "a" {
  provider = box.second
  name     = "a"
}

resource "box_item" "b" { name = "b" }
END
    apply; edit a '.content = "changed by hand"'; record
fi
if situation deposed; then
    git_says <<'END'
resource "box_item" "a" {
  name = "a"
  lifecycle { create_before_destroy = true }
}
END
    apply
    sed -i 's/name = "a"/name = "a2"/' "$room/stack/main.tf"
    behave '{"fail_delete":["a"]}'
    terraform -chdir="$room/stack" apply -input=false -auto-approve >"$room/log" 2>&1 && exit 1
    rm "$room/live/behaviour.json"; rm -rf "$room/applied"; record
    # The key of a deposed object is drawn by lot.
    key=$(grep -oE '"deposed":"[0-9a-f]{8}"' "$golden/deposed/plan.json" | head -1 | cut -d'"' -f4)
    sed -i "s/$key/0123abcd/g" "$golden/deposed/"*.json*
fi

# --- trouble -------------------------------------------------------------------------------------------------------

three_items() {
    two_items
    printf 'resource "box_item" "c" {\n  name    = "c"\n  depends = box_item.b.id\n}\nresource "box_item" "d" {\n  name = "d"\n}\n'
}
if situation unreadable_next_to_drifted; then
    three_items | git_says; apply; behave '{"fail_read":["b"]}'; edit a '.content = "changed by hand"'; vanish d; record
fi
if situation unreadable_alone; then three_items | git_says; apply; behave '{"fail_read":["d"]}'; record; fi
if situation unreadable_and_unapplied; then
    three_items | git_says; apply; behave '{"fail_read":["d"]}'; three_items | sed 's/"two"/"three"/' | git_says; record
fi
if situation unreadable_and_deleted_on_both_sides; then
    three_items | git_says; apply; behave '{"fail_read":["a"]}'; vanish d; vanish c
    three_items | sed '/"d" {/,$d' | git_says; record
fi
if situation provider_crash; then three_items | git_says; apply; behave '{"crash_on_read":["d"]}'; edit a '.content = "changed"'; record; fi
if situation provider_misconfigured; then
    two_items | git_says; apply; sed -i 's/^provider "box".*/provider "box" {}/' "$room/stack/stack.tf"; record
fi
if situation warning; then two_items | git_says; apply; behave '{"warn":"this box is old"}'; record; fi
if situation check_block_failed; then
    { two_items; cat <<'END'; } | git_says
check "content" {
  data "box_lookup" "expected" { key = "expected" }
  assert {
    condition     = data.box_lookup.expected.value == box_item.a.content
    error_message = "the content is not what was expected"
  }
}
END
    lookup expected one; apply; lookup expected other; record
fi
if situation postcondition_failed; then
    git_says <<'END'
resource "box_item" "a" {
  name    = "a"
  content = "one"
  lifecycle {
    postcondition {
      condition     = self.owner == "nobody"
      error_message = "somebody owns the box"
    }
  }
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
}
END
    apply; edit a '.owner = "mallory"'; edit b '.content = "changed by hand"'; record
fi
if situation broken_syntax; then two_items | git_says; apply; echo 'resource "box_item" {' | git_says broken.tf; record; fi
if situation unknown_attribute; then two_items | git_says; apply; two_items | sed 's/size  /sizes /' | git_says; record; fi
if situation missing_variable; then two_items | git_says; apply; echo 'variable "needed" { type = string }' | git_says variables.tf; record; fi
if situation module_not_installed; then
    two_items | git_says; apply
    printf 'module "late" {\n  source = "./late"\n}\n' | git_says late.tf
    echo 'output "x" { value = 1 }' | git_says late/main.tf; record
fi

if [ "$wanted" = "  " ]; then
    begin schema; two_items | git_says; init
    terraform -chdir="$room/stack" providers schema -json >"$golden/provider_schema.json"
fi
rm -rf "$room"
