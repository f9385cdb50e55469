#include "daemon/git/ssh_ending.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

namespace {

const std::string hostKey = "debug1: Server host key: ssh-ed25519 SHA256:mXD3CLgXDd4uFFOA\r\n";
const std::string loggedIn =
    hostKey + "BANNER\r\nAuthenticated to h ([h]:22) using \"publickey\".\r\n";

Error errorOf(const std::string& errors, int status = 255) {
    GitCredentials credentials;
    credentials.knownHostsFile = "/etc/driftkeeper/known_hosts";
    credentials.sshConfigFile = "/etc/driftkeeper/ssh_config";
    return sshError(errors, status, *parseRemoteUrl("git@git.example.com:a.git"), credentials);
}

}  // namespace

TEST_CASE("what ssh says before the login has a code that says who must do something") {
    struct Row {
        std::string errors;
        Remedy remedy;
        const char *code, *words;
    };
    const Row rows[] = {
        {hostKey + "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key "
                   "verification failed.\r\n",
         Remedy::FixSetup, "git_host_key", "someone else answers"},
        {hostKey + "@       WARNING: REVOKED HOST KEY DETECTED!               @\r\nHost key "
                   "verification failed.\r\n",
         Remedy::FixSetup, "git_host_key", "ssh-ed25519 SHA256:mXD3CLgXDd4uFFOA, which is revoked"},
        {hostKey + "No ED25519 host key is known for git.example.com and you have requested strict "
                   "checking.\r\n"
                   "Host key verification failed.\r\n",
         Remedy::FixSetup, "git_host_key", "ssh-keyscan git.example.com"},
        {"ssh: Could not resolve hostname h: Name or service not known\r\n", Remedy::Retry,
         "git_unreachable", "cannot be resolved"},
        {"ssh: connect to host h port 22: Connection refused\r\n", Remedy::Retry, "git_unreachable",
         "Connection refused"},
        {"ssh: connect to host h port 22: Permission denied\r\n", Remedy::Retry, "git_unreachable",
         "port 22"},
        {"ssh: connect to host h port 22: Connection timed out\r\n", Remedy::Retry, "git_timeout",
         "timed out"},
        {"Connection timed out during banner exchange\r\nConnection to h port 22 timed out\r\n",
         Remedy::Retry, "git_timeout", "banner exchange"},
        {"kex_exchange_identification: Connection closed by remote host\r\n", Remedy::Retry,
         "git_unreachable", "closed by remote host"},
        {"Unable to negotiate with h port 22: no matching host key type found. Their offer: "
         "ssh-rsa\r\n",
         Remedy::FixSetup, "git_ssh", "Their offer: ssh-rsa"},
        {"/etc/x: line 1: Bad configuration option: bogus\r\n/etc/x: terminating, 1 bad "
         "configuration options\r\n",
         Remedy::FixSetup, "git_ssh", "line 1: Bad configuration option: bogus"},
        {"No user exists for uid 4711\r\n", Remedy::FixSetup, "git_ssh", "uid 4711"},
        {hostKey + "git@h: Permission denied (publickey).\r\n", Remedy::FixSetup, "git_credentials",
         "for the user git"},
        {hostKey + "Received disconnect from h port 22:2: Too many authentication failures\r\n",
         Remedy::FixSetup, "git_credentials", "does not accept"},
        {"debug1: send_pubkey_test: no mutual signature algorithm\r\ngit@h: Permission denied "
         "(publickey).\r\n",
         Remedy::FixSetup, "git_credentials", "RSA with SHA-1"},
        {"", Remedy::Retry, "git_unreachable", "no reason given"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.errors);
        const auto error = errorOf(row.errors);
        CHECK(error.code == row.code);
        CHECK(error.remedy == row.remedy);
        CHECK_MESSAGE(error.message.find(row.words) != std::string::npos, error.message);
    }
}

TEST_CASE("what stands after the login is the server's, whatever it imitates") {
    const auto missing = errorOf(
        loggedIn + "Host key verification failed.\nfatal: 'a.git' is none\n" +
            "debug1: Exit status 128\r\nTransferred: sent 1, received 2 bytes, in 0.7 seconds\n",
        128);
    CHECK(missing.code == "git_not_found");
    CHECK(missing.message ==
          "the server gives no such repository: it answered \"Host key verification failed. "
          "fatal: 'a.git' is none\"");
    for (const int status : {255, -1}) {
        const auto broken =
            errorOf(loggedIn + "Connection to h closed by remote host.\r\n", status);
        CHECK(broken.code == "git_unreachable");
        CHECK(broken.remedy == Remedy::Retry);
    }
}

TEST_CASE("what a server says reaches a message as one printable line without users of URLs") {
    const auto error = errorOf(loggedIn + "\x1b[31mno https://me:hunter2@h/x\n", 1);
    CHECK(error.message.find("hunter2") == std::string::npos);
    CHECK(error.message.find('\x1b') == std::string::npos);
}
