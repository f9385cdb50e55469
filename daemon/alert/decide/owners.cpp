#include "daemon/alert/decide/owners.hpp"

#include <filesystem>
#include <vector>

namespace driftkeeper {
namespace {

// Nobody calls a file like this, so only a wildcard or a folder can match it.
constexpr const char* someFile = "~some file~";

std::string nameOf(const std::string& word) {
    return word.starts_with('.') ? someFile + word : word;
}

}  // namespace

void addOwners(Stack& stack, const Codeowners& codeowners, std::string_view files,
               const std::string& ownFile) {
    const std::string folder = stack.path == "." || stack.path.empty() ? "" : stack.path + "/";
    if (!ownFile.empty()) {
        stack.codeOwners = codeowners.ownersOf(
            std::filesystem::path(folder + ownFile).lexically_normal().generic_string());
        std::erase(stack.codeOwners, stack.owner);
        return;
    }
    const auto ofAnyFile = codeowners.ownersOf(folder + someFile);
    stack.codeOwners = ofAnyFile;
    for (const std::string& word : splitAtBlanks(files)) {
        auto owners = codeowners.ownersOf(folder + nameOf(word));
        if (owners == ofAnyFile) continue;
        stack.codeOwners = std::move(owners);
        break;
    }
    std::erase(stack.codeOwners, stack.owner);
}

}  // namespace driftkeeper
