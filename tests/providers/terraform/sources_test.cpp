#include "providers/terraform/sources.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

TEST_CASE("the meaning of nested local modules carries their module path") {
    const Scratch scratch;
    scratch.write(
        "stack/main.tf",
        "module \"a\" {\n  source = \"../modules/a\"\n}\nlocals {\n  name = var.name\n}\n"
        "resource \"box_item\" \"x\" {\n  lifecycle {\n    ignore_changes = [size]\n  }\n}\n");
    scratch.write("modules/a/main.tf", "module \"b\" {\n  source = \"./b\"\n}\n");
    scratch.write(
        "modules/a/b/main.tf",
        "resource \"box_item\" \"y\" {\n  lifecycle {\n    ignore_changes = all\n  }\n}\n");
    const Sources sources = readSources(scratch.path() / "stack");
    using Names = std::vector<std::string>;
    CHECK(sources.ignoreChanges ==
          std::map<std::string, Names>{{"box_item.x", {"size"}},
                                       {"module.a.module.b.box_item.y", {"all"}}});
    CHECK(sources.locals.at("") == std::map<std::string, Names>{{"name", {"var.name"}}});
    CHECK(sources.folders == std::set<std::filesystem::path>{scratch.path() / "stack",
                                                             scratch.path() / "modules/a",
                                                             scratch.path() / "modules/a/b"});
}

TEST_CASE("a module that calls itself ends") {
    const Scratch scratch;
    scratch.write("main.tf",
                  "module \"a\" {\n  source = \"./\"\n}\nmodule \"b\" {\n  source = \"./\"\n}\n");
    const Sources sources = readSources(scratch.path());
    CHECK(sources.folders.size() == 1);
}

TEST_CASE("what init depends on changes the setup text, a resource does not") {
    const Scratch scratch;
    const char* const provider =
        "terraform {\n  required_providers {\n    box = { source = \"driftkeeper/box\" }\n  }\n}\n";
    scratch.write("main.tf", provider);
    scratch.write("more.tf", "resource \"box_item\" \"x\" {\n}\n");
    const std::string before = readSources(scratch.path()).setupText;
    scratch.write(
        "more.tf",
        "resource \"box_item\" \"x\" {\n}\nresource \"box_item\" \"y\" {\n  name = \"y\"\n}\n");
    CHECK(readSources(scratch.path()).setupText == before);
    scratch.write("more.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
    CHECK(readSources(scratch.path()).setupText != before);
}

TEST_CASE("modules that init installed are read too") {
    const Scratch scratch;
    scratch.write("stack/main.tf", "module \"far\" {\n  source = \"example/far/box\"\n}\n");
    scratch.write(
        "data/modules/far/main.tf",
        "resource \"box_item\" \"z\" {\n  lifecycle {\n    ignore_changes = [labels]\n  }\n}\n");
    scratch.write(
        "data/modules/modules.json",
        R"({"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"far.in","Source":"example/far/box","Version":"1.0.0","Dir":")" +
            (scratch.path() / "data/modules/far").string() + "\"}]}");
    Sources sources = readSources(scratch.path() / "stack");
    addInstalledModules(sources, scratch.path() / "stack", scratch.path() / "data");
    CHECK(sources.ignoreChanges.at("module.far.module.in.box_item.z") ==
          std::vector<std::string>{"labels"});
}
