#!/usr/bin/env bash
# Builds the real programs that tests run, from Go modules pinned here (a go.mod each), into build/real. What is there is kept.
# Usage: tests/real/build.sh [--list]   --list prints each program's name and path and builds nothing.
# Without Go nothing is built: each program is named as not there, and the exit is 0, for the product needs none of them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
real="$here/../../build/real"

# NAME  MODULE-FOLDER  PACKAGE  LINKER-WORDS. A version that ends in -dev fails constraints: the linker words make it a release.
programs() {
    cat <<'END'
bin/tofu opentofu github.com/opentofu/opentofu/cmd/tofu -X github.com/opentofu/opentofu/version.dev=no
bin/terragrunt terragrunt github.com/gruntwork-io/terragrunt -X github.com/gruntwork-io/terragrunt/internal/version.Version=v1.1.3
END
}

if [ "${1:-}" = --list ]; then
    programs | while read -r name _; do echo "$name $real/$name"; done
    exit 0
fi

go=$(command -v go || true)
[ -n "$go" ] || for candidate in /usr/local/go/bin/go; do [ -x "$candidate" ] && go=$candidate; done
while read -r name module package words; do
    wanted=$(cat "$here/$module/go.mod" "$here/$module/go.sum" <(echo "$package $words") | sha256sum | cut -c1-16)
    [ -x "$real/$name" ] && [ "$(cat "$real/$name.built" 2>/dev/null)" = "$wanted" ] && continue
    if [ -z "$go" ]; then
        echo "tests/real/build.sh: not built, there is no Go: $name" >&2
        continue
    fi
    echo "Building $name (minutes the first time)" >&2
    mkdir -p "$(dirname "$real/$name")"
    # To a name of its own first: a build that is cut off leaves nothing that looks whole.
    if (cd "$here/$module" && CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false -ldflags "-s -w $words" -o "$real/$name.new" "$package"); then
        mv "$real/$name.new" "$real/$name"
        echo "$wanted" > "$real/$name.built"
    else
        echo "tests/real/build.sh: not built: $name" >&2
    fi
done < <(programs)
