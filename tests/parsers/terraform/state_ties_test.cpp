#include "parsers/terraform/state_ties.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace state_ties_test {
namespace {

Configuration configuration(const std::string& text) {
    return readConfiguration({{"main.tf", text}});
}

ResourceGraph graphOf(const std::vector<std::string>& addresses) {
    ResourceGraph graph;
    for (const auto& address : addresses) graph.add({address, "box_item", "", ""});
    return graph;
}

std::vector<std::string> texts(const std::vector<Tie>& ties) {
    std::vector<std::string> out;
    for (const auto& tie : ties) out.push_back(tie.address + " " + tie.key);
    std::ranges::sort(out);
    return out;
}

const char* const readsNet = R"(
data "terraform_remote_state" "net" {
  backend = "s3"
  config  = { bucket = "b", key = "net" }
}
)";

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a stack offers its state, and what its outputs refer to by their names") {
    auto graph =
        graphOf({"box_item.a[0]", "box_item.a[1]", "box_item.b", "module.m[\"x\"].box_item.in"});
    const Modules modules = {
        {"", configuration("output \"all\" {\n value = box_item.a[*].id\n}\n"
                           "output \"in\" {\n value = local.in\n}\n"
                           "output \"fixed\" {\n value = 1\n}\n"
                           "locals {\n in = { id = module.m[\"x\"].id }\n}\n"
                           "module \"m\" {\n source = \"./m\"\n}\n")},
        {"module.m", configuration("output \"id\" {\n value = box_item.in.id\n}\n")}};
    addStateTies(graph, modules, {"s3://b/own", "", "/tree"});
    CHECK(texts(graph.offers()) == Texts{" tfstate:s3://b/own",
                                         "box_item.a[0] tfstate:s3://b/own#all",
                                         "box_item.a[1] tfstate:s3://b/own#all",
                                         "module.m[\"x\"].box_item.in tfstate:s3://b/own#in"});
    CHECK(graph.needs().empty());
}

TEST_CASE("a resource needs the outputs of other states that its expressions come from") {
    auto graph = graphOf({"box_item.direct", "box_item.local", "box_item.none",
                          "module.m.box_item.argument[\"k\"]", "module.m.box_item.other"});
    const Modules modules = {
        {"", configuration(std::string(readsNet) +
                           "locals {\n s = data.terraform_remote_state.net.outputs.subnet.id\n}\n"
                           "resource \"box_item\" \"direct\" {\n x = "
                           "data.terraform_remote_state.net.outputs.vpc_id\n}\n"
                           "resource \"box_item\" \"local\" {\n x = \"a-${local.s}\"\n}\n"
                           "resource \"box_item\" \"none\" {\n x = box_item.direct.id\n}\n"
                           "module \"m\" {\n source = \"./m\"\n vpc = "
                           "data.terraform_remote_state.net.outputs.vpc_id\n}\n")},
        {"module.m", configuration("resource \"box_item\" \"argument\" {\n x = var.vpc\n}\n"
                                   "resource \"box_item\" \"other\" {\n x = var.more\n}\n")}};
    addStateTies(graph, modules, {std::nullopt, "", "/tree"});
    CHECK(texts(graph.needs()) ==
          Texts{"box_item.direct tfstate:s3://b/net#vpc_id",
                "box_item.local tfstate:s3://b/net#subnet",
                "module.m.box_item.argument[\"k\"] tfstate:s3://b/net#vpc_id"});
    CHECK(graph.offers().empty());
}

TEST_CASE("both ends of a local state agree, also through path.module and the workspace") {
    auto reader = graphOf({"box_item.a"});
    addStateTies(
        reader,
        {{"",
          configuration(
              "data \"terraform_remote_state\" \"net\" {\n backend = \"local\"\n workspace = "
              "terraform.workspace\n config = { workspace_dir = \"${path.module}/../net/w\" }\n}\n"
              "resource \"box_item\" \"a\" {\n x = "
              "data.terraform_remote_state.net.outputs.id\n}\n")}},
        {std::nullopt, "blue", "/tree/app"});
    CHECK(texts(reader.needs()) ==
          Texts{"box_item.a tfstate:local:/tree/net/w/blue/terraform.tfstate#id"});
}

TEST_CASE("what goes round in circles ends, and what is not known is left out") {
    auto graph = graphOf({"box_item.a", "box_item.b"});
    const Modules modules = {
        {"",
         configuration(
             "locals {\n a = local.b\n b = local.a\n}\n"
             "data \"terraform_remote_state\" \"v\" {\n backend = \"s3\"\n config = { bucket = "
             "var.b, key = "
             "\"k\" }\n}\n"
             "resource \"box_item\" \"a\" {\n x = local.a\n y = module.gone.z\n w = var.w\n}\n"
             "resource \"box_item\" \"b\" {\n x = data.terraform_remote_state.v.outputs.id\n}\n")}};
    addStateTies(graph, modules, {"local:/s", "", "/tree"});
    CHECK(graph.needs().empty());
    CHECK(texts(graph.offers()) == Texts{" tfstate:local:/s"});
}

TEST_CASE("variables that another program fills lead to the states of its dependencies") {
    auto graph = graphOf({"box_item.a"});
    const Modules modules = {
        {"", configuration("resource \"box_item\" \"a\" {\n x = var.vpc_id\n y = var.plain\n}\n")}};
    StatePlace place{std::nullopt, "", "/tree"};
    place.arguments = {{"vpc_id", {"dependency.vpc.outputs.vpc_id"}},
                       {"plain", {"dependency.gone.outputs.x"}}};
    place.dependencies = {{"vpc", "s3://b/vpc"}};
    addStateTies(graph, modules, place);
    CHECK(texts(graph.needs()) == Texts{"box_item.a tfstate:s3://b/vpc#vpc_id"});
}

}  // namespace state_ties_test
