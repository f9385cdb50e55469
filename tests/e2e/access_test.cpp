// The real program beyond loopback: TLS, tokens, users, logins, the Unix socket, and a forge that
// says what was pushed.
// [::ffff:127.0.0.1] is reached at 127.0.0.1 only, and is no loopback address to the settings.
#include <doctest/doctest.h>
#include <signal.h>

#include <array>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace access_test {
namespace {

using Words = std::vector<std::string>;

constexpr const char* readToken = "canary-read-token-1234";
constexpr const char* operateToken = "canary-operate-token-1";
constexpr const char* password = "canary-password";
constexpr const char* hash =
    "$2b$08$abcdefghijklmnopqrstuuHo/N1yllEkmfVYqZgY3dJM1.VT0LqW6";  // of the password
constexpr const char* hookSecret = "canary-hook-secret";

// A daemon over one pushed repository that nobody polls and that is rarely checked.
struct SecureDaemon {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};
    TempDir room;
    std::uint16_t port = freePort();
    std::optional<BackgroundProgram> process;

    SecureDaemon() {
        terraform.write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
        terraform.apply();
        git.commit("one item");
        git.pushTo(bare());
        writeFile(room / "read", std::string(readToken) + "\n");
        writeFile(room / "operate", std::string(operateToken) + "\n");
        writeFile(room / "hook", std::string(hookSecret) + "\n");
        writeFile(
            room / "web.yaml",
            std::string("tls_server_config: { cert_file: server.pem, key_file: server.key }\n") +
                "basic_auth_users: { alice: \"" + hash + "\", bob: \"" + hash + "\" }\n");
        makeCertificate("first");
    }

    std::filesystem::path bare() const { return room / "infra.git"; }
    std::filesystem::path socket() const { return room / "d.sock"; }
    std::filesystem::path settingsFile() const { return room / "driftkeeper.yaml"; }
    std::string log() const { return readFile(room / "log"); }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port); }

    // It is its own authority.
    void makeCertificate(const std::string& name) const {
        outputOf({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=" + name, "-addext",
                  "subjectAltName=IP:127.0.0.1", "-keyout", (room / "new.key").string(), "-out",
                  (room / "new.pem").string()});
        std::filesystem::rename(room / "new.key", room / "server.key");
        std::filesystem::rename(room / "new.pem", room / "server.pem");
    }

    void writeSettings(const std::string& access) const {
        writeFile(settingsFile(), "state_directory: " + (room / "state").string() +
                                      "\nlisten: \"[::ffff:127.0.0.1]:" + std::to_string(port) +
                                      "\"\nchecks: { every: 1h, timeout: 60s }\nproviders:\n  "
                                      "terraform: { cli_config_file: " +
                                      terraform.cliConfigFile().string() +
                                      " }\nrepositories:\n  - { name: infra, url: \"" +
                                      bare().string() + "\", ref: main, poll: 1d }\n" + access);
    }
    void writeSettings() const {
        writeSettings("access:\n  web_config_file: " + (room / "web.yaml").string() +
                      "\n  socket: " + socket().string() +
                      "\n  operators: [alice]\n  tokens:\n    - { name: scrape, token_file: " +
                      (room / "read").string() +
                      " }\n    - { name: ci, token_file: " + (room / "operate").string() +
                      ", role: operate }\nhooks:\n  - { name: forge, forge: github, secret_file: " +
                      (room / "hook").string() + " }\n");
    }

    void start() {
        writeSettings();
        process.emplace(Words{program, "serve", "--config", settingsFile().string()}, room / "log");
        const bool isReady =
            eventually([&] { return status({bearer(readToken)}, "/-/ready") == 200; });
        REQUIRE_MESSAGE(isReady, log());
    }

    static std::string bearer(const std::string& token) {
        return "-HAuthorization: Bearer " + token;
    }

    Finished curl(Words more, const std::string& path) const {
        Words words{"curl", "-sS", "-m", "20", "--cacert", (room / "server.pem").string()};
        words.insert(words.end(), more.begin(), more.end());
        words.push_back(url() + path);
        return run(words);
    }
    int status(Words more, const std::string& path) const {
        more.insert(more.end(), {"-o", "/dev/null", "-w", "%{http_code}"});
        return std::atoi(curl(std::move(more), path).out.c_str());
    }

    // What GitHub would send.
    int push(const std::string& body, const std::string& secret = hookSecret) const {
        const auto signature =
            run({"openssl", "dgst", "-sha256", "-hmac", secret}, {.input = body}).out;
        const auto hex = signature.substr(signature.find("= ") + 2, 64);
        return status(
            {"-X", "POST", "-H", "X-GitHub-Event: push", "-H", "X-Hub-Signature-256: sha256=" + hex,
             "-H", "Content-Type: application/json", "--data-binary", body},
            "/hooks/forge");
    }
    std::string body(const std::string& ref) const {
        return R"({"ref":")" + ref + R"(","repository":{"clone_url":"file://)" + bare().string() +
               R"("}})";
    }
    std::string commit() const {
        const auto answer = curl({bearer(readToken), "-f"}, "/api/v1/stacks/infra%2Fnet");
        if (!answer.ok()) return {};
        const Json stack = Json::parse(answer.out).at("stacks").at(0);
        return stack.at("commit").is_null() ? "" : stack.at("commit").get<std::string>();
    }
};

}  // namespace

TEST_CASE(
    "beyond loopback the program does not start without TLS and credentials, and says what is "
    "missing") {
    const SecureDaemon daemon;
    const auto refused = [&](const std::string& access) {
        daemon.writeSettings(access);
        const auto checked = run({program, "config", "check", daemon.settingsFile().string()});
        CHECK(checked.status == 2);
        const auto served = run({program, "serve", "--config", daemon.settingsFile().string()});
        CHECK(served.status == 2);
        CHECK(served.err == checked.err);
        return checked.err;
    };
    const auto file = (daemon.room / "web.yaml").string();
    CHECK(refused("").find("access.web_config_file") != std::string::npos);
    writeFile(file, "tls_server_config: { cert_file: server.pem, key_file: server.key }\n");
    CHECK(refused("access: { web_config_file: " + file + " }\n")
              .find("basic_auth_users is missing") != std::string::npos);
    writeFile(file, std::string("basic_auth_users: { alice: \"") + hash + "\" }\n");
    CHECK(refused("access: { web_config_file: " + file + " }\n")
              .find("tls_server_config is missing") != std::string::npos);
    writeFile(file,
              "tls_server_config: { cert_file: server.pem, key_file: none.key }\nbasic_auth_users: "
              "{ alice: \"" +
                  std::string(hash) + "\" }\n");
    CHECK(refused("access: { web_config_file: " + file + " }\n").find("none.key") !=
          std::string::npos);
    writeFile(file, "tls_server_config: { cert_fil: server.pem }\n");
    CHECK(refused("access: { web_config_file: " + file + " }\n").find("did you mean cert_file?") !=
          std::string::npos);
}

TEST_CASE(
    "over TLS: tokens, users, logins, the socket, a renewed certificate, and a push that is looked "
    "at at once") {
    SecureDaemon daemon;
    daemon.start();
    const std::string check = "/api/v1/stacks/infra%2Fnet/check";
    REQUIRE_MESSAGE(eventually([&] { return daemon.commit() == daemon.git.head(); }), daemon.log());

    // Nobody, and who may read or operate.
    CHECK(daemon.status({}, "/-/healthy") == 200);
    for (const char* path :
         {"/", "/metrics", "/-/ready", "/api/v1/stacks", "/api/v1/events", "/nothing"}) {
        CAPTURE(path);
        CHECK(daemon.status({}, path) == 401);
        CHECK(daemon.status({SecureDaemon::bearer("wrong-wrong-wrong")}, path) == 401);
    }
    CHECK(daemon.status({SecureDaemon::bearer(readToken)}, "/metrics") == 200);
    CHECK(daemon.status({"-X", "POST", SecureDaemon::bearer(readToken)}, check) == 403);
    CHECK(daemon.status({"-X", "POST", SecureDaemon::bearer(operateToken)}, check) == 202);
    CHECK(daemon.status({"-u", std::string("bob:") + password}, "/metrics") == 200);
    CHECK(daemon.status({"-u", "bob:wrong"}, "/metrics") == 401);
    CHECK(daemon.status({"-X", "POST", "-u", std::string("bob:") + password}, check) == 403);
    CHECK(daemon.status({"-X", "POST", "-u", std::string("alice:") + password}, check) == 202);
    CHECK(daemon.status({"-X", "POST", "-u", std::string("alice:") + password, "-H",
                         "Origin: " + daemon.url()},
                        check) == 403);

    // A token that is replaced counts at once.
    writeFile(daemon.room / "operate", "another-token-now-123\n");
    CHECK(daemon.status({"-X", "POST", SecureDaemon::bearer(operateToken)}, check) == 401);
    CHECK(daemon.status({"-X", "POST", SecureDaemon::bearer("another-token-now-123")}, check) ==
          202);

    // A login of a browser.
    const auto jar = (daemon.room / "jar").string();
    CHECK(daemon.status({"-c", jar, "-d", "user=alice", "-d", "password=wrong"}, "/login") == 401);
    CHECK(daemon.status({"-c", jar, "-d", "user=alice", "-d", std::string("password=") + password},
                        "/login") == 303);
    CHECK(readFile(jar).find("__Host-driftkeeper") != std::string::npos);
    CHECK(daemon.status({"-b", jar}, "/metrics") == 200);
    CHECK(daemon.status({"-b", jar, "-d", "csrf=0"}, check) == 403);
    CHECK(daemon.status({"-H", "Accept: text/html"}, "/") == 303);

    // The commands: by the socket without a token, by the network with one.
    const Words config{"--config", daemon.settingsFile().string()};
    auto words = Words{program, "stacks"};
    words.insert(words.end(), config.begin(), config.end());
    const auto local = run(words);
    CHECK_MESSAGE(local.out.find("infra/net") != std::string::npos, local.err);
    words = {program, "stacks", "--url", daemon.url()};
    words.insert(words.end(), config.begin(), config.end());
    RunOptions remote;
    remote.env = {{"DRIFTKEEPER_CA", (daemon.room / "server.pem").string()},
                  {"DRIFTKEEPER_TOKEN", readToken}};
    CHECK(run(words, remote).out.find("infra/net") != std::string::npos);
    remote.env["DRIFTKEEPER_TOKEN"] = "wrong-wrong-wrong";
    CHECK(run(words, remote).status == 2);
    words[3] = "unix:" + daemon.socket().string();
    CHECK(run(words).out.find("infra/net") != std::string::npos);

    // A push: only a signed one for the ref that is followed.
    daemon.git.write("net/comment.tf", "# two\n");
    const auto second = daemon.git.commit("two");
    daemon.git.pushTo(daemon.bare());
    CHECK(daemon.push(daemon.body("refs/heads/main"), "wrong-secret-wrong") == 401);
    CHECK(daemon.push(daemon.body("refs/heads/other")) == 200);
    CHECK(daemon.commit() != second);
    CHECK(daemon.push(daemon.body("refs/heads/main")) == 202);
    CHECK_MESSAGE(eventually([&] { return daemon.commit() == second; }), daemon.log());
    CHECK(daemon.push(daemon.body("refs/heads/main")) == 202);  // a replay

    // A certificate that is renewed is served without a reload.
    daemon.makeCertificate("second");
    CHECK(eventually(
        [&] { return daemon.status({SecureDaemon::bearer(readToken)}, "/metrics") == 200; }));

    // A reload that would open the door keeps it closed.
    writeFile(daemon.room / "web.yaml", "basic_auth_users: {}\n");
    kill(daemon.process->pid(), SIGHUP);
    CHECK(eventually(
        [&] { return daemon.log().find("settings not reloaded") != std::string::npos; }));
    CHECK(daemon.status({}, "/metrics") == 401);
    CHECK(daemon.status({SecureDaemon::bearer(readToken)}, "/metrics") == 200);

    const auto metrics = daemon.curl({SecureDaemon::bearer(readToken)}, "/metrics").out;
    CHECK(daemon.process->end(SIGTERM) == 0);
    CHECK_FALSE(std::filesystem::exists(daemon.socket()));
    for (const char* canary :
         {readToken, operateToken, password, hash, hookSecret, "another-token-now-123"}) {
        CHECK(daemon.log().find(canary) == std::string::npos);
        CHECK(metrics.find(canary) == std::string::npos);
        CHECK(run({"grep", "-rlaF", "--", canary, (daemon.room / "state").string()}).out.empty());
    }
}

}  // namespace access_test
