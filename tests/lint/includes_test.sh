#!/usr/bin/env bash
# The include lint finds what it must find: each line is a file, an include, and whether it is a breach.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
while IFS='|' read -r file include wanted; do
    rm -rf "$work"/*
    mkdir -p "$work/parsers" "$work/providers" "$work/daemon" "$work/$(dirname "$file")"
    echo "#include $include" > "$work/$file"
    if bash "$here/includes.sh" "$work" >/dev/null; then got=fine; else got=breach; fi
    if [ "$got" != "$wanted" ]; then echo "$file: #include $include is $got, must be $wanted"; failed=1; fi
done <<'TABLE'
parsers/json/a.cpp|"parsers/result.hpp"|fine
parsers/json/a.cpp|"providers/provider.hpp"|breach
parsers/yaml/a.cpp|<yaml.h>|fine
parsers/yaml/a.hpp|<yaml.h>|breach
parsers/terraform/a.cpp|<yaml.h>|breach
providers/terraform/a.cpp|"parsers/hcl/hcl.hpp"|fine
providers/terraform/a.cpp|"daemon/model/stack.hpp"|breach
providers/terraform/a.cpp|<boost/asio/io_context.hpp>|breach
daemon/git/a.cpp|"daemon/store/store.hpp"|breach
daemon/git/a.cpp|"daemon/model/stack.hpp"|fine
daemon/git/a.cpp|"daemon/wording/check_text.hpp"|breach
daemon/judge/a.cpp|"daemon/git/checkouts.hpp"|breach
daemon/judge/a.cpp|"daemon/alert/alerter.hpp"|breach
daemon/model/a.hpp|"daemon/base/clock.hpp"|breach
daemon/web/a.cpp|"daemon/app.hpp"|breach
daemon/app.cpp|"daemon/web/server.hpp"|fine
daemon/api/a.cpp|"daemon/observe/overview.hpp"|fine
daemon/alert/decide/a.cpp|"daemon/store/store.hpp"|breach
daemon/alert/a.cpp|"daemon/alert/decide/routes.hpp"|fine
daemon/cellar/a.cpp|"daemon/model/stack.hpp"|breach
providers/state/a.cpp|"providers/terraform/look.hpp"|fine
providers/terraform/a.cpp|"providers/state/look.hpp"|breach
providers/look/a.cpp|"providers/catalog.hpp"|breach
daemon/commands/a.cpp|"daemon/git/checkouts.hpp"|fine
daemon/git/a.cpp|"daemon/api/api.hpp"|breach
daemon/store/a.cpp|<nlohmann/json.hpp>|fine
daemon/git/a.cpp|<nlohmann/json.hpp>|breach
daemon/app.cpp|"tests/support/temp_dir.hpp"|breach
daemon/app.cpp|"app.hpp"|breach
TABLE
exit $failed
