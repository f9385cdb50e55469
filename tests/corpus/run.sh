#!/usr/bin/env bash
# What driftkeeper sees in checked-out repositories: stacks by kind, what is left out and why, time and memory.
#   DRIFTKEEPER=build/debug/bin/driftkeeper bash tests/corpus/run.sh DIR…
set -euo pipefail
: "${DRIFTKEEPER:?the program}"
[ $# -gt 0 ] || { echo "usage: run.sh DIR…" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for folder in "$@"; do
    echo "== $folder"
    /usr/bin/env python3 - "$DRIFTKEEPER" "$folder" "$work" <<'PY'
import re, resource, subprocess, sys, time
program, folder, work = sys.argv[1:]
began = time.monotonic()
with open(work + "/settings", "w") as out, open(work + "/words", "w") as words:
    status = subprocess.run([program, "init", folder, "--output", "-"], stdout=out, stderr=words).returncode
took = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
# "  terraform:  # 3 stacks found", behind a "#" where there are no credentials yet
found = re.findall(r"^  #?([a-z]+):  # (\d+) stacks? found", open(work + "/settings").read(), re.M)
print("  stacks: " + (", ".join(f"{number} {kind}" for kind, number in sorted(found)) or "none"))
for line in open(work + "/words"):
    if line.strip().startswith("left out"):
        print("  " + line.strip())
print(f"  {took:.2f} s, {used.ru_utime + used.ru_stime:.2f} s of CPU, {used.ru_maxrss // 1024} MiB" +
      ("" if status == 0 else f", status {status}"))
PY
done
