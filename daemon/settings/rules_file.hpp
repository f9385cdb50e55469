#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/ignore_rule.hpp"
#include "daemon/settings/settings_mistake.hpp"

namespace driftkeeper {

// A repository's own ignore rules, in the order in which they are asked. They count only when there
// are no mistakes; those come in the order of the file, all of them at once. Codes: as in the
// settings, and settings/ too_many_rules bad_line unsupported_version.
struct LoadedRules {
    std::vector<IgnoreRule> rules;  // REPOSITORY/NAME
    std::vector<SettingsMistake> mistakes;
};

// .driftkeeper.yaml: `version: 1` and `ignores`, the same list as in the settings. Globs over
// stacks may leave the name of the repository out. At most 256 KiB and 1,000 rules.
LoadedRules parseRulesFile(std::string_view text, const std::string& repository,
                           const std::string& fileName);

// .driftignore of driftctl: TYPE, TYPE.ID or TYPE.ID.PATH.TO.FIELD with `*`, a backslash before
// dots of an id; the last line that matches decides, and one with `!` in front tells again. A
// comment right above gives the reason. The same limits.
LoadedRules parseDriftignore(std::string_view text, const std::string& repository,
                             const std::string& fileName);

}  // namespace driftkeeper
