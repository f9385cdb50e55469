// What init and plan need of the network, from within a room: modules by Git over https and ssh,
// providers from a mirror, states behind HTTP and in PostgreSQL. Real terraform, git, sshd and
// PostgreSQL.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <memory>
#include <mutex>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace network_test {
namespace {

namespace fs = std::filesystem;

std::string userName() {
    return ::getpwuid(::geteuid())->pw_name;  // NOLINT(concurrency-mt-unsafe)
}

// A server of a script that prints "serving on PORT".
class Served {
public:
    Served(std::vector<std::string> argv, const fs::path& log)
        : server_(std::move(argv), log), log_(log) {
        REQUIRE(eventually([&] { return readFile(log_).find('\n') != std::string::npos; }));
    }
    [[nodiscard]] std::string port() const {
        const std::string text = readFile(log_);
        return text.substr(text.rfind(' ') + 1, text.size() - text.rfind(' ') - 2);
    }

private:
    BackgroundProgram server_;
    fs::path log_;
};

// A state behind HTTP (the protocol of terraform's backend "http", without locks).
class StateServer {
public:
    StateServer() {
        server_.answerBy([this](const HttpRequest& request) {
            const std::scoped_lock lock(mutex_);
            if (request.method == "POST") state_ = request.body;
            if (request.method == "GET" && state_.empty()) return HttpAnswer{404, {}, ""};
            return HttpAnswer{200, {}, request.method == "GET" ? state_ : ""};
        });
    }
    [[nodiscard]] std::string address() const { return server_.url("/state"); }

private:
    std::mutex mutex_;
    std::string state_;
    HttpReceiver server_;
};

// What stands beside a stack: a certificate, an ssh key, and servers that take them.
struct Surroundings {
    TempDir room;
    GitWorld modules;
    std::unique_ptr<BackgroundProgram> sshd;
    std::unique_ptr<Served> https, mirror;
    std::uint16_t sshPort = freePort();

    Surroundings() {
        outputOf({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
                  "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file("key"), "-out",
                  file("ca.pem")});
        modules.write("box/main.tf",
                      "terraform {\n  required_providers {\n    box = { source = "
                      "\"driftkeeper/box\" }\n  }\n}\nvariable \"name\" {}\nresource "
                      "\"box_item\" \"one\" {\n  name = var.name\n  content = \"one\"\n}\n");
        modules.commit("a module");
        https = std::make_unique<Served>(
            std::vector<std::string>{
                "python3", "-B", DRIFTKEEPER_SOURCE_DIR "/tests/daemon/git/http_server.py",
                modules.path().parent_path().string(), "--tls", file("ca.pem"), file("key")},
            room / "https.log");
        startSshd();
    }

    [[nodiscard]] std::string file(const std::string& name) const { return (room / name).string(); }
    [[nodiscard]] std::string byHttps() const {
        return fmt::format("git::https://127.0.0.1:{}/tree//box?ref=main", https->port());
    }
    [[nodiscard]] std::string bySsh() const {
        return fmt::format("git::ssh://{}@127.0.0.1:{}{}//box?ref=main", userName(), sshPort,
                           modules.path().string());
    }
    // What an operator gives to tools: no file of it is anywhere that rooms show by themselves.
    [[nodiscard]] Environment environment() const {
        return {{"GIT_SSL_CAINFO", file("ca.pem")},
                {"SSL_CERT_FILE", file("ca.pem")},
                {"GIT_SSH_COMMAND", "ssh -i " + file("user") + " -o UserKnownHostsFile=" +
                                        file("known_hosts") + " -o IdentitiesOnly=yes"}};
    }

    // A mirror of providers by https (the provider network mirror protocol); the CLI settings that
    // name it.
    std::string makeMirror(const fs::path& packedMirror) {
        const std::string place = "registry.terraform.io/driftkeeper/box";
        const fs::path packed = packedMirror / place;
        const fs::path folder = room / "mirror" / place;
        fs::create_directories(folder);
        std::string versions;
        for (const auto& entry : fs::directory_iterator(packed)) {
            const std::string name = entry.path().filename();  // …_VERSION_linux_amd64.zip
            const std::string rest = name.substr(name.find('_') + 1);
            const std::string version = rest.substr(0, rest.find('_'));
            const std::string platform =
                rest.substr(version.size() + 1, rest.size() - version.size() - 5);
            fs::copy(entry.path(), folder / name);
            writeFile(folder / (version + ".json"),
                      R"({"archives":{")" + platform + R"(":{"url":")" + name + R"("}}})");
            versions += (versions.empty() ? "\"" : ",\"") + version + "\":{}";
        }
        writeFile(folder / "index.json", R"({"versions":{)" + versions + "}}");
        mirror = std::make_unique<Served>(
            std::vector<std::string>{"python3", "-B",
                                     DRIFTKEEPER_SOURCE_DIR "/tests/e2e/tls_files.py",
                                     file("mirror"), file("ca.pem"), file("key")},
            room / "mirror.log");
        writeFile(room / "terraformrc",
                  fmt::format("provider_installation {{\n  network_mirror {{ url = "
                              "\"https://127.0.0.1:{}/\" }}\n}}\n",
                              mirror->port()));
        return file("terraformrc");
    }

private:
    void startSshd() {
        if (::geteuid() == 0) fs::create_directories("/run/sshd");
        for (const char* key : {"host", "user"})
            outputOf({"ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", file(key)});
        writeFile(room / "authorized", readFile(room / "user.pub"));
        writeFile(room / "known_hosts",
                  fmt::format("[127.0.0.1]:{} {}", sshPort, readFile(room / "host.pub")));
        writeFile(room / "sshd",
                  fmt::format("Port {}\nListenAddress 127.0.0.1\nStrictModes no\nUsePAM no\n"
                              "PidFile none\nPermitRootLogin prohibit-password\n"
                              "AuthorizedKeysFile {}\nHostKey {}\n",
                              sshPort, file("authorized"), file("host")));
        sshd = std::make_unique<BackgroundProgram>(
            std::vector<std::string>{"/usr/sbin/sshd", "-D", "-e", "-f", file("sshd")},
            room / "sshd.log");
        REQUIRE(eventually([&] {
            return readFile(room / "sshd.log").find("Server listening") != std::string::npos;
        }));
    }
};

std::string yaml(const Environment& environment) {
    std::string text;
    for (const auto& [name, value] : environment)
        text += (text.empty() ? "" : ", ") + name + ": \"" + value + '"';
    return "{ " + text + " }";
}

// The settings of the one stack.
std::string stackOf(const Environment& environment, const std::string& more = {}) {
    return "network: { allow: [127.0.0.1] }, stacks: [ { path: net, environment: " +
           yaml(environment) + more + " } ]";
}

std::string codeOf(const std::string& backend, const std::string& live,
                   const std::string& modules) {
    return "terraform {\n  required_providers {\n    box = { source = \"driftkeeper/box\" }\n  "
           "}\n" +
           backend + "}\nprovider \"box\" {\n  directory = \"" + live + "\"\n}\n" + modules;
}

void applyWith(const TerraformWorld& terraform, const Environment& more,
               std::vector<std::string> backend = {}) {
    Environment environment = terraform.env();
    for (const auto& [name, value] : more) environment[name] = value;
    const std::string folder = "-chdir=" + terraform.stack().string();
    std::vector<std::string> init = {"terraform", folder, "init", "-input=false"};
    init.insert(init.end(), backend.begin(), backend.end());
    outputOf(init, {.env = environment});
    outputOf({"terraform", folder, "apply", "-auto-approve", "-input=false"}, {.env = environment});
}

// A real PostgreSQL with a password. Its programs refuse root.
class Postgres {
public:
    Postgres() {
        fs::permissions(room_.path(), fs::perms(0755));
        fs::create_directories(room_ / "data");
        writeFile(room_ / "password", password);
        if (::geteuid() == 0) outputOf({"chown", "postgres:", (room_ / "data").string()});
        fs::permissions(room_ / "password", fs::perms(0644));
        outputOf(asOwner({"initdb", "-A", "scram-sha-256", "-U", "states", "--no-sync",
                          "--pwfile=" + (room_ / "password").string(), "-D",
                          (room_ / "data").string()}));
        server_ = std::make_unique<BackgroundProgram>(
            asOwner({"postgres", "-D", (room_ / "data").string(), "-h", "127.0.0.1", "-p",
                     std::to_string(port_), "-c", "unix_socket_directories=", "-c", "fsync=off"}),
            room_ / "log");
        REQUIRE(eventually([&] {
            return readFile(room_ / "log").find("ready to accept connections") != std::string::npos;
        }));
    }
    [[nodiscard]] std::string url() const {
        return fmt::format("postgres://states:{}@127.0.0.1:{}/postgres?sslmode=disable", password,
                           port_);
    }
    static constexpr const char* password = "CANARY-pg-5f0c";

private:
    static std::vector<std::string> asOwner(std::vector<std::string> argv) {
        for (const auto& version : fs::directory_iterator("/usr/lib/postgresql"))
            argv[0] = (version.path() / "bin" / argv[0]).string();
        if (::geteuid() == 0)
            argv.insert(argv.begin(), {"setpriv", "--reuid=postgres", "--regid=postgres",
                                       "--clear-groups", "--"});
        return argv;
    }

    TempDir room_;
    std::uint16_t port_ = freePort();
    std::unique_ptr<BackgroundProgram> server_;
};

}  // namespace

TEST_CASE("modules by https and ssh, a mirror of providers and a state behind HTTP, from a room") {
    Surroundings around;
    const StateServer state;
    GitWorld git;
    const TerraformWorld terraform{git.path() / "net", TerraformWorld::Mirror::Packed};
    writeFile(terraform.stack() / "main.tf",
              codeOf(fmt::format("  backend \"http\" {{ address = \"{}\" }}\n", state.address()),
                     terraform.live().string(),
                     fmt::format("module \"a\" {{\n  source = \"{}\"\n  name = \"a\"\n}}\n"
                                 "module \"b\" {{\n  source = \"{}\"\n  name = \"b\"\n}}\n",
                                 around.byHttps(), around.bySsh())));
    Environment environment = around.environment();
    applyWith(terraform, environment);
    const std::string settings = around.makeMirror(terraform.cliConfigFile().parent_path());
    fs::remove(terraform.stack() / ".terraform.lock.hcl");  // of the folder, not of the mirror
    git.commit("net");
    DaemonWorld daemon(terraform);
    environment["TF_CLI_CONFIG_FILE"] = settings;
    daemon.watch("infra", git.path().string(), stackOf(environment));
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"),
                    std::string(daemon.stack("infra/net").dump(2) + daemon.log()));
    terraform.set("b", "content", "\"by hand\"");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    CHECK(line(daemon.notices()[0]) == "opened drift +infra/net:module.b.box_item.one");
}

TEST_CASE("a state in PostgreSQL is read from a room, and its password is shown nowhere") {
    const Postgres postgres;
    GitWorld git;
    const TerraformWorld terraform{git.path() / "net"};
    writeFile(terraform.stack() / "main.tf",
              codeOf("  backend \"pg\" {}\n", terraform.live().string(),
                     "resource \"box_item\" \"a\" {\n  name = \"a\"\n}\n"));
    applyWith(terraform, {}, {"-backend-config=conn_str=" + postgres.url()});
    git.commit("net");
    DaemonWorld daemon(terraform);
    daemon.watch(
        "infra", git.path().string(),
        "stacks: [ { path: net, backend_config: [\"conn_str=" + postgres.url() + "\"] } ]");
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"),
                    std::string(daemon.stack("infra/net").dump(2) + daemon.log()));
    terraform.set("a", "content", "\"by hand\"");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    CHECK(line(daemon.notices()[0]) == "opened drift +infra/net:box_item.a");
    for (const std::string& text :
         {daemon.notices()[0].dump(), daemon.stack("infra/net").dump(), daemon.log(),
          daemon.ask({"config", "show"}).out, readFile(daemon.stateDirectory() / "driftkeeper.db")})
        CHECK(text.find(Postgres::password) == std::string::npos);
}

}  // namespace network_test
