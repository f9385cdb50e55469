#include "daemon/git/ssh_session.hpp"

#include <libssh2.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

#include "daemon/git/digests.hpp"
#include "daemon/git/known_hosts.hpp"

namespace driftkeeper {

namespace {

constexpr std::string_view rsaHint =
    "the libssh2 of this system only signs RSA with SHA-1, which modern servers refuse: use an ed25519 or ECDSA key";

std::unexpected<Error> refused(const char* code, std::string message) {
    return failure(Remedy::FixSetup, code, std::move(message));
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
    return text;
}

std::string fingerprint(std::string_view key) {
    std::string text = toBase64(sha256(key));
    while (text.ends_with('=')) text.pop_back();
    return keyType(key) + " SHA256:" + text;
}

void startSsh() {
    static const int started = libssh2_init(0);
    static_cast<void>(started);
}

}  // namespace

void SshSession::Close::operator()(_LIBSSH2_SESSION* session) const noexcept {
    libssh2_session_free(session);
}
void SshSession::Close::operator()(_LIBSSH2_CHANNEL* channel) const noexcept {
    libssh2_channel_free(channel);
}

bool isRsaKey(std::string_view privateKey) {
    if (privateKey.find("BEGIN RSA PRIVATE KEY") != std::string_view::npos) return true;
    constexpr std::string_view begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    const auto start = privateKey.find(begin);
    if (start == std::string_view::npos) return false;
    std::string body;
    for (const char c : privateKey.substr(start + begin.size(), 400)) {
        if (c == '-') break;
        if (c > ' ') body += c;
    }
    body.resize(body.size() / 4 * 4);
    const auto bytes = fromBase64(body);
    return bytes && bytes->find(std::string_view("\0\0\0\7ssh-rsa", 11)) != std::string::npos;
}

SshSession::SshSession(Connection connection, const Attempt& attempt)
    : attempt_(attempt), connection_(std::move(connection)) {}

// libssh2 frees nothing while it would have to wait for the server: on a connection that is shut it never has to.
SshSession::~SshSession() {
    ::shutdown(connection_.descriptor(), SHUT_RDWR);
    if (session_) libssh2_session_set_blocking(session_.get(), 1);
    channel_.reset();
    session_.reset();
}

Result<std::unique_ptr<SshSession>> SshSession::open(const Attempt& attempt) {
    startSsh();
    auto connection = Connection::open(attempt.url.host, std::to_string(attempt.url.port), attempt.patience);
    if (!connection) return std::unexpected(connection.error());
    std::unique_ptr<SshSession> session(new SshSession(std::move(*connection), attempt));
    if (auto done = session->greet(); !done) return std::unexpected(done.error());
    if (auto done = session->authenticate(); !done) return std::unexpected(done.error());
    return session;
}

template <class Call>
Result<long> SshSession::complete(std::string_view step, Call call) {
    for (;;) {
        const auto result = static_cast<long>(call());
        if (result >= 0) return result;
        if (result != LIBSSH2_ERROR_EAGAIN) return std::unexpected(lost(step));
        const bool writes = (libssh2_session_block_directions(session_.get()) & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0;
        if (auto ready = connection_.wait(writes ? POLLIN | POLLOUT : POLLIN); !ready)
            return std::unexpected(ready.error());
    }
}

Error SshSession::lost(std::string_view step) const {
    char* text = nullptr;
    libssh2_session_last_error(session_.get(), &text, nullptr, 0);
    return {Remedy::Retry, "git_unreachable", std::string(step) + ": " + scrubbed(text ? text : "connection lost")};
}

Result<void> SshSession::greet() {
    session_.reset(libssh2_session_init());
    if (!session_) return std::unexpected(Error{Remedy::Retry, "git_unreachable", "libssh2 cannot start"});
    libssh2_session_set_blocking(session_.get(), 0);
    std::string knownHosts;
    if (const auto& file = attempt_.credentials.knownHostsFile; !file.empty()) {
        auto text = readSetupFile(file, "git_host_key", "known_hosts_file");
        if (!text) return std::unexpected(text.error());
        knownHosts = std::move(*text);
    }
    // Without this the server chooses a key that the file may not list although it lists another one.
    auto types = knownKeyTypes(knownHosts, attempt_.url.host, attempt_.url.port);
    if (types.empty())
        types = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"};
    if (libssh2_session_method_pref(session_.get(), LIBSSH2_METHOD_HOSTKEY, joined(types).c_str()) != 0)
        return refused("git_host_key",
                       "known_hosts_file lists only " + joined(types) + " for this host, which libssh2 does not know");
    const auto done =
        complete("ssh handshake", [&] { return libssh2_session_handshake(session_.get(), connection_.descriptor()); });
    if (done) return checkHostKey(knownHosts);
    const int error = libssh2_session_last_errno(session_.get());
    if (error != LIBSSH2_ERROR_KEX_FAILURE && error != LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE)
        return std::unexpected(done.error());
    if (types.size() == 1 && types.front() == "ssh-rsa")
        return refused("git_rsa_key", "only an RSA host key is listed for the server, and " + std::string(rsaHint));
    return refused("git_host_key", "the server has no host key that we can check (asked for " + joined(types) +
                                       "); for a server with only an RSA key: " + std::string(rsaHint));
}

Result<void> SshSession::checkHostKey(std::string_view knownHosts) {
    std::size_t size = 0;
    int type = 0;
    const char* bytes = libssh2_session_hostkey(session_.get(), &size, &type);
    const std::string_view key(bytes ? bytes : "", bytes ? size : 0);
    const auto& url = attempt_.url;
    const std::string name = knownHostsName(url.host, url.port);
    const std::string shown = "the server " + name + " shows the key " + fingerprint(key);
    const std::string advice = "compare it with what the server's owner publishes, then put the line \"" + name + " " +
                               keyType(key) + " " + toBase64(key) + "\" into ";
    const auto& file = attempt_.credentials.knownHostsFile;
    if (file.empty())
        return refused("git_host_key", "no known_hosts_file is set; " + shown + ": " + advice +
                                           "a file that credentials.known_hosts_file of the repository names");
    switch (judgeHostKey(knownHosts, url.host, url.port, key)) {
        case HostKeyVerdict::Known:
            return {};
        case HostKeyVerdict::Changed:
            return refused("git_host_key", shown +
                                               ", but known_hosts_file lists another one: either the key was "
                                               "changed or someone else answers");
        case HostKeyVerdict::Revoked:
            return refused("git_host_key", shown + ", which is revoked");
        case HostKeyVerdict::Unknown:
            break;
    }
    return refused("git_host_key", shown + ", which is not known: " + advice + "known_hosts_file");
}

Result<void> SshSession::authenticate() {
    const auto& credentials = attempt_.credentials;
    std::string user = attempt_.url.user.empty() ? credentials.username : attempt_.url.user;
    if (user.empty()) user = "git";
    auto password = readPassword(credentials.password, "password_file");
    if (!password) return std::unexpected(password.error());
    auto* session = session_.get();
    if (!credentials.sshKeyFile.empty()) {
        const auto key = readSetupFile(credentials.sshKeyFile, "git_credentials", "ssh_key_file");
        if (!key) return std::unexpected(key.error());
        if (key->find("PRIVATE KEY-----") == std::string::npos)
            return refused("git_credentials", "ssh_key_file holds no private key");
        const auto done = complete("ssh key", [&] {
            return libssh2_userauth_publickey_frommemory(session, user.c_str(), user.size(), nullptr, 0, key->data(),
                                                         key->size(), password->c_str());
        });
        if (done) return {};
        const int error = libssh2_session_last_errno(session);
        if (done.error().code == "git_timeout" || error == LIBSSH2_ERROR_SOCKET_DISCONNECT)
            return std::unexpected(done.error());
        if (isRsaKey(*key))
            return refused("git_rsa_key", "the server does not accept ssh_key_file: " + std::string(rsaHint));
        return refused(
            "git_credentials",
            "the server does not accept ssh_key_file for this user, or credentials.password is not its passphrase");
    }
    if (!credentials.password.given()) return refused("git_credentials", "no ssh_key_file is set in credentials");
    const auto done = complete("ssh password", [&] {
        return libssh2_userauth_password_ex(session, user.c_str(), static_cast<unsigned>(user.size()),
                                            password->c_str(), static_cast<unsigned>(password->size()), nullptr);
    });
    if (done) return {};
    if (done.error().code == "git_timeout") return std::unexpected(done.error());
    return refused("git_credentials", "the server does not accept the password for this user");
}

Result<void> SshSession::run(const std::string& command) {
    const auto opened = complete("ssh channel", [&]() -> int {
        channel_.reset(libssh2_channel_open_session(session_.get()));
        return channel_ ? 0 : libssh2_session_last_errno(session_.get());
    });
    if (!opened) return std::unexpected(opened.error());
    const auto started = complete("ssh command", [&] { return libssh2_channel_exec(channel_.get(), command.c_str()); });
    if (!started) return std::unexpected(started.error());
    return {};
}

Result<std::size_t> SshSession::read(std::span<char> buffer) {
    const auto count = complete(
        "ssh read", [&]() -> ssize_t { return libssh2_channel_read(channel_.get(), buffer.data(), buffer.size()); });
    if (!count) return std::unexpected(count.error());
    return static_cast<std::size_t>(*count);
}

Result<void> SshSession::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = complete("ssh write", [&]() -> ssize_t {
            return libssh2_channel_write(channel_.get(), bytes.data(), bytes.size());
        });
        if (!count) return std::unexpected(count.error());
        bytes.remove_prefix(static_cast<std::size_t>(*count));
    }
    return {};
}

std::string SshSession::complaint() {
    std::array<char, 4096> text{};
    const auto count = libssh2_channel_read_stderr(channel_.get(), text.data(), text.size());
    return count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : std::string();
}

}  // namespace driftkeeper
