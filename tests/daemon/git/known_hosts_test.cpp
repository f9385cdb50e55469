#include "daemon/git/known_hosts.hpp"

#include <doctest/doctest.h>

#include "daemon/git/digests.hpp"
#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace known_hosts_test {
namespace {

std::string field(std::string_view text) {
    return std::string("\0\0\0", 3) + static_cast<char>(text.size()) + std::string(text);
}
std::string key(const std::string& type, const std::string& content) {
    return field(type) + field(content);
}

const std::string ours = key("ssh-ed25519", "ours");
const std::string theirs = key("ssh-ed25519", "theirs");
const std::string ecdsa = key("ecdsa-sha2-nistp256", "ours");

std::string line(const std::string& hosts, const std::string& k) {
    return hosts + " " + keyType(k) + " " + toBase64(k) + " comment\n";
}

}  // namespace

TEST_CASE("what known_hosts says of a key") {
    struct Row {
        std::string text;
        const char* host;
        std::uint16_t port;
        HostKeyVerdict verdict;
    };
    const Row rows[] = {
        {"", "host", 22, HostKeyVerdict::Unknown},
        {line("host", ours), "host", 22, HostKeyVerdict::Known},
        {line("HOST", ours), "hOst", 22, HostKeyVerdict::Known},
        {line("a,host,b", ours), "host", 22, HostKeyVerdict::Known},
        {line("host", ours), "host", 2222, HostKeyVerdict::Unknown},
        {line("[host]:2222", ours), "host", 2222, HostKeyVerdict::Known},
        {line("[host]:2222", ours), "host", 22, HostKeyVerdict::Unknown},
        {line("host", theirs), "host", 22, HostKeyVerdict::Changed},
        {line("host", theirs) + line("host", ours), "host", 22, HostKeyVerdict::Known},
        {line("host", ecdsa), "host", 22, HostKeyVerdict::Unknown},
        {line("other", theirs), "host", 22, HostKeyVerdict::Unknown},
        {line("*.example.com", ours), "git.example.com", 22, HostKeyVerdict::Known},
        {line("*.example.com,!git.example.com", ours), "git.example.com", 22, HostKeyVerdict::Unknown},
        {line("h?st", ours), "host", 22, HostKeyVerdict::Known},
        {line("@revoked *", ours) + line("host", ours), "host", 22, HostKeyVerdict::Revoked},
        {line("host", ours) + line("@revoked host", ours), "host", 22, HostKeyVerdict::Revoked},
        {line("@cert-authority *", ours), "host", 22, HostKeyVerdict::Unknown},
        {"# " + line("host", ours), "host", 22, HostKeyVerdict::Unknown},
        {"host ssh-ed25519 !!!!\nhost\n\n|1|x\nhost ssh-ed25519\n" + line("host", ours), "host", 22,
         HostKeyVerdict::Known},
        {"host ssh-rsa " + toBase64(ours) + "\n", "host", 22,
         HostKeyVerdict::Unknown},  // names another type than the key
        {line("host", ours).substr(0, line("host", ours).size() - 9) + "\r\n", "host", 22, HostKeyVerdict::Known},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(judgeHostKey(row.text, row.host, row.port, ours) == row.verdict);
    }
}

TEST_CASE("hashed names are found as ssh-keygen hashes them") {
    const Scratch scratch;
    const auto file = scratch.path() / "known_hosts";
    writeFile(file, line("host.example", ours) + line("[host.example]:2222", theirs));
    shell("ssh-keygen -q -H -f " + file.string() + " 2>/dev/null");
    const auto text = readFile(file);
    REQUIRE(text.find("host.example") == std::string::npos);
    CHECK(judgeHostKey(text, "host.example", 22, ours) == HostKeyVerdict::Known);
    CHECK(judgeHostKey(text, "host.example", 2222, theirs) == HostKeyVerdict::Known);
    CHECK(judgeHostKey(text, "host.example", 2222, ours) == HostKeyVerdict::Changed);
    CHECK(judgeHostKey(text, "other.example", 22, ours) == HostKeyVerdict::Unknown);
}

TEST_CASE("the types that are listed for a host, to ask for one of them") {
    const auto text =
        line("host", ecdsa) + line("host", ours) + line("host", theirs) + line("other", key("ssh-rsa", "x"));
    CHECK(knownKeyTypes(text, "host", 22) == std::vector<std::string>{"ecdsa-sha2-nistp256", "ssh-ed25519"});
    CHECK(knownKeyTypes(text, "host", 23).empty());
}

TEST_CASE("a broken key has no type") {
    for (const std::string& bytes : {std::string(), std::string("\0\0\0", 3), std::string("\xff\xff\xff\xff", 4),
                                     std::string("\0\0\0\x09"
                                                 "short",
                                                 9)})
        CHECK(keyType(bytes).empty());
}

}  // namespace known_hosts_test
