#include "parsers/argocd/applied_folders.hpp"

#include <algorithm>
#include <functional>

#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/gitops/folders.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::argocd {
namespace {

using Applied = std::vector<gitops::AppliedFolder>;

// Whether a row of things fits a row of patterns, of which some stand for any number of things. In
// at most one step a pair: who writes the patterns is not trusted.
template <class Patterns, class Things, class IsAny, class Fits>
bool matches(const Patterns& patterns, const Things& things, IsAny isAny, Fits fits) {
    std::size_t pattern = 0;
    std::size_t thing = 0;
    std::size_t any =
        patterns
            .size();  // the last one that stands for any number, and from where it may take more
    std::size_t from = 0;
    while (thing < things.size()) {
        if (pattern < patterns.size() && isAny(patterns[pattern])) {
            any = pattern++;
            from = thing;
        } else if (pattern < patterns.size() && fits(patterns[pattern], things[thing])) {
            ++pattern;
            ++thing;
        } else if (any < patterns.size()) {
            pattern = any + 1;
            thing = ++from;
        } else {
            return false;
        }
    }
    while (pattern < patterns.size() && isAny(patterns[pattern])) ++pattern;
    return pattern == patterns.size();
}

bool partMatches(std::string_view pattern, std::string_view part) {
    return matches(
        pattern, part, [](char c) { return c == '*'; }, std::equal_to<char>());
}

std::vector<std::string_view> partsOf(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

// Of a Git generator's directories: `*` stands for any text of one part, `**` for any number of
// folders.
bool pathMatches(std::string_view pattern, std::string_view path) {
    return matches(
        partsOf(pattern), partsOf(path), [](std::string_view part) { return part == "**"; },
        partMatches);
}

void addSource(const Json& source, Applied& applied) {
    auto path = gitops::withoutVariables(source["path"].string());
    if (path.empty() || !source["chart"].string().empty()) return;
    applied.push_back({std::move(path), source["directory"]["recurse"].text == "true"});
}

void addSources(const Json& spec, Applied& applied) {
    addSource(spec["source"], applied);
    for (const Json& source : spec["sources"].items) addSource(source, applied);
}

// The lists `directories` of generators, however deep they lie in others (matrix, merge).
void collectDirectories(const Json& generators, std::vector<const Json*>& found) {
    for (std::size_t n = 0; n < generators.items.size(); ++n) {
        if (generators.isObject() && generators.keys[n] == "directories")
            found.push_back(&generators.items[n]);
        collectDirectories(generators.items[n], found);
    }
}

void addDirectories(const Json& generators, const std::set<std::string>& folders,
                    Applied& applied) {
    std::vector<const Json*> lists;
    collectDirectories(generators, lists);
    // The directories say which folders a path with variables stands for.
    if (!lists.empty())
        std::erase_if(applied, [](const auto& one) { return one.path.contains('*'); });
    for (const Json* list : lists)
        for (const auto& folder : folders) {
            bool isTaken = false;
            bool isExcluded = false;
            for (const Json& directory : list->items) {
                if (!pathMatches(directory["path"].string(), folder)) continue;
                (directory["exclude"].text == "true" ? isExcluded : isTaken) = true;
            }
            if (isTaken && !isExcluded) applied.push_back({folder, false});
        }
}

std::set<std::string> foldersOf(const std::vector<SourceFile>& files) {
    std::set<std::string> folders;
    for (const auto& file : files)
        for (auto folder = terraform::folderOf(file.path);
             folders.insert(folder).second && folder != ".";)
            folder = terraform::folderOf(folder);
    return folders;
}

}  // namespace

std::set<std::string> appliedFolders(const std::vector<SourceFile>& files) {
    const auto folders = foldersOf(files);
    const auto watched = gitops::filesOfStacks(argoObjects, files);
    Applied applied;
    for (const auto& file : files) {
        if (!watched.contains(file.path) || !file.text.contains(argoGroup)) continue;
        for (const Json& object : gitops::documentsOf(file.text, argoObjects).objects) {
            const Json& spec = object["spec"];
            Applied ofObject;
            addSources(spec, ofObject);
            addSources(spec["template"]["spec"], ofObject);
            addDirectories(spec["generators"], folders, ofObject);
            std::ranges::move(ofObject, std::back_inserter(applied));
        }
    }
    return gitops::appliedFolders(applied, files);
}

}  // namespace driftkeeper::argocd
