#pragma once

#include <string_view>

namespace driftkeeper {

// One key of a provider's own settings: below `providers.NAME` for all its stacks, below a stack's NAME for that one.
struct OptionSpec {
    enum class Kind {
        Text,
        Texts,
        File,        // on this host
        InnerPath,   // of the repository, from the stack's folder
        InnerPaths,  // the same, a list
        Word,        // one of `words`
        Flag,
        Number,   // 0 to 1,000,000
        Duration  // at least a second
    };
    std::string_view key;
    Kind kind = Kind::Text;
    std::string_view words{};  // separated by blanks
};

}  // namespace driftkeeper
