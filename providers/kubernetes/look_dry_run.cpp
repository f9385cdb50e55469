#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "parsers/graph/cause.hpp"
#include "parsers/json/json.hpp"
#include "parsers/kubernetes/difference.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/marks.hpp"
#include "parsers/kubernetes/ownership.hpp"
#include "parsers/kubernetes/shape.hpp"
#include "providers/kubernetes/look.hpp"
#include "providers/kubernetes/look_parts.hpp"
#include "providers/look/files.hpp"

// What the server would make of Git, where that cannot be seen from what is live.
namespace driftkeeper::kubernetes {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view newNames = "driftkeeper-";

std::string newName(std::size_t index) {
    return std::string(newNames) + std::to_string(index);
}

std::optional<std::size_t> indexIn(std::string_view name) {
    if (!name.starts_with(newNames)) return std::nullopt;
    name.remove_prefix(newNames.size());
    std::size_t index = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size()) return std::nullopt;
    return index;
}

void eraseAt(Json& object, std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return erase(object, path);
    if (Json* below = find(object, path.substr(0, dot))) eraseAt(*below, path.substr(dot + 1));
}

// What the server knows no field for cannot be live: ".spec.replica: field not declared in schema".
void eraseUndeclared(Json& body, std::string_view said) {
    constexpr std::string_view mark = ": field not declared in schema";
    for (std::size_t end = said.find(mark); end != std::string_view::npos;
         end = said.find(mark, end + 1)) {
        const std::size_t begin = said.rfind(" .", end);
        if (begin != std::string_view::npos) eraseAt(body, said.substr(begin + 2, end - begin - 2));
    }
}

bool isEncrypted(const Object& object) {
    return std::ranges::any_of(object.unknown,
                               [](const auto& one) { return one.second == cause::encrypted; });
}

}  // namespace

// Live is known to be what the server would make of Git: nobody has to ask it.
bool Look::isDecided(const Wanted& one) const {
    if (one.live->owners.empty() || isLeaving(*one.live)) return isLeaving(*one.live);
    const Json git = withLive(one.git.body, one.live->body, one.git.unknown);
    if (!isAsAsked(one.live->body, git, Shape(one.live->owners))) return false;
    const std::string manager = managerOf(one);
    return std::ranges::all_of(one.live->owners, [&](const Owner& owner) {
        const bool isItsOwn =
            owner.applies && owner.manager == manager && owner.subresource.empty();
        return !isItsOwn ||
               std::ranges::all_of(ownedBeyond(owner, one.live->body, git), [&](const Path& path) {
                   return isDeployersMark(path, *one.live, {});
               });
    });
}

// By the name of who applies, so that what Git dropped is dropped in the answer, too.
Outcome<void> Look::dryRun() {
    std::map<std::string, Files> byManager;
    for (const Wanted& one : wanted_) {
        if (!one.live || one.isUnreadable || isDecided(one)) continue;
        if (!isEncrypted(one.git)) byManager[managerOf(one)].push_back(one.file);
    }
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
// would not say, and where a client's apply takes what the server's refuses; where it says no,
// something is wrong with the object.
void Look::refused(Wanted& wanted, const Reason& why) {
    if (why.text.contains("duplicate entries for key")) {
        warn(
            "a list of it names something twice, and the server does not apply that: it is "
            "compared by the fields of its manifest only",
            wanted.git.address());
        return;
    }
    if (why.code != "forbidden" && why.code != "webhook") {
        eraseUndeclared(wanted.git.body, why.text);
        wanted.isRefused = true;
        unreadable(why, wanted.git.address());
        return;
    }
    if (withoutDryRun_.insert(wanted.git.type() + why.code).second)
        warn(fmt::format(
            "{} is compared by the fields of its manifest only, because a dry run was refused: {}",
            wanted.git.type(), why.text));
}

// Where somebody put a field that Git leaves open, the server says whether everybody gets it: by a
// dry run that creates the object under a name of ours. Where it does not say, it was somebody.
Outcome<void> Look::findDefaults() {
    Files files;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const Wanted& one = wanted_[i];
        if (!one.live || one.isUnreadable || isEncrypted(one.git)) continue;
        if (!mayBeDefaults(driftsOf(one), *one.live)) continue;
        auto object = readJson(fileText(one.file).value_or(""));
        if (!object) continue;
        if (Json* meta = find(*object, "metadata")) {
            put(*meta, "name", stringOf(newName(i)));
            erase(*meta, "generateName");
        }
        files.push_back(runDirectory_ / "new" / fmt::format("{:05}.json", i));
        if (auto written = writeFile(files.back(), canonicalText(*object)); !written)
            return because(written.error(), kubectlTool);
    }
    return inParts(
        files, [&](const Files& part) { return createCall(session_, part); },
        [&](const std::string& out) -> Outcome<void> {
            auto objects = readObjects(out, tags_);
            if (!objects) return std::unexpected(reason("output_unreadable"));
            for (Object& object : *objects)
                if (const auto at = indexIn(object.name); at && *at < wanted_.size())
                    wanted_[*at].created = std::move(object);
            return {};
        },
        [](const fs::path&, const Reason&) {}, &Look::areAlone);
}

}  // namespace driftkeeper::kubernetes
