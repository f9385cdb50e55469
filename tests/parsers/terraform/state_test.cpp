#include "parsers/terraform/state.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "parsers/terraform/emptied.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace state_test {
namespace {

const ValueTags tags("test");

// By hand, in the format of version 4.
const std::string text =
    R"({"version":4,"terraform_version":"1.11.4","serial":7,"lineage":"abc","outputs":{},"resources":[
 {"mode":"managed","type":"box_item","name":"a","provider":"provider[\"registry.terraform.io/driftkeeper/box\"]",
  "instances":[{"schema_version":0,"attributes":{"id":"a","secret":"hunter2"}},
               {"deposed":"0123abcd","schema_version":0,"attributes":{"id":"old"}}]},
 {"module":"module.m[\"k\"]","mode":"managed","type":"box_item","name":"b","provider":"module.m.provider[\"r/d/box\"].east",
  "instances":[{"index_key":"x\"y","attributes":{},"dependencies":["box_item.a","data.box_lookup.d"]},
               {"index_key":1,"attributes":{},"provider":"provider[\"r/d/other\"]"}]},
 {"mode":"data","type":"box_lookup","name":"d","provider":"provider[\"r/d/box\"]",
  "instances":[{"attributes":{"key":"k","value":"v"}}]}]})";

}  // namespace

TEST_CASE("a state gives current instances, dependencies and tags of data sources, and no value") {
    const auto state = parseState(text, tags);
    REQUIRE(state);
    CHECK(state->serial == 7);
    CHECK(state->lineage == "abc");
    CHECK(state->terraformVersion == "1.11.4");
    const std::vector<Resource> expected = {
        {"box_item.a", "box_item", "", "registry.terraform.io/driftkeeper/box",
         "driftkeeper/box box_item a"},
        {R"(module.m["k"].box_item.b["x\"y"])", "box_item", "", "r/d/box"},
        {R"(module.m["k"].box_item.b[1])", "box_item", "", "r/d/other"},
    };
    CHECK(state->graph.resources() == expected);
    CHECK(state->graph.dependentsOf("box_item.a") ==
          std::vector<std::string>{R"(module.m["k"].box_item.b["x\"y"])"});
    REQUIRE(state->dataSources.size() == 1);
    CHECK(state->dataSources.at("data.box_lookup.d") == tags.tag(R"({"key":"k","value":"v"})"));
}

TEST_CASE("an empty text is an empty state, anything else that is no state is refused") {
    CHECK(parseState("", tags)->graph.resources().empty());
    CHECK(parseState(" \n", tags)->serial == 0);
    const std::vector<std::string> table = {
        "{}",
        "[]",
        "null",
        R"({"version":3})",
        R"({"version":4,"version":4})",
        "{\"version\":4,\"x\":\"\xff\"}",
        R"({"version":4,"resources":[{"instances":{}}]})",
        R"({"version":4)",
        R"({"version":4,"encrypted_data":)" + std::string(10'000, '[') + "}"};
    for (const auto& broken : table) {
        CAPTURE(broken.substr(0, 80));
        const auto state = parseState(broken, tags);
        REQUIRE_FALSE(state);
        CHECK(state.error().code == "invalid_state");
    }
    for (std::size_t size = 1; size < text.size(); ++size)
        CHECK_FALSE(parseState(text.substr(0, size), tags));
}

namespace {

// One managed instance, with what stands between the braces of its attributes.
std::string stateWith(const std::string& type, const std::string& provider,
                      const std::string& attributes, const std::string& more = {}) {
    return R"({"version":4,"serial":1,"lineage":"l","resources":[{"mode":"managed","type":")" +
           type + R"(","name":"a","provider":"provider[\"registry.terraform.io/)" + provider +
           R"(\"]","instances":[{"attributes":{)" + attributes + "}" + more + "}]}]}";
}

std::string identityIn(const std::string& stateText) {
    const auto state = parseState(stateText, tags);
    REQUIRE(state);
    REQUIRE(state->graph.resources().size() == 1);
    return state->graph.resources()[0].identity;
}

}  // namespace

TEST_CASE("a state says which real thing an instance is") {
    CHECK(
        identityIn(stateWith(
            "aws_sqs_queue", "hashicorp/aws",
            R"("id":"https://sqs.eu-central-1.amazonaws.com/123456789012/jobs","tags":{"arn":"x"},"arn":"arn:aws:sqs:eu-central-1:123456789012:jobs")")) ==
        "arn:aws:sqs:eu-central-1:123456789012:jobs");
    CHECK(
        identityIn(stateWith(
            "google_compute_network", "hashicorp/google",
            R"("id":"projects/p/global/networks/n","self_link":"https://www.googleapis.com/compute/v1/projects/p/global/networks/n")")) ==
        "//compute.googleapis.com/projects/p/global/networks/n");
    CHECK(identityIn(stateWith("box_item", "driftkeeper/box", R"("id":7)")).empty());
    CHECK(identityIn(
              stateWith("random_password", "hashicorp/random", R"("id":"none","result":"CANARY")"))
              .empty());
}

TEST_CASE("what the state marks as sensitive names nothing") {
    const std::string attributes = R"("id":"CANARY-1234")";
    CHECK(identityIn(stateWith("box_item", "d/box", attributes,
                               R"(,"sensitive_attributes":[[{"type":"get_attr","value":"id"}]])"))
              .empty());
    CHECK_FALSE(
        identityIn(stateWith("box_item", "d/box", attributes,
                             R"(,"sensitive_attributes":[[{"type":"get_attr","value":"other"}]])"))
            .empty());
}

TEST_CASE("what depends on a data source needs the thing that it found") {
    const auto state = parseState(
        R"({"version":4,"serial":1,"lineage":"l","resources":[
 {"mode":"data","type":"aws_vpc","name":"main","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]",
  "instances":[{"attributes":{"id":"vpc-0123456789abcdef0"}}]},
 {"mode":"managed","type":"box_item","name":"a","provider":"provider[\"r/d/box\"]",
  "instances":[{"attributes":{"id":"a"},"dependencies":["data.aws_vpc.main"]}]}]})",
        tags);
    REQUIRE(state);
    CHECK(state->graph.needs() == std::vector<Tie>{{"box_item.a", "aws vpc-0123456789abcdef0"}});
}

TEST_CASE("an encrypted state is told from a broken one") {
    const auto state = parseState(
        R"({"serial":3,"lineage":"l","meta":{"key_provider.pbkdf2.k":"eyJ9"},"encrypted_data":"bm90aGluZw==","encryption_version":"v0"})",
        tags);
    REQUIRE_FALSE(state);
    CHECK(state.error().code == "encrypted_state");
}

TEST_CASE("a refresh that only reads null as empty is known from both states") {
    const auto state = [](const std::string& a, const std::string& b) {
        const auto one = [](const std::string& name, const std::string& attributes) {
            return R"({"mode":"managed","type":"box_item","name":")" + name +
                   R"(","provider":"p","instances":[{"index_key":"k","attributes":)" + attributes +
                   "}]}";
        };
        return R"({"version":4,"serial":1,"lineage":"l","resources":[)" + one("a", a) + "," +
               one("b", b) +
               R"(,{"mode":"data","type":"d","name":"d","provider":"p","instances":[]}]})";
    };
    const std::string plain = R"({"id":"1","labels":{"x":"y"}})";
    const auto same = emptiedOnly(state(plain, plain), state(plain, plain), tags);
    REQUIRE(same);
    CHECK(same->empty());
    const auto emptied = emptiedOnly(state(plain, R"({"id":"2","labels":null,"n":null})"),
                                     state(plain, R"({"id":"2","labels":{},"n":[]})"), tags);
    REQUIRE(emptied);
    REQUIRE(emptied->size() == 1);
    CHECK((*emptied)[0].address == R"(box_item.b["k"])");
    CHECK((*emptied)[0].cause == "cosmetic");
    REQUIRE((*emptied)[0].attributes.size() == 2);
    CHECK((*emptied)[0].attributes[0].path == "labels");
    CHECK((*emptied)[0].attributes[0].git == "null");
    CHECK((*emptied)[0].attributes[0].live == "{}");
    const auto differs = [&](const std::string& was, const std::string& is) {
        return !emptiedOnly(state(plain, was), state(plain, is), tags);
    };
    CHECK(differs(R"({"id":"2","labels":null})", R"({"id":"2","labels":{"x":"y"}})"));
    CHECK(differs(R"({"id":"2","labels":{}})", R"({"id":"2","labels":[]})"));
    CHECK(differs(R"({"id":"2","labels":null,"n":1})", R"({"id":"2","labels":{},"n":2})"));
    CHECK_FALSE(emptiedOnly(state(plain, plain), "{", tags));
}

}  // namespace state_test
