#!/usr/bin/env bash
# Prints what driftkeeper costs against the tools' own minimum, as ratios of the same run. Asserts nothing.
#   bash tests/bench/run.sh [RUNS]      medians of RUNS (default 5)
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-5}
bash tests/packages.sh build provider test
cmake --preset release >/dev/null
cmake --build --preset release --target driftkeeper test_provider_mirror bench_plan_parse bench_estate bench_page bench_room bench_checkout bench_discovery >/dev/null
driftkeeper=$PWD/build/release/bin/driftkeeper
export TF_CLI_CONFIG_FILE=$PWD/build/release/provider-mirror/terraformrc CHECKPOINT_DISABLE=1
work=$(mktemp -d)
daemon=""
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; rm -rf "$work"' EXIT

# median WALL and CPU seconds of a command (its exit status does not matter: drift is 1)
measure() {
    local TIMEFORMAT='%R %U %S' i
    for ((i = 0; i < runs; i++)); do
        { time "$@" >/dev/null 2>&1 || true; } 2>&1 | tail -n 1
    done | awk '{ wall[NR] = $1; cpu[NR] = $2 + $3 }
        function median(list, n,   i, j, t) { for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t } return list[int((n + 1) / 2)] }
        END { printf "%.3f %.3f\n", median(wall, NR), median(cpu, NR) }'
}
ratio() { # NAME "WALL CPU" "BASE_WALL BASE_CPU" LIMIT
    awk -v n="$1" -v a="$2" -v b="$3" -v limit="$4" 'BEGIN { split(a, x); split(b, y)
        printf "%-34s wall %7.3f s / %7.3f s = %.2f   cpu %7.3f s / %7.3f s = %.2f   (aim: %s)\n", n, x[1], y[1], x[1] / y[1], x[2], y[2], x[2] / y[2], limit }'
}
bare() { terraform -chdir="$1" plan -input=false -lock=false -out="$work/plan" -no-color && terraform -chdir="$1" show -json "$work/plan"; }

stack() { # FOLDER LIVE COUNT
    mkdir -p "$1" "$2"
    {
        printf 'terraform {\n  required_providers {\n    box = { source = "driftkeeper/box", version = "1.0.0" }\n  }\n}\nprovider "box" { directory = "%s" }\n' "$2"
        for ((i = 0; i < $3; i++)); do printf 'resource "box_item" "r%d" {\n  name    = "r%d"\n  content = "content of number %d"\n  size    = %d\n}\n' $i $i $i $i; done
    } > "$1/main.tf"
    terraform -chdir="$1" init -input=false -no-color >/dev/null
    terraform -chdir="$1" apply -input=false -auto-approve -no-color -parallelism=4 >/dev/null
}

echo "== check against bare terraform plan -out + show -json, median of $runs"
for count in 1 100 1000; do
    stack "$work/s$count" "$work/live$count" "$count"
    base=$(measure bare "$work/s$count")
    ratio "clean, $count resources" "$(measure "$driftkeeper" check "$work/s$count")" "$base" "<= 1.05"
    sed -i 's/content of number 0/changed/' "$work/live$count/box_item/r0.json"
    base=$(measure bare "$work/s$count")
    ratio "one drifted, $count resources" "$(measure "$driftkeeper" check "$work/s$count")" "$base" "<= $([ "$count" = 1 ] && echo 1.25 || echo 1.05)"
done

echo "== the room of a call"
build/release/bin/bench_room

echo "== plan JSON of 100 MB"
build/release/bin/bench_plan_parse

echo "== the graph over 1,000 stacks of 100 resources"
build/release/bin/bench_estate

echo "== the sources of 1,000 stacks of one repository of 10,000 files"
build/release/bin/bench_checkout

echo "== the stacks of one repository of 21,672 files"
build/release/bin/bench_discovery

echo "== a view of the page, 5,000 stacks"
build/release/bin/bench_page

echo "== a daemon with 1,000 stacks, idle"
git init -q -b main "$work/fleet"
for ((i = 0; i < 1000; i++)); do
    mkdir -p "$work/fleet/s$i"
    echo 'resource "terraform_data" "a" {}' > "$work/fleet/s$i/main.tf"
done
git -C "$work/fleet" add -A
git -C "$work/fleet" -c user.name=bench -c user.email=bench@localhost commit -qm fleet
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$work/fleet.yaml" <<YAML
state_directory: $work/fleet-state
listen: 127.0.0.1:$port
checks: { every: 7d, parallel: 1 }
providers: { terraform: { program: /bin/false } }
repositories:
  - { name: fleet, url: "$work/fleet", ref: main, poll: 1d }
YAML
"$driftkeeper" serve --config "$work/fleet.yaml" 2> "$work/fleet.log" &
daemon=$!
checked() { curl -s "http://127.0.0.1:$port/metrics" | awk '/^driftkeeper_checks_total/ { n += $2 } END { exit n < 1000 }'; }
for ((i = 0; i < 300; i++)); do checked && break; sleep 1; done
sleep 2
awk '/^VmRSS/ { printf "resident: %.1f MiB   (aim: <= 40)\n", $2 / 1024 }' "/proc/$daemon/status"
for ((i = 0; i < 20; i++)); do curl -s -o /dev/null -w '%{time_total}\n' "http://127.0.0.1:$port/metrics"; done | sort -n |
    awk '{ t[NR] = $1 } END { printf "scrape: median %.1f ms, worst of 20 %.1f ms   (aim: <= 20)\n", t[int(NR / 2)] * 1000, t[NR] * 1000 }'
kill "$daemon"; wait "$daemon" || true; daemon=""

echo "== 200 unchanged stacks, second round, against a shell loop of init + plan"
git init -q -b main "$work/many"
for ((i = 0; i < 200; i++)); do
    mkdir -p "$work/many/s$i"
    printf 'terraform {\n  required_providers {\n    box = { source = "driftkeeper/box", version = "1.0.0" }\n  }\n  backend "local" { path = "%s" }\n}\nprovider "box" { directory = "%s" }\nresource "box_item" "a" { name = "s%d" }\n' \
        "$work/states/s$i.tfstate" "$work/live-many" $i > "$work/many/s$i/main.tf"
done
mkdir -p "$work/live-many" "$work/states"
terraform -chdir="$work/many/s0" init -input=false -no-color >/dev/null
for ((i = 0; i < 200; i++)); do
    [ $i = 0 ] || cp "$work/many/s0/.terraform.lock.hcl" "$work/many/s$i/"
    terraform -chdir="$work/many/s$i" init -input=false -no-color >/dev/null
    terraform -chdir="$work/many/s$i" apply -input=false -auto-approve -no-color >/dev/null
done
loop() { for ((i = 0; i < 200; i++)); do terraform -chdir="$work/many/s$i" init -input=false -no-color; terraform -chdir="$work/many/s$i" plan -input=false -lock=false -detailed-exitcode -no-color; done; }
runs=1
base=$(measure loop)
printf '.terraform\n' > "$work/many/.gitignore"
git -C "$work/many" add -A
git -C "$work/many" -c user.name=bench -c user.email=bench@localhost commit -qm many
sed -e "s#name: fleet, url: \"$work/fleet\"#name: many, url: \"$work/many\"#" -e "s#fleet-state#many-state#" \
    -e "s#/bin/false#terraform, cli_config_file: $TF_CLI_CONFIG_FILE#" -e 's/every: 7d, parallel: 1/every: 7d, parallel: 2/' "$work/fleet.yaml" > "$work/many.yaml"
"$driftkeeper" serve --config "$work/many.yaml" 2> "$work/many.log" &
daemon=$!
count() { curl -s "http://127.0.0.1:$port/metrics" | awk '/^driftkeeper_checks_total/ { n += $2 } END { print n + 0 }'; }
cpu() { awk '{ print ($14 + $15 + $16 + $17) / 100 }' "/proc/$daemon/stat"; }
for ((i = 0; i < 600; i++)); do [ "$(count)" -ge 200 ] && break; sleep 1; done
before=$(cpu)
start=$(date +%s.%N)
token=$(cat "$work/many-state/token")
for ((i = 0; i < 200; i++)); do curl -s -o /dev/null -X POST -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1/stacks/many%2Fs$i/check"; done
for ((i = 0; i < 600; i++)); do [ "$(count)" -ge 400 ] && break; sleep 0.2; done
ratio "200 unchanged stacks" "$(awk -v a="$start" -v b="$(date +%s.%N)" -v c="$before" -v d="$(cpu)" 'BEGIN { print b - a, d - c }')" "$base" "cpu printed"
