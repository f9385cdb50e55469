#include <fmt/format.h>

#include <algorithm>

#include "parsers/graph/cause.hpp"
#include "parsers/kubernetes/documents.hpp"
#include "parsers/kubernetes/manifest.hpp"
#include "parsers/kubernetes/ownership.hpp"
#include "parsers/kubernetes/relations.hpp"
#include "providers/kubernetes/look.hpp"
#include "providers/kubernetes/look_parts.hpp"
#include "providers/look/files.hpp"

// What a look asks the cluster for.
namespace driftkeeper::kubernetes {
namespace {

namespace fs = std::filesystem;

// From how many objects on a list is cheaper than asking for each: of one type in one namespace, of
// one type in all of them. A list of Secrets brings along what others keep.
constexpr std::size_t worthAList = 5;
constexpr std::size_t worthAListOfSecrets = 20;
constexpr std::size_t worthAListOfAll = 20;

bool areMany(const Object& like, std::size_t count) {
    return count >= (like.kind == "Secret" ? worthAListOfSecrets : worthAList);
}

}  // namespace

// What is forbidden for one object of a type and namespace is for the others.
bool Look::areOfOneType(const Files& files) const {
    const auto typeOf = [&](const fs::path& file) {
        const auto found = std::ranges::find(wanted_, file, &Wanted::file);
        return found == wanted_.end() ? std::string() : found->git.type() + "/" + found->git.space;
    };
    return std::ranges::all_of(
        files, [&](const fs::path& file) { return typeOf(file) == typeOf(files.front()); });
}

bool Look::areAlone(const Files& files) const {
    return files.size() == 1;
}

Outcome<void> Look::convert(const Sources& sources) {
    Files given, defaulted;
    for (std::size_t i = 0; i < sources.manifests.size(); ++i) {
        const fs::path file = runDirectory_ / "manifests" / fmt::format("{:05}.yaml", i);
        if (auto written = writeFile(file, sources.manifests[i].text); !written)
            return because(written.error(), kubectlTool);
        const bool isGiven =
            sources.ofNamespace.empty() || namesNamespace(sources.manifests[i].text);
        (isGiven ? given : defaulted).push_back(file);
    }
    if (auto done = convert(given, "", sources); !done) return done;
    return convert(defaulted, sources.ofNamespace, sources);
}

Outcome<void> Look::convert(const Files& files, const std::string& ofNamespace,
                            const Sources& sources) {
    return inParts(
        files, [&](const Files& part) { return convertCall(session_, part, ofNamespace); },
        [&](const std::string& out) { return keep(out); },
        [&](const fs::path& file, const Reason& why) {
            undecoded(sources.manifests[std::stoul(file.stem().string())], why);
        },
        &Look::areAlone, 200);  // it asks the cluster for nothing
}

// Objects as kubectl takes them again, one file each.
Outcome<void> Look::keep(std::string_view json) {
    for (const std::string_view text : splitObjects(json)) {
        auto objects = readObjects(text, tags_);
        if (!objects || objects->size() != 1) return std::unexpected(reason("output_unreadable"));
        Object& object = objects->front();
        if (object.name.empty()) {
            ++report_.coverage.unsupported;
            warn("an object of kind " + object.kind +
                 " has no name of its own (generateName) and is not compared");
            continue;
        }
        const std::string address = object.address();
        if (std::ranges::any_of(object.unknown,
                                [](const auto& one) { return one.second == cause::encrypted; }))
            warn("SOPS encrypted values of it: they are not compared", address);
        const auto [at, isNew] = byAddress_.emplace(address, wanted_.size());
        if (isNew)
            wanted_.emplace_back();
        else
            warn("there are two manifests for this object; the later one counts", address);
        const fs::path file = runDirectory_ / "objects" / fmt::format("{:05}.json", at->second);
        wanted_[at->second] = {std::move(object), file};
        if (auto written = writeFile(file, text); !written)
            return because(written.error(), kubectlTool);
    }
    return {};
}

// A manifest that kubectl cannot make an object of: what can still be said about it.
void Look::undecoded(const Manifest& manifest, const Reason& why) {
    auto object = objectFromYaml(manifest.text, tags_);
    if (!object) isAllDecoded_ = false;
    if (object && why.code == "crd_missing") {
        whyUndefined_.emplace(object->address(), why);
        undefined_.push_back(std::move(*object));
        return;
    }
    if (object) whyUndefined_.emplace(object->address(), why);
    unreadable(why, object ? object->address() : "", manifest.origin);
}

Outcome<void> Look::readLive() {
    std::ranges::stable_sort(
        wanted_, {}, [](const Wanted& one) { return one.git.type() + "/" + one.git.space; });
    byAddress_.clear();
    for (std::size_t i = 0; i < wanted_.size(); ++i)
        byAddress_.emplace(wanted_[i].git.address(), i);
    for (const auto& [space, types] : lists())
        if (auto read = readList(types, {space, ""}); !read) return read;
    Files files;
    for (const Wanted& one : wanted_)
        if (!one.isListed) files.push_back(one.file);
    return inParts(
        files, [&](const Files& part) { return getFilesCall(session_, part); },
        [&](const std::string& out) -> Outcome<void> {
            auto objects = readObjects(out, tags_);
            if (!objects) return std::unexpected(reason("output_unreadable"));
            for (Object& object : *objects)
                if (Wanted* wanted = wantedAt(object.address())) wanted->live = std::move(object);
            return {};
        },
        [&](const fs::path& file, const Reason& why) {
            Wanted& wanted = *wantedFrom(file);
            wanted.isUnreadable = true;
            unreadable(why, wanted.git.address());
        },
        &Look::areOfOneType);
}

// Namespace (empty: all of them) -> the types of which many are wanted there.
std::map<std::string, std::vector<std::string>> Look::lists() const {
    std::map<std::string, std::map<std::string, std::vector<const Object*>>> wanted;
    for (const Wanted& one : wanted_)
        wanted[resourceOf(one.git)][one.git.space].push_back(&one.git);
    std::map<std::string, std::vector<std::string>> result;
    for (const auto& [type, spaces] : wanted) {
        std::size_t scattered = 0;
        for (const auto& [space, objects] : spaces)
            if (areMany(*objects.front(), objects.size()))
                result[space].push_back(type);
            else
                scattered += objects.size();
        if (scattered >= worthAListOfAll && spaces.size() > 1 && type != "Secret.v1.")
            result[""].push_back(type);
    }
    return result;
}

// A list that may not be had costs nothing: its objects are asked for one by one then.
Outcome<void> Look::readList(const std::vector<std::string>& types, const Scope& scope) {
    auto result = runner_.run(listCall(session_, types, scope));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) {
        if (const Reason why = whyFailed(*result, secrets_); concernsAll(why))
            return std::unexpected(why);
        for (std::size_t i = 0; types.size() > 1 && i < types.size(); ++i)
            if (auto read = readList({types[i]}, scope); !read) return read;
        return {};
    }
    auto objects = readObjects(result->out, tags_);
    if (!objects) return std::unexpected(reason("output_unreadable"));
    for (Object& object : *objects)
        if (Wanted* wanted = wantedAt(object.address())) wanted->live = std::move(object);
    for (Wanted& one : wanted_)
        if (scope.ofNamespace.empty() || one.git.space == scope.ofNamespace)
            one.isListed =
                one.isListed || std::ranges::find(types, resourceOf(one.git)) != types.end();
    return {};
}

// What the last clean look asked for and this one does not.
Outcome<void> Look::findRemoved() {
    if (!lastClean_ || !isAllDecoded_) return {};
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> gone;
    for (const auto& [address, tag] : lastClean_->evidence.rendered) {
        const auto object = objectNameFrom(address);
        if (object && !isWanted(address))
            gone[{object->type, object->space}].push_back(object->name);
    }
    for (const auto& [place, names] : gone) {
        auto result = runner_.run(getCall(session_, place.first, names, place.second));
        if (!result) return std::unexpected(result.error());
        auto objects = readObjects(result->out, tags_);
        if (!objects) return std::unexpected(reason("output_unreadable"));
        std::ranges::move(*objects, std::back_inserter(removed_));
        if (result->status == 0) continue;
        const Reason why = whyFailed(*result, secrets_);
        if (concernsAll(why)) return std::unexpected(why);
        if (why.code != "crd_missing" && why.code != "namespace_missing")
            unreadable(why, addressOf(place.first, place.second, names.front()));
    }
    return {};
}

// Autoscalers of the cluster, where a number of replicas differs.
Outcome<void> Look::findAutoscalers() {
    std::set<std::string> spaces;
    for (const Wanted& one : wanted_) {
        if (const std::string target = scaleTargetOf(one.git); !target.empty())
            autoscaled_.insert(target);
        if (one.live &&
            !sameValue(one.live->body["spec"]["replicas"], one.git.body["spec"]["replicas"]))
            spaces.insert(one.live->space);
    }
    for (const std::string& space : spaces) {
        if (space.empty()) continue;
        auto result =
            runner_.run(listCall(session_, {"horizontalpodautoscalers.autoscaling"}, {space, ""}));
        if (!result) return std::unexpected(result.error());
        if (result->status != 0) {
            warn("autoscalers cannot be listed: numbers of replicas are compared as they are (" +
                 whyFailed(*result, secrets_).code + ")");
            continue;
        }
        auto objects = readObjects(result->out, tags_);
        if (!objects) return std::unexpected(reason("output_unreadable"));
        for (const Object& object : *objects)
            if (const std::string target = scaleTargetOf(object); !target.empty())
                autoscaled_.insert(target);
    }
    return {};
}

}  // namespace driftkeeper::kubernetes
