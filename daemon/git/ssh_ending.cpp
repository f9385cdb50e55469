#include "daemon/git/ssh_ending.hpp"

#include <algorithm>
#include <string>

#include "daemon/git/attempt.hpp"
#include "daemon/git/ssh_command.hpp"

namespace driftkeeper {

namespace {

constexpr int failureOfSsh = 255;  // every other status is the remote command's

// What ssh wrote, sorted.
struct Said {
    std::string hostKey;  // type and fingerprint of the server's key
    bool isLoggedIn = false;
    bool noSharedSignature = false;
    std::string before;  // lines of ssh and banners of the server
    std::string after;   // lines of the remote command
};

Said sorted(std::string_view errors) {
    constexpr std::string_view hostKey = "debug1: Server host key: ";
    Said said;
    while (!errors.empty()) {
        const auto end = std::min(errors.find('\n'), errors.size());
        auto line = errors.substr(0, end);
        errors.remove_prefix(std::min(end + 1, errors.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(hostKey)) said.hostKey = line.substr(hostKey.size());
        if (line.find("no mutual signature algorithm") != std::string_view::npos)
            said.noSharedSignature = true;
        if (line.starts_with("Authenticated to ")) said.isLoggedIn = true;
        if (line.starts_with("debug1: ") || line.starts_with("Authenticated to ") ||
            line.starts_with("Transferred: ") || line.starts_with("Bytes per second: "))
            continue;
        auto& text = said.isLoggedIn ? said.after : said.before;
        if (!line.empty()) (text += text.empty() ? "" : "\n") += line;
    }
    return said;
}

// The line that holds `words`, which the text does.
std::string lineWith(const std::string& text, std::string_view words) {
    const auto at = text.find(words);
    const auto start = text.rfind('\n', at) + 1;
    return scrubbed(std::string_view(text).substr(start, text.find('\n', at) - start));
}

std::string shownKey(const Said& said) {
    return said.hostKey.empty() ? "the server or its jump host shows a key"
                                : "the server shows the key " + scrubbed(said.hostKey);
}

Error unknownHost(const Said& said, const RemoteUrl& url, const GitCredentials& credentials) {
    const std::string port = url.port == 22 ? "" : "-p " + std::to_string(url.port) + " ";
    const std::string start =
        credentials.knownHostsFile.empty() && credentials.sshConfigFile.empty()
            ? "no known_hosts_file is set; "
            : "";
    return {Remedy::FixSetup, "git_host_key",
            start + shownKey(said) +
                " that is not known: compare it with what the server's owner publishes, then put "
                "the line that `ssh-keyscan " +
                port + url.host +
                "` prints for it into the file that credentials.known_hosts_file of the repository "
                "names"};
}

Error refusedKey(const Said& said, const RemoteUrl& url, const GitCredentials& credentials) {
    const auto refused = [](std::string why) {
        return Error{Remedy::FixSetup, "git_credentials", std::move(why)};
    };
    const auto& file = credentials.sshKeyFile;
    if (said.before.find("UNPROTECTED PRIVATE KEY FILE") != std::string::npos)
        return refused("ssh_key_file is readable by others, so ssh does not use it: chmod 0600 " +
                       scrubbed(file.string()));
    const auto key = file.empty() ? Result<std::string>("")
                                  : readSetupFile(file, "git_credentials", "ssh_key_file");
    if (key && isEncryptedKey(*key))
        return refused(
            "ssh_key_file has a passphrase, and nobody is there to give it: use a key without one "
            "(ssh-keygen -p "
            "removes it), or name an agent in ssh_config_file (IdentityAgent)");
    if (said.before.find("Load key ") != std::string::npos)
        return refused("ssh cannot use ssh_key_file: " + lineWith(said.before, "Load key "));
    const std::string name = file.empty() ? "the keys that ssh_config_file names" : "ssh_key_file";
    std::string why = "the server does not accept " + name + " for the user " +
                      scrubbed(sshUser(url, credentials));
    if (said.noSharedSignature)
        why +=
            ": it only takes signatures that ssh does not make any more, such as RSA with SHA-1; "
            "use an ed25519 key";
    return refused(why);
}

enum class Meaning { Changed, Revoked, UnknownHost, NoName, Setup, Old, TimedOut, Key };

struct Sign {
    std::string_view words;
    Meaning meaning;
};

// The first that is found counts: what follows from it is written below it.
constexpr Sign signs[] = {
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", Meaning::Changed},
    {"REVOKED HOST KEY DETECTED", Meaning::Revoked},
    {"Host key verification failed", Meaning::UnknownHost},
    {"Could not resolve hostname", Meaning::NoName},
    {"Bad configuration option", Meaning::Setup},
    {"bad configuration options", Meaning::Setup},
    {"Can't open user config", Meaning::Setup},
    {"Bad owner or permissions", Meaning::Setup},
    {"No user exists for uid", Meaning::Setup},
    {"Unable to negotiate", Meaning::Old},
    {"timed out", Meaning::TimedOut},
    {"Permission denied (", Meaning::Key},
    {"Too many authentication failures", Meaning::Key},
};

Error beforeLogin(const Said& said, const RemoteUrl& url, const GitCredentials& credentials) {
    const auto sign = std::ranges::find_if(
        signs, [&](const Sign& one) { return said.before.find(one.words) != std::string::npos; });
    if (sign == std::end(signs))
        return {Remedy::Retry, "git_unreachable",
                "ssh: " + (said.before.empty() ? "no reason given" : scrubbed(said.before))};
    const std::string line = lineWith(said.before, sign->words);
    switch (sign->meaning) {
        case Meaning::Changed:
            return {Remedy::FixSetup, "git_host_key",
                    shownKey(said) +
                        ", but known_hosts_file lists another one: either the key was changed or "
                        "someone "
                        "else answers"};
        case Meaning::Revoked:
            return {Remedy::FixSetup, "git_host_key", shownKey(said) + ", which is revoked"};
        case Meaning::UnknownHost:
            return unknownHost(said, url, credentials);
        case Meaning::NoName:
            return {Remedy::Retry, "git_unreachable",
                    "the name " + url.host + " cannot be resolved: " + line};
        case Meaning::Setup:
            break;
        case Meaning::Old:
            return {Remedy::FixSetup, "git_ssh",
                    line + " (ssh_config_file can allow what ssh does not use any more)"};
        case Meaning::TimedOut:
            return {Remedy::Retry, "git_timeout", line};
        case Meaning::Key:
            return refusedKey(said, url, credentials);
    }
    return {Remedy::FixSetup, "git_ssh", line};
}

}  // namespace

Error sshError(std::string_view errors, int status, const RemoteUrl& url,
               const GitCredentials& credentials) {
    const Said said = sorted(errors);
    if (!said.isLoggedIn) return beforeLogin(said, url, credentials);
    const std::string words = scrubbed(said.after);
    if (status == failureOfSsh || status < 0)
        return {Remedy::Retry, "git_unreachable",
                "the connection broke" + (words.empty() ? "" : ": " + words)};
    return {Remedy::FixSetup, "git_not_found",
            "the server gives no such repository" +
                (words.empty() ? "" : ": it answered \"" + words + "\"")};
}

}  // namespace driftkeeper
