// From a tree of code to a daemon that watches it: `init`, `config check`, `serve`, `doctor`; and
// what `doctor` says of installations where something is wrong.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace first_minute_test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view item =
    "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A clone whose origin is a bare repository, with one stack of real terraform.
struct Tree {
    TempDir room;
    GitWorld git;
    TerraformWorld terraform{git.path() / "live/net"};
    Tree() {
        terraform.write(item);
        terraform.apply();
        git.write("bucket/main.tf",
                  "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n  }\n}\n");
        git.write(".gitignore", ".terraform/\n");
        git.commit("stacks");
        git.pushTo(room / "infra.git");
        git.git({"remote", "add", "origin", "file://" + (room / "infra.git").string()});
    }
};

Finished runIn(const fs::path& directory, std::vector<std::string> words, Environment more = {}) {
    words.insert(words.begin(), program);
    RunOptions options;
    options.cwd = directory;
    options.env = std::move(more);
    return run(words, options);
}

// What doctor says of one area: "ok", "warning: …", "problem: …", several separated by " | ".
std::string sayingOf(const Finished& doctor, const std::string& area) {
    if (!doctor.out.starts_with('{')) return "no JSON: " + doctor.out + doctor.err;
    std::string said;
    const Json answer = Json::parse(doctor.out);
    for (const auto& check : answer.at("checks")) {
        if (check.at("area") != area) continue;
        const std::string level = check.at("level");
        said += (said.empty() ? "" : " | ") + level;
        if (level != "ok") said += ": " + check.at("text").get<std::string>();
        CHECK_MESSAGE((level == "ok") == check.at("fix").is_null(), check.dump());
    }
    return said;
}

// An installation with nothing wrong, whose settings a test then spoils.
struct Installation {
    TempDir room;
    GitWorld git;
    std::uint16_t port = freePort();
    std::string text;
    Installation() {
        git.write("main.tf", item);
        git.commit("one");
        writeFile(room / "secret", "canary-secret\n");
        chmod((room / "secret").c_str(), 0600);
        text = "state_directory: " + (room / "state").string() +
               "\nlisten: 127.0.0.1:" + std::to_string(port) +
               "\nrepositories:\n  - { name: infra, url: \"" + git.path().string() + "\" }\n" +
               "channels:\n  - { name: hook, webhook: { url: \"http://127.0.0.1:9/canary-path\", "
               "secret_file: " +
               (room / "secret").string() + " } }\n";
    }
    void replace(std::string_view from, std::string_view to) { text = replaced(text, from, to); }
    Finished doctor(std::vector<std::string> more = {}) const {
        writeFile(room / "driftkeeper.yaml", text);
        std::vector<std::string> words = {"doctor", "--config",
                                          (room / "driftkeeper.yaml").string(), "--format", "json"};
        words.insert(words.end(), more.begin(), more.end());
        Finished done = runIn(room.path(), words);
        CHECK(!has(done.out + done.err, "canary"));
        return done;
    }
};

}  // namespace

TEST_CASE("the first minute: init, config check, serve, and a doctor who finds nothing wrong") {
    Tree tree;
    const fs::path file = tree.room / "driftkeeper.yaml";
    const Environment bare = {{"HOME", tree.room.path().string()},
                              {"AWS_SECRET_ACCESS_KEY", "canary-key"},
                              {"AWS_ACCESS_KEY_ID", "canary-id"}};
    const Finished init = runIn(tree.git.path(), {"init", "live", "--output", file.string()}, bare);
    REQUIRE_MESSAGE(init.ok(), init.err);
    for (const char* part : {"2 stacks", "live/net", "s3", "tool terraform",
                             "AWS_ACCESS_KEY_ID is set", "driftkeeper config check ",
                             "driftkeeper check --config ", "driftkeeper serve --config "})
        CHECK_MESSAGE(has(init.out, part), init.out);
    std::string text = readFile(file);
    for (const char* part : {"name: 'infra'", "    #   live/net  terraform, state in local\n",
                             "    #   bucket  terraform, state in s3\n"})
        CHECK_MESSAGE(has(text, part), text);
    CHECK(has(text, (tree.room / "infra.git").string() + "'\n"));
    CHECK(!has(init.out + init.err + text, "canary"));
    const Finished checked = runIn(tree.room.path(), {"config", "check", file.string()}, bare);
    CHECK_MESSAGE(checked.ok(), checked.err);

    // What a person would change: where it listens and lives, how terraform finds its provider,
    // whom it tells.
    const std::uint16_t port = freePort();
    text = replaced(text, "#state_directory: /var/lib/driftkeeper",
                    "state_directory: " + (tree.room / "state").string());
    text = replaced(text, "#listen: 127.0.0.1:9743", "listen: 127.0.0.1:" + std::to_string(port));
    text = replaced(
        text, "terraform:  # 2 stacks found\n",
        "terraform:\n    cli_config_file: " + tree.terraform.cliConfigFile().string() + "\n");
    text = replaced(text, "#discover: { exclude: [\"modules/**\"] }",
                    "discover: { exclude: [\"bucket\"] }");
    text = replaced(text, "#- { name: hook", "- { name: hook");
    writeFile(file, text);
    chmod(tree.terraform.cliConfigFile().c_str(), 0600);
    BackgroundProgram daemon({program, "serve", "--config", file.string()}, tree.room / "log");
    const auto ask = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--config", file.string()});
        return runIn(tree.room.path(), words);
    };
    REQUIRE_MESSAGE(eventually([&] { return has(ask({"stacks"}).out, "in_sync"); }),
                    readFile(tree.room / "log"));
    const Finished doctor = ask({"doctor"});
    CHECK_MESSAGE(doctor.status == 0, doctor.out);
    CHECK_MESSAGE(!has(doctor.out, "problem  "), doctor.out);
    const Finished json = ask({"doctor", "--format", "json"});
    for (const char* area : {"settings", "state directory", "database", "token", "files", "daemon",
                             "git infra", "tool terraform", "channels", "plugin cache"})
        CHECK_MESSAGE(sayingOf(json, area) == "ok", area << ": " << sayingOf(json, area));
    CHECK(has(json.out, "in use"));
    CHECK(daemon.end(15) == 0);
}

TEST_CASE("init looks at a URL, prints with -, and never writes over a file unless told to") {
    Tree tree;
    const std::string url = "file://" + (tree.room / "infra.git").string();
    const Finished printed = runIn(tree.room.path(), {"init", url, "--output", "-"});
    REQUIRE_MESSAGE(printed.ok(), printed.err);
    CHECK(printed.out.starts_with("# Settings of driftkeeper"));
    CHECK(has(printed.err, "live/net"));
    CHECK(!fs::exists(tree.room / "driftkeeper.yaml"));
    writeFile(tree.room / "printed.yaml", printed.out);
    CHECK(runIn(tree.room.path(), {"config", "check", "printed.yaml"}).ok());

    writeFile(tree.room / "driftkeeper.yaml", "mine\n");
    const Finished refused = runIn(tree.room.path(), {"init", url});
    CHECK(refused.status == 2);
    CHECK_MESSAGE(
        has(refused.err, "already exists and was not changed\n  → write elsewhere: --output FILE"),
        refused.err);
    CHECK(readFile(tree.room / "driftkeeper.yaml") == "mine\n");
    fs::permissions(tree.room / "driftkeeper.yaml", fs::perms(0604));
    CHECK(runIn(tree.room.path(), {"init", url, "--force"}).ok());
    CHECK(has(readFile(tree.room / "driftkeeper.yaml"), "repositories:"));
    CHECK(fs::status(tree.room / "driftkeeper.yaml").permissions() == fs::perms(0604));

    CHECK(has(runIn(tree.room.path(), {"init", "/nowhere/at/all"}).err, "no such folder"));
    CHECK(has(runIn(tree.room.path(), {"init", "file:///nowhere/at/all.git"}).err, "→ "));
    const TempDir empty;
    CHECK(has(runIn(empty.path(), {"init"}).err, "is not in a Git repository"));
}

TEST_CASE("doctor finds what is wrong, says it in one sentence, and says what to do") {
    struct Row {
        const char* what;
        std::function<void(Installation&)> spoil;
        std::vector<std::string> flags;
        const char* area;
        std::string wanted;  // beginning
        int status;
    };
    std::unique_ptr<HttpReceiver> other;
    const Row rows[] = {
        {"nothing", [](Installation&) {}, {}, "settings", "ok", 0},
        {"no daemon",
         [](Installation&) {},
         {},
         "daemon",
         "warning: not running; http://127.0.0.1:",
         0},
        {"a mistake",
         [](Installation& it) { it.text += "chanels: []\n"; },
         {},
         "settings",
         "problem: ",
         2},
        {"a missing tool",
         [](Installation& it) { it.text += "providers:\n  terraform: { program: terrafrom }\n"; },
         {},
         "tool terrafrom",
         "problem: terrafrom was not found, and terraform needs it",
         2},
        {"a tool that cannot be started",
         [](Installation& it) { it.text += "providers:\n  opentofu: { program: /bin/false }\n"; },
         {},
         "tool /bin/false",
         "problem: /bin/false does not print its version",
         2},
        {"a secret that is not there",
         [](Installation& it) { fs::remove(it.room / "secret"); },
         {},
         "files",
         "problem: channel hook, secret_file: ",
         2},
        {"a secret that everybody reads",
         [](Installation& it) { chmod((it.room / "secret").c_str(), 0644); },
         {},
         "files",
         "problem: channel hook, secret_file: /",
         2},
        {"an empty secret",
         [](Installation& it) { fs::resize_file(it.room / "secret", 0); },
         {},
         "files",
         "problem: channel hook, secret_file: ",
         2},
        {"a wrong Git URL",
         [](Installation& it) { it.replace(it.git.path().string(), "/nowhere/at/all"); },
         {},
         "git infra",
         "problem: ",
         2},
        {"a wrong ref",
         [](Installation& it) { it.replace("name: infra", "name: infra, ref: mian"); },
         {},
         "git infra",
         "problem: the repository has no branch, tag or commit \"mian\"",
         2},
        {"an address that something else has",
         [&](Installation& it) { other = std::make_unique<HttpReceiver>(it.port); },
         {},
         "daemon",
         "problem: something other than driftkeeper answers at",
         2},
        {"a state directory that is a file",
         [](Installation& it) { writeFile(it.room / "state", ""); },
         {},
         "state directory",
         "problem: ",
         2},
        {"a database of a newer program",
         [](Installation& it) {
             fs::create_directory(it.room / "state");
             outputOf({"sqlite3", (it.room / "state/driftkeeper.db").string(),
                       "PRAGMA user_version = 999"});
         },
         {},
         "database",
         "problem: its schema has version 999",
         2},
        {"a token that everybody reads",
         [](Installation& it) {
             writeFile(it.room / "state/token", "canary-token\n");
             chmod((it.room / "state/token").c_str(), 0644);
         },
         {},
         "token",
         "problem: /",
         2},
        {"no channel",
         [](Installation& it) { it.text.resize(it.text.find("channels:")); },
         {},
         "channels",
         "warning: there are none: nobody gets alerts",
         0},
        {"a peer that is not there",
         [](Installation&) {},
         {"--online"},
         "channel hook",
         "problem: 127.0.0.1 port 9 cannot be reached",
         2},
    };
    for (const auto& row : rows) {
        Installation installation;
        row.spoil(installation);
        const Finished done = installation.doctor(row.flags);
        CHECK_MESSAGE(done.status == row.status, row.what << ": " << done.out << done.err);
        const std::string said = sayingOf(done, row.area);
        CHECK_MESSAGE(said.starts_with(row.wanted), row.what << ": " << said);
        other.reset();
    }
}

TEST_CASE("a server that never answers does not hold the doctor up") {
    Installation installation;
    HttpReceiver silent;
    HttpAnswer late;
    late.delay = std::chrono::seconds(60);
    silent.answerUsually(late);
    installation.replace("url: \"" + installation.git.path().string() + "\"",
                         "url: \"" + silent.url("/infra.git") + "\"");
    const auto begin = std::chrono::steady_clock::now();
    const Finished done = installation.doctor();
    CHECK(done.status == 2);
    CHECK(sayingOf(done, "git infra").starts_with("problem: "));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}

}  // namespace first_minute_test
