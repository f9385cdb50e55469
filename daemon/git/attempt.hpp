#pragma once

#include <filesystem>
#include <optional>

#include "daemon/git/connection.hpp"
#include "daemon/git/remote_url.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// One conversation with one remote, as the callbacks of libgit2 see it. They run on the thread that
// made it.
class Attempt {
public:
    // While it lives, `current()` of this thread is this one, and a broken pipe raises no signal on
    // it. Not nested.
    Attempt(RemoteUrl where, const RepositorySettings& repository, Patience limits);
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    static Attempt* current() noexcept;

    // Keeps the first reason: what the layers above make of it says less. Returns what libgit2
    // takes for an error.
    int fail(Error error);

    // The server has listed what it has: from now on the whole time counts.
    void hasAnswered();

    // How much of a download came so far. Fails once a minute brought less than 60 KiB of it.
    int received(std::size_t bytes);

    // What the server sends first: libgit2 does not say what of it it does not understand.
    void hear(std::string_view bytes);

    const RemoteUrl url;
    const GitCredentials credentials;
    const std::filesystem::path tlsCaFile;
    Patience patience;  // until the server has answered: with what it has to give
    std::optional<Error> failure;
    bool passwordOffered = false;
    bool hasSha256Ids = false;
    bool isShallow = false;

private:
    const std::chrono::steady_clock::time_point deadline_;
    std::chrono::steady_clock::time_point minute_{};  // of the download, and what had come before
    std::size_t before_ = 0;
    std::string heard_;         // the end of it
    std::size_t listened_ = 0;  // bytes
    bool pipeSignalWasBlocked_ = false;
};

// The first line of a file of secrets, or the value itself. Error: git_credentials.
Result<std::string> readPassword(const SecretSource& source, std::string_view what);

// A whole file of at most 1 MiB. Error: `code`, FixSetup, names the file.
Result<std::string> readSetupFile(const std::filesystem::path& file, const std::string& code,
                                  std::string_view what);

}  // namespace driftkeeper
