#pragma once

#include <functional>
#include <optional>
#include <string>

#include "parsers/codeowners/codeowners.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// A file of one tree by its path from the root; nullopt: there is none.
using ReadTreeFile = std::function<Result<std::optional<std::string>>(const std::string& path)>;

struct CodeownersFile {
    Codeowners codeowners;
    std::string mistake;  // the first of them, for people: `docs/CODEOWNERS:3: …`; empty: none
};

// The CODEOWNERS of a tree, from the first place that has one; no rules when none has, or when it
// cannot be read. A file that cannot be read does not make way for the next place.
CodeownersFile readCodeowners(const ReadTreeFile& read);

}  // namespace driftkeeper
