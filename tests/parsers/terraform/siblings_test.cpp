#include "parsers/terraform/siblings.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "parsers/source/option_spec.hpp"
#include "parsers/terraform/content_identity.hpp"
#include "parsers/terraform/plan.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace siblings_test {
namespace {

const ValueTags tags("test");

std::string entry(const std::string& type, const std::string& name, const std::string& actions,
                  const std::string& before, const std::string& after) {
    return R"({"address":")" + type + '.' + name + R"(","mode":"managed","type":")" + type +
           R"(","name":")" + name + R"(","provider_name":"p","change":{"actions":)" + actions +
           R"(,"before":)" + before + R"(,"after":)" + after + "}}";
}

struct World {
    std::string type;
    std::string attribute;
    std::string before, live;           // of the attribute
    std::vector<std::string> siblings;  // TYPE and value
    std::string configured = "{}";      // what Git sets
    std::string git{};                  // empty: live
};

std::string object(const World& world, const std::string& value) {
    return R"({"id":"p-1","name":"parent","bucket":"b",")" + world.attribute + "\":" + value + "}";
}

std::string outcome(const World& world) {
    const std::string live = object(world, world.live);
    const std::string git = world.git.empty() ? live : object(world, world.git);
    std::string changes =
        entry(world.type, "x", live == git ? R"(["no-op"])" : R"(["update"])", live, git);
    int number = 0;
    for (const auto& sibling : world.siblings) {
        const auto cut = sibling.find(' ');
        const auto value = sibling.substr(cut + 1);
        changes += ',' + entry(sibling.substr(0, cut), "s" + std::to_string(number++),
                               R"(["no-op"])", value, value);
    }
    const std::string plan =
        R"({"format_version":"1.2","resource_drift":[)" +
        entry(world.type, "x", R"(["update"])", object(world, world.before), live) +
        R"(],"resource_changes":[)" + changes +
        R"(],"configuration":{"root_module":{"resources":[{"address":")" + world.type +
        R"(.x","mode":"managed","expressions":)" + world.configured + "}]}}}";
    const auto report = readPlan(plan, {}, tags);
    REQUIRE(report);
    std::string text;
    for (const auto& drift : report->drifts) {
        text += drift.cause;
        for (const auto& one : drift.attributes) text += ' ' + one.path;
        text += ';';
    }
    return text;
}

std::string rule(const std::string& port, const std::string& network,
                 const std::string& group = "p-1") {
    return R"(aws_security_group_rule {"type":"ingress","from_port":)" + port + R"(,"to_port":)" +
           port + R"(,"protocol":"tcp","cidr_blocks":[")" + network +
           R"("],"security_group_id":")" + group + R"("})";
}

std::string ingress(const std::string& port, const std::string& networks) {
    return R"({"protocol":"tcp","description":"","self":false,"from_port":)" + port +
           R"(,"to_port":)" + port + R"(,"cidr_blocks":)" + networks + "}";
}

}  // namespace

TEST_CASE("what a rule beside its group made is no drift of the group") {
    World world{"aws_security_group", "ingress", "[]", "", {rule("443", "10.0.0.0/8")}};
    world.live = '[' + ingress("443", R"(["10.0.0.0/8"])") + ']';
    CHECK(outcome(world).starts_with("sibling ingress[0]"));
}

TEST_CASE("rules that the service keeps as one element explain it together") {
    World world{"aws_security_group", "ingress", "[]", "", {}};
    world.live = '[' + ingress("443", R"(["10.0.0.0/8","10.1.0.0/16"])") + ']';
    world.siblings = {rule("443", "10.0.0.0/8"), rule("443", "10.1.0.0/16")};
    CHECK(outcome(world).starts_with("sibling"));
    world.siblings.pop_back();
    CHECK(outcome(world).starts_with("out_of_band"));
}

TEST_CASE("what no sibling explains is the drift, and just that element") {
    World world{"aws_security_group", "ingress", "[]", "", {rule("443", "10.0.0.0/8")}};
    world.live =
        '[' + ingress("22", R"(["0.0.0.0/0"])") + ',' + ingress("443", R"(["10.0.0.0/8"])") + ']';
    CHECK(outcome(world) == "out_of_band ingress[0];");
    // Ports of one rule and a network of another make no third one.
    world.siblings = {rule("443", "0.0.0.0/0"), rule("22", "10.0.0.0/8")};
    CHECK(outcome(world) == "out_of_band ingress[0] ingress[1];");
    // A rule of another group explains nothing.
    world.siblings = {rule("443", "10.0.0.0/8", "p-2"), rule("22", "0.0.0.0/0", "p-2")};
    CHECK(outcome(world) == "out_of_band ingress[0] ingress[1];");
}

TEST_CASE("what was there before the last apply needs no sibling") {
    World world{"aws_security_group", "ingress", "", "", {rule("443", "10.0.0.0/8")}};
    world.before = '[' + ingress("22", R"(["10.2.0.0/16"])") + ']';
    world.live =
        '[' + ingress("22", R"(["10.2.0.0/16"])") + ',' + ingress("443", R"(["10.0.0.0/8"])") + ']';
    CHECK(outcome(world).starts_with("sibling"));
}

TEST_CASE("what the configuration sets itself must all be there") {
    World world{
        "google_project_iam_binding", "members", R"(["user:a"])", R"(["user:a","user:b"])", {}};
    world.configured = R"({"members":{"constant_value":["user:a"]}})";
    world.git = R"(["user:a"])";
    world.siblings = {R"(google_project_iam_member {"role":null,"member":"user:b"})"};
    CHECK(outcome(world).starts_with("out_of_band"));  // of no role
    world.live = R"(["user:b"])";
    CHECK(outcome(world).starts_with("out_of_band"));
}

TEST_CASE("a sibling that has the whole attribute to itself explains it, whatever it says") {
    World world{"aws_s3_bucket", "versioning", "[]", R"([{"enabled":true}])", {}};
    CHECK(outcome(world).starts_with("out_of_band"));
    world.siblings = {R"(aws_s3_bucket_versioning {"bucket":"b","status":"Enabled"})"};
    CHECK(outcome(world).starts_with("sibling"));
    world.siblings = {R"(aws_s3_bucket_versioning {"bucket":"other"})"};
    CHECK(outcome(world).starts_with("out_of_band"));
}

TEST_CASE("attachments, routes and pools of AWS, Google and Azure") {
    const std::vector<World> explained = {
        {"aws_iam_role",
         "managed_policy_arns",
         "[]",
         R"(["arn:p"])",
         {R"(aws_iam_role_policy_attachment {"role":"parent","policy_arn":"arn:p"})"}},
        {"aws_iam_role",
         "inline_policy",
         "[]",
         R"([{"name":"n","policy":"{\"a\": 1}"}])",
         {R"(aws_iam_role_policy {"role":"p-1","name":"n","policy":"{\"a\":1}"})"}},
        {"aws_route_table",
         "route",
         "[]",
         R"([{"cidr_block":"0.0.0.0/0","gateway_id":"igw-1"}])",
         {R"(aws_route {"route_table_id":"p-1","destination_cidr_block":"0.0.0.0/0",)"
          R"("gateway_id":"igw-1"})"}},
        {"aws_network_acl",
         "ingress",
         "[]",
         R"([{"rule_no":1,"action":"allow","protocol":"6","from_port":80,"to_port":80}])",
         {R"(aws_network_acl_rule {"network_acl_id":"p-1","egress":false,"rule_number":1,)"
          R"("rule_action":"allow","protocol":"tcp","from_port":80,"to_port":80})"}},
        {"google_container_cluster",
         "node_pool",
         "[]",
         R"([{"name":"pool"}])",
         {R"(google_container_node_pool {"cluster":"parent","name":"pool"})"}},
        {"azurerm_network_security_group",
         "security_rule",
         "[]",
         R"([{"name":"r","priority":100,"access":"Allow"}])",
         {R"(azurerm_network_security_rule {"network_security_group_name":"parent","name":"r",)"
          R"("priority":100,"access":"Allow"})"}},
        {"aws_eip",
         "network_interface",
         R"("")",
         R"("eni-1")",
         {R"(aws_nat_gateway {"allocation_id":"p-1","network_interface_id":"eni-1"})"}},
        {"aws_network_interface",
         "attachment",
         "[]",
         R"([{"instance":"i-1","device_index":1,"attachment_id":"eni-attach-1"}])",
         {R"(aws_instance {"id":"i-1","network_interface":[{"network_interface_id":"p-1"}]})"}},
        {"aws_glue_catalog_table",
         "partition_index",
         "[]",
         R"([{"index_name":"day","keys":["d"]}])",
         {R"(aws_glue_partition_index {"table_name":"parent",)"
          R"("partition_index":[{"index_name":"day","keys":["d"]}]})"}},
        {"azurerm_route_table",
         "route",
         "[]",
         R"([{"name":"r","address_prefix":"10.0.0.0/8"}])",
         {R"(azurerm_route {"route_table_name":"PARENT","name":"r","address_prefix":)"
          R"("10.0.0.0/8"})"}},
    };
    for (auto world : explained) {
        CAPTURE(world.type);
        CHECK(outcome(world).starts_with("sibling"));
        world.siblings.clear();
        CHECK(outcome(world).starts_with("out_of_band"));
    }
}

TEST_CASE("a sibling of a namesake elsewhere explains nothing") {
    World world{"azurerm_route_table",
                "route",
                "[]",
                R"([{"name":"r","address_prefix":"10.0.0.0/8"}])",
                {R"(azurerm_route {"route_table_name":"parent","resource_group_name":"other",)"
                 R"("name":"r","address_prefix":"10.0.0.0/8"})"}};
    CHECK(outcome(world).starts_with("out_of_band"));
}

TEST_CASE("the table says everything once, and all of it can be read") {
    std::set<std::string> seen;
    for (const auto& row : siblingRows()) {
        CAPTURE(row.parent);
        CAPTURE(row.sibling);
        for (const auto& link : splitAtBlanks(row.link)) CHECK(link.contains('='));
        CHECK(seen.insert(std::string(row.parent) + '.' + std::string(row.attribute) + ' ' +
                          std::string(row.sibling) + ' ' + std::string(row.element) + ' ' +
                          std::string(row.where))
                  .second);
    }
}

TEST_CASE("an attribute that identifies content is no noise, a shared version is") {
    const auto kind = [](const char* type, const char* path) {
        return contentKindOf(type, attributePath(path));
    };
    CHECK(kind("aws_lambda_function", "code_sha256") == ContentKind::Digest);
    CHECK(kind("aws_s3_object", "etag") == ContentKind::Version);
    CHECK(kind("google_project_iam_member", "etag") == ContentKind::None);
    CHECK(kind("aws_lambda_function", "arn") == ContentKind::None);
    CHECK(kind("github_repository", "etag") == ContentKind::None);
    CHECK(
        outcome({"github_repository", "etag", R"("W/1")", R"("W/2")", {}}).starts_with("computed"));
    CHECK(isBesideContent(attributePath("last_modified")));
}

}  // namespace siblings_test
