#include "daemon/git/head.hpp"

#include <git2.h>

#include "daemon/git/libgit.hpp"
#include "daemon/git/remote_url.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view remoteHeads = "refs/remotes/origin/";

// Asked of the configuration by its whole key: a look-up of the remote goes by patterns, which leak
// (mirror.cpp).
std::string urlOf(git_repository* repository) {
    git_config* configuration = nullptr;
    if (git_repository_config_snapshot(&configuration, repository) != 0) return {};
    const char* text = nullptr;
    const bool isSet = git_config_get_string(&text, configuration, "remote.origin.url") == 0;
    const std::string written = isSet ? text : "";
    git_config_free(configuration);
    const auto url = parseRemoteUrl(written);
    if (!url) return {};
    // A user of https may be a token; that of ssh is a name, and needed.
    return url->scheme == RemoteUrl::Scheme::Ssh ? written : url->text;
}

std::string targetOf(git_repository* repository, const char* name, std::string_view prefix) {
    git_reference* found = nullptr;
    if (git_reference_lookup(&found, repository, name) != 0) return {};
    const char* target = git_reference_symbolic_target(found);
    const std::string text = target == nullptr ? "" : target;
    git_reference_free(found);
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string();
}

}  // namespace

std::optional<Origin> originOf(const std::filesystem::path& folder) {
    startGit();
    git_repository* opened = nullptr;
    if (git_repository_open(&opened, folder.c_str()) != 0) return std::nullopt;
    const GitOwned<git_repository> repository(opened);
    return Origin{urlOf(opened), targetOf(opened, "refs/remotes/origin/HEAD", remoteHeads),
                  targetOf(opened, "HEAD", "refs/heads/")};
}

std::string headCommit(const std::filesystem::path& folder) {
    startGit();
    git_repository* opened = nullptr;
    if (git_repository_open(&opened, folder.c_str()) != 0) return {};
    const GitOwned<git_repository> repository(opened);
    git_oid id;
    if (git_reference_name_to_id(&id, repository.get(), "HEAD") != 0) return {};
    return git_oid_tostr_s(&id);
}

}  // namespace driftkeeper
