#include "daemon/base/log.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a log line is logfmt: plain words bare, everything else quoted and harmless") {
    struct Row {
        const char* value;
        const char* shown;
    };
    const Row rows[] = {
        {"infra/prod", "infra/prod"},         {"", "\"\""},
        {"two words", "\"two words\""},       {"a=b", "\"a=b\""},
        {"say \"hi\"", "\"say \\\"hi\\\"\""}, {"a\nb", "\"a\\nb\""},
        {"\x1b[31mred", "\"?[31mred\""},      {"back\\slash", "\"back\\\\slash\""},
    };
    for (const auto& row : rows)
        CHECK(log::line(log::Level::Info, "done", {{"k", row.value}}) ==
              std::string("level=info msg=done k=") + row.shown);
}

TEST_CASE("levels have their syslog names") {
    CHECK(log::line(log::Level::Error, "x y", {}) == "level=error msg=\"x y\"");
    CHECK(log::line(log::Level::Warning, "x", {}) == "level=warning msg=x");
}
