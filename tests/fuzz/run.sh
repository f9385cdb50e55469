#!/bin/bash
# Builds the fuzzers and runs each for the given number of seconds (60), with the golden inputs as corpus.
# Usage: tests/fuzz/run.sh [SECONDS] [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    targets=(fuzz_argocd fuzz_canonical_json fuzz_cloudformation fuzz_codeowners fuzz_flux fuzz_hcl fuzz_http_request fuzz_kubernetes fuzz_lock_file fuzz_plan
        fuzz_plan_file fuzz_plan_stream fuzz_rules_file fuzz_schema fuzz_secrets fuzz_state fuzz_terragrunt fuzz_version fuzz_yaml_settings)
fi

command -v clang++-19 >/dev/null || {
    echo "clang++-19 is missing: apt-get install clang-19 libclang-rt-19-dev" >&2
    exit 2
}
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j2 --target "${targets[@]}"

golden=tests/parsers/terraform/golden
work=build/fuzz/corpus
corpus() { # corpus TARGET FILE…: copies the files in, under names that do not collide
    mkdir -p "$work/$1"
    local target=$1 file
    shift
    for file in "$@"; do cp "$file" "$work/$target/$(tr / _ <<<"$file")"; done
}
corpus fuzz_plan "$golden"/*/plan.json
corpus fuzz_canonical_json "$golden"/*/plan.json
corpus fuzz_cloudformation tests/fuzz/corpus/cloudformation/*
corpus fuzz_plan_stream "$golden"/*/stream.jsonl
corpus fuzz_state "$golden"/*/state_before.json
corpus fuzz_schema "$golden"/provider_schema.json
corpus fuzz_secrets tests/fuzz/corpus/secrets/*
corpus fuzz_codeowners tests/fuzz/corpus/codeowners/*
corpus fuzz_argocd tests/fuzz/corpus/argocd/*
corpus fuzz_flux tests/fuzz/corpus/flux/*
corpus fuzz_http_request tests/fuzz/corpus/http_request/*
corpus fuzz_hcl "$golden"/*/config/*.tf
corpus fuzz_yaml_settings config/driftkeeper.yaml
corpus fuzz_kubernetes tests/fuzz/corpus/kubernetes/*
corpus fuzz_rules_file tests/fuzz/corpus/rules_file/*
# A plan file is a zip of two states (and more that is not read).
if command -v zip >/dev/null; then
    mkdir -p "$work/fuzz_plan_file" "$work/zip"
    cp "$golden"/modified/state_before.json "$work/zip/tfstate"
    cp "$golden"/modified/state_before.json "$work/zip/tfstate-prev"
    (cd "$work/zip" && zip -q -0 ../fuzz_plan_file/stored tfstate tfstate-prev && zip -q ../fuzz_plan_file/deflated tfstate tfstate-prev)
fi

failed=0
for target in "${targets[@]}"; do
    echo "== $target, $seconds s"
    mkdir -p "$work/$target"
    build/fuzz/bin/"$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$target-" "$work/$target" || failed=1
done
exit $failed
