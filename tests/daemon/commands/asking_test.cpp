#include "daemon/commands/asking.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "daemon/commands/token_file.hpp"
#include "tests/support/files.hpp"
#include "tests/support/http_receiver.hpp"

using namespace driftkeeper;
using tests::writeFile;

namespace asking_test {
namespace {

// A variable of the environment while this lives.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() { ::unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
};

// A settings file with a state directory that holds a token.
struct Installation {
    Installation() {
        writeFile(folder / "state/token", "canary-token\n");
        write("");
    }
    void write(const std::string& more) const {
        tests::replaceFile(folder / "driftkeeper.yaml",
                           "state_directory: " + (folder / "state").string() +
                               "\nlisten: 127.0.0.1:4711\n" + more);
    }
    [[nodiscard]] Options options(const std::string& url = "") const {
        Options options;
        options.configFile = (folder / "driftkeeper.yaml").string();
        options.url = url;
        return options;
    }
    tests::TempDir folder;
};

}  // namespace

TEST_CASE("the daemon is where the settings say, with the token of its state directory") {
    const Installation here;
    const auto daemon = daemonOf(here.options());
    CHECK(daemon.url == "http://127.0.0.1:4711");
    CHECK(daemon.token == "canary-token");
    CHECK(daemon.tokenTrouble.empty());
}

TEST_CASE("--url wins over the settings, and the token of this host stays here") {
    const Installation here;
    CHECK(daemonOf(here.options("http://127.0.0.1:1/")).url == "http://127.0.0.1:1");
    CHECK(daemonOf(here.options("http://127.0.0.1:1")).token == "canary-token");
    CHECK(daemonOf(here.options("http://[::1]:1")).token == "canary-token");
    CHECK(daemonOf(here.options("https://drift.example.com")).token.empty());
    CHECK(daemonOf(here.options("http://127.0.0.1.example.com")).token.empty());
    CHECK(daemonOf(here.options("unix:/run/a b")).url == "http+unix://%2Frun%2Fa%20b");
}

TEST_CASE("the token of the environment goes wherever it was asked to") {
    const Installation here;
    const Variable token("DRIFTKEEPER_TOKEN", "given");
    CHECK(daemonOf(here.options()).token == "given");
    CHECK(daemonOf(here.options("https://drift.example.com")).token == "given");
}

TEST_CASE("a socket that this user can open is asked instead of the address") {
    const Installation here;
    const auto socket = here.folder / "socket";
    here.write("access: { socket: " + socket.string() + " }\n");
    CHECK(daemonOf(here.options()).url == "http://127.0.0.1:4711");  // not there
    writeFile(socket, "");
    CHECK(daemonOf(here.options()).url.starts_with("http+unix://"));
}

TEST_CASE("a token goes along to this host, and never in the clear to another one") {
    const tests::HttpReceiver receiver;
    Daemon daemon;
    daemon.token = "canary";
    daemon.url = "http://127.0.0.1:" + std::to_string(receiver.port());
    CHECK(ask(daemon, "POST", "/api/v1/run?x=1", "{}").status == 200);
    REQUIRE(receiver.requests().size() == 1);
    CHECK(receiver.requests()[0].method == "POST");
    CHECK(receiver.requests()[0].target == "/api/v1/run?x=1");
    CHECK(receiver.requests()[0].headers.at("authorization") == "Bearer canary");

    const Variable proxy("http_proxy", daemon.url);  // the way to another host
    daemon.url = "http://drift.example.com";
    CHECK(ask(daemon, "GET", "/").status == 200);
    REQUIRE(receiver.requests().size() == 2);
    CHECK_FALSE(receiver.requests()[1].headers.contains("authorization"));
}

TEST_CASE("a token that is not there or cannot be read says why, and what to do") {
    const tests::TempDir folder;
    writeFile(folder / "state/driftkeeper.db", "");
    const auto missing = readTokenFile(folder / "state");
    CHECK(missing.token.empty());
    CHECK_FALSE(missing.trouble.empty());
    CHECK_FALSE(missing.fix.empty());
    writeFile(folder / "state/token", "\n");
    CHECK(readTokenFile(folder / "state").token.empty());
    tests::replaceFile(folder / "state/token", "abc\n\n");
    CHECK(readTokenFile(folder / "state").token == "abc");
    CHECK(readTokenFile(folder / "state").trouble.empty());
}

TEST_CASE("a list of the API is a table: members by their path, one row an element") {
    const Listing listing{"/api/v1/things", "things", {"NAME", "SIZE"}, {{"name"}, {"of", "size"}}};
    const auto text =
        listTable(listing, R"({"things":[{"name":"a\u001b[2J","of":{"size":12}},{"name":"b"}]})");
    CHECK(text.find("NAME") != std::string::npos);
    CHECK(text.find("12") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\nb") != std::string::npos);
}

}  // namespace asking_test
