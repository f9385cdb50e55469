#include <doctest/doctest.h>

#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "tests/e2e/daemon_world.hpp"

// What a look sees is what `git clone` and a plan by hand would.
using namespace driftkeeper::tests;

namespace checkouts_test {
namespace {

// A repository with a stack in app/, applied from a clone of it as a pipeline does.
struct Pipeline {
    GitWorld git;
    TempDir clones;
    TerraformWorld terraform{git.path() / "app"};
    DaemonWorld daemon{terraform};

    // A stack that was not checked yet is inconclusive too.
    [[nodiscard]] bool awaitReason() const {
        return daemon.awaitVerdict("infra/app", "inconclusive") && eventually([this] {
                   const Json stack = daemon.stack("infra/app");
                   return stack.at("verdict") == "inconclusive" &&
                          stack.at("reason").at("code") != "not_checked_yet";
               });
    }

    void apply() {
        git.commit("app");
        outputOf({"git", "-c", "protocol.file.allow=always", "clone", "-q", "--recurse-submodules",
                  git.path().string(), (clones / "ci").string()});
        for (const char* what : {"init", "apply"}) {
            std::vector<std::string> words = {"terraform", what, "-input=false", "-no-color"};
            if (words[1] == "apply") words.emplace_back("-auto-approve");
            outputOf(words, {.cwd = clones / "ci/app", .env = terraform.env()});
        }
    }
    void watch(const std::string& extra = {}) {
        daemon.watch("infra", git.path().string(), extra);
        daemon.start();
    }
    void expectInSync(const std::string& stack = "infra/app") {
        REQUIRE_MESSAGE(daemon.awaitVerdict(stack, "in_sync"), daemon.log());
        CHECK(daemon.stack(stack).at("drifts").empty());
    }
};

}  // namespace

TEST_CASE("line ends are those that .gitattributes asks for") {
    Pipeline pipeline;
    pipeline.git.write(".gitattributes", "*.ps1 text eol=crlf\n");
    pipeline.git.write("app/user_data.ps1", "Write-Host one\nWrite-Host two\n");
    pipeline.terraform.write(
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n"
        "  content = file(\"${path.module}/user_data.ps1\")\n}\n");
    pipeline.apply();
    CHECK(pipeline.terraform.object("a").find("\\r\\n") != std::string::npos);
    pipeline.watch();
    pipeline.expectInSync();
}

TEST_CASE("a stack whose file Git LFS keeps and nobody gives is inconclusive and says so") {
    Pipeline pipeline;
    pipeline.git.write("app/code.zip", "PK, a real archive");
    pipeline.terraform.write(
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n"
        "  content = filebase64sha256(\"${path.module}/code.zip\")\n}\n");
    pipeline.apply();
    pipeline.git.write(".gitattributes", "*.zip filter=lfs diff=lfs merge=lfs -text\n");
    pipeline.git.write("app/code.zip",
                       "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                           driftkeeper::hex(driftkeeper::sha256("PK, a real archive")) +
                           "\nsize 18\n");
    pipeline.git.commit("lfs");
    pipeline.watch();
    REQUIRE_MESSAGE(pipeline.awaitReason(), pipeline.daemon.log());
    const Json reason = pipeline.daemon.stack("infra/app").at("reason");
    CHECK(reason.at("code") == "lfs_not_fetched");
    CHECK(reason.at("text").get<std::string>().find("app/code.zip") != std::string::npos);
}

TEST_CASE("a module in a submodule, and a stack in one") {
    Pipeline pipeline;
    GitWorld modules;
    modules.write(
        "item/main.tf",
        "terraform {\n  required_providers {\n    box = { source = \"driftkeeper/box\" }\n"
        "  }\n}\nresource \"box_item\" \"a\" { name = \"a\" }\n");
    modules.commit("item");
    const TerraformWorld inner(modules.path() / "net");
    inner.write("resource \"box_item\" \"b\" { name = \"b\" }\n");
    inner.apply();
    modules.commit("net");
    pipeline.git.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                      modules.path().string(), "vendor/modules"});
    pipeline.terraform.write("module \"item\" { source = \"../vendor/modules/item\" }\n");
    pipeline.apply();

    SUBCASE("are looked at") {
        pipeline.watch();
        pipeline.expectInSync();
        pipeline.expectInSync("infra/vendor/modules/net");
    }
    SUBCASE("are named when the settings do without submodules") {
        pipeline.watch("submodules: false");
        REQUIRE_MESSAGE(pipeline.awaitReason(), pipeline.daemon.log());
        CHECK(pipeline.daemon.stack("infra/app").at("reason").at("code") ==
              "submodule_not_fetched");
    }
}

TEST_CASE("where the tree lies is no change, and can be where the pipeline has it") {
    Pipeline pipeline;
    pipeline.terraform.write(
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n"
        "  content = \"${abspath(path.module)} ${abspath(\".\")}\"\n}\n");
    pipeline.apply();
    SUBCASE("another path") {
        pipeline.watch();
        pipeline.expectInSync();
    }
    SUBCASE("the pipeline's path, which is a value as any other") {
        const std::string place = (pipeline.clones / "ci").string();
        pipeline.watch("checkout_path: " + place);
        pipeline.expectInSync();
        pipeline.terraform.set("a", "content", "\"" + place + "/elsewhere\"");
        REQUIRE_MESSAGE(pipeline.daemon.awaitVerdict("infra/app", "drifted"),
                        pipeline.daemon.log());
    }
}

TEST_CASE("what a plan writes beside its module is there for it and for nobody else") {
    Pipeline pipeline;
    writeFile(pipeline.terraform.stack() / "stack.tf",
              pipeline.terraform.header("probe_write = [\"${abspath(path.module)}/code.zip\"]"));
    pipeline.terraform.write("resource \"box_item\" \"a\" { name = \"a\" }\n");
    pipeline.apply();
    const auto tellsOfWriting = [](const Json& stack) {
        return stack.at("diagnostics").dump().find("code.zip: allowed") != std::string::npos;
    };
    pipeline.watch();
    pipeline.expectInSync();
    CHECK(tellsOfWriting(pipeline.daemon.stack("infra/app")));

    const auto stack = pipeline.git.path() / "app";
    const auto checked = run({program, "check", stack.string(), "--format", "json"},
                             {.env = pipeline.terraform.env()});
    const Json found = Json::parse(checked.out).at("stacks").at(0);
    CHECK(found.at("verdict") == "in_sync");
    CHECK(tellsOfWriting(found));
    CHECK_FALSE(std::filesystem::exists(stack / "code.zip"));
    CHECK_FALSE(std::filesystem::exists(stack / ".terraform"));
}

}  // namespace checkouts_test
