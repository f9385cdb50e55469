#include "daemon/alert/decide/owners.hpp"

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace owners_test {
namespace {

Words ownersOf(const std::string& path, const std::string& owner, const std::string& text) {
    Stack stack;
    stack.provider = "terraform";
    stack.path = path;
    stack.owner = owner;
    stack.codeOwners = {"@from/before"};
    addOwners(stack, parseCodeowners("CODEOWNERS", text));
    return stack.owners();
}

}  // namespace

TEST_CASE(
    "a stack is owned by whom CODEOWNERS names for its folder, behind the owner of the settings") {
    struct Row {
        const char* path;
        const char* owner;
        const char* text;
        Words owners;
    };
    const std::vector<Row> table = {
        {"prod/net", "", "", {}},
        {"prod/net", "@org/net", "", {"@org/net"}},
        {"prod/net", "", "/prod/ @prod", {"@prod"}},
        {"prod/net", "@org/net", "/prod/ @prod @cloud", {"@org/net", "@prod", "@cloud"}},
        {"prod/net", "@org/net", "/prod/ @prod @org/net", {"@org/net", "@prod"}},
        {"prod/net", "@org/net", "/prod/ @prod\n/prod/net/", {"@org/net"}},
        {"prod/net", "", "/prod/net @net", {"@net"}},
        {"prod/net", "", "/prod/* @files", {}},
        {"prod/net", "", "/prod/network/ @other", {}},
        {"prod/net", "", "*.tf @terraform", {"@terraform"}},
        {"prod/net", "", "* @all\n*.md @docs", {"@all"}},
        {"prod/net", "", "* @all\n/prod/net/main.tf @one", {"@all"}},
        {".", "", "/*.tf @root", {"@root"}},
        {".", "", "* @all\n/prod/ @prod", {"@all"}},
        {"prod/net", "", "* @all\n[Net] @net\nprod/net/", {"@all", "@net"}},
    };
    for (const auto& [path, owner, text, owners] : table) {
        CAPTURE(path);
        CAPTURE(text);
        CHECK(ownersOf(path, owner, text) == owners);
    }
}

TEST_CASE("the rules for the files of the stack's kind count, the first kind that has any") {
    const auto ownersBy = [](std::string_view text, std::string_view files) {
        Stack stack;
        stack.provider = "terraform";
        stack.path = "k8s/prod";
        addOwners(stack, parseCodeowners("CODEOWNERS", text), files);
        return stack.owners();
    };
    constexpr std::string_view manifests = ".yaml .yml .json";
    CHECK(ownersBy("* @all\n*.tf @tf\n/k8s/**/*.yaml @cluster", manifests) == Words{"@cluster"});
    CHECK(ownersBy("* @all\n*.yml @cluster", manifests) == Words{"@cluster"});
    CHECK(ownersBy("* @all\n*.tf @tf", manifests) == Words{"@all"});
    CHECK(ownersBy("* @all\n*.yaml", manifests).empty());
    CHECK(ownersBy("* @all\nterragrunt.hcl @units", "terragrunt.hcl .hcl") == Words{"@units"});
    CHECK(ownersBy("*.yaml @cluster\n/k8s/ @k8s", manifests) == Words{"@k8s"});
}

TEST_CASE("a stack that is a template is whose that file is") {
    Stack stack;
    stack.path = "cfn";
    stack.provider = "cloudformation";
    const auto codeowners = parseCodeowners("CODEOWNERS", "*.yaml @all\n/shared/vpc.yaml @net\n");
    addOwners(stack, codeowners, ".yaml", "../shared/vpc.yaml");
    CHECK(stack.owners() == Words{"@net"});
    addOwners(stack, codeowners, ".yaml", "db.yaml");
    CHECK(stack.owners() == Words{"@all"});
}

TEST_CASE("what is asked of a stack's routes knows both kinds of owners") {
    auto stack = stackOf("infra", "net");
    stack.codeOwners = {"@org/cloud"};
    const auto subject = subjectOf(stack);
    CHECK(subject.owner == "@org/net");
    CHECK(subject.codeOwners == Words{"@org/cloud"});
}

}  // namespace owners_test
