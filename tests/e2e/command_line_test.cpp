// What the commands that ask the daemon owe to scripts, terminals and shells; one daemon for all of
// it.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/daemon_world.hpp"
#include "tests/support/terminal.hpp"

using namespace driftkeeper::tests;

namespace command_line_test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view item =
    "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A daemon that has told of one drift in infra/live/net.
struct Fleet {
    GitWorld git;
    TerraformWorld terraform{git.path() / "live/net"};
    DaemonWorld daemon{terraform};
    Fleet() {
        terraform.write(item);
        terraform.apply();
        git.commit("one");
        daemon.watch("infra", git.path().string());
        daemon.start();
        if (!daemon.awaitVerdict("infra/live/net", "in_sync"))
            throw std::runtime_error(daemon.log());
        terraform.set("a", "content", "\"live\"");
        if (!daemon.awaitNotices(1)) throw std::runtime_error(daemon.log());
    }
};

// The words that bash would offer, a line each.
std::string bashOffers(const Fleet& fleet, const std::vector<std::string>& typed) {
    std::string words = "driftkeeper";
    for (const auto& word : typed) words += " '" + word + "'";
    RunOptions options;
    options.env = {{"PATH", fs::path(program).parent_path().string() + ":/usr/bin:/bin"}};
    options.cwd = fleet.daemon.room();
    const std::string script = "source '" DRIFTKEEPER_SOURCE_DIR
                               "/config/completion/driftkeeper.bash'; COMP_WORDS=(" +
                               words + "); COMP_CWORD=" + std::to_string(typed.size()) +
                               "; _driftkeeper; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return outputOf({"bash", "--norc", "-c", script}, options);
}

// The same of zsh, whose own functions are replaced by some that print what they are given.
std::string zshOffers(const Fleet& fleet, const std::vector<std::string>& typed) {
    std::string words = "driftkeeper";
    for (const auto& word : typed) words += " '" + word + "'";
    RunOptions options;
    options.env = {{"PATH", fs::path(program).parent_path().string() + ":/usr/bin:/bin"}};
    options.cwd = fleet.daemon.room();
    const std::string script =
        "compadd() { print -rl -- ${(P)2} }; _files() { print FILES }; words=(" + words +
        "); CURRENT=" + std::to_string(typed.size() + 1) +
        "; source '" DRIFTKEEPER_SOURCE_DIR "/config/completion/_driftkeeper'; _driftkeeper";
    return run({"zsh", "-f", "-c", script}, options)
        .out;  // its status says whether there was anything
}

}  // namespace

TEST_CASE(
    "scripts, shells and terminals: JSON everywhere, completion, a screen that follows, errors "
    "that help") {
    const Fleet fleet;
    const DaemonWorld& daemon = fleet.daemon;
    const std::string config = daemon.settingsFile().string();
    const std::string delivery = daemon.api("outbox").at("deliveries").at(0).at("id");

    // Every command that answers something takes --format json and prints one JSON text.
    const Finished silenced = daemon.ask(
        {"silence", "stack=infra/other/**", "--for", "2h", "--reason", "test", "--format", "json"});
    REQUIRE_MESSAGE(silenced.ok(), silenced.err);
    const std::string silence = Json::parse(silenced.out).at("silence").at("id");
    const std::vector<std::vector<std::string>> commands = {
        {"check", fleet.terraform.stack().string()},
        {"check", "--stack", "infra/live/net"},
        {"stacks"},
        {"findings"},
        {"incidents"},
        {"show", "infra/live/net"},
        {"explain", "infra/live/net"},
        {"ignores"},
        {"ignores", "test", "{type: \"box_*\"}"},
        {"silences"},
        {"outbox"},
        {"outbox", "list", "--state", "delivered"},
        {"outbox", "show", delivery},
        {"channels", "test", "hook"},
        {"routes", "show"},
        {"routes", "test", "--stack", "infra/live/net", "--side", "live"},
        {"graph"},
        {"graph", "infra/live/net"},
        {"run", "infra/live/net"},
        {"silence", "--end", silence},
        {"doctor"},
    };
    for (auto command : commands) {
        const std::string name = command.front() + " " + (command.size() > 1 ? command[1] : "");
        const bool isTree = command.front() == "check" && command.size() == 2;
        command.insert(command.end(), {"--format", "json"});
        const Finished done =
            isTree ? run({program, "check", command[1], "--format", "json"}) : daemon.ask(command);
        CHECK_MESSAGE(Json::accept(done.out), name << ": " << done.out << done.err);
        CHECK_MESSAGE(done.status <= 3, name);
    }

    // What a shell offers comes from the program and from the running daemon.
    struct Offer {
        std::vector<std::string> typed;
        const char* wanted;
    };
    const Offer offers[] = {
        {{"outbox", "ret"}, "retry\n"},
        {{"check", "--format", "ju"}, "junit\n"},
        {{"check", "--form"}, "--format\n"},
        {{"show", "--config", config, "infra/"}, "infra/live/net\n"},
        {{"channels", "test", "--config", config, "h"}, "hook\n"},
        {{"silence", "--config", config, "--end", silence.substr(0, 4).c_str()}, nullptr},
        {{"outbox", "show", "--config", config, delivery.substr(0, 8)}, nullptr},
        {{"show", "--url", "http://127.0.0.1:1", ""}, "\n"},
        {{"nothing", "such", "--"}, nullptr},
    };
    for (const auto& offer : offers) {
        const std::string bash = bashOffers(fleet, offer.typed);
        if (offer.wanted != nullptr) CHECK_MESSAGE(bash == offer.wanted, offer.typed.front());
        if (offer.typed[0] == "silence") CHECK(bash == silence + "\n");
        if (offer.typed[0] == "outbox" && offer.typed[1] == "show")
            CHECK(has(bash, delivery + "\n"));
        const std::string zsh = zshOffers(fleet, offer.typed);
        CHECK_MESSAGE((zsh.empty() ? "\n" : zsh) == bash, offer.typed.front());
    }
    CHECK(has(bashOffers(fleet, {"check", "--config", ""}), "driftkeeper.yaml\n"));
    CHECK(zshOffers(fleet, {"check", "--config", ""}) == "FILES\n");
    CHECK(run({"zsh", "-n", DRIFTKEEPER_SOURCE_DIR "/config/completion/_driftkeeper"}).ok());
    CHECK(run({program, "complete", "stacks", "--config", config}).out == "infra/live/net\n");

    // A screen that follows, and ends with Ctrl-C.
    for (const char* command : {"stacks", "findings", "incidents", "outbox", "silences"}) {
        Terminal terminal({program, command, "--watch", "--config", config}, 80, 12);
        CHECK_MESSAGE(terminal.await("every 2 s, Ctrl-C ends"), command << terminal.output());
        terminal.type("\x03");
        CHECK_MESSAGE(terminal.wait() == 0, command);
    }
    {
        Terminal terminal({program, "show", "infra/live/net", "--watch", "--config", config}, 80,
                          30);
        REQUIRE(terminal.await("drifted"));
        fleet.terraform.set("a", "content", "\"one\"");
        CHECK_MESSAGE(terminal.await("in sync", terminal.output().size()), terminal.output());
        CHECK(has(terminal.output(), "\x1b[H\x1b[2J"));
        terminal.type("\x03");
        CHECK(terminal.wait() == 0);
    }
    const Finished piped = daemon.ask({"stacks", "--watch"});
    CHECK(piped.status == 2);
    CHECK_MESSAGE(
        has(piped.err, "--watch needs a terminal, and stdout is not one\n  → with --format json"),
        piped.err);

    // Narrow terminals: every line fits.
    Terminal narrow({program, "stacks", "--config", config}, 30, 12);
    CHECK(narrow.wait() == 0);
    CHECK(has(narrow.output(), "…"));

    // Mistakes are answered with the way out of them.
    struct Mistake {
        std::vector<std::string> words;
        const char* wanted;
    };
    const Mistake mistakes[] = {
        {{"show", "infra/live/nte"},
         "there is no stack \"infra/live/nte\"\n  → did you mean infra/live/net?\n"},
        {{"show", "net"}, "  → did you mean infra/live/net?\n"},
        {{"run", "infra/other"}, "  → all of them: driftkeeper stacks\n"},
        {{"explain", "infra/live/ne"}, "did you mean infra/live/net?"},
        {{"graph", "infra/live/ne"}, "did you mean infra/live/net?"},
        {{"stacks", "--url", "http://127.0.0.1:1"}, "no answer from http://127.0.0.1:1: "},
        {{"stacks", "--url", "http://127.0.0.1:1"},
         "  → is the daemon running? systemctl status driftkeeper"},
    };
    for (const auto& mistake : mistakes) {
        const Finished done = daemon.ask(mistake.words);
        CHECK(done.status == 2);
        CHECK_MESSAGE(has(done.err, mistake.wanted), done.err);
    }
    HttpReceiver stranger;
    HttpAnswer page;
    page.body = "<html>hello</html>";
    stranger.answerUsually(page);
    for (const char* command : {"stacks", "findings"}) {
        const Finished done = daemon.ask({command, "--url", stranger.url("")});
        CHECK(done.status == 2);
        CHECK_MESSAGE(
            has(done.err, "answers, but not as driftkeeper does\n  → something else listens there"),
            done.err);
    }
}

// Whoever may not read the token is told whose it is. As root the program runs as somebody else,
// who must reach it.
TEST_CASE("a token that cannot be read is named, with the group that may") {
    const TempDir room;
    chmod(room.path().c_str(), 0755);
    HttpReceiver daemon;
    HttpAnswer refusal;
    refusal.status = 401;
    refusal.body = R"({"version":1,"error":{"code":"token_needed","text":"a token is needed"}})";
    daemon.answerUsually(refusal);
    fs::copy_file(program, room / "driftkeeper");
    writeFile(room / "state/token", "canary-token\n");
    chmod((room / "state").c_str(), 0755);
    writeFile(room / "driftkeeper.yaml", "state_directory: " + (room / "state").string() + "\n");
    chmod((room / "driftkeeper.yaml").c_str(), 0644);
    const auto runStack = [&] {
        std::vector<std::string> words = {(room / "driftkeeper").string(),
                                          "run",
                                          "infra/a",
                                          "--url",
                                          daemon.url(""),
                                          "--config",
                                          (room / "driftkeeper.yaml").string()};
        if (geteuid() == 0)
            words.insert(words.begin(),
                         {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
        RunOptions options;
        options.cwd = "/";
        return run(words, options);
    };
    const std::string token = (room / "state/token").string();
    chmod(token.c_str(), geteuid() == 0 ? 0640 : 0040);
    Finished done = runStack();
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, "the token " + token + " cannot be read: it belongs to "),
                  done.err);
    CHECK_MESSAGE(has(done.err, "join the group: sudo usermod -aG "), done.err);
    CHECK(!has(done.err, "canary"));
    chmod((room / "state").c_str(), 0000);
    if (geteuid() == 0)
        CHECK(has(runStack().err, (room / "state").string() + " belongs to root:root, mode 0000"));
    chmod((room / "state").c_str(), 0755);
    fs::remove(token);
    done = runStack();
    CHECK_MESSAGE(has(done.err, "there is no token at " + token), done.err);
    CHECK(has(done.err, "→ name the settings of the running daemon: --config FILE"));
}

}  // namespace command_line_test
