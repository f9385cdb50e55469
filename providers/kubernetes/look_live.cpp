#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "parsers/kubernetes/documents.hpp"
#include "parsers/kubernetes/manifest.hpp"
#include "parsers/kubernetes/ownership.hpp"
#include "parsers/kubernetes/relations.hpp"
#include "providers/kubernetes/look.hpp"
#include "providers/look/files.hpp"

// What a look asks the cluster for.
namespace driftkeeper::kubernetes {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t groupSize = 20;

}  // namespace

template <class Call, class Done, class Failed>
Outcome<void> Look::inParts(const Files& files, Call call, Done done, Failed failed, Alike alike) {
    std::vector<Files> parts;
    for (std::size_t at = 0; at < files.size(); at += groupSize)
        parts.emplace_back(
            files.begin() + static_cast<std::ptrdiff_t>(at),
            files.begin() + static_cast<std::ptrdiff_t>(std::min(at + groupSize, files.size())));
    std::ranges::reverse(parts);
    while (!parts.empty()) {
        const Files part = std::move(parts.back());
        parts.pop_back();
        auto result = runner_.run(call(part));
        if (!result) return std::unexpected(result.error());
        if (result->status == 0) {
            if (auto read = done(result->out); !read) return read;
            continue;
        }
        const Reason why = whyFailed(*result, secrets_);
        if (concernsAll(why)) return std::unexpected(why);
        const bool isForAll = why.code == "forbidden" && (this->*alike)(part);
        if (part.size() == 1 || isForAll) {
            for (const fs::path& file : part) failed(file, why);
            continue;
        }
        const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
        parts.emplace_back(middle, part.end());
        parts.emplace_back(part.begin(), middle);
    }
    return {};
}

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
        &Look::areAlone);
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
    Files files;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        byAddress_.emplace(wanted_[i].git.address(), i);
        files.push_back(wanted_[i].file);
    }
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

// By the name of who applies, so that what Git dropped is dropped in the answer, too.
Outcome<void> Look::dryRun() {
    const std::string chosen = optionOf(workspace_.options, "field_manager");
    std::map<std::string, Files> byManager;
    for (const Wanted& one : wanted_)
        if (one.live && !one.isUnreadable)
            byManager[applierOf(*one.live, one.git.body, chosen)].push_back(one.file);
    for (const auto& [manager, files] : byManager)
        if (auto done = dryRunBy(manager, files); !done) return done;
    return {};
}

Outcome<void> Look::dryRunBy(const std::string& manager, const Files& files) {
    return inParts(
        files, [&](const Files& part) { return dryRunCall(session_, part, manager); },
        [&](const std::string& out) -> Outcome<void> {
            auto objects = readObjects(out, tags_);
            if (!objects) return std::unexpected(reason("output_unreadable"));
            for (Object& object : *objects)
                if (Wanted* wanted = wantedAt(object.address()))
                    wanted->applied = std::move(object);
            return {};
        },
        [&](const fs::path& file, const Reason& why) { refused(*wantedFrom(file), why); },
        &Look::areOfOneType);
}

// Without an answer of the server the manifest's own fields are compared. That is enough where it
// would not say; where it says no, something is wrong with the object.
void Look::refused(Wanted& wanted, const Reason& why) {
    if (why.code != "forbidden" && why.code != "webhook") {
        wanted.isRefused = true;
        unreadable(why, wanted.git.address());
        return;
    }
    if (withoutDryRun_.insert(wanted.git.type() + why.code).second)
        warn(fmt::format(
            "{} is compared by the fields of its manifest only, because a dry run was refused: {}",
            wanted.git.type(), why.text));
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
