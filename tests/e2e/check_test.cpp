// `driftkeeper check DIR` on real stacks: each situation with its verdict, side, change, cause and
// attributes.
#include <doctest/doctest.h>

#include <thread>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace check_test {
namespace {

constexpr std::string_view items = R"(
resource "box_item" "a" {
  name    = "a"
  content = "one"
  size    = 3
  secret  = "canary-attribute"
}
resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
}
)";

struct Seen {
    int status = 0;
    Json stack;  // null: no JSON came
    std::string text;
};

Seen check(const std::filesystem::path& directory, const TerraformWorld& terraform,
           std::vector<std::string> more = {}) {
    std::vector<std::string> words = {program, "check", directory.string(), "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    RunOptions options;
    options.env = {{"TF_CLI_CONFIG_FILE", terraform.cliConfigFile().string()}};
    const Finished done = run(words, options);
    Seen seen{done.status, {}, done.out + done.err};
    if (done.out.starts_with('{')) seen.stack = Json::parse(done.out).at("stacks").at(0);
    return seen;
}

Seen check(const TerraformWorld& terraform) {
    return check(terraform.stack(), terraform);
}

// "a live modified out_of_band content; …" for every drift: one line to compare with.
std::string drifts(const Seen& seen) {
    std::string out;
    if (seen.stack.is_null()) return "no answer: " + seen.text;
    for (const auto& drift : seen.stack.at("drifts")) {
        if (!out.empty()) out += "; ";
        for (const char* key : {"address", "side", "change", "cause"}) {
            const std::string word = drift.at(key);
            out += (word.starts_with("box_item.") ? word.substr(9) : word) + " ";
        }
        if (drift.contains("live_change"))
            out += drift.at("live_change").get<std::string>() + "/" +
                   drift.at("git_change").get<std::string>() + " ";
        if (drift.at("replace").get<bool>()) out += "replace ";
        out += "[";
        for (const auto& attribute : drift.at("attributes")) {
            if (!out.ends_with("[")) out += " ";
            out += attribute.at("path").get<std::string>();
        }
        out += "]";
    }
    return out;
}

std::string notTold(const Seen& seen) {
    std::string out;
    if (seen.stack.is_null()) return "no answer";
    for (const auto& one : seen.stack.at("not_told"))
        out += (out.empty() ? "" : "; ") + one.at("address").get<std::string>() + " " +
               one.at("rule").get<std::string>();
    return out;
}

struct Applied {
    TerraformWorld terraform;
    explicit Applied(std::string_view text = items) {
        terraform.write(text);
        terraform.apply();
    }
    void rewrite(std::string_view text) const { terraform.write(text); }
    void edit(std::string_view from, std::string_view to) const {
        terraform.write(replaced(readFile(terraform.stack() / "main.tf"), from, to));
    }
};

}  // namespace

TEST_CASE("an applied stack is in sync, also with numbers and after a reformatting commit") {
    Applied world;
    Seen seen = check(world.terraform);
    CHECK_MESSAGE(seen.status == 0, seen.text);
    CHECK(seen.stack.at("verdict") == "in_sync");
    CHECK(seen.stack.at("complete") == true);
    CHECK(seen.stack.at("reason").is_null());
    CHECK(seen.stack.at("resources") == 2);
    CHECK(seen.stack.at("coverage") ==
          Json::parse(R"({"checked":2,"unsupported":0,"unreadable":0})"));
    CHECK(drifts(seen).empty());
    world.edit("size    = 3", "size = 3.0");
    CHECK(check(world.terraform).status == 0);
}

TEST_CASE("live changes are told with both values") {
    Applied world;
    world.terraform.set("a", "content", "\"opened\"");
    const Seen seen = check(world.terraform);
    CHECK(seen.status == 1);
    CHECK(seen.stack.at("verdict") == "drifted");
    CHECK(drifts(seen) == "a live modified out_of_band [content]");
    const Json drift = seen.stack.at("drifts").at(0);
    CHECK(drift.at("attributes").at(0).at("git") == "one");
    CHECK(drift.at("attributes").at(0).at("live") == "opened");
    CHECK(drift.at("id") == "a");
    CHECK(drift.at("dependents") == 1);
}

TEST_CASE("a live deletion is told, and what depends on it is not") {
    Applied world;
    world.terraform.remove("a");
    const Seen seen = check(world.terraform);
    CHECK(drifts(seen) == "a live deleted out_of_band []");
    CHECK(seen.stack.at("drifts").at(0).at("severity") == "critical");
}

TEST_CASE("a commit that nobody applied is the git side's") {
    struct Row {
        const char* from;
        const char* to;
        const char* wanted;
    };
    const Row rows[] = {
        {"\"two\"", "\"three\"", "b git modified unapplied_commit [content]"},
        {"name    = \"b\"", "name    = \"z\"", "b git modified unapplied_commit replace [name]"},
    };
    for (const auto& row : rows) {
        Applied world;
        world.edit(row.from, row.to);
        const Seen seen = check(world.terraform);
        CHECK(seen.status == 1);
        CHECK(seen.stack.at("verdict") == "unapplied");
        CHECK(drifts(seen) == row.wanted);
    }
    Applied created;
    created.terraform.write("resource \"box_item\" \"c\" { name = \"c\" }\n", "more.tf");
    CHECK(drifts(check(created.terraform)).starts_with("c git created unapplied_commit"));
    Applied deleted;
    deleted.rewrite(
        "resource \"box_item\" \"a\" {\n  name    = \"a\"\n  content = \"one\"\n  size    = 3\n  "
        "secret  = "
        "\"canary-attribute\"\n}\n");
    CHECK(drifts(check(deleted.terraform)) == "b git deleted unapplied_commit []");
}

TEST_CASE("when both sides moved apart it is a conflict") {
    Applied modified;
    modified.terraform.set("b", "content", "\"live\"");
    modified.edit("\"two\"", "\"git\"");
    CHECK(drifts(check(modified.terraform)) ==
          "b both modified conflict modified/modified [content]");
    Applied deleted;
    deleted.terraform.remove("b");
    deleted.edit("\"two\"", "\"git\"");
    CHECK(drifts(check(deleted.terraform)).starts_with("b both deleted conflict deleted/modified"));
    Applied gone;
    gone.terraform.set("b", "content", "\"live\"");
    gone.rewrite(
        "resource \"box_item\" \"a\" {\n  name    = \"a\"\n  content = \"one\"\n  size    = 3\n  "
        "secret  = "
        "\"canary-attribute\"\n}\n");
    CHECK(drifts(check(gone.terraform)).starts_with("b both modified conflict modified/deleted"));
}

TEST_CASE("when Git already equals live there is nothing to tell") {
    Applied world;
    world.terraform.set("b", "content", "\"hotfix\"");
    world.edit("\"two\"", "\"hotfix\"");
    const Seen seen = check(world.terraform);
    CHECK(seen.status == 0);
    CHECK(seen.stack.at("verdict") == "in_sync");
    CHECK(notTold(seen) == "box_item.b builtin/converged");
}

TEST_CASE("noise is listed and not told") {
    SUBCASE("an output") {
        Applied world;
        world.terraform.write("output \"x\" { value = box_item.a.content }\n", "outputs.tf");
        const Seen seen = check(world.terraform);
        CHECK(seen.status == 0);
        CHECK(notTold(seen) == "output.x builtin/output_only");
    }
    SUBCASE("ignore_changes") {
        Applied world(
            "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n  lifecycle { "
            "ignore_changes = "
            "[content] }\n}\n");
        world.terraform.set("a", "content", "\"live\"");
        const Seen seen = check(world.terraform);
        CHECK(seen.status == 0);
        CHECK(notTold(seen) == "box_item.a builtin/ignore_changes");
    }
    SUBCASE("what the provider computes") {
        Applied world;
        world.terraform.set("a", "fingerprint", "\"other\"");
        const Seen seen = check(world.terraform);
        CHECK_MESSAGE(drifts(seen) == "", seen.text);
        CHECK(seen.status == 0);
    }
    SUBCASE("a data source with a new answer") {
        TerraformWorld terraform;
        terraform.lookup("image", "v1");
        terraform.write(
            "data \"box_lookup\" \"image\" { key = \"image\" }\nresource \"box_item\" \"a\" {\n  "
            "name = \"a\"\n  "
            "content = data.box_lookup.image.value\n}\n");
        terraform.apply();
        terraform.lookup("image", "v2");
        const Seen seen = check(terraform);
        CHECK_MESSAGE(seen.status == 0, seen.text);
        CHECK(notTold(seen).find("box_item.a builtin/data_source") != std::string::npos);
    }
    SUBCASE("a rename") {
        Applied world;
        world.edit("resource \"box_item\" \"b\"",
                   "moved {\n  from = box_item.b\n  to = box_item.renamed\n}\nresource "
                   "\"box_item\" \"renamed\"");
        const Seen seen = check(world.terraform);
        CHECK_MESSAGE(seen.status == 0, seen.text);
        CHECK(notTold(seen).find("builtin/moved") != std::string::npos);
    }
    SUBCASE("private bytes that change at every read") {
        Applied world;
        world.terraform.behave(R"({"churn_private": true})");
        CHECK(check(world.terraform).status == 0);
    }
}

TEST_CASE("a change in what Git leaves open is told") {
    Applied world;
    world.terraform.set("a", "owner", "\"mallory\"");
    const Seen seen = check(world.terraform);
    CHECK(seen.status == 1);
    CHECK(drifts(seen) == "a live modified out_of_band [owner]");
}

TEST_CASE("a sensitive change is told without its value") {
    Applied world;
    world.terraform.set("a", "secret", "\"canary-live\"");
    const Seen seen = check(world.terraform);
    CHECK(drifts(seen) == "a live modified out_of_band [secret]");
    const Json attribute = seen.stack.at("drifts").at(0).at("attributes").at(0);
    CHECK(attribute.at("sensitive") == true);
    CHECK(attribute.at("live").at("redacted").get<std::string>().starts_with("hmac:"));
    CHECK(attribute.at("live") != attribute.at("git"));
    CHECK(seen.text.find("canary") == std::string::npos);
}

TEST_CASE("instances of count, for_each and modules have their own addresses") {
    TerraformWorld terraform;
    writeFile(terraform.stack() / "item/main.tf",
              "terraform {\n  required_providers {\n    box = { source = \"driftkeeper/box\" }\n  "
              "}\n}\nvariable "
              "\"name\" {}\n"
              "resource \"box_item\" \"it\" {\n  name = var.name\n  content = \"m\"\n}\n");
    terraform.write(R"(
resource "box_item" "n" {
  count   = 2
  name    = "n${count.index}"
  content = "c"
}
resource "box_item" "e" {
  for_each = toset(["x", "y"])
  name     = "e-${each.key}"
  content  = "c"
}
module "m" {
  source = "./item"
  name   = "mod"
}
)");
    terraform.apply();
    REQUIRE(check(terraform).status == 0);
    terraform.set("n1", "content", "\"live\"");
    terraform.set("e-x", "content", "\"live\"");
    terraform.set("mod", "content", "\"live\"");
    CHECK(drifts(check(terraform)) ==
          "e[\"x\"] live modified out_of_band [content]; n[1] live modified out_of_band [content]; "
          "module.m.box_item.it live modified out_of_band [content]");
}

TEST_CASE("a tainted resource is the git side's, as a replacement") {
    Applied world;
    REQUIRE(world.terraform.terraform({"taint", "-no-color", "box_item.b"}).ok());
    const Seen seen = check(world.terraform);
    CHECK(seen.stack.at("verdict") == "unapplied");
    CHECK(drifts(seen).starts_with("b git modified tainted replace"));
}

TEST_CASE("one unreadable resource does not blind the rest, and nothing unread is in sync") {
    Applied world(
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\nresource "
        "\"box_item\" \"b\" {\n  name "
        "= \"b\"\n  content = \"two\"\n}\n");
    world.terraform.behave(R"({"fail_read": ["b"]})");
    Seen seen = check(world.terraform);
    CHECK(seen.status == 3);
    CHECK(seen.stack.at("verdict") == "inconclusive");
    CHECK(seen.stack.at("complete") == false);
    CHECK(seen.stack.at("reason").at("code") == "unreadable_resources");
    world.terraform.set("a", "content", "\"live\"");
    seen = check(world.terraform);
    CHECK(seen.status == 1);
    CHECK(seen.stack.at("complete") == false);
    CHECK(drifts(seen) == "a live modified out_of_band [content]");
    CHECK(seen.stack.at("coverage").at("unreadable") == 1);
}

TEST_CASE("what cannot be looked at is inconclusive, with a reason") {
    SUBCASE("a broken configuration") {
        Applied world;
        world.terraform.write("resource \"box_item\" {\n", "broken.tf");
        const Seen seen = check(world.terraform);
        CHECK(seen.status == 3);
        CHECK(seen.stack.at("reason").at("code") == "broken_configuration");
    }
    SUBCASE("a missing variable") {
        Applied world;
        world.terraform.write("variable \"needed\" {}\n", "variables.tf");
        const Seen seen = check(world.terraform);
        CHECK(seen.status == 3);
        CHECK(seen.stack.at("reason").at("code") == "missing_variable");
    }
    SUBCASE("a provider that crashes") {
        Applied world;
        world.terraform.behave(R"({"crash_on_read": ["a"]})");
        const Seen seen = check(world.terraform);
        CHECK(seen.status == 3);
        CHECK(seen.stack.at("verdict") == "inconclusive");
    }
    SUBCASE("a workspace that does not exist") {
        Applied world;
        const Seen seen =
            check(world.terraform.stack(), world.terraform, {"--workspace", "nowhere"});
        CHECK(seen.status == 3);
        CHECK(seen.stack.at("reason").at("code") == "workspace_missing");
    }
}

TEST_CASE("a state that somebody holds is locked") {
    Applied world;
    world.terraform.behave(R"({"slow_read_ms": 6000})");
    std::jthread apply([&] {
        (void)world.terraform.terraform({"apply", "-auto-approve", "-input=false", "-no-color"});
    });
    const auto lock = world.terraform.stateFile().parent_path() /
                      ("." + world.terraform.stateFile().filename().string() + ".lock.info");
    REQUIRE(eventually([&] { return std::filesystem::exists(lock); }));
    const Seen seen = check(world.terraform);
    CHECK(seen.status == 3);
    CHECK_MESSAGE(seen.stack.at("reason").at("code") == "state_locked", seen.text);
}

TEST_CASE("the tree is not written to, whatever it holds") {
    for (const bool initialised : {true, false}) {
        Applied world;
        if (!initialised) std::filesystem::remove_all(world.terraform.stack() / ".terraform");
        for (const bool locked : {true, false}) {
            if (!locked) std::filesystem::remove(world.terraform.stack() / ".terraform.lock.hcl");
            const std::string before =
                outputOf({"find", world.terraform.stack().string(), "-printf", "%p %T@ %s\n"});
            const Seen seen = check(world.terraform);
            CHECK_MESSAGE(seen.status == 0, seen.text);
            CHECK(outputOf({"find", world.terraform.stack().string(), "-printf", "%p %T@ %s\n"}) ==
                  before);
        }
    }
}

TEST_CASE("a stack that was never applied is unapplied as a whole") {
    TerraformWorld terraform;
    terraform.write(items);
    const Seen seen = check(terraform);
    CHECK(seen.status == 1);
    CHECK(seen.stack.at("verdict") == "unapplied");
    CHECK(seen.stack.at("drifts").size() == 2);
}

TEST_CASE("a folder above looks at all stacks below it") {
    Applied world;
    const auto above = world.terraform.stack().parent_path();
    RunOptions options;
    options.env = {{"TF_CLI_CONFIG_FILE", world.terraform.cliConfigFile().string()}};
    const Finished done = run({program, "check", above.string(), "--format", "json"}, options);
    CHECK(done.status == 0);
    CHECK(Json::parse(done.out).at("stacks").size() == 1);
}

TEST_CASE("trouble is 2: nothing to check, no such folder, no tool") {
    const TempDir empty;
    CHECK(run({program, "check", empty.path().string()}).status == 2);
    CHECK(run({program, "check", "/nowhere/at/all"}).status == 2);
    Applied world;
    RunOptions options;
    options.env = {{"PATH", empty.path().string()}};
    const Finished done = run({program, "check", world.terraform.stack().string()}, options);
    CHECK(done.status == 2);
    CHECK((done.out + done.err).find("terraform") != std::string::npos);
}

TEST_CASE("the text is for people") {
    Applied world;
    world.terraform.set("a", "content", "\"opened\"");
    RunOptions options;
    options.env = {{"TF_CLI_CONFIG_FILE", world.terraform.cliConfigFile().string()}};
    const Finished done = run({program, "check", world.terraform.stack().string()}, options);
    CHECK(done.status == 1);
    CHECK(done.out.find("box_item.a") != std::string::npos);
    CHECK(done.out.find("opened") != std::string::npos);
    CHECK(done.out.find('\x1b') == std::string::npos);
    CHECK(done.err.empty());
}

// The program is real terraform by another name: the real tofu was not run.
TEST_CASE("a version file above a folder says who looks at it, and which version") {
    GitWorld git;
    TerraformWorld terraform(git.path() / "live/net");
    terraform.write(items);
    terraform.apply();
    git.write(".opentofu-version", "~> 1.9.0\n");
    git.commit("net");
    const TempDir programs;
    const auto tofu = programs / "tofu";
    writeFile(tofu,
              "#!/bin/sh\nif [ \"$1\" = version ]; then\n  echo '{\"terraform_version\": "
              "\"1.9.4\"}'\n  exit "
              "0\nfi\nexec terraform \"$@\"\n");
    std::filesystem::permissions(tofu, std::filesystem::perms::owner_all);
    const auto look = [&] {
        RunOptions options;
        options.env = {{"TF_CLI_CONFIG_FILE", terraform.cliConfigFile().string()},
                       {"PATH", programs.path().string() + ":" + std::getenv("PATH")}};
        const Finished done =
            run({program, "check", terraform.stack().string(), "--format", "json"}, options);
        REQUIRE_MESSAGE(done.out.starts_with('{'), done.err);
        return Json::parse(done.out).at("stacks").at(0);
    };
    Json stack = look();
    CHECK(stack.at("provider") == "opentofu");
    CHECK_MESSAGE(stack.at("verdict") == "in_sync", stack.dump());
    git.write(".opentofu-version", "1.8.0\n");
    stack = look();
    CHECK(stack.at("verdict") == "inconclusive");
    CHECK(stack.at("reason").at("code") == "no_fitting_version");
}

}  // namespace check_test
