#include "daemon/git/touch.hpp"

#include <git2.h>

#include <chrono>

#include "parsers/json/secrets.hpp"

namespace driftkeeper {
namespace {

constexpr int mostSteps = 20'000;

std::unexpected<Error> damagedHistory() {
    return failure(Remedy::Retry, "git_damaged", "the history cannot be read: " + gitMessage());
}

Result<GitOwned<git_commit>> parentOf(git_commit* commit, unsigned index) {
    git_commit* parent = nullptr;
    if (git_commit_parent(&parent, commit, index) != 0) return damagedHistory();
    return GitOwned<git_commit>(parent);
}

// What the commit has at each path, as ids one after the other; nothing there is an empty id.
Result<std::string> contentAt(git_commit* commit, const std::vector<std::string>& paths) {
    git_tree* loaded = nullptr;
    if (git_commit_tree(&loaded, commit) != 0) return damagedHistory();
    const GitOwned<git_tree> tree(loaded);
    std::string content;
    for (const auto& path : paths) {
        git_tree_entry* entry = nullptr;
        if (path == ".") {
            content += git_oid_tostr_s(git_tree_id(tree.get()));
        } else if (git_tree_entry_bypath(&entry, tree.get(), path.c_str()) == 0) {
            content += git_oid_tostr_s(git_tree_entry_id(entry));
            git_tree_entry_free(entry);
        }
        content += ' ';
    }
    return content;
}

std::string line(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

Touch touchOf(git_commit* commit) {
    const git_signature* author = git_commit_author(commit);
    Touch touch;
    touch.commit = git_oid_tostr_s(git_commit_id(commit));
    touch.summary = withoutSecrets(line(git_commit_summary(commit)), stars());
    if (author != nullptr) {
        touch.author = line(author->name);
        touch.when = TimePoint(std::chrono::seconds(author->when.time));
    }
    return touch;
}

}  // namespace

Result<std::optional<Touch>> lastTouch(git_repository* repository, const std::string& commit,
                                       const std::vector<std::string>& paths) {
    git_oid id;
    git_commit* found = nullptr;
    if (git_oid_fromstr(&id, commit.c_str()) != 0 ||
        git_commit_lookup(&found, repository, &id) != 0)
        return failure(Remedy::Retry, "git_no_ref", "the commit is not here any more");
    GitOwned<git_commit> at(found);
    auto content = contentAt(at.get(), paths);
    if (!content) return std::unexpected(content.error());
    for (int step = 0; step < mostSteps; ++step) {
        // A parent that has the same there leads on: whoever touched it is behind that parent.
        bool leadsOn = false;
        for (unsigned i = 0; i < git_commit_parentcount(at.get()) && !leadsOn; ++i) {
            auto parent = parentOf(at.get(), i);
            if (!parent) return std::unexpected(parent.error());
            const auto before = contentAt(parent->get(), paths);
            if (!before) return std::unexpected(before.error());
            leadsOn = *before == *content;
            if (leadsOn) at = *std::move(parent);
        }
        if (!leadsOn) return touchOf(at.get());
    }
    return std::nullopt;
}

}  // namespace driftkeeper
