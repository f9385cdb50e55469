#include "daemon/commands/tools.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "providers/process/real_tool_runner.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;

namespace tools_test {
namespace {

using enum Diagnosis::Level;

// A program that prints these words, and ends with this status.
struct Program {
    explicit Program(const std::string& words, int status = 0) {
        tests::writeFile(path, "#!/bin/sh\necho '" + words + "'\nexit " + std::to_string(status));
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    tests::TempDir folder;
    std::filesystem::path path = folder / "tool";
};

Diagnosis look(const std::string& program, const std::string& least = "",
               const std::string& alternative = "") {
    RealToolRunner runner;
    return diagnoseTool({"terraform", program, {"version"}, least, alternative}, runner, {});
}

ToolNeed needOf(const std::vector<ToolNeed>& needs, const std::string& provider) {
    const auto it = std::ranges::find(needs, provider, &ToolNeed::provider);
    REQUIRE(it != needs.end());
    return *it;
}

}  // namespace

TEST_CASE("the version is the first number with a point in what a program says of itself") {
    struct Row {
        const char* said;
        const char* version;
    };
    for (const Row& row :
         {Row{"Terraform v1.14.1\non linux_amd64", "1.14.1"},
          Row{"OpenTofu v1.6.0-beta1", "1.6.0-beta1"},
          Row{"aws-cli/2.31.0 Python/3.13.7 Linux", "2.31.0"}, Row{"version 3", ""},
          Row{"helm 3 v3.19.0.", "3.19.0"}, Row{"", ""}, Row{"v1.", ""}})
        CHECK_MESSAGE(versionIn(row.said) == row.version, row.said);
}

TEST_CASE("a provider needs the program of its row, or the one that the settings name") {
    Settings settings;
    auto needs = toolNeeds({"terraform", "opentofu", "unknown"}, settings);
    CHECK(needs.size() == 2);
    CHECK(needOf(needs, "terraform").program == "terraform");
    CHECK_FALSE(needOf(needs, "terraform").least.empty());
    settings.providers["terraform"].options["program"] = {"/opt/terraform-1.9"};
    needs = toolNeeds({"terraform", "opentofu"}, settings);
    CHECK(needOf(needs, "terraform").program == "/opt/terraform-1.9");
    CHECK(needOf(needs, "opentofu").program == "tofu");
}

TEST_CASE("a program that is there and new enough is fine, and its version is shown") {
    const Program program("Tool v1.6.0");
    const auto found = look(program.path.string(), "1.6.0");
    CHECK(found.level == Ok);
    CHECK(found.text.find("1.6.0") != std::string::npos);
}

TEST_CASE("a program that is too old, fails or is missing is a problem with a way out") {
    const Program old("Tool v1.5.9");
    const Program broken("Tool v2.0.0", 1);
    for (const auto& found : {look(old.path.string(), "1.6.0"), look(broken.path.string()),
                              look("/nonexistent/tool")}) {
        CHECK_MESSAGE(found.level == Problem, found.text);
        CHECK_FALSE(found.fix.empty());
    }
}

TEST_CASE("the other program does as well where the first is missing") {
    const Program other("Tool v3.0.0");
    const auto found = look("/nonexistent/tool", "", other.path.string());
    CHECK(found.level == Ok);
    CHECK(found.text.find(other.path.string()) != std::string::npos);
}

TEST_CASE("a program without a version that can be read is not refused") {
    const Program program("something else");
    CHECK(look(program.path.string(), "1.6.0").level == Ok);
}

}  // namespace tools_test
