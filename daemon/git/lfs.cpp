#include "daemon/git/lfs.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <map>
#include <vector>

#include "daemon/git/attempt.hpp"
#include "daemon/git/remote_url.hpp"
#include "daemon/git/ssh_command.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/process/find_program.hpp"
#include "providers/process/real_tool_runner.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view pointerTitle = "version https://git-lfs.github.com/spec/";

std::unexpected<Error> notFetched(Remedy remedy, const std::string& why) {
    return failure(remedy, "lfs_not_fetched", why);
}

// The rest of the line that begins so; empty: there is none.
std::string_view lineAfter(std::string_view text, std::string_view start) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        if (line.starts_with(start)) return line.substr(start.size());
        at = end + 1;
    }
    return {};
}

std::string lastLine(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return scrubbed(text.substr(text.rfind('\n') + 1));
}

// Settings of git for one call; nothing else is read, and no program asks anybody.
class GitEnvironment {
public:
    GitEnvironment(const std::string& path, const fs::path& mirror)
        : variables_{{"PATH", path},
                     {"HOME", "/nonexistent"},
                     {"LC_ALL", "C"},
                     {"GIT_DIR", mirror.string()},
                     {"GIT_CONFIG_NOSYSTEM", "1"},
                     {"GIT_CONFIG_GLOBAL", "/dev/null"},
                     {"GIT_TERMINAL_PROMPT", "0"},
                     {"GIT_ASKPASS", "/bin/false"}} {}

    void set(std::string_view key, std::string value) {
        const std::string number = std::to_string(count_++);
        variables_["GIT_CONFIG_KEY_" + number] = key;
        variables_["GIT_CONFIG_VALUE_" + number] = std::move(value);
        variables_["GIT_CONFIG_COUNT"] = std::to_string(count_);
    }
    void variable(const std::string& name, std::string value) { variables_[name] = value; }
    [[nodiscard]] const std::map<std::string, std::string>& variables() const noexcept {
        return variables_;
    }

private:
    std::map<std::string, std::string> variables_;
    int count_ = 0;
};

// The login goes as a header that git sends to this server alone.
Result<void> addWebLogin(GitEnvironment& environment, const RemoteUrl& url,
                         const RepositorySettings& settings) {
    if (!settings.tlsCaFile.empty()) environment.set("http.sslCAInfo", settings.tlsCaFile.string());
    if (!settings.credentials.password.given()) return {};
    const auto password = readPassword(settings.credentials.password, "password_file");
    if (!password) return std::unexpected(password.error());
    std::string user = settings.credentials.username;
    if (user.empty()) user = url.user.empty() ? "git" : url.user;
    const std::string server = url.text.substr(0, url.text.find('/', url.text.find("//") + 2));
    environment.set("http." + server + "/.extraHeader",
                    "Authorization: Basic " + base64(user + ":" + *password));
    return {};
}

Result<void> addRemote(GitEnvironment& environment, const RepositorySettings& settings) {
    const auto url = parseRemoteUrl(settings.url);
    if (!url) return std::unexpected(url.error());
    std::string text = url->text;
    switch (url->scheme) {
        case RemoteUrl::Scheme::File:
            text = "file://" + url->path;
            break;
        case RemoteUrl::Scheme::Ssh: {
            text.insert(text.find("//") + 2, sshUser(*url, settings.credentials) + "@");
            const auto command = sshCommandLine(*url, settings.credentials);
            if (!command) return std::unexpected(command.error());
            environment.variable("GIT_SSH_COMMAND", *command);
            break;
        }
        case RemoteUrl::Scheme::Https:
        case RemoteUrl::Scheme::Http:
            if (auto done = addWebLogin(environment, *url, settings); !done) return done;
            break;
    }
    environment.set("remote.origin.url", text);
    return {};
}

// What the program has to see besides the mirror.
std::vector<fs::path> filesOf(const RepositorySettings& settings) {
    const auto& login = settings.credentials;
    std::vector<fs::path> files = {settings.tlsCaFile, login.sshKeyFile, login.knownHostsFile,
                                   login.sshConfigFile};
    if (!login.sshKeyFile.empty()) files.emplace_back(login.sshKeyFile.string() + "-cert.pub");
    if (const auto url = parseRemoteUrl(settings.url);
        url && url->scheme == RemoteUrl::Scheme::File)
        files.emplace_back(url->path);
    std::erase_if(files, [](const fs::path& file) { return file.empty(); });
    return files;
}

}  // namespace

std::optional<LfsPointer> readLfsPointer(std::string_view text) {
    if (text.size() >= largestPointer || !text.starts_with(pointerTitle)) return std::nullopt;
    LfsPointer pointer;
    pointer.oid = lineAfter(text, "oid sha256:");
    const auto size = lineAfter(text, "size ");
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), pointer.size);
    const bool isHex = pointer.oid.size() == 64 && std::ranges::all_of(pointer.oid, [](char c) {
                           return isDigit(c) || (c >= 'a' && c <= 'f');
                       });
    if (!isHex || error != std::errc{}) return std::nullopt;
    return pointer;
}

fs::path lfsObject(const fs::path& mirror, const LfsPointer& pointer) {
    return mirror / "lfs" / "objects" / pointer.oid.substr(0, 2) / pointer.oid.substr(2, 2) /
           pointer.oid;
}

bool hasLfsObject(const fs::path& mirror, const LfsPointer& pointer) {
    std::error_code error;
    return pointer.size == 0 || fs::file_size(lfsObject(mirror, pointer), error) == pointer.size;
}

Result<void> fetchLfs(const fs::path& mirror, const RepositorySettings& settings,
                      const std::string& commit, const Patience& patience) {
    if (auto left = patience.left(); !left) return left;
    const char* set = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nothing changes it
    const std::string path = set != nullptr && *set != '\0' ? set : "/usr/local/bin:/usr/bin:/bin";
    if (!findProgram("git-lfs", path, "/") || !findProgram("git", path, "/"))
        return notFetched(Remedy::FixSetup, "there is no program git-lfs on the daemon's host");
    GitEnvironment environment(path, mirror);
    if (auto done = addRemote(environment, settings); !done)
        return notFetched(Remedy::FixSetup, done.error().message);
    ToolCall call;
    call.argv = {"git-lfs", "fetch", "origin", commit};
    call.directory = mirror;
    call.environment = environment.variables();
    call.sandbox.writable = {mirror};
    call.sandbox.readable = filesOf(settings);
    call.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        patience.deadline - std::chrono::steady_clock::now());
    const auto result = RealToolRunner().run(call, patience.stop);
    if (!result) return notFetched(result.error().remedy, result.error().message);
    if (result->ending != ToolResult::Ending::Exited)
        return notFetched(Remedy::Retry, "git-lfs did not end in time");
    if (result->status != 0) return notFetched(Remedy::Retry, lastLine(result->err));
    return {};
}

}  // namespace driftkeeper
