#include "daemon/wording/left_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostPaths = 5;

struct Row {
    std::string_view reason;
    bool isTrouble;
    std::string_view words;
};

constexpr std::array rows = {
    Row{"module", false,
        "a module: it has no backend and no state, and variables without values or a place in "
        "modules/"},
    Row{"nothing", false, "settings without anything that a plan would make"},
    Row{"example", false, "an example or a test: it has no backend and no state"},
    Row{"not_expanded", true, "a stack file of Terragrunt with units that only Terragrunt knows"},
    Row{"copied_by_stack", false, "a template that stacks of Terragrunt make units of"},
    Row{"included", false, "a file of Terragrunt that units include, and that plans nothing"},
    Row{"nothing_to_plan", false,
        "a file of Terragrunt without a source, an include or Terraform files"},
    Row{"template", false, "manifests that another program fills in"},
    Row{"terraform_stack", true, "files of Terraform Stacks, which HCP Terraform alone plans"},
    Row{"nested", false, "a template that another one nests by its URL"},
    Row{"applied_by_flux", false, "applied by Flux, and checked there"},
    Row{"applied_by_argocd", false, "applied by Argo CD, and checked there"},
    Row{"hidden", false, "below a folder whose name begins with a dot"},
    Row{"submodule", false, "a Git submodule, which the settings leave out"},
    Row{"submodule_unread", true, "a Git submodule that cannot be fetched"},
    Row{"link_outside", false, "a link that leads out of the repository"},
    Row{"repository", false, "a folder that is a repository of its own"},
    Row{"encrypted", true, "encrypted by git-crypt"},
    Row{"too_large", true, "larger than the 4 MiB that are read of one file"},
    Row{"over_budget", true, "beyond the 64 MiB that are read of one repository"},
    Row{"unreadable", true, "cannot be read"},
};

const Row* rowOf(std::string_view reason) noexcept {
    const auto* const row = std::ranges::find(rows, reason, &Row::reason);
    return row == rows.end() ? nullptr : row;
}

}  // namespace

std::string leftOutWords(std::string_view reason) {
    const Row* row = rowOf(reason);
    return std::string(row == nullptr ? reason : row->words);
}

bool isTrouble(std::string_view reason) noexcept {
    const Row* row = rowOf(reason);
    return row != nullptr && row->isTrouble;
}

std::string leftOutText(const std::vector<LeftOut>& all) {
    std::map<std::string, std::vector<std::string>> byReason;
    for (const auto& [path, reason] : all) byReason[reason].push_back(path);
    std::string text;
    for (const auto& [reason, paths] : byReason) {
        text += fmt::format("left out, {}: ", leftOutWords(reason));
        for (std::size_t n = 0; n < std::min(paths.size(), mostPaths); ++n)
            text += (n == 0 ? "" : ", ") + printable(paths[n]);
        if (paths.size() > mostPaths) text += fmt::format(" and {} more", paths.size() - mostPaths);
        text += '\n';
    }
    return text;
}

}  // namespace driftkeeper
