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
provider/provider provider driftkeeper.test/real/provider
provider/time provider github.com/hashicorp/terraform-provider-time
terraform-1.14/terraform terraform-1.14 github.com/hashicorp/terraform -X github.com/hashicorp/terraform/version.dev=no
END
}

# PROGRAM  ADDRESS  VERSION: what the mirror of providers holds. One program is all providers of ours; its file's name says which.
providers() {
    cat <<'END'
provider hashicorp/archive 2.7.1
provider hashicorp/null 3.2.4
provider cyrilgdn/postgresql 1.26.0
provider driftkeeper/lab5 1.0.0
provider driftkeeper/lab6 1.0.0
provider driftkeeper/labhuge 1.0.0
time hashicorp/time 0.14.2
END
}

if [ "${1:-}" = --list ]; then
    programs | while read -r name _; do echo "$name $real/$name"; done
    exit 0
fi

go=$(command -v go || true)
[ -n "$go" ] || for candidate in /usr/local/go/bin/go; do [ -x "$candidate" ] && go=$candidate; done
while read -r name module package words; do
    wanted=$( (find "$here/$module" -type f | LC_ALL=C sort | xargs cat; echo "$package $words") | sha256sum | cut -c1-16)
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

while read -r program address version; do
    [ -x "$real/provider/$program" ] || continue
    folder="$real/mirror/registry.terraform.io/$address/$version/linux_amd64"
    mkdir -p "$folder"
    ln -f "$real/provider/$program" "$folder/terraform-provider-${address#*/}_v$version"
done < <(providers)
