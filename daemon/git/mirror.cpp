#include "daemon/git/mirror.hpp"

#include <git2.h>
#include <git2/sys/repository.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "daemon/git/attempt.hpp"
#include "daemon/git/ssh_transport.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {

namespace {

constexpr const char* headRef = "refs/driftkeeper/head";
constexpr const char* noBranch = "refs/driftkeeper/none";
constexpr std::string_view branches = "refs/heads/";

std::unexpected<Error> noRef(const std::string& ref) {
    return failure(Remedy::Report, "git_no_ref",
                   "the repository has no branch, tag or commit \"" + scrubbed(ref) + "\"");
}

bool mentions(const std::string& text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words,
                               [&](auto word) { return text.find(word) != std::string::npos; });
}

// A repository of this machine that is a shallow clone, working tree or bare.
bool isShallowFolder(const RemoteUrl& url) {
    const std::filesystem::path folder = url.path;
    std::error_code error;
    return url.scheme == RemoteUrl::Scheme::File &&
           (std::filesystem::exists(folder / "shallow", error) ||
            std::filesystem::exists(folder / ".git" / "shallow", error));
}

// What a repository is that cannot be followed, whatever libgit2 makes of it.
std::optional<Error> kindOf(const Attempt& attempt, const std::string& said) {
    if (attempt.hasSha256Ids || mentions(said, {"extensions.objectformat"}))
        return Error{Remedy::FixSetup, "git_sha256",
                     "it is a repository with SHA-256 object ids, which cannot be read yet"};
    if (attempt.isShallow || isShallowFolder(attempt.url))
        return Error{
            Remedy::FixSetup, "git_shallow",
            "it is a shallow clone, whose history is cut: only a whole one can be followed"};
    return std::nullopt;
}

// What libgit2's own layers say, sorted by what has to happen. Ours leave their reason in the
// attempt.
Error reasonOf(const Attempt& attempt, int code) {
    if (attempt.failure) return *attempt.failure;
    if (auto left = attempt.patience.left(); !left) return left.error();
    const std::string said = gitMessage();
    if (auto kind = kindOf(attempt, said)) return *std::move(kind);
    const git_error* error = git_error_last();
    const int area = error ? error->klass : GIT_ERROR_NONE;
    if (mentions(said, {"No space left", "Disk quota"}))
        return {Remedy::FixSetup, "git_disk_full", "no space for the mirror"};
    if (code == GIT_EAUTH || mentions(said, {"status code: 401", "status code: 403"}))
        return {Remedy::FixSetup, "git_credentials", "the server refuses access"};
    if (mentions(said, {"status code: 404", "status code: 410"}))
        return {Remedy::FixSetup, "git_not_found",
                "the server has no such repository, or no access to it is granted"};
    if (mentions(said, {"redirect", "status code: 30"}))
        return {Remedy::FixSetup, "git_redirect",
                "the server redirects to another host, which is not followed: set the final url"};
    if (mentions(said, {"could not find repository", "failed to resolve path",
                        "unsupported URL protocol"}))
        return {Remedy::FixSetup, "git_not_found", "there is no repository"};
    if (area == GIT_ERROR_NET || area == GIT_ERROR_HTTP || area == GIT_ERROR_SSH ||
        area == GIT_ERROR_SSL || code == GIT_EEOF)
        return {Remedy::Retry, "git_unreachable", said};
    return {Remedy::Retry, "git_damaged", said};
}

int giveCredentials(git_credential** out, const char* url, const char*, unsigned int allowed,
                    void* payload) {
    auto& attempt = *static_cast<Attempt*>(payload);
    const auto& username = attempt.credentials.username;
    const auto& password = attempt.credentials.password;
    const auto asked = parseRemoteUrl(url);
    if (!asked || asked->scheme != attempt.url.scheme || asked->host != attempt.url.host ||
        asked->port != attempt.url.port)
        return attempt.fail({Remedy::FixSetup, "git_credentials",
                             "another server than the configured one asks for credentials"});
    if (attempt.passwordOffered)
        return attempt.fail({Remedy::FixSetup, "git_credentials",
                             "the server does not accept the user name and password"});
    if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0)
        return attempt.fail({Remedy::FixSetup, "git_credentials",
                             "the server wants a kind of login that is not supported"});
    if (!password.given() && attempt.url.user.empty())
        return attempt.fail(
            {Remedy::FixSetup, "git_credentials",
             "the server asks for credentials and none are set, or it has no such repository"});
    const auto secret = readPassword(password, "password_file");
    if (!secret) return attempt.fail(secret.error());
    attempt.passwordOffered = true;
    const std::string& user = !username.empty() ? username : attempt.url.user;
    return git_credential_userpass_plaintext_new(out, user.empty() ? "git" : user.c_str(),
                                                 secret->c_str());
}

int refuseWhenOver(void* payload) {
    auto& attempt = *static_cast<Attempt*>(payload);
    const auto left = attempt.patience.left();
    return left ? 0 : attempt.fail(left.error());
}

git_remote_callbacks callbacksFor(Attempt& attempt) {
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
    callbacks.payload = &attempt;
    callbacks.credentials = giveCredentials;
    // TLS is verified in our stream and ssh in our transport, before libgit2 gets here.
    callbacks.certificate_check = [](git_cert*, int valid, const char*, void*) {
        return valid ? 0 : -1;
    };
    // What is left after the last object is work of our own.
    callbacks.transfer_progress = [](const git_indexer_progress* done, void* payload) {
        const bool isLoading = done->received_objects < done->total_objects;
        auto& own = *static_cast<Attempt*>(payload);
        if (isLoading && own.received(done->received_bytes) < 0) return -1;
        return refuseWhenOver(payload);
    };
    callbacks.sideband_progress = [](const char*, int, void* payload) {
        return refuseWhenOver(payload);
    };
    if (attempt.url.scheme == RemoteUrl::Scheme::Ssh) callbacks.transport = makeSshTransport;
    return callbacks;
}

struct Advertised {
    std::string name;
    git_oid id;
};

Result<std::vector<Advertised>> advertised(git_remote* remote, Attempt& attempt) {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    if (const int error = git_remote_ls(&heads, &count, remote); error < 0)
        return std::unexpected(reasonOf(attempt, error));
    attempt.hasAnswered();
    std::vector<Advertised> refs;
    for (const auto* head : std::span(heads, count)) refs.push_back({head->name, head->oid});
    return refs;
}

const Advertised* wanted(const std::vector<Advertised>& refs, const std::string& ref) {
    const std::vector<std::string> names =
        ref.empty() ? std::vector<std::string>{"HEAD"}
        : ref.starts_with("refs/")
            ? std::vector<std::string>{ref}
            : std::vector<std::string>{"refs/heads/" + ref, "refs/tags/" + ref};
    for (const auto& name : names)
        if (const auto it = std::ranges::find(refs, name, &Advertised::name); it != refs.end())
            return &*it;
    return nullptr;
}

Result<std::string> commitAt(git_repository* repository, const git_oid& id) {
    git_object* object = nullptr;
    if (git_object_lookup(&object, repository, &id, GIT_OBJECT_ANY) < 0)
        return failure(Remedy::Retry, "git_damaged", gitMessage());
    const GitOwned<git_object> owned(object);
    git_object* commit = nullptr;
    if (const int error = git_object_peel(&commit, object, GIT_OBJECT_COMMIT); error < 0)
        return error == GIT_ENOTFOUND
                   ? failure(Remedy::Retry, "git_damaged", gitMessage())
                   : failure(Remedy::Report, "git_no_ref", "the ref does not name a commit");
    const GitOwned<git_object> peeled(commit);
    return hex({reinterpret_cast<const char*>(git_object_id(commit)->id), GIT_OID_RAWSZ});
}

// A mirror obeys no file; and libgit2 1.5 with PCRE2 leaks 20 KiB for every entry that a look-up by
// pattern passes over.
GitOwned<git_repository> withoutConfiguration(GitOwned<git_repository> repository) {
    git_config* empty = nullptr;
    if (git_config_new(&empty) == 0) git_repository_set_config(repository.get(), empty);
    git_config_free(empty);
    return repository;
}

Result<GitOwned<git_repository>> openOrMake(const std::filesystem::path& folder) {
    if (std::filesystem::exists(folder)) return openMirror(folder);
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags =
        GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_MKPATH;
    options.mode = 0700;
    git_repository* repository = nullptr;
    if (git_repository_init_ext(&repository, folder.c_str(), &options) < 0) {
        const std::string said = gitMessage();
        const bool full = mentions(said, {"No space left", "Disk quota"});
        return failure(Remedy::FixSetup, full ? "git_disk_full" : "git_state",
                       "the mirror cannot be created: " + said);
    }
    return withoutConfiguration(GitOwned<git_repository>(repository));
}

// `repository`: nullptr for a remote that nothing is fetched from.
Result<GitOwned<git_remote>> connectTo(git_repository* repository, const RemoteUrl& url,
                                       Attempt& attempt) {
    git_remote* made = nullptr;
    git_remote_create_options plain = GIT_REMOTE_CREATE_OPTIONS_INIT;
    plain.repository = repository;
    plain.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    if (git_remote_create_with_opts(&made, url.text.c_str(), &plain) < 0)
        return failure(Remedy::Retry, "git_damaged", gitMessage());
    GitOwned<git_remote> remote(made);
    git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    options.callbacks = callbacksFor(attempt);
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    if (const int error = git_remote_connect_ext(made, GIT_DIRECTION_FETCH, &options); error < 0)
        return std::unexpected(reasonOf(attempt, error).within(url.shown));
    return remote;
}

Result<RemoteUrl> urlOf(const RepositorySettings& settings) {
    if (!isValidRef(settings.ref))
        return failure(Remedy::FixSetup, "git_no_ref",
                       "\"" + scrubbed(settings.ref) + "\" cannot be a ref");
    return parseRemoteUrl(settings.url);
}

Result<Advertised> chosen(const std::vector<Advertised>& refs, const RepositorySettings& settings,
                          const RemoteUrl& url) {
    if (refs.empty())
        return failure(Remedy::Report, "git_empty", url.shown + ": the repository is empty");
    if (const auto* ref = wanted(refs, settings.ref)) return *ref;
    if (!settings.ref.empty()) return noRef(settings.ref);
    return failure(Remedy::Report, "git_no_ref",
                   "the repository's HEAD names no branch that exists: set a ref");
}

// The branch that the ref is becomes the mirror's own HEAD, as a clone has it.
void noteBranch(git_repository* repository, git_remote* remote, const std::string& name) {
    std::string branch = name;
    git_buf found = GIT_BUF_INIT;
    if (name == "HEAD" && git_remote_default_branch(&found, remote) == 0) branch = found.ptr;
    git_buf_dispose(&found);
    if (!branch.starts_with(branches) || !isValidRef(branch)) branch = noBranch;
    git_reference* made = nullptr;
    if (git_reference_symbolic_create(&made, repository, "HEAD", branch.c_str(), 1, nullptr) == 0)
        git_reference_free(made);
}

bool alreadyAt(git_repository* repository, const git_oid& id) {
    git_oid now;
    return git_reference_name_to_id(&now, repository, headRef) == 0 && git_oid_equal(&now, &id);
}

Result<void> download(git_remote* remote, const std::string& refspec, Attempt& attempt) {
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacksFor(attempt);
    options.prune = GIT_FETCH_PRUNE;
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    std::string text = refspec;
    char* first = text.data();
    const git_strarray specs{&first, 1};
    if (const int error = git_remote_fetch(remote, &specs, &options, "sync"); error < 0)
        return std::unexpected(reasonOf(attempt, error));
    return {};
}

// A hash need not be advertised, and a server need not give what it does not advertise: all
// branches and tags are.
Result<std::string> fetchHash(git_repository* repository, git_remote* remote,
                              const std::string& ref, Attempt& attempt) {
    git_oid id;
    git_oid_fromstr(&id, ref.c_str());
    for (const char* refspec :
         {"+refs/heads/*:refs/driftkeeper/heads/*", "+refs/tags/*:refs/driftkeeper/tags/*"})
        if (auto done = download(remote, refspec, attempt); !done)
            return std::unexpected(done.error());
    auto commit = commitAt(repository, id);
    return !commit && commit.error().code == "git_damaged" ? noRef(ref) : commit;
}

}  // namespace

Result<GitOwned<git_repository>> openMirror(const std::filesystem::path& folder) {
    git_repository* repository = nullptr;
    if (git_repository_open_bare(&repository, folder.c_str()) < 0)
        return failure(Remedy::Retry, "git_damaged", gitMessage());
    return withoutConfiguration(GitOwned<git_repository>(repository));
}

std::string branchOf(git_repository* mirror) {
    git_reference* head = nullptr;
    if (git_reference_lookup(&head, mirror, "HEAD") < 0) return {};
    const std::unique_ptr<git_reference, decltype(&git_reference_free)> owned(head,
                                                                              &git_reference_free);
    const char* target = git_reference_symbolic_target(head);
    const std::string_view name = target == nullptr ? "" : target;
    return std::string(name.starts_with(branches) ? name.substr(branches.size()) : "");
}

Result<std::string> updateMirror(const std::filesystem::path& folder,
                                 const RepositorySettings& settings, const Patience& patience) {
    const auto url = urlOf(settings);
    if (!url) return std::unexpected(url.error());
    const auto repository = openOrMake(folder);
    if (!repository) return std::unexpected(repository.error());
    if (isFullHash(settings.ref)) {
        git_oid id;
        git_oid_fromstr(&id, settings.ref.c_str());
        if (auto commit = commitAt(repository->get(), id); commit)
            return commit;  // a hash never moves
    }

    Attempt attempt(*url, settings, patience);
    const auto remote = connectTo(repository->get(), *url, attempt);
    if (!remote) return std::unexpected(remote.error());
    const auto refs = advertised(remote->get(), attempt);
    if (!refs) return std::unexpected(refs.error().within(url->shown));
    if (isFullHash(settings.ref) && !refs->empty())
        return fetchHash(repository->get(), remote->get(), settings.ref, attempt);
    const auto ref = chosen(*refs, settings, *url);
    if (!ref) return std::unexpected(ref.error());
    noteBranch(repository->get(), remote->get(), ref->name);
    if (!alreadyAt(repository->get(), ref->id))
        if (auto done = download(remote->get(), "+" + ref->name + ":" + headRef, attempt); !done)
            return std::unexpected(done.error().within(url->shown));
    git_oid now;
    if (git_reference_name_to_id(&now, repository->get(), headRef) < 0)
        return failure(Remedy::Retry, "git_damaged", gitMessage());
    return commitAt(repository->get(), now);
}

Result<std::string> askRemote(const RepositorySettings& settings, const Patience& patience) {
    startGit();
    const auto url = urlOf(settings);
    if (!url) return std::unexpected(url.error());
    Attempt attempt(*url, settings, patience);
    const auto remote = connectTo(nullptr, *url, attempt);
    if (!remote) return std::unexpected(remote.error());
    const auto refs = advertised(remote->get(), attempt);
    if (!refs) return std::unexpected(refs.error().within(url->shown));
    if (isFullHash(settings.ref) && !refs->empty()) return settings.ref;
    const auto ref = chosen(*refs, settings, *url);
    if (!ref) return std::unexpected(ref.error());
    return hex({reinterpret_cast<const char*>(ref->id.id), GIT_OID_RAWSZ});
}

}  // namespace driftkeeper
