#include "daemon/alert/decide/cause_key.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/alert/decide/moments.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostPaths = 3;  // in a subject

// The provider that a type belongs to by its prefix: box_item is one of …/box.
std::optional<std::string> upgradeOf(const Drift& drift, const StackStatus& status) {
    if (!status.last) return std::nullopt;
    const auto prefix = drift.type.substr(0, drift.type.find('_'));
    for (const auto& [provider, version] : status.last->report.evidence.providerVersions)
        if (provider.ends_with("/" + prefix)) return provider + " " + version;
    return std::nullopt;
}

// Of module.net["a"].box_item.b: net.
std::string_view outerModule(std::string_view address) {
    constexpr std::string_view prefix = "module.";
    if (!address.starts_with(prefix)) return {};
    address.remove_prefix(prefix.size());
    return address.substr(0, address.find_first_of(".["));
}

// The values stand for themselves by a digest: a channel may hide them.
std::optional<CauseKey> sameChange(const Drift& drift) {
    if (drift.attributes.empty()) return std::nullopt;
    std::string paths;
    std::uint32_t digest = 0x811c9dc5U;  // FNV-1a
    for (std::size_t i = 0; i < drift.attributes.size(); ++i) {
        const auto& attribute = drift.attributes[i];
        if (i < mostPaths) paths += (i == 0 ? " " : ", ") + attribute.path;
        const std::string& now = drift.side == Side::Git ? attribute.git : attribute.live;
        for (const char c : attribute.path + '=' + withoutMoments(now) + ';')
            digest = (digest ^ static_cast<unsigned char>(c)) * 0x01000193U;
    }
    if (drift.attributes.size() > mostPaths)
        paths += fmt::format(" and {} more", drift.attributes.size() - mostPaths);
    return CauseKey{"same_change", fmt::format("{}:{} (#{:08x})", drift.type, paths, digest)};
}

}  // namespace

std::vector<CauseKey> causeKeys(const Finding& finding, const StackStatus& status) {
    std::vector<CauseKey> keys;
    const auto& drift = finding.drift;
    if (drift.side == Side::Both) return keys;
    if (drift.change == Change::Modified && !drift.replace) {
        if (drift.cause == cause::providerUpgrade)
            if (auto upgrade = upgradeOf(drift, status))
                keys.push_back({std::string(cause::providerUpgrade), *std::move(upgrade)});
        const auto module = outerModule(drift.address);
        if (drift.side == Side::Git && !module.empty() && status.last &&
            !status.last->commit.empty())
            keys.push_back({"module_change", "module " + std::string(module) + " at " +
                                                 status.last->commit.substr(0, 12)});
        if (auto same = sameChange(drift)) keys.push_back(*std::move(same));
    }
    if (drift.cause == cause::unappliedCommit && status.last && status.last->touch) {
        const auto& touch = *status.last->touch;
        keys.push_back(
            {"same_actor", "commit " + touch.commit.substr(0, 12) + " of " + touch.author});
    }
    return keys;
}

}  // namespace driftkeeper
