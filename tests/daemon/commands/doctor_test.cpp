#include "daemon/commands/doctor.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "daemon/notify/channel.hpp"
#include "daemon/store/store.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using tests::writeFile;
namespace fs = std::filesystem;

namespace doctor_test {
namespace {

using enum Diagnosis::Level;

Diagnoses lookAtFiles(const Settings& settings) {
    auto patient = std::make_shared<Patient>();
    patient->settings = settings;
    return runProbes(fileProbes(patient), 20s);
}

// The first finding of the area.
Diagnosis of(const Diagnoses& all, const std::string& area) {
    const auto it = std::ranges::find(all, area, &Diagnosis::area);
    REQUIRE_MESSAGE(it != all.end(), area);
    return *it;
}

void allow(const fs::path& path, unsigned mode) {
    fs::permissions(path, static_cast<fs::perms>(mode));
}

}  // namespace

TEST_CASE("findings come in the order of the probes, whichever ends first") {
    std::promise<void> second;
    const auto waits = [&](const std::stop_token&) -> Diagnoses {
        second.get_future().wait();
        return {{"first", Ok, "", ""}};
    };
    const auto ends = [&](const std::stop_token&) -> Diagnoses {
        second.set_value();
        return {{"second", Warning, "", ""}, {"second", Problem, "", ""}};
    };
    const auto all = runProbes({{"first", waits}, {"second", ends}}, 20s);
    REQUIRE(all.size() == 3);
    CHECK(all[0].area == "first");
    CHECK(all[2].level == Problem);
}

TEST_CASE("more probes than workers are all looked at") {
    std::vector<Probe> probes;
    for (int i = 0; i < 50; ++i)
        probes.push_back({"", [i](const std::stop_token&) {
                              return Diagnoses{{std::to_string(i), Ok, "", ""}};
                          }});
    const auto all = runProbes(probes, 20s);
    REQUIRE(all.size() == 50);
    for (int i = 0; i < 50; ++i) CHECK(all[static_cast<std::size_t>(i)].area == std::to_string(i));
}

TEST_CASE("a probe that hangs is a problem of its area, and holds nobody up") {
    // What is left behind goes on: its promise outlives the test.
    const auto released = std::make_shared<std::promise<void>>();
    const auto hang = [released](const std::stop_token&) -> Diagnoses {
        released->get_future().wait();
        return {{"mount", Ok, "", ""}};
    };
    const auto answer = [](const std::stop_token&) -> Diagnoses { return {{"ok", Ok, "", ""}}; };
    const auto all = runProbes({{"mount", hang}, {"ok", answer}}, 50ms);
    released->set_value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].area == "mount");
    CHECK(all[0].level == Problem);
    CHECK(all[1].level == Ok);
}

TEST_CASE("an installation before its first start has nothing wrong with its files") {
    const tests::TempDir folder;
    Settings settings;
    settings.stateDirectory = folder / "state";
    for (const auto& finding : lookAtFiles(settings))
        CHECK_MESSAGE(finding.level == Ok, finding.text);
    CHECK_FALSE(fs::exists(settings.stateDirectory));  // looking changes nothing
}

TEST_CASE("a state directory that is a file, and a database that is none, are reported") {
    const tests::TempDir folder;
    Settings settings;
    settings.stateDirectory = folder / "state";
    writeFile(folder / "state", "a file");
    CHECK(of(lookAtFiles(settings), "state directory").level == Problem);
    fs::remove(folder / "state");
    writeFile(folder / "state/driftkeeper.db", std::string(8192, 'x'));
    CHECK(of(lookAtFiles(settings), "database").level == Problem);
}

TEST_CASE("a real database is fine, also while a daemon has it") {
    const tests::TempDir folder;
    Settings settings;
    settings.stateDirectory = folder.path();
    const auto store = Store::open(folder.path());
    REQUIRE(store.has_value());
    CHECK(of(lookAtFiles(settings), "database").level == Ok);
}

TEST_CASE("a token that everybody can read is a problem, and is never shown") {
    const tests::TempDir folder;
    Settings settings;
    settings.stateDirectory = folder.path();
    writeFile(folder / "token", "canary-token\n");
    allow(folder / "token", 0640);
    CHECK(of(lookAtFiles(settings), "token").level == Ok);
    allow(folder / "token", 0644);
    const auto all = lookAtFiles(settings);
    CHECK(of(all, "token").level == Problem);
    CHECK_FALSE(of(all, "token").fix.empty());
    for (const auto& finding : all)
        CHECK((finding.text + finding.fix).find("canary") == std::string::npos);
}

TEST_CASE(
    "each file that the settings name is looked at: there, readable, no one else's, not empty") {
    const tests::TempDir folder;
    Settings settings;
    settings.stateDirectory = folder / "state";
    auto& channel = settings.channels.emplace_back();
    channel.name = "chat";
    const auto file = folder / "url";
    channel.secrets["webhook_url"].file = file;
    const auto finding = [&] { return of(lookAtFiles(settings), "files"); };

    CHECK(finding().level == Problem);  // not there
    CHECK(finding().text.find("chat") != std::string::npos);
    writeFile(file, "https://hooks.example.com/canary");
    allow(file, 0600);
    CHECK(finding().level == Ok);
    allow(file, 0604);
    CHECK(finding().level == Problem);
    CHECK(finding().text.find("canary") == std::string::npos);
    allow(file, 0600);
    tests::replaceFile(file, "");
    allow(file, 0600);
    CHECK(finding().level == Problem);
    fs::remove(file);
    fs::create_directory(file);
    CHECK(finding().level == Problem);
    channel.secrets["webhook_url"].file = "/run/credentials/driftkeeper.service/url";
    CHECK(finding().level == Warning);  // systemd's, while the service runs
    channel.secrets.clear();
    channel.tlsCaFile = folder / "ca.pem";
    writeFile(channel.tlsCaFile, "a certificate");
    allow(channel.tlsCaFile, 0644);
    CHECK(finding().level == Ok);  // no secret
}

namespace {

StackObject stackOf(const char* name, Verdict verdict, const char* reason = nullptr) {
    StackObject stack;
    stack.stack = name;
    stack.verdict = verdict;
    if (reason != nullptr) stack.reason = Reason{reason, std::string("text of ") + reason};
    return stack;
}

}  // namespace

TEST_CASE("the daemon's stacks are listed by what keeps them from a verdict") {
    const auto blind = [](const char* name, const char* reason) {
        return stackOf(name, Verdict::Inconclusive, reason);
    };
    const auto found = diagnoseStacks(
        {stackOf("i/a", Verdict::InSync), stackOf("i/b", Verdict::Drifted), blind("i/c", "timeout"),
         blind("i/d", "credentials"), blind("i/e", "credentials"), blind("i/f", "credentials"),
         blind("i/g", "credentials"), blind("i/h", "not_checked_yet")});
    REQUIRE(found.size() == 3);
    CHECK(found[0] ==
          Diagnosis{"stacks", Ok, "8 stacks, 1 in sync, 1 drifted, 1 not checked yet", ""});
    CHECK(found[1].level == Warning);
    CHECK(found[1].text ==
          "4 inconclusive, credentials: text of credentials (i/d, i/e, i/f and 1 more)");
    CHECK(!found[1].fix.empty());
    CHECK(found[2].text == "1 inconclusive, timeout: text of timeout (i/c)");
}

TEST_CASE("an installation that sees nothing at all has a problem") {
    const auto found = diagnoseStacks({stackOf("i/a", Verdict::Inconclusive, "init_failed")});
    REQUIRE(found.size() == 2);
    CHECK(found[1].level == Problem);
    CHECK(diagnoseStacks({})[0].level == Warning);
}

}  // namespace doctor_test
