#include "parsers/terragrunt/path_expression.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace driftkeeper::terragrunt;

namespace path_expression_test {
namespace {

const Tree tree = {[](const std::string& path) -> std::optional<std::string> {
                       static const std::set<std::string> files = {
                           "root.hcl", "live/terragrunt.hcl", "live/prod/env.hcl"};
                       return files.contains(path) ? std::optional<std::string>("") : std::nullopt;
                   },
                   [](const std::string& path) { return path == "modules" || path == "live"; }};

const std::map<std::string, std::string> locals = {{"base", "\"${get_repo_root()}/modules\""},
                                                   {"env", "\"prod\""},
                                                   {"loop", "local.loop"},
                                                   {"number", "7"}};

std::string text(const std::string& expression) {
    const Scope scope{tree, "live/prod/vpc", "live", locals};
    return textOf(expression, scope).value_or("?");
}

}  // namespace

TEST_CASE("expressions about places are told without evaluating anything else") {
    struct Row {
        const char* expression;
        const char* text;
    };
    for (const Row& row : {
             Row{"\"../vpc\"", "../vpc"},
             Row{"find_in_parent_folders()", "/live/terragrunt.hcl"},
             Row{"find_in_parent_folders(\"root.hcl\")", "/root.hcl"},
             Row{"find_in_parent_folders(\"env.hcl\")", "/live/prod/env.hcl"},
             Row{"find_in_parent_folders(\"modules\")", "/modules"},
             Row{"find_in_parent_folders(\"none.hcl\")", "?"},
             Row{"find_in_parent_folders(\"none.hcl\", \"x.hcl\")", "x.hcl"},
             Row{"\"${get_terragrunt_dir()}/../app\"", "/live/prod/vpc/../app"},
             Row{"\"${get_repo_root()}//modules\"", "///modules"},
             Row{"\"${dirname(find_in_parent_folders(\"root.hcl\"))}/_env/app.hcl\"",
                 "//_env/app.hcl"},
             Row{"\"${get_parent_terragrunt_dir()}/x\"", "/live/x"},
             Row{"\"${path_relative_to_include()}/terraform.tfstate\"",
                 "prod/vpc/terraform.tfstate"},
             Row{"path_relative_from_include()", "../.."},
             Row{"get_path_to_repo_root()", "../../.."},
             Row{"get_path_from_repo_root()", "live/prod/vpc"},
             Row{"basename(get_terragrunt_dir())", "vpc"},
             Row{"\"${local.base}//vpc\"", "//modules//vpc"},
             Row{"local.env", "prod"},
             Row{"local.loop", "?"},
             Row{"local.number", "?"},
             Row{"local.nowhere", "?"},
             Row{"\"${local.env == \"prod\" ? 1 : 2}\"", "?"},
             Row{"\"${get_env(\"HOME\")}/x\"", "?"},
             Row{"run_cmd(\"rm\", \"-rf\")", "?"},
             Row{"\"a\" + \"b\"", "?"},
             Row{"\"unfinished", "?"},
             Row{"", "?"},
         }) {
        CAPTURE(row.expression);
        CHECK(text(row.expression) == row.text);
    }
}

TEST_CASE("a text means a place in the tree, or none") {
    CHECK(placeOf("../vpc", "live/prod/app") == "live/prod/vpc");
    CHECK(placeOf("//modules//vpc", "live/prod/app") == "modules/vpc");
    CHECK(placeOf("/", "live") == ".");
    CHECK_FALSE(placeOf("../../../..", "live/prod/app"));
    CHECK_FALSE(placeOf("/..", "live"));
}

}  // namespace path_expression_test
