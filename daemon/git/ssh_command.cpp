#include "daemon/git/ssh_command.hpp"

#include <algorithm>

#include "daemon/git/attempt.hpp"

namespace driftkeeper {

namespace {

// In the values of options quotes are removed and % begins a token.
std::string optionValue(const std::filesystem::path& path) {
    std::string text = "\"";
    for (const char c : path.string()) {
        if (c == '"' || c == '\\') text += '\\';
        if (c == '%') text += '%';
        text += c;
    }
    return text + "\"";
}

// For a POSIX shell; csh expands ! even between quotes.
std::string shellQuoted(const std::string& path) {
    std::string text = "'";
    for (const char c : path) {
        if (c == '\'' || c == '!')
            text += std::string("'\\") + c + "'";
        else
            text += c;
    }
    return text + "'";
}

// ssh says little about these files, or warns and goes on without them.
Result<void> checkFiles(const GitCredentials& credentials) {
    const auto& [username, password, keyFile, hostsFile, configFile] = credentials;
    if (!hostsFile.empty())
        if (auto text = readSetupFile(hostsFile, "git_host_key", "known_hosts_file"); !text)
            return std::unexpected(text.error());
    if (!configFile.empty())
        if (auto text = readSetupFile(configFile, "git_ssh", "ssh_config_file"); !text)
            return std::unexpected(text.error());
    if (keyFile.empty() && password.given())
        return failure(Remedy::FixSetup, "git_credentials",
                       "a password is for https: ssh needs an ssh_key_file in credentials");
    if (keyFile.empty() && configFile.empty())
        return failure(Remedy::FixSetup, "git_credentials",
                       "no ssh_key_file is set in credentials");
    if (keyFile.empty()) return {};
    const auto key = readSetupFile(keyFile, "git_credentials", "ssh_key_file");
    if (!key) return std::unexpected(key.error());
    if (key->find("PRIVATE KEY-----") == std::string::npos)
        return failure(Remedy::FixSetup, "git_credentials", "ssh_key_file holds no private key");
    return {};
}

}  // namespace

namespace {

// All but whom it logs in to.
Result<std::vector<std::string>> sshOptions(const RemoteUrl& url,
                                            const GitCredentials& credentials) {
    if (auto done = checkFiles(credentials); !done) return std::unexpected(done.error());
    const bool hasConfig = !credentials.sshConfigFile.empty();
    std::vector<std::string> arguments = {"-T", "-a", "-x", "-F"};
    arguments.push_back(hasConfig ? credentials.sshConfigFile.string() : "none");
    const auto set = [&](std::string option) {
        arguments.insert(arguments.end(), {"-o", std::move(option)});
    };

    // The first value of an option counts: no configuration can take these back.
    set("BatchMode=yes");
    set("StrictHostKeyChecking=yes");
    set("NoHostAuthenticationForLocalhost=no");
    set("UpdateHostKeys=no");  // it would write into known_hosts_file
    set("ClearAllForwardings=yes");
    set("PermitLocalCommand=no");
    set("ControlMaster=no");  // a shared connection would outlive this call
    set("ControlPath=none");
    set("ConnectTimeout=20");
    set("ConnectionAttempts=1");
    set("LogLevel=DEBUG1");  // the least that tells the key of the server, and when the login is
                             // done
    if (!credentials.knownHostsFile.empty() || !hasConfig) {
        const auto& file = credentials.knownHostsFile;
        set("UserKnownHostsFile=" + optionValue(file.empty() ? "/dev/null" : file));
        set("GlobalKnownHostsFile=/dev/null");
    }
    if (!credentials.sshKeyFile.empty()) {
        set("IdentitiesOnly=yes");
        set("IdentityFile=" + optionValue(credentials.sshKeyFile));
    }
    if (url.port != 22) arguments.insert(arguments.end(), {"-p", std::to_string(url.port)});
    return arguments;
}

}  // namespace

Result<std::vector<std::string>> sshArguments(const RemoteUrl& url,
                                              const GitCredentials& credentials) {
    auto arguments = sshOptions(url, credentials);
    if (!arguments) return arguments;
    arguments->insert(arguments->end(), {"-l", sshUser(url, credentials), "--", url.host,
                                         "git-upload-pack " + shellQuoted(url.path)});
    return arguments;
}

Result<std::string> sshCommandLine(const RemoteUrl& url, const GitCredentials& credentials) {
    const auto options = sshOptions(url, credentials);
    if (!options) return std::unexpected(options.error());
    std::string line = "ssh";
    for (const auto& option : *options) line += " " + shellQuoted(option);
    return line;
}

std::vector<std::string> sshEnvironment(const std::string& path) {
    return {"PATH=" + path, "HOME=/nonexistent", "LC_ALL=C",
            // A jump host's ssh does not know of our BatchMode: what it asks is answered with a
            // failure.
            "SSH_ASKPASS=/bin/false", "SSH_ASKPASS_REQUIRE=force"};
}

std::string sshUser(const RemoteUrl& url, const GitCredentials& credentials) {
    if (!url.user.empty()) return url.user;
    return credentials.username.empty() ? "git" : credentials.username;
}

bool isEncryptedKey(std::string_view privateKey) {
    constexpr std::string_view begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    const auto start = privateKey.find(begin);
    if (start == std::string_view::npos)
        return privateKey.find("ENCRYPTED") != std::string_view::npos;
    // Base64 of "openssh-key-v1", a zero byte, and the cipher's name behind its length: "none".
    constexpr std::string_view magic = "b3BlbnNzaC1rZXktdjEAAAAA";
    constexpr std::string_view none = "BG5vbm";
    const auto body =
        std::min(privateKey.find_first_not_of("\r\n", start + begin.size()), privateKey.size());
    const auto text = privateKey.substr(body);
    return text.starts_with(magic) && !text.substr(magic.size()).starts_with(none);
}

}  // namespace driftkeeper
