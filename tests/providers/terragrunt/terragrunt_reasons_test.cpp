#include "providers/terragrunt/terragrunt_reasons.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/recorded_tool_runner.hpp"

using namespace driftkeeper;
using tests::RecordedToolRunner;

namespace terragrunt_reasons_test {
namespace {

// As `--log-format json` prints it.
std::string line(const std::string& level, const std::string& message) {
    return R"({"time":"2026-11-22T19:07:00Z","level":")" + level + R"(","prefix":"app","msg":")" +
           message + "\"}\n";
}

ToolResult ended(int status, const std::string& err) {
    auto result = RecordedToolRunner::said("", status);
    result.err = err;
    return result;
}

terraform::PlanStream streamOf(const std::string& text) {
    terraform::PlanStream stream;
    stream.feed(text);
    stream.finish();
    return stream;
}

const char* const version = R"({"@level":"info","type":"version","tofu":"1.9.0"})"
                            "\n";

}  // namespace

TEST_CASE("mock outputs that were used make a plan useless, whatever it says") {
    const auto log = line("warn",
                          "Config ./vpc/terragrunt.hcl is a dependency of ./app/terragrunt.hcl "
                          "that has no outputs, but mock outputs "
                          "provided and returning those in dependency output.");
    const auto objection = terragrunt::objectionTo(ended(0, log), streamOf(version), {});
    REQUIRE(objection);
    CHECK(objection->code == "mock_outputs");
    CHECK(objection->text.contains("./vpc/terragrunt.hcl"));
}

TEST_CASE("a plan that nobody made is no plan, and a good one meets no objection") {
    CHECK(terragrunt::objectionTo(ended(0, ""), streamOf(""), {})->code == "no_plan");
    CHECK_FALSE(
        terragrunt::objectionTo(ended(0, line("info", "Downloading")), streamOf(version), {}));
    // Errors of the program itself are told by its stream.
    CHECK_FALSE(terragrunt::objectionTo(
        ended(1, ""),
        streamOf(
            R"({"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"x"}})"),
        {}));
}

TEST_CASE("terragrunt's own errors have codes") {
    struct Row {
        const char* message;
        const char* code;
    };
    for (const Row& row :
         {Row{"/x/vpc/terragrunt.hcl is a dependency of /x/app/terragrunt.hcl but detected no "
              "outputs. Either the "
              "target "
              "module has not been applied yet, or the module has no outputs.",
              "dependency_unapplied"},
          Row{"exec: \\\"tofu\\\": executable file not found in $PATH", "tool_missing"},
          Row{"fatal: not a git repository (or any of the parent directories): .git",
              "terragrunt_needs_git"},
          Row{"Error finding AWS credentials (did you set the AWS_ACCESS_KEY_ID?)", "credentials"},
          Row{"ParentFileNotFoundError: Could not find a root.hcl in any of the parent folders of "
              "x",
              "broken_configuration"},
          Row{"something else", "terragrunt_failed"}}) {
        CAPTURE(row.message);
        const auto objection =
            terragrunt::objectionTo(ended(1, line("error", row.message)), streamOf(""), {});
        REQUIRE(objection);
        CHECK(objection->code == row.code);
    }
}

TEST_CASE("what the program said that terragrunt runs is the cause") {
    const auto why = terragrunt::reasonFor(
        ended(1, "\nError: Failed to query available provider packages\n\nno network\n\n" +
                     line("error", "Failed to execute \\\"tofu init\\\"")),
        {});
    CHECK(why.code == "init_failed");
    CHECK(why.text.contains("terragrunt init failed"));
    CHECK(why.text.contains("Failed to query available provider packages"));
}

TEST_CASE("a secret in terragrunt's log is not told") {
    const auto why = terragrunt::reasonFor(ended(1, line("error", "cannot use CANARY-secret here")),
                                           {{"CANARY-secret"}});
    CHECK_FALSE(why.text.contains("CANARY"));
}

TEST_CASE("a log that is no JSON is read line by line") {
    const auto why = terragrunt::reasonFor(ended(1, "19:07:00.000 ERROR  accessdenied: no\n"), {});
    CHECK(why.code == "credentials");
}

TEST_CASE("the last error of the log is the whole one, and excerpts and the tree's root are cut") {
    const auto log =
        line("error", "Error: Unsupported attribute") +
        line("error", "  on /tree/live/app/terragrunt.hcl line 7:") +
        line("error", "   7: inputs = { content = local.nowhere, db_password = CANARY }") +
        line("error", "This object does not have an attribute named \\\"nowhere\\\".") +
        line("info", "TIP (debugging-docs): For help") +
        line("error",
             "/tree/live/app/terragrunt.hcl:7,41-49: Unsupported attribute; This object does not "
             "have an attribute named \\\"nowhere\\\".\\n   7: db_password = CANARY");
    const auto why = terragrunt::reasonFor(ended(1, log), {{}, "/tree"});
    CHECK(why.code == "broken_configuration");
    CHECK(why.text.contains("(live/app/terragrunt.hcl:7,41-49: Unsupported attribute; This"));
    CHECK(why.text.contains("nowhere"));
    CHECK_FALSE(why.text.contains("CANARY"));
}

TEST_CASE("the folder of downloads is nobody's business, however its path begins") {
    for (const std::string begin : {"/var/lib/dk/", "../../../var/lib/dk/"}) {
        CAPTURE(begin);
        const auto why = terragrunt::reasonFor(
            ended(1, line("error", "error occurred:\\n\\n* Failed to execute \\\"false\\\" in " +
                                       begin +
                                       "s1/terragrunt/XTe9_x/mw-P1/app\\n  \\n  exit status 1\\n")),
            {{}, "/tree", "/var/lib/dk/s1/terragrunt"});
        CHECK(why.code == "terragrunt_failed");
        CHECK(why.text.contains("in app exit status 1"));
        CHECK_FALSE(why.text.contains("s1"));
    }
}

TEST_CASE("an unapplied dependency is known by the last error alone") {
    const auto log =
        line("error", "Error: Unknown variable") +
        line("error", "There is no variable named \\\"dependency\\\".") +
        line("error",
             "resolving dependency \\\"net\\\" outputs: /t/net/terragrunt.hcl is a dependency of "
             "/t/app/terragrunt.hcl but detected no outputs. Either the target module");
    const auto why = terragrunt::reasonFor(ended(1, log), {{}, "/t"});
    CHECK(why.code == "dependency_unapplied");
    CHECK(why.text.contains("net/terragrunt.hcl is a dependency of app/terragrunt.hcl"));
}

TEST_CASE("a hook that fails is no lack of a program, and no error of the program's") {
    const auto failed = [](const std::string& what) {
        return terragrunt::reasonFor(
            ended(1, line("error", "error occurred:\\n\\n* Failed to execute \\\"" + what)), {});
    };
    CHECK(failed("no-such-program\\\" in ./x\\n  exec: executable file not found in $PATH").code ==
          "terragrunt_failed");
    CHECK(failed("/none/tofu -version\\\" in /x\\n\\nfork/exec: no such file or directory").code ==
          "tool_missing");
    const auto why = failed(
        "tofu init -input=false\\\" in ./x\\n  \\n  Error: Failed to install provider\\n  \\n  no");
    CHECK(why.code == "init_failed");
    CHECK(why.text.contains("Failed to install provider"));
}

}  // namespace terragrunt_reasons_test
