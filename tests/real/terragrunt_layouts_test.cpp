// Which units there are: what is read of the files must be what `terragrunt find` lists once every
// stack is generated.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "parsers/terragrunt/discovery.hpp"
#include "tests/real/real_world.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace terragrunt_layouts_test {
namespace {

using Files = std::map<std::string, std::string>;

const std::string root = "locals {\n a = 1\n}\n";
const std::string include = "include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\n";
const std::string source = "terraform {\n source = \"tfr:///x/y/z?version=1.0.0\"\n}\n";

std::string generates(const std::string& kind, const std::string& name, const std::string& from,
                      const std::string& more = "") {
    return kind + " \"" + name + "\" {\n source = \"" + from + "\"\n path = \"" + name + "\"\n" +
           more + "}\n";
}

// The shapes of its documentation. Each is made with several names and depths.
std::vector<Files> layouts() {
    std::vector<Files> all;
    const std::vector<std::string> places = {"app", "prod/app", "a/b/c/d", "eu-west-1/prod/app"};
    for (const auto& place : places) {
        all.push_back({{place + "/terragrunt.hcl", source}});
        all.push_back({{"root.hcl", root}, {place + "/terragrunt.hcl", include + source}});
        all.push_back({{"root.hcl", root},
                       {place + "/terragrunt.hcl",
                        "include \"root\" {\n path = find_in_parent_folders(get_env(\"NO\", "
                        "\"root.hcl\"))\n}\n"}});
        all.push_back({{place + "/terragrunt.hcl",
                        source + "dependency \"d\" {\n config_path = \"../other\"\n}\n"},
                       {place + "/../other/terragrunt.hcl", source}});
        all.push_back({{place + "/terragrunt.hcl",
                        source + "exclude {\n if = true\n actions = [\"all\"]\n}\n"}});
        all.push_back(
            {{place + "/terragrunt.hcl", "feature \"f\" {\n default = true\n}\n" + source}});
        all.push_back({{place + "/terragrunt.hcl", source},
                       {place + "/inner/terragrunt.hcl", source},
                       {place + "/main.tf", ""}});
        all.push_back({{place + "/terragrunt.hcl", source},
                       {place + "/.terragrunt-cache/x/y/terragrunt.hcl", source},
                       {"common.hcl", root}});
        all.push_back({{"units/u/terragrunt.hcl", source},
                       {place + "/terragrunt.stack.hcl",
                        generates("unit", "one", "${get_repo_root()}/units/u") +
                            generates("unit", "two", "${get_repo_root()}/units/u")}});
        all.push_back({{"units/u/terragrunt.hcl", source},
                       {place + "/terragrunt.stack.hcl",
                        generates("unit", "one", "${get_repo_root()}/units/u",
                                  " no_dot_terragrunt_stack = true\n")}});
        all.push_back({{"units/u/terragrunt.hcl", source},
                       {"stacks/s/terragrunt.stack.hcl",
                        generates("unit", "in", "${get_repo_root()}/units/u")},
                       {place + "/terragrunt.stack.hcl",
                        generates("stack", "deep", "${get_repo_root()}/stacks/s") +
                            generates("unit", "flat", "${get_repo_root()}/units/u")}});
        all.push_back({{"units/u/terragrunt.hcl", source},
                       {"stacks/s/terragrunt.stack.hcl",
                        "unit \"in\" {\n source = \"${get_repo_root()}/units/u\"\n path = "
                        "values.name\n}\n"},
                       {place + "/terragrunt.stack.hcl",
                        generates("stack", "deep", "${get_repo_root()}/stacks/s",
                                  " values = { name = \"named\" }\n")}});
        all.push_back({{"units/u/terragrunt.hcl", source},
                       {place + "/terragrunt.stack.hcl",
                        "locals {\n base = \"${get_repo_root()}/units\"\n}\n" +
                            generates("unit", "one", "${local.base}/u")}});
        all.push_back({{"units/u/terragrunt.hcl", source},
                       {"units/u/more/terragrunt.hcl", source},
                       {place + "/terragrunt.stack.hcl",
                        generates("unit", "one", "${get_repo_root()}/units/u")}});
        all.push_back({{place + "/terragrunt.hcl", source}, {".hidden/x/terragrunt.hcl", source}});
        all.push_back({{place + "/terragrunt.hcl", "inputs = {}\n"}});
    }
    return all;
}

std::set<std::string> listed(const GitWorld& git) {
    std::vector<SourceFile> files;
    for (std::filesystem::recursive_directory_iterator at(git.path()), end; at != end; ++at) {
        const auto path = at->path().lexically_relative(git.path()).generic_string();
        if (path == ".git" || path == ".terragrunt-cache") {
            at.disable_recursion_pending();
        } else if (at->is_regular_file() && (path.ends_with(".hcl") || path.ends_with(".tf"))) {
            files.push_back({path, readFile(at->path())});
        }
    }
    std::set<std::string> paths;
    for (const auto& stack : terragrunt::discoverStacks(files))
        if (stack.provider == "terragrunt" && stack.leftOut != "not_expanded")
            paths.insert(stack.path);
    return paths;
}

}  // namespace

TEST_CASE("units are those that terragrunt finds, over many layouts" *
          doctest::skip(isMissing("terragrunt"))) {
    const auto all = layouts();
    REQUIRE(all.size() >= 60);
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(i);
        RealWorld world;
        for (const auto& [path, text] : all[i])
            world.write(std::filesystem::path(path).lexically_normal(), text);
        world.commit();
        const auto read = listed(world.git());
        // Each by itself: one of the catalog may want values that nobody gives.
        for (const auto& [path, text] : all[i])
            if (const auto file = std::filesystem::path(path).lexically_normal();
                file.filename() == "terragrunt.stack.hcl")
                (void)world.run({"terragrunt", "stack", "generate"}, file.parent_path().string());
        std::set<std::string> found;
        for (const auto& one :
             nlohmann::json::parse(world.run({"terragrunt", "find", "--json"}).out))
            if (one.at("type") == "unit") found.insert(one.at("path").get<std::string>());
        CHECK(read == found);
    }
}

}  // namespace terragrunt_layouts_test
