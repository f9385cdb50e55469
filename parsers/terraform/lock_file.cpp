#include "parsers/terraform/lock_file.hpp"

#include <algorithm>

#include "parsers/hcl/hcl.hpp"

namespace driftkeeper::terraform {

LockFile readLockFile(std::string_view text) {
    LockFile locked;
    const auto file = hcl::read(text);
    for (const auto& block : file.body.blocks) {
        if (block.type != "provider" || block.labels.size() != 1) continue;
        LockedProvider provider;
        if (const auto* version = block.attribute("version"))
            hcl::stringLiteral(version->expression, provider.version);
        if (const auto* hashes = block.attribute("hashes"))
            provider.hashes = hcl::strings(hashes->expression);
        std::ranges::sort(provider.hashes);
        locked.insert_or_assign(block.labels[0], std::move(provider));
    }
    return locked;
}

std::string selectionChange(const LockFile& before, const LockFile& after) {
    for (const auto& [address, provider] : before) {
        const auto found = after.find(address);
        if (found == after.end()) return "provider " + address + " is no longer locked";
        if (found->second.version != provider.version) {
            return "provider " + address + " was locked at " + provider.version + " and is now " +
                   found->second.version;
        }
    }
    for (const auto& [address, provider] : after) {
        if (!before.contains(address))
            return "provider " + address + " " + provider.version + " was added";
    }
    return {};
}

}  // namespace driftkeeper::terraform
