#include "daemon/settings/settings_mistake.hpp"

#include <doctest/doctest.h>

#include "daemon/settings/settings_file.hpp"

using namespace driftkeeper;

TEST_CASE("a mistake is shown with its place, its key path and a caret below it") {
    const auto loaded =
        parseSettings("checks:\n  every: 10q # often\n", "/etc/x.yaml",
                      [](std::string_view) { return std::optional<std::string>("/s"); });
    CHECK(render(loaded.mistakes) ==
          "/etc/x.yaml:2:10: this is not a duration; write it as 30s, 5m, 2h or 1d "
          "[settings/bad_duration]\n"
          "  in checks.every\n"
          "  2 |   every: 10q \xE2\x80\xA6\n"
          "    |          ^\n");
}

TEST_CASE("an excerpt repeats known keys and the mistake, and hides the rest") {
    struct Row {
        std::string line;
        std::size_t column;
        std::size_t shown;
        std::string excerpt;
        std::size_t caret;
    };
    const std::string dots = "\xE2\x80\xA6";
    const Row rows[] = {
        {"every: 10q", 8, 3, "every: 10q", 7},
        {"  password: abc", 13, 0, "  password: " + dots, 12},
        {"- { name: x, evry: 5m }", 14, 4, "- { name: " + dots + ", evry" + dots, 13},
        {"\xC3\xA4\xC3\xB6 url: abc", 9, 0, dots + " url: " + dots, 7},
        {"abc", 99, 0, dots, 1},
        {"", 1, 5, "", 0},
        {"secret: every: abc", 9, 0, "secret: every: " + dots, 8},
    };
    for (const auto& row : rows) {
        CAPTURE(row.line);
        SettingsMistake mistake;
        mistake.position = {1, row.column};
        addExcerpt(mistake, row.line, row.shown);
        CHECK(mistake.excerpt == row.excerpt);
        CHECK(mistake.caret == row.caret);
    }
}

TEST_CASE("no mistakes render to nothing") {
    CHECK(render({}).empty());
}
