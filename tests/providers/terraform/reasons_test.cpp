#include "providers/terraform/reasons.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace reasons_test {
namespace {

ToolDiagnostic error(std::string summary, std::string detail = {}, std::string address = {}) {
    return {Diagnostic::Level::Error, std::move(summary), std::move(detail), std::move(address)};
}

}  // namespace

TEST_CASE("what the tool says has a code") {
    struct Row {
        ToolDiagnostic said;
        bool planWritten;
        const char* code;
    };
    for (const Row& row : {
             Row{error("Error acquiring the state lock"), false, "state_locked"},
             Row{error("No value for required variable"), false, "missing_variable"},
             Row{error("Unclosed configuration block"), false, "broken_configuration"},
             Row{error("Reference to undeclared resource"), false, "broken_configuration"},
             Row{error("Plugin did not respond", "The plugin encountered an error", "box_item.a"),
                 true, "provider_crashed"},
             Row{error("Request cancelled", "", "box_item.a"), true, "provider_crashed"},
             Row{error("reading box_item a failed", "", "box_item.a"), true,
                 "unreadable_resources"},
             Row{error("AccessDenied: not you", "", "box_item.a"), true, "unreadable_resources"},
             Row{error("No valid credential sources found"), true, "credentials"},
             Row{error("error configuring", "InvalidClientTokenId: x", "provider[\"a/b/c\"]"), true,
                 "credentials"},
             Row{error("Invalid provider configuration"), true, "provider_error"},
             Row{error("Unsupported Terraform Core version"), false, "tool_too_old"},
             Row{error("Failed to write plan file", "write: no space left on device"), false,
                 "disk_full"},
             Row{error("Saving a generated plan is currently not supported"), false,
                 "remote_execution"},
             Row{error("Custom parallelism values are currently not supported"), false,
                 "remote_execution"},
             Row{error("Error loading state: timeout"), false, "state_unreadable"},
             Row{error("Invalid value for variable", "The size must be more than five."), true,
                 "broken_configuration"},
             Row{error("Resource precondition failed", "Too small.", "box_item.a"), true,
                 "broken_configuration"},
             Row{error("Failed to parse command-line flags",
                       "flag provided but not defined: -json"),
                 false, "tool_too_old"},
         }) {
        CAPTURE(row.said.summary);
        const Reason reason = reasonFor({row.said}, row.planWritten, {});
        CHECK(reason.code == row.code);
        CHECK(reason.text.find('{') == std::string::npos);
    }
}

TEST_CASE("an error that says more wins over an unreadable resource, a warning over nothing") {
    const ToolDiagnostic warning{Diagnostic::Level::Warning, "Error acquiring the state lock", "",
                                 ""};
    CHECK(reasonFor({warning, error("reading failed", "", "box_item.a"),
                     error("Plugin did not respond", "", "box_item.b")},
                    true, {})
              .code == "provider_crashed");
}

TEST_CASE("a failed init is one thing, a broken configuration that it found another") {
    const auto broken = diagnosticsOfText(
        "There are some problems with the CLI configuration:\n\n"
        "Error: Terraform encountered problems during initialisation, including problems\n"
        "with the configuration, described below.\n\nThe Terraform configuration must be "
        "valid\n\n\n"
        "Error: Argument definition required\n\n  on b.tf line 1, in terraform:\n   1: secret = "
        "\"x\"\n");
    REQUIRE(broken.size() == 2);
    CHECK(broken[0].summary ==
          "Terraform encountered problems during initialisation, including problems with the "
          "configuration, described "
          "below.");
    CHECK(broken[1].summary == "Argument definition required");
    const Reason reason = reasonForInit(broken, {});
    CHECK(reason.code == "broken_configuration");
    CHECK(reason.text.find("Argument definition required") != std::string::npos);
    CHECK(reasonForInit(
              diagnosticsOfText("Error: Failed to query available provider packages\n\nCould not"),
              {})
              .code == "init_failed");
    CHECK(reasonForInit({}, {}).code == "init_failed");
}

TEST_CASE("OpenTofu's heading of a broken configuration has no mark of an error") {
    const auto broken = diagnosticsOfText(
        "\nOpenTofu encountered problems during initialization, including problems\n"
        "with the configuration, described below.\n\nThe OpenTofu configuration must be valid\n\n"
        "Error: Unclosed configuration block\n\n  on main.tf line 10, in resource:\n");
    const Reason reason = reasonForInit(broken, {}, {"tofu", "opentofu"});
    CHECK(reason.code == "broken_configuration");
    CHECK(reason.text.contains("Unclosed configuration block"));
    CHECK(reasonForInit(diagnosticsOfText("Error: Incompatible module\n\nThis module"), {}).code ==
          "tool_too_old");
}

TEST_CASE("what init finds missing is said by what it is") {
    const auto codeOf = [](std::string_view said) {
        return reasonForInit(diagnosticsOfText(said), {}, {"tofu", "opentofu"}).code;
    };
    CHECK(codeOf("\nError: Failed to request input from user for variable var.pass\n\n  on main.tf "
                 "line 11:\n") == "missing_variable");
    CHECK(codeOf("\nError: Unreadable module directory\n\nUnable to evaluate directory symlink: "
                 "lstat ../nowhere: no such file or directory\n") == "broken_configuration");
}

TEST_CASE("a state that a newer provider wrote asks for that provider") {
    CHECK(needsNewerProvider({error("Resource instance managed by newer provider version")}));
    CHECK_FALSE(needsNewerProvider({error("Invalid reference")}));
    CHECK_FALSE(needsNewerProvider({}));
}

TEST_CASE("the tool asks for init in many words") {
    for (const char* summary : {"Inconsistent dependency lock file", "Module not installed",
                                "Backend initialization required, please run \"terraform init\"",
                                "Required plugins are not installed", "Module source has changed"})
        CHECK_MESSAGE(needsInit({error(summary)}), summary);
    CHECK_FALSE(needsInit({error("Invalid reference")}));
    CHECK_FALSE(needsInit({{Diagnostic::Level::Warning, "Module not installed", "", ""}}));
}

TEST_CASE("a diagnostic is said once, with the first paragraph of its detail and its place") {
    ToolDiagnostic placed =
        error("Check block assertion failed", "It is not up.\n\nSee the guide.");
    placed.place = "main.tf line 19";
    const auto list = told({error("a", "b"), error("a", "b"), error("a", "c"), placed}, {});
    REQUIRE(list.size() == 3);
    CHECK(list[0].summary == "a: b");
    CHECK(list[1].summary == "a: c");
    CHECK(list[2].summary == "Check block assertion failed: It is not up. [main.tf line 19]");
}

TEST_CASE("no detail shows a secret") {
    const auto list = told({error("No connection", "postgres://app:hunter22@db:5432/app is down"),
                            error("No login", "password=hunter22 was refused"),
                            error("No entry", "the given token t0ken-of-mine is not known")},
                           {"t0ken-of-mine"});
    REQUIRE(list.size() == 3);
    for (const Diagnostic& one : list) {
        CHECK_FALSE(one.summary.contains("hunter22"));
        CHECK_FALSE(one.summary.contains("t0ken-of-mine"));
    }
}

TEST_CASE("human output is read without its excerpts, which show values") {
    const auto list = diagnosticsOfText(
        "Error: Invalid value for variable\n\n  on prod.tfvars line 3, in locals:\n   3: key = "
        "\"s3cret\"\n    ├────────────────\n    │ var.key is \"s3cret\"\n\nThe key must be 32\n"
        "characters long.\n\nThis was checked by the validation rule.\n");
    REQUIRE(list.size() == 1);
    CHECK(list[0].place == "prod.tfvars line 3");
    CHECK(list[0].detail.starts_with("The key must be 32 characters long.\n\nThis was"));
    CHECK_FALSE(list[0].detail.contains("s3cret"));
}

TEST_CASE("a constraint that the lock file does not meet is said as such") {
    const auto said = diagnosticsOfText(
        "Error: Failed to query available provider packages\n\nCould not retrieve the list of "
        "available versions for provider a/b: locked\nprovider registry.example.org/a/b 1.0.0 does "
        "not match configured version\nconstraint >= 1.0.1; must use terraform init -upgrade\n");
    CHECK(reasonForInit(said, {}).code == "lock_file_changed");
}

TEST_CASE("all variables without a value are named at once") {
    const auto missing = [](const std::string& name) {
        return error("No value for required variable",
                     "The root module input variable \"" + name + "\" is not set.");
    };
    CHECK(reasonFor({missing("region"), missing("zone_id")}, false, {}).text ==
          "a variable has no value (region, zone_id)");
    CHECK(reasonFor({missing("region")}, false, {}).text.contains("\"region\" is not set"));
}

TEST_CASE("progress of init is no part of an error, and a colon is said once") {
    const auto said = diagnosticsOfText(
        "Error: Error refreshing state: HTTP remote state endpoint invalid auth\n\nInitializing "
        "the "
        "backend...\n");
    REQUIRE(said.size() == 1);
    CHECK(said[0].detail.empty());
    CHECK(told({error("Error refreshing state: 2 problems:", "- one")}, {})[0].summary ==
          "Error refreshing state: 2 problems: - one");
}

TEST_CASE("every sentence is whole with and without what the tool said") {
    CHECK(reason("state_locked").text == "the state is locked by another run");
    CHECK(reason("state_locked", "apply by ci@host").text ==
          "the state is locked by another run (apply by ci@host)");
    CHECK(reason("unheard_of", "x") == Reason{"unheard_of", "x"});
}

}  // namespace reasons_test
