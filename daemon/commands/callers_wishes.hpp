#pragma once

#include <string>
#include <vector>

#include "daemon/cli/options.hpp"
#include "parsers/source/option_spec.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/look/environment.hpp"

namespace driftkeeper {

// What the caller of `check DIR` has set for Terraform's family, on the command line and in the
// environment: `terraform plan` in that shell would heed it, and so does the check, or it says that
// it does not. A pure value.
class CallersWishes {
public:
    CallersWishes(const Options& options, const Environment& caller);

    // The options of this stack: what discovery found and what the caller wishes.
    [[nodiscard]] OptionValues of(const DiscoveredStack& stack) const;

    // For people, a line each: variables that stay unheeded for these stacks, and what to do.
    // Empty: none.
    [[nodiscard]] std::string notHeeded(const std::vector<DiscoveredStack>& stacks) const;

private:
    OptionValues wished_;
    std::vector<std::string> unheeded_;  // names of variables
};

}  // namespace driftkeeper
