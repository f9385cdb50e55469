#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "daemon/settings/settings_file.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "daemon/settings/url.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;

namespace description_test {
namespace {

void visit(const SettingNode& node, const std::function<void(const SettingNode&)>& seen) {
    seen(node);
    for (const auto& part : node.parts) visit(part, seen);
    for (const auto& form : node.forms) visit(form, seen);
}

std::optional<std::string> home(std::string_view name) {
    return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
}

}  // namespace

TEST_CASE("every key has a help") {
    std::size_t keys = 0;
    visit(settingsDescription(), [&](const SettingNode& node) {
        if (node.key.empty()) return;
        ++keys;
        CHECK_MESSAGE(!node.help.empty(), node.path);
    });
    CHECK(keys > 250);
}

TEST_CASE("a file that a key names is hidden from tools, unless it is known to be public") {
    const std::set<std::string> open = {"state_directory", "tls_ca_file", "known_hosts_file",
                                        "plugin_cache", "ca_file"};
    const std::set<std::string> inGit = {"parameters_file", "deployment_file"};
    std::size_t hidden = 0;
    visit(settingsDescription(), [&](const SettingNode& node) {
        const bool isFile = node.pattern == fileNamePattern;
        if (node.holdsSecret) ++hidden;
        if (isFile && !node.key.empty())
            CHECK_MESSAGE(node.holdsSecret != open.contains(node.key), node.path);
        if ((node.key.ends_with("_file") && !inGit.contains(node.key)) || node.key == "kubeconfig")
            CHECK_MESSAGE(isFile, node.path);
    });
    CHECK(hidden > 20);
}

TEST_CASE("readers say of every key what it is") {
    visit(settingsDescription(), [&](const SettingNode& node) {
        if (node.forms.empty()) CHECK_MESSAGE(node.kind != SettingNode::Kind::Unknown, node.path);
    });
}

TEST_CASE(
    "patterns of the schema take whatever the judges take, and refuse what is clearly wrong") {
    struct Row {
        Judgement (*judge)(std::string_view);
        std::vector<std::string> fine;
        std::vector<std::string> wrong;
    };
    const Row rows[] = {
        {judgeName, {"a", "A.b_c-1", "_"}, {"", "-a", ".a", "a/b", "a b"}},
        {judgeStackName,
         {"a", "a b@c/d", "prod/net"},
         {"", "-a", "/a", "a/", "a//b", "../a", "a/..", "a/../b"}},
        {judgeWorkspace, {"default", "~a.b"}, {"", "a/b", "-a"}},
        {judgeRef,
         {"main", "feature/x", "v1.0", "a@b"},
         {"", "-x", "a..b", "a b", "@", "a.lock", "/a", "a/", "a@{1"}},
        {judgeInnerPath, {"a", "a/b", "./a/", "..a"}, {"", "/a", "-a", "../a", "a\\b"}},
        {judgeGlob, {"**", "a/[bc]/*"}, {"", "-a", "a***", "a[b"}},
        {judgeTimeZone, {"UTC", "Europe/Berlin", "Etc/GMT+1"}, {"", "/UTC", "../UTC", "a b"}},
        {judgeSecret, {"0123456789abcdef"}, {"", "0123456789abcde"}},
        {judgeSocket, {"/run/x.sock"}, {"", "run/x.sock"}},
        {judgeHost, {"a.example:80", "[::1]:80"}, {"", "http://a"}},
        {judgeUser, {"alice", "-a b"}, {"", "a:b"}},
        {judgeHttpUrl,
         {"http://h", "https://h.x:443/a?b#c", "http://[::1]:80/"},
         {"", "ftp://h", "http://", "http:///x", "http://h:0/", "http://h:70000/", "http://u@h/",
          "http://h /"}},
        {judgeRepositoryUrl,
         {"/a b", "file:///r", "https://u@h/r", "https://h:1/r", "ssh://git@h:22/r", "git@h:a/b",
          "h:a", "http://127.0.0.1:1/r", "http://u@localhost/r", "http://[::1]/r"},
         {"", "-x", "a", "ftp://h/r", "http://h/r", "https://u:p@h/r", "ssh://-oX=y/r",
          "--upload-pack=x", "a/b:c"}},
        {judgeMailServer,
         {"smtp://h", "smtps://h:465/"},
         {"", "http://h", "smtp://u@h", "smtp://h/a"}},
        {judgeMailAddress, {"a@b", "a+b@c.d"}, {"", "a", "A <a@b>", "a@b c"}},
        {judgeText, {"a", "@a b"}, {"", "-a", "a\tb"}},
        {judgeWords, {"-a", "a b"}, {"", "a\nb"}},
    };
    for (const auto& row : rows) {
        const std::regex pattern(formOf(row.judge).pattern);
        for (const auto& text : row.fine) {
            CHECK_MESSAGE(!row.judge(text), text);
            CHECK_MESSAGE(std::regex_search(text, pattern), text);
        }
        for (const auto& text : row.wrong) {
            CHECK_MESSAGE(row.judge(text), text);
            CHECK_MESSAGE(!std::regex_search(text, pattern), text);
        }
    }
}

TEST_CASE("durations and clock times are written back as they are read") {
    for (const std::string text : {"0s", "1s", "59s", "1m", "90m", "2h", "1d", "45d"}) {
        CHECK(durationWords(durationFrom(text).value()) == text);
        CHECK(std::regex_search(text, std::regex(durationPattern(Seconds(0)))));
    }
    for (const std::string text : {"00:00", "08:05", "23:59", "24:00"}) {
        CHECK(clockTimeWords(clockTimeFrom(text).value()) == text);
        CHECK(std::regex_search(text, std::regex(clockTimePattern(true))));
    }
    const std::regex minute(durationPattern(Seconds(60)));
    for (const std::string text : {"60s", "1m", "100s", "060s"})
        CHECK(std::regex_search(text, minute));
    for (const std::string text : {"59s", "0m", "6s", "00s"})
        CHECK_FALSE(std::regex_search(text, minute));
    CHECK_FALSE(std::regex_search("0s", std::regex(durationPattern(Seconds(1)))));
}

TEST_CASE("a URL is shown without what may be a secret in it") {
    SettingNode noted;
    const tests::TempDir folder;
    const auto file = folder.path() / "driftkeeper.yaml";
    tests::writeFile(file,
                     "providers:\n  cloudformation:\n"
                     "    endpoint_url: https://me:can?a/r#y@h/r?x=canary\n");
    const auto loaded = loadSettings(file, home, &noted);
    CHECK(render(loaded.mistakes) == "");
    CHECK(noted.part("providers").part("cloudformation").part("endpoint_url").value ==
          "https://<hidden>@h/r?x=<hidden>");
}

TEST_CASE("what is in force is noted beside the reading, with defaults") {
    SettingNode noted;
    const auto loaded =
        loadSettings(DRIFTKEEPER_SOURCE_DIR "/config/driftkeeper.yaml", home, &noted);
    CHECK(render(loaded.mistakes) == "");
    auto& checks = noted.part("checks");
    CHECK(checks.part("every").value == "30m");
    CHECK(checks.part("parallel").value == std::to_string(loaded.settings.checks.parallel));
    CHECK(noted.part("listen").value == "127.0.0.1:9743");
    CHECK(noted.part("state_directory").value == "/h/.local/state/driftkeeper");
    CHECK_FALSE(checks.part("stale_after").value.has_value());
}

}  // namespace description_test
