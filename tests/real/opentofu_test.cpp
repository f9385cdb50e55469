// The real OpenTofu, on stacks as people have them.
#include <doctest/doctest.h>

#include "tests/real/real_world.hpp"

using namespace driftkeeper::tests;

namespace opentofu_test {
namespace {

const std::string item = "resource \"box_item\" \"a\" {\n name = \"a\"\n content = \"one\"\n}\n";

const std::vector<std::string> init = {"tofu", "init", "-input=false"};
const std::vector<std::string> apply = {"tofu", "apply", "-input=false", "-auto-approve"};

// Applied, and changed by hand afterwards.
void applyAndChange(RealWorld& world, std::vector<std::string> more = {}) {
    for (auto words : {init, apply}) {
        words.insert(words.end(), more.begin(), more.end());
        world.must(words, "app");
    }
    std::filesystem::remove_all(world.git().path() / "app/.terraform");
    world.commit();
    world.cloud().edit("a", "one", "changed");
}

constexpr const char* changed = "app drifted box_item.a live out_of_band";

}  // namespace

TEST_CASE("a folder whose files say nothing is looked at by the program that is there" *
          doctest::skip(isMissing("tofu"))) {
    RealWorld world;
    world.write("app/main.tf", world.box() + RealWorld::localBackend(world.state("a")) + item);
    applyAndChange(world);
    TempDir programs;
    for (const char* name : {"tofu", "git", "sh"}) {
        const auto own = realPrograms() / name;
        const auto system = std::filesystem::path("/usr/bin") / name;
        std::filesystem::create_symlink(std::filesystem::exists(own) ? own : system,
                                        programs / name);
    }
    CHECK(said(world.check("app", {{"PATH", programs.path().string()}})) == changed);
}

TEST_CASE("with both programs there, OpenTofu looks at what only OpenTofu can read" *
          doctest::skip(isMissing("tofu"))) {
    const std::string keys =
        "key_provider \"pbkdf2\" \"k\" {\n passphrase = \"CANARY-correct-horse\"\n}\nmethod "
        "\"aes_gcm\" \"m\" {\n keys = key_provider.pbkdf2.k\n}\nstate {\n method = "
        "method.aes_gcm.m\n}\n";
    struct Row {
        const char* what;
        std::string files;
        std::string encryption;  // of the environment
    };
    for (const Row& row : {Row{"keys in the environment", "", keys},
                           Row{"a backend by a variable",
                               "variable \"env\" {\n default = "
                               "\"a\"\n}\n",
                               ""},
                           Row{"a list of tools", "", ""}}) {
        CAPTURE(row.what);
        RealWorld world;
        const bool isOpen = !row.files.empty();
        world.write("app/main.tf",
                    world.box() + row.files +
                        RealWorld::localBackend(world.state(isOpen ? "${var.env}" : "a")) + item);
        if (!isOpen && row.encryption.empty())
            world.write(".tool-versions", "nodejs 20\nopentofu 1.12.6\n");
        if (!row.encryption.empty()) world.setVariable("TF_ENCRYPTION", row.encryption);
        applyAndChange(world);
        const auto checked = world.check("app");
        CHECK(said(checked) == changed);
        CHECK_FALSE(checked.out.contains("CANARY"));
    }
}

TEST_CASE("what a variable says in backends and sources is asked, not guessed" *
          doctest::skip(isMissing("tofu"))) {
    RealWorld world;
    world.write("app/.opentofu-version", "1.12.6\n");
    world.write("app/main.tf", world.box() + RealWorld::localBackend(world.state("${var.env}")) +
                                   "variable \"env\" {\n default = \"prod\"\n}\nvariable "
                                   "\"block\" {}\nmodule \"m\" {\n source = "
                                   "\"../blocks/${var.block}\"\n}\n");
    world.write("app/terraform.tfvars", "block = \"web\"\n");
    world.write("blocks/web/main.tf",
                "terraform {\n required_providers {\n  box = { source = "
                "\"registry.terraform.io/driftkeeper/box\" }\n }\n}\n" +
                    item);
    world.commit();
    for (const auto& words : {init, apply}) world.must(words, "app");
    CHECK(std::filesystem::exists(world.state("prod")));
    std::filesystem::remove_all(world.git().path() / "app/.terraform");
    world.commit();
    CHECK(said(world.check(".")) == "app in_sync");
    world.cloud().edit("a", "one", "changed");
    CHECK(said(world.check(".")) == "app drifted module.m.box_item.a live out_of_band");
}

TEST_CASE("a version that is required of Terraform is none of OpenTofu" *
          doctest::skip(isMissing("tofu"))) {
    RealWorld world;
    world.write("app/.opentofu-version", "1.12.6\n");
    world.write("app/main.tf", "terraform {\n required_version = \"~> 1.5.0\"\n}\n" + world.box() +
                                   RealWorld::localBackend(world.state("a")) + item);
    applyAndChange(world);
    CHECK(said(world.check("app")) == changed);
    world.write("app/own.tofu", "terraform {\n required_version = \">= 99\"\n}\n");
    world.commit();
    CHECK(said(world.check("app")).starts_with("app inconclusive no_fitting_version"));
}

TEST_CASE("a broken configuration is one, also when init is what finds it" *
          doctest::skip(isMissing("tofu"))) {
    RealWorld world;
    world.write("app/.opentofu-version", "1.12.6\n");
    for (const char* broken :
         {"resource \"box_item\" {\n", "resource \"box_item\" \"a\" {\n nonsense {\n",
          "variable \"a\" {}\nvariable \"a\" {}\n", "locals {\n a = \n}\n", "module \"m\" {\n}\n",
          "terraform {\n nothing {\n }\n}\n", "module \"m\" {\n source = \"./nowhere\"\n}\n"}) {
        CAPTURE(broken);
        world.write("app/main.tf", world.box() + RealWorld::localBackend(world.state("a")));
        world.write("app/broken.tf", broken);
        world.commit();
        CHECK(said(world.check("app")) == "app inconclusive broken_configuration");
    }
}

}  // namespace opentofu_test
