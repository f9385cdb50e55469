#include "daemon/alert/decide/owners.hpp"

#include <vector>

namespace driftkeeper {
namespace {

// Nobody calls a file like this, so only a wildcard or a folder can match it.
constexpr const char* someFile = "~some file~.tf";

}  // namespace

void addOwners(Stack& stack, const Codeowners& codeowners) {
    const std::string folder = stack.path == "." || stack.path.empty() ? "" : stack.path + "/";
    stack.codeOwners = codeowners.ownersOf(folder + someFile);
    std::erase(stack.codeOwners, stack.owner);
}

}  // namespace driftkeeper
