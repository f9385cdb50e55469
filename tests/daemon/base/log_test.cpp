#include "daemon/base/log.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

using namespace driftkeeper;

TEST_CASE("a log line is logfmt: plain words bare, everything else quoted and harmless") {
    struct Row {
        const char* value;
        const char* shown;
    };
    const Row rows[] = {
        {"infra/prod", "infra/prod"},          {"", "\"\""},
        {"two words", "\"two words\""},        {"a=b", "\"a=b\""},
        {"say \"hi\"", "\"say \\\"hi\\\"\""},  {"a\nb", "\"a\\nb\""},
        {"m\xc3\xbcll", "\"m\xc3\xbcll\""},    {"caf\xe9", "\"caf\xef\xbf\xbd\""},
        {"\xc2\x9b\x33\x31m", "\"\\x9b31m\""}, {"\x1b[31mred", "\"\\x1b[31mred\""},
        {"back\\slash", "\"back\\\\slash\""},
    };
    for (const auto& row : rows)
        CHECK(log::line(log::Level::Info, "done", {{"k", row.value}}) ==
              std::string("level=info msg=done k=") + row.shown);
}

TEST_CASE("levels have their syslog names") {
    CHECK(log::line(log::Level::Error, "x y", {}) == "level=error msg=\"x y\"");
    CHECK(log::line(log::Level::Warning, "x", {}) == "level=warning msg=x");
}

TEST_CASE("an entry of the journal has its event, its priority and its fields") {
    const auto entry =
        log::entry(log::Level::Warning, log::event::deliveryFailed, "delivery attempted",
                   {{"channel", "on call"}, {"reason", ""}, {"odd-key", "two\nlines"}});
    CHECK(entry == std::vector<std::string>{
                       "MESSAGE=delivery attempted channel=\"on call\" reason=\"\" "
                       "odd-key=\"two\\nlines\"",
                       "PRIORITY=4", "SYSLOG_IDENTIFIER=driftkeeper",
                       "MESSAGE_ID=" + std::string(log::event::deliveryFailed.id),
                       "DRIFTKEEPER_CHANNEL=on call", "DRIFTKEEPER_ODD_KEY=two\\nlines"});
}

TEST_CASE("an entry without an event has no identifier") {
    const auto entry = log::entry(log::Level::Info, {}, "done", {});
    CHECK(entry ==
          std::vector<std::string>{"MESSAGE=done", "PRIORITY=6", "SYSLOG_IDENTIFIER=driftkeeper"});
}

TEST_CASE("stderr is the journal only where JOURNAL_STREAM names this very stream") {
    struct stat status {};
    REQUIRE(fstat(STDERR_FILENO, &status) == 0);
    const auto says = [](const std::string& text) {
        setenv("JOURNAL_STREAM", text.c_str(), 1);
        const bool is = log::stderrIsJournal();
        unsetenv("JOURNAL_STREAM");
        return is;
    };
    const std::string device = std::to_string(status.st_dev);
    CHECK(says(device + ":" + std::to_string(status.st_ino)));
    CHECK_FALSE(says(device + ":" + std::to_string(status.st_ino + 1)));
    CHECK_FALSE(says(device));
    CHECK_FALSE(says(""));
    CHECK_FALSE(log::stderrIsJournal());
}
