#!/bin/sh
# lay_out_mirror.sh BINARY FOLDER: puts the provider where terraform finds it, in two versions, unpacked into
# FOLDER/provider-mirror and packed into FOLDER/provider-mirror-zip, each with CLI settings beside it. A third version,
# unpacked, knows one attribute more (schema.hpp); being a beta it comes only where a stack names it.
set -eu
binary=$1
folder=$2
name=registry.terraform.io/driftkeeper/box
rm -rf "$folder/provider-mirror" "$folder/provider-mirror-zip"
mkdir -p "$folder/provider-mirror-zip/$name"
for version in 1.0.0 1.1.0; do
    unpacked=$folder/provider-mirror/$name/$version/linux_amd64
    mkdir -p "$unpacked"
    cp "$binary" "$unpacked/terraform-provider-box_v$version"
    # A packed provider is the unpacked folder in one file; no time stamps, so that it is the same each time.
    touch -d @1700000000 "$unpacked/terraform-provider-box_v$version"
    (cd "$unpacked" && TZ=UTC zip -q -X "$folder/provider-mirror-zip/$name/terraform-provider-box_${version}_linux_amd64.zip" \
        "terraform-provider-box_v$version")
done
beta=$folder/provider-mirror/$name/2.0.0-beta1/linux_amd64
mkdir -p "$beta"
cp "$binary" "$beta/terraform-provider-box_v2.0.0-beta1"
for mirror in provider-mirror-zip provider-mirror; do
    cat >"$folder/$mirror/terraformrc" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$folder/$mirror"
  }
}
END
done
