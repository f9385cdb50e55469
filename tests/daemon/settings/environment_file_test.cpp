#include "daemon/settings/environment_file.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("an environment file gives its variables") {
    const auto loaded = parseEnvironment(
        "# comment\n; another\n\nA=1\nexport B = two words \r\nC='as $it \\n is' # "
        "note\nD=\"x\\\"y\\n\\q\"\nE=\nF=a#b=c\nG=''",
        "x.env");
    REQUIRE(loaded.mistakes.empty());
    CHECK(loaded.variables == Environment{{"A", "1"},
                                          {"B", "two words"},
                                          {"C", "as $it \\n is"},
                                          {"D", "x\"y\n\\q"},
                                          {"E", ""},
                                          {"F", "a#b=c"},
                                          {"G", ""}});
}

TEST_CASE("mistakes of an environment file have a line, and show no value") {
    struct Row {
        std::string text;
        std::string code;
        std::size_t line;
    };
    const Row rows[] = {
        {"A=1\nhunter2\n", "settings/no_assignment", 2},
        {"A=\"hunter2\n", "settings/open_quote", 1},
        {"A='hunter2' hunter2\n", "settings/open_quote", 1},
        {"A-B=hunter2\n", "settings/bad_variable_name", 1},
        {"=hunter2\n", "settings/bad_variable_name", 1},
        {"A=1\nA=hunter2\n", "settings/repeated_key", 2},
        {"TF_CLI_ARGS_plan=hunter2\n", "settings/forbidden_variable", 1},
        {"TF_LOG_PATH=hunter2\n", "settings/forbidden_variable", 1},
        {"TF_REATTACH_PROVIDERS=hunter2\n", "settings/forbidden_variable", 1},
        {"TF_DATA_DIR=hunter2\n", "settings/forbidden_variable", 1},
        {"TF_WORKSPACE=hunter2\n", "settings/forbidden_variable", 1},
        {"export LD_LIBRARY_PATH=hunter2\n", "settings/forbidden_variable", 1},
        {"A=1\nB=\xFF"
         "hunter2\n",
         "settings/invalid_utf8", 2},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto loaded = parseEnvironment(row.text, "x.env");
        REQUIRE(loaded.mistakes.size() == 1);
        CHECK(loaded.mistakes[0].code == row.code);
        CHECK(loaded.mistakes[0].position.line == row.line);
        CHECK(render(loaded.mistakes).find("hunter2") == std::string::npos);
    }
}

TEST_CASE("an environment file that is not there is a failure of the setup") {
    const auto read = readEnvironmentFile("/nowhere/x.env");
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().remedy == Remedy::FixSetup);
    CHECK(read.error().code == "file_unreadable");
}
