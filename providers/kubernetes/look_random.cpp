#include <algorithm>
#include <map>

#include "parsers/kubernetes/manifest.hpp"
#include "parsers/kubernetes/unknown.hpp"
#include "providers/kubernetes/look.hpp"

// Charts that make values up: two renderings of one commit, one after the other, differ in them.
namespace driftkeeper::kubernetes {
namespace {

using ByAddress = std::map<std::string, Object>;

// By what the manifests say themselves: without a namespace that somebody fills in later.
ByAddress objectsOf(const std::vector<Manifest>& manifests, const ValueTags& tags) {
    ByAddress objects;
    for (const Manifest& manifest : manifests)
        if (auto object = objectFromYaml(manifest.text, tags)) {
            std::string address = object->address();
            objects.insert_or_assign(std::move(address), *std::move(object));
        }
    return objects;
}

}  // namespace

Outcome<void> Look::findRandom(const Sources& sources) {
    const bool isSettled = std::ranges::all_of(wanted_, [&](const Wanted& one) {
        return one.isUnreadable || (one.live && isDecided(one));
    });
    if (!sources.isChart || isSettled) return {};
    const auto again = renderAgain(workspace_, session_, runner_, secrets_);
    if (!again) return std::unexpected(again.error());
    const ByAddress first = objectsOf(sources.manifests, tags_);
    const ByAddress second = objectsOf(*again, tags_);
    std::erase_if(wanted_, [&](Wanted& one) {
        const auto nameOf = [&](const ByAddress& objects) {
            const auto at = objects.find(one.git.address());
            return at != objects.end() ? at
                                       : objects.find(addressOf(one.git.type(), "", one.git.name));
        };
        const auto was = nameOf(first), is = nameOf(second);
        if (was == first.end()) return false;
        if (is != second.end()) {
            one.git.unknown.merge(differingIn(was->second.body, is->second.body));
            return false;
        }
        warn("every rendering of the chart gives it another name: it is not compared",
             one.git.address());
        ++report_.coverage.unsupported;
        return true;
    });
    byAddress_.clear();
    for (std::size_t i = 0; i < wanted_.size(); ++i)
        byAddress_.emplace(wanted_[i].git.address(), i);
    return {};
}

}  // namespace driftkeeper::kubernetes
