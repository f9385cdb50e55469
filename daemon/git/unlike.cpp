#include "daemon/git/unlike.hpp"

#include <algorithm>
#include <set>

#include "daemon/git/closure.hpp"
#include "daemon/git/objects.hpp"
#include "daemon/git/remote_url.hpp"

namespace driftkeeper {

namespace {

bool isWithin(std::string_view path, std::string_view folder) {
    return folder == "." || path == folder ||
           (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

// A submodule that could not be fetched counts wherever it lies in what the stack depends on; one
// that nobody wants counts where the stack leads into it.
bool needs(const Stack& stack, const std::string& submodule, bool isWanted) {
    const auto leadsInto = [&](const std::string& path) {
        return isWithin(path, submodule) || (isWanted && isWithin(submodule, path));
    };
    return leadsInto(stack.path) || std::ranges::any_of(stack.closure, leadsInto);
}

std::string words(const std::string& code, const RepositorySource& source) {
    if (code == "git_crypt") return "is encrypted by git-crypt";
    const auto& trouble = source.lfsTrouble();
    return "is kept by Git LFS" + (trouble.empty() ? std::string() : ": " + trouble);
}

// The forms of files that SOPS writes: YAML, JSON, dotenv and INI, and JSON around anything else.
bool isBySops(std::string_view text) {
    const auto has = [&](std::string_view word) { return text.find(word) != text.npos; };
    return has("ENC[AES256_GCM,data:") && (has("\nsops:") || has("\"sops\"") || has("sops_mac=") ||
                                           has("\n[sops]") || text.starts_with("sops:"));
}

bool mayBeBySops(std::string_view path) {
    constexpr std::string_view endings[] = {".yaml", ".yml",    ".json", ".env", ".ini",
                                            ".txt",  ".tfvars", ".enc",  ".sops"};
    return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

}  // namespace

std::vector<std::string> sopsFilesOf(git_odb* objects, const SourceTree& tree, const Stack& stack) {
    constexpr std::size_t most = 20, mostRead = 2000;
    constexpr std::uint64_t largest = 1U << 20U;
    std::vector<std::string> found;
    std::size_t read = 0;
    for (const auto* file : closureFiles(tree, stack, OtherStacks::Skipped)) {
        if (file->kind == TreeFile::Kind::Link || !mayBeBySops(file->path)) continue;
        if (found.size() == most || ++read > mostRead) break;
        const auto text = readBlob(objects, *file, largest);
        if (text && isBySops(*text)) found.push_back(file->path);
    }
    return found;
}

std::optional<Error> missingSubmodule(const SourceTree& tree, const Stack& stack,
                                      const RepositorySource& source) {
    for (const auto& [folder, commit] : tree.missing)
        if (needs(stack, folder, source.wantsSubmodules()))
            return Error{
                Remedy::FixSetup, "submodule_not_fetched",
                "the submodule \"" + scrubbed(folder) + "\": " + source.whyMissing(folder)};
    return std::nullopt;
}

std::optional<Error> unlikeFile(const SourceTree& tree, const Stack& stack,
                                const RepositorySource& source) {
    if (tree.unlike.empty()) return std::nullopt;
    std::set<std::string_view> paths;
    for (const auto* file : closureFiles(tree, stack, OtherStacks::Skipped))
        paths.insert(file->path);
    for (const auto& one : tree.unlike)
        if (paths.contains(one.path))
            return Error{Remedy::FixSetup, one.reason,
                         "\"" + scrubbed(one.path) + "\" " + words(one.reason, source)};
    return std::nullopt;
}

}  // namespace driftkeeper
