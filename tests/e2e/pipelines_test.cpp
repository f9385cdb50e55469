// `driftkeeper check` in pipelines and on terminals: reports in the shapes that others read, and
// progress.
#include <doctest/doctest.h>

#include "tests/e2e/daemon_world.hpp"
#include "tests/support/terminal.hpp"

using namespace driftkeeper::tests;

namespace pipelines_test {
namespace {

constexpr std::string_view items = R"(
resource "box_item" "a" {
  name    = "a"
  content = "one|two`three"
  secret  = "canary-attribute"
}
output "x" {
  value = "new"
}
)";

Environment environmentOf(const TerraformWorld& terraform) {
    return {{"TF_CLI_CONFIG_FILE", terraform.cliConfigFile().string()}};
}

Finished check(const std::filesystem::path& directory, const TerraformWorld& terraform,
               const std::string& format) {
    RunOptions options;
    options.env = environmentOf(terraform);
    return run({program, "check", directory.string(), "--format", format}, options);
}

// The report as a consumer reads it, a line a suite.
std::string shapeOf(const std::string& xml) {
    RunOptions options;
    options.input = xml;
    const Finished done =
        run({"python3", DRIFTKEEPER_SOURCE_DIR "/tests/e2e/junit_shape.py"}, options);
    return done.ok() ? done.out : "no JUnit: " + done.err + xml;
}

}  // namespace

TEST_CASE(
    "a pipeline gets a JUnit report and a comment, with the exit status of the contract and no "
    "secret") {
    GitWorld git;
    const TerraformWorld terraform(git.path() / "live/net");
    terraform.write(items);
    terraform.apply();
    terraform.write("output \"more\" {\n  value = \"new\"\n}\n", "more.tf");
    git.write("broken/main.tf", "resource \"box_item\" {\n");
    git.commit("stacks");
    terraform.set("a", "content", "\"<live> & |more` \\u0001\"");
    terraform.set("a", "secret", "\"canary-live\"");

    const Finished junit = check(git.path(), terraform, "junit");
    CHECK_MESSAGE(junit.status == 1, junit.err);
    CHECK(junit.err == "");
    CHECK(shapeOf(junit.out) ==
          "tree/broken complete look:error\n"
          "tree/live/net complete look:passed box_item.a:failure output.more:skipped\n");
    CHECK(junit.out.find("canary") == std::string::npos);

    const Finished markdown = check(git.path(), terraform, "markdown");
    CHECK(markdown.status == 1);
    for (const char* part :
         {"### Drift: 1 drifted, 1 inconclusive of 2 stacks",
          "| `tree/live/net` | **drifted** | 1 | 1 |  |",
          "| `tree/broken` | **inconclusive** | 0 | 0 | `broken_configuration` |",
          "| `content` | ``one\\|two`three`` | ``\"<live> & \\|more` \\u0001\"`` |",
          "| `secret` | `(sensitive)` | `(sensitive)` |"})
        CHECK_MESSAGE(markdown.out.find(part) != std::string::npos, markdown.out);
    CHECK(markdown.out.find("canary") == std::string::npos);
    CHECK(Json::parse(check(git.path(), terraform, "json").out).at("stacks").size() == 2);
    CHECK(check(git.path(), terraform, "xml").status == 2);
}

TEST_CASE("progress is drawn on a terminal and wiped, and never where none is") {
    GitWorld git;
    const TerraformWorld terraform(git.path() / "a");
    terraform.write(items);
    terraform.apply();
    git.write("b/main.tf", "resource \"box_item\" {\n");
    terraform.behave(R"({"slow_read_ms": 1500})");
    const std::string command = "exec '" + program + "' check '" + git.path().string() +
                                "' --format json >'" + (git.path() / "out").string() + "'";
    Terminal terminal({"sh", "-c", command}, 60, 20, environmentOf(terraform));
    CHECK_MESSAGE(terminal.await("tree/a … "), terminal.output());
    CHECK_MESSAGE(terminal.await("] 1/2"), terminal.output());
    CHECK(terminal.wait() != 2);
    CHECK(terminal.output().ends_with("\r\x1b[J"));
    CHECK(Json::parse(readFile(git.path() / "out")).at("stacks").size() == 2);

    Terminal stopped({"sh", "-c", command}, 60, 20, environmentOf(terraform));
    REQUIRE(stopped.await("tree/a … "));
    stopped.type("\x03");
    CHECK(stopped.wait() != 128 + 2);
    CHECK(stopped.output().ends_with("\r\x1b[J"));
    const Finished piped = check(git.path(), terraform, "text");
    CHECK(piped.err.empty());
}

TEST_CASE("colours are for terminals, and not where NO_COLOR is set") {
    TerraformWorld terraform;
    terraform.write(items);
    const std::vector<std::string> words = {program, "check", terraform.stack().string()};
    Environment environment = environmentOf(terraform);
    Terminal colourful(words, 100, 20, environment);
    CHECK(colourful.wait() == 1);
    CHECK(colourful.output().find("\x1b[33munapplied\x1b[0m") != std::string::npos);
    environment["NO_COLOR"] = "1";
    Terminal plain(words, 100, 20, environment);
    CHECK(plain.wait() == 1);
    CHECK(plain.output().find("\x1b[33m") == std::string::npos);
    CHECK(plain.output().find("unapplied") != std::string::npos);
}

}  // namespace pipelines_test
