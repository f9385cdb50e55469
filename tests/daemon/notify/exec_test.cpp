#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/sample_notice.hpp"
#include "tests/support/files.hpp"

namespace driftkeeper {
namespace exec_test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

// A shell script in a folder of its own, and the channel that runs it.
class Script {
public:
    explicit Script(std::string_view text) {
        tests::writeFile(folder_ / "tell", "#!/bin/sh\n" + std::string(text) + "\n");
        std::filesystem::permissions(folder_ / "tell", std::filesystem::perms::owner_all);
        settings.options["program"] = {folder_ / "tell", folder_.path()};
    }
    [[nodiscard]] Answer run(const Notice& notice, bool plain = false) const {
        return runProgram(std::get<ProgramRequest>(
            makeChannel(settings, "")->render({notice, tests::sampleNow(), plain}).value()));
    }
    [[nodiscard]] AttemptResult tell(const Notice& notice = tests::sampleNotice()) const {
        return tests::judged(*makeChannel(settings, ""), run(notice));
    }
    [[nodiscard]] std::string file(const std::string& name) const {
        return tests::readFile(folder_ / name);
    }

    ChannelSettings settings = tests::sampleSettings(*channelKind("exec"));

private:
    tests::TempDir folder_;
};

TEST_CASE("a program gets the contract's JSON on its standard input") {
    const Script script("cat >$1/input");
    for (const Event event : {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
        CHECK(script.tell(tests::sampleNotice(event)).outcome == Outcome::Delivered);
        CHECK(script.file("input") == noticeJson(tests::sampleNotice(event)) + '\n');
    }
    for (const std::size_t drifts : {1U, 30U, 1000U}) {
        CHECK(script.tell(tests::hostileNotice(drifts)).outcome == Outcome::Delivered);
        CHECK(json::parse(script.file("input"))["stacks"][0]["drifts"].size() == drifts);
    }
}

TEST_CASE("a program that does not read is no harm") {
    CHECK(Script("exit 0").tell(tests::hostileNotice(1000)).outcome == Outcome::Delivered);
}

TEST_CASE("the values stay away when they are hidden, and from the smallest message") {
    Script script("cat >$1/input");
    CHECK(script.run(tests::sampleNotice(), true).status == 1000);
    CHECK(script.file("input").find("0.0.0.0/0") == std::string::npos);
    script.settings.showValues = false;
    CHECK(script.tell().outcome == Outcome::Delivered);
    CHECK(script.file("input").find("0.0.0.0/0") == std::string::npos);
    CHECK(script.file("input").find("aws_security_group.web") != std::string::npos);
}

TEST_CASE(
    "a program has the environment that was given, what the notice is, a PATH and nothing else") {
    Script script("env >$1/environment; pwd >$1/directory");
    script.settings.options["environment"] = {"TOKEN=canary with blanks",
                                              "DRIFTKEEPER_EVENT=ours counts"};
    CHECK(script.tell().outcome == Outcome::Delivered);
    const auto environment = script.file("environment");
    CAPTURE(environment);
    for (const char* line :
         {"TOKEN=canary with blanks\n", "DRIFTKEEPER_EVENT=opened\n", "DRIFTKEEPER_KIND=drift\n",
          "DRIFTKEEPER_SEVERITY=critical\n",
          "DRIFTKEEPER_ID=11111111-2222-3333-4444-555555555555\n",
          "DRIFTKEEPER_INCIDENT=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\n", "PATH="})
        CHECK(environment.find(line) != std::string::npos);
    CHECK(environment.find("HOME=") == std::string::npos);
    CHECK(script.file("directory") == "/\n");
}

TEST_CASE("arguments arrive as they are") {
    Script script("printf '%s\\n' \"$@\" >$1/arguments");
    script.settings.options["program"].insert(script.settings.options["program"].end(),
                                              {"two words", "$HOME; exit 3", ""});
    CHECK(script.tell().outcome == Outcome::Delivered);
    CHECK(script.file("arguments") ==
          script.settings.options["program"][1] + "\ntwo words\n$HOME; exit 3\n\n");
}

TEST_CASE("the exit status says how it went") {
    struct Row {
        int status;
        Outcome outcome;
    };
    for (const Row& row :
         {Row{0, Outcome::Delivered}, Row{1, Outcome::Transient}, Row{2, Outcome::Transient},
          Row{64, Outcome::BadPayload}, Row{65, Outcome::BadPayload}, Row{69, Outcome::Transient},
          Row{75, Outcome::Transient}, Row{77, Outcome::BadDestination},
          Row{78, Outcome::BadDestination}, Row{126, Outcome::BadDestination},
          Row{127, Outcome::BadDestination}, Row{255, Outcome::Transient}}) {
        CAPTURE(row.status);
        const auto result =
            Script("echo canary; echo canary >&2; exit " + std::to_string(row.status)).tell();
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("exit status " + std::to_string(row.status) + ':') == 0);
        CHECK(result.text.find("canary") == std::string::npos);
    }
    CHECK(Script("kill -9 $$").run(tests::sampleNotice()).status == 1000 + 128 + 9);
    CHECK(Script("kill -9 $$").tell().outcome == Outcome::Transient);
}

TEST_CASE("a program that is not there, or cannot be executed, is a bad destination") {
    Script script("exit 0");
    const auto program = script.settings.options["program"].front();
    script.settings.options["program"].front() += ".gone";
    CHECK(script.run(tests::sampleNotice()).status == 1127);
    script.settings.options["program"].front() = program;
    std::filesystem::permissions(program, std::filesystem::perms::owner_read);
    CHECK(script.run(tests::sampleNotice()).status == 1126);
    CHECK(script.tell().outcome == Outcome::BadDestination);
}

TEST_CASE("a program that takes too long is ended with all that it started") {
    Script script("echo $$ >$1/pid; sleep 600 & sleep 600");
    script.settings.options["timeout"] = {"1"};
    const auto begin = std::chrono::steady_clock::now();
    const Answer answer = script.run(tests::sampleNotice());
    CHECK(std::chrono::steady_clock::now() - begin < 20s);
    CHECK(answer.status == 0);
    CHECK(answer.written);
    const auto result = tests::judged(*makeChannel(script.settings, ""), answer);
    CHECK(result.outcome == Outcome::Ambiguous);
    CHECK(result.text == "the program ran out of time");
    CHECK_FALSE(std::filesystem::exists("/proc/" + std::to_string(std::stoi(script.file("pid")))));
}

TEST_CASE("at most 64 KiB of what a program writes are kept") {
    CHECK(Script("echo out; echo err >&2").run(tests::sampleNotice()).body == "out\nerr\n");
    const Answer much =
        Script("head -c 1000000 /dev/zero; echo err >&2; exit 75").run(tests::sampleNotice());
    CHECK(much.status == 1075);
    CHECK(much.body.size() == 64 * 1024);
}

TEST_CASE("the input of a program lies in no folder, not even while it runs") {
    const tests::TempDir folder;
    const std::string before = std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "";
    const Script script("readlink /proc/self/fd/0 >$1/input; ls " + folder.path().string() +
                        " >$1/folder; cat >/dev/null");
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    CHECK(script.tell().outcome == Outcome::Delivered);
    CHECK(script.file("input").starts_with("/memfd:"));
    CHECK(script.file("folder").empty());
    before.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before.c_str(), 1);
}

}  // namespace
}  // namespace exec_test
}  // namespace driftkeeper
