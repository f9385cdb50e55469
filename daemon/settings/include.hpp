#pragma once

#include <filesystem>
#include <list>
#include <string>
#include <string_view>

#include "daemon/settings/section.hpp"

namespace driftkeeper {

inline constexpr std::size_t mostSettingsBytes = std::size_t{1} << 20;  // of one file
inline constexpr std::size_t mostIncluded = 1000;                       // files

// A document of several files as one tree. Positions go on from file to file, as the reading counts
// them.
struct IncludedDocument {
    YamlNode root;
    bool isUnread = false;   // the first file is no YAML
    bool isPartial = false;  // a file is missing in it
};

// The first file, whose text is that of the reading.
IncludedDocument parseFirst(Reading& reading, std::string_view text);

// Merges into the document what its `include` names: globs of glob(7) from `folder` on, each one's
// files by name, every file once, `self` never. Lists are appended, mappings are merged key by key,
// and what would stand twice is a mistake, as are includes in included files and a file that is not
// there. The texts must outlive the reading.
void followIncludes(Reading& reading, const std::filesystem::path& folder,
                    const std::filesystem::path& self, IncludedDocument& document,
                    std::list<std::string>& texts);

}  // namespace driftkeeper
