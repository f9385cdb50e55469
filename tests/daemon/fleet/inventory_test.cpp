#include "daemon/fleet/inventory.hpp"

#include <doctest/doctest.h>

#include "providers/catalog.hpp"

using namespace driftkeeper;

namespace inventory_test {
namespace {

std::vector<SourceFile> tree() {
    return {{"modules/vpc/main.tf", "variable \"cidr\" {}"},
            {"prod/network/main.tf", "module \"vpc\" { source = \"../../modules/vpc\" }"},
            {"prod/web/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }"},
            {"test/web/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }"}};
}

std::vector<std::string> names(const std::vector<Stack>& stacks) {
    std::vector<std::string> all;
    for (const auto& stack : stacks) all.push_back(stack.fullName());
    return all;
}

RepositorySettings infra() {
    RepositorySettings repository;
    repository.name = "infra";
    return repository;
}

}  // namespace

TEST_CASE("folders that no local module call names are stacks") {
    const auto inventory = inventoryOf(infra(), {}, {}, tree());
    CHECK(names(inventory.stacks) ==
          std::vector<std::string>{"infra/prod/network", "infra/prod/web", "infra/test/web"});
    CHECK(inventory.stacks[0].closure == std::vector<std::string>{"modules/vpc", "prod/network"});
    CHECK(inventory.missing.empty());
}

TEST_CASE("what is left out is named, unless the settings ask for it") {
    std::vector<SourceFile> files = tree();
    files.push_back({"lib/vpc/main.tf", "variable \"cidr\" {}"});
    files.push_back({"examples/a/main.tf", ""});
    auto repository = infra();
    CHECK(inventoryOf(repository, {}, {}, files).stacks.size() == 3);
    CHECK(inventoryOf(repository, {}, {}, files).leftOut ==
          std::vector<LeftOut>{{"examples/a", "example"}, {"lib/vpc", "module"}});
    StackSettings vpc;
    vpc.path = "lib/vpc";
    repository.stacks = {vpc};
    CHECK(names(inventoryOf(repository, {}, {}, files).stacks)[0] == "infra/lib/vpc");
    CHECK(inventoryOf(repository, {}, {}, files).leftOut ==
          std::vector<LeftOut>{{"examples/a", "example"}});
    repository.stacks.clear();
    repository.discover.include = {"examples/**"};
    CHECK(names(inventoryOf(repository, {}, {}, files).stacks) ==
          std::vector<std::string>{"infra/examples/a"});
}

TEST_CASE("a folder that Flux applies is Kubernetes' where nobody watches Flux") {
    const std::vector<SourceFile> files = {
        {"clusters/apps.yaml",
         "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n"
         "spec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}\n"},
        {"apps/a.yaml", "apiVersion: v1\nkind: Service\n"}};
    CHECK(names(inventoryOf(infra(), {}, {"kubernetes"}, files).stacks) ==
          std::vector<std::string>{"infra/apps"});
    const auto both = inventoryOf(infra(), {}, {"kubernetes", "flux"}, files);
    CHECK(names(both.stacks) == std::vector<std::string>{"infra/clusters"});
    CHECK(both.leftOut == std::vector<LeftOut>{{"apps", "applied_by_flux"}});
}

TEST_CASE(
    "templates mean one deployed stack by their names as long as the settings give them none") {
    const std::vector<SourceFile> files = {
        {"dev/app.yaml", "Resources: {Q: {Type: 'AWS::SQS::Queue'}}"},
        {"prod/app.yaml", "Resources: {Q: {Type: 'AWS::SQS::Queue'}}"}};
    auto repository = infra();
    const auto isShared = [&](std::size_t at) {
        return inventoryOf(repository, {}, {"cloudformation"}, files)
            .stacks.at(at)
            .options.contains("same_stack_as");
    };
    CHECK(isShared(0));
    CHECK(isShared(1));
    StackSettings dev;
    dev.path = "dev";
    dev.options["stack_name"] = {"dev-app"};
    repository.stacks = {dev};
    CHECK_FALSE(isShared(0));
    CHECK_FALSE(isShared(1));
    repository.stacks.clear();
    repository.discover.exclude = {"dev"};
    CHECK_FALSE(isShared(0));
}

TEST_CASE("globs choose what discovery keeps") {
    auto repository = infra();
    repository.discover.include = {"prod/**"};
    repository.discover.exclude = {"**/web"};
    CHECK(names(inventoryOf(repository, {}, {}, tree()).stacks) ==
          std::vector<std::string>{"infra/prod/network"});
    repository.discover.enabled = false;
    CHECK(inventoryOf(repository, {}, {}, tree()).stacks.empty());
}

TEST_CASE("the settings override what is discovered") {
    auto repository = infra();
    StackSettings web;
    web.path = "prod/web";
    web.name = "web";
    web.every = Seconds(600);
    web.owner = "@org/web";
    repository.stacks = {web};
    const auto inventory = inventoryOf(repository, {}, {}, tree());
    CHECK(names(inventory.stacks) ==
          std::vector<std::string>{"infra/prod/network", "infra/test/web", "infra/web"});
    CHECK(inventory.stacks[2].every == Seconds(600));
    CHECK(inventory.stacks[2].staleAfter == Seconds(1800));
    CHECK(inventory.stacks[0].every == Seconds(1800));
    CHECK(inventory.stacks[0].staleAfter == Seconds(5400));
}

TEST_CASE("one folder with two workspaces is two stacks") {
    auto repository = infra();
    StackSettings blue;
    blue.path = "prod/web";
    blue.options["workspace"] = {"blue"};
    StackSettings plain;
    plain.path = "prod/web";
    repository.stacks = {blue, plain};
    repository.discover.include = {"prod/web"};
    CHECK(names(inventoryOf(repository, {}, {}, tree()).stacks) ==
          std::vector<std::string>{"infra/prod/web", "infra/prod/web@blue"});
}

TEST_CASE("a disabled stack is none, and one whose folder is not there is missing") {
    auto repository = infra();
    StackSettings off;
    off.path = "prod/web";
    off.enabled = false;
    StackSettings lost;
    lost.path = "prod/nowhere";
    repository.stacks = {off, lost};
    const auto inventory = inventoryOf(repository, {}, {}, tree());
    CHECK(names(inventory.stacks) ==
          std::vector<std::string>{"infra/prod/network", "infra/test/web"});
    CHECK(names(inventory.missing) == std::vector<std::string>{"infra/prod/nowhere"});
}

TEST_CASE("a module that the settings name is a stack all the same") {
    auto repository = infra();
    StackSettings vpc;
    vpc.path = "modules/vpc";
    repository.stacks = {vpc};
    const auto inventory = inventoryOf(repository, {}, {}, tree());
    CHECK(names(inventory.stacks).front() == "infra/modules/vpc");
}

TEST_CASE("what the settings take out is still in Git") {
    auto repository = infra();
    repository.discover.exclude = {"prod/**"};
    const auto inventory = inventoryOf(repository, {}, {}, tree());
    CHECK(names(inventory.stacks) == std::vector<std::string>{"infra/test/web"});
    Stack web;
    web.provider = "terraform";
    web.path = "prod/web";
    CHECK(inventory.isInGit(web));
    web.path = "prod/other";
    CHECK_FALSE(inventory.isInGit(web));
    web.path = "modules/vpc";  // no stack, whatever the settings say
    CHECK_FALSE(inventory.isInGit(web));
}

TEST_CASE("the key of a state is read where the files say it whole") {
    const auto keyOf = [](const std::string& backend, const ProviderOptions& options = {}) {
        Stack stack;
        stack.provider = "terraform";
        stack.path = "net";
        stack.options = options;
        return stateKeyOf(stack, {{"net/main.tf", "terraform {\n" + backend + "\n}\n"},
                                  {"other/main.tf", "terraform {\n backend \"gcs\" {}\n}\n"}})
            .value_or("none");
    };
    CHECK(keyOf("backend \"s3\" {\n bucket = \"b\"\n key = \"net\"\n}") == "tfstate:s3://b/net");
    CHECK(keyOf("backend \"s3\" {\n bucket = \"b\"\n}", {{"backend_config", {"key=net"}}}) ==
          "tfstate:s3://b/net");
    CHECK(keyOf("backend \"s3\" {\n bucket = \"b\"\n}", {{"backend_config", {"net.hcl"}}}) ==
          "none");
    CHECK(keyOf("backend \"local\" {\n path = \"/states/net\"\n}") == "tfstate:local:/states/net");
    CHECK(keyOf("backend \"local\" {\n path = \"net.tfstate\"\n}") == "none");
    CHECK(keyOf("backend \"pg\" {\n conn_str = \"postgres://db/s\"\n}") ==
          "tfstate:pg://db/s/terraform_remote_state/default");
    CHECK(keyOf("cloud {\n organization = \"o\"\n workspaces {\n name = \"n\"\n }\n}") ==
          "tfstate:remote://app.terraform.io/o/n");
    CHECK(keyOf("cloud {\n organization = \"o\"\n workspaces {\n tags = [\"n\"]\n }\n}") == "none");
    CHECK(keyOf("") == "none");
}

TEST_CASE("the file that a stack is, is the first that an option of its kind names") {
    ProviderOptions options{{"template", {"vpc.yaml"}}, {"deployment_file", {"vpc.deploy.yaml"}}};
    CHECK(ownFileOf("cloudformation", options) == "vpc.deploy.yaml");
    options.erase("deployment_file");
    CHECK(ownFileOf("cloudformation", options) == "vpc.yaml");
    CHECK(ownFileOf("terraform", options).empty());
    CHECK(ownFileOf("nobody", options).empty());
}

}  // namespace inventory_test
