#include "parsers/terraform/configuration_json.hpp"

#include <doctest/doctest.h>

#include "parsers/terraform/configuration.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using Texts = std::vector<std::string>;

TEST_CASE("a JSON file says what the native syntax would say") {
    const auto configuration = readConfiguration({{"prod/main.tf.json", R"({
  "//": "generated",
  "terraform": [{
    "required_version": ">= 1.5",
    "required_providers": { "aws": { "source": "hashicorp/aws", "version": "~> 5.0" } },
    "backend": { "s3": { "bucket": "state", "key": "${var.key}" } }
  }],
  "module": { "vpc": { "source": "./vpc" }, "dns": [{ "source": "../dns" }] },
  "locals": { "name": "x-${var.env}", "list": ["${local.name}", 1, true, null] },
  "resource": { "aws_instance": { "web": {
    "user_data": "${file(\"${path.module}/../init.sh\")}",
    "tags": { "Name \"q\"": "a\\b" },
    "lifecycle": { "ignore_changes": ["tags", "ami"] } } },
    "aws_x": { "all": { "lifecycle": [{ "ignore_changes": "all" }] } } }
})"}});
    CHECK(configuration.broken.empty());
    REQUIRE(configuration.modules.size() == 2);
    CHECK(configuration.modules[0].source == "../dns");
    CHECK(configuration.modules[1].source == "./vpc");
    CHECK(configuration.backend == "s3");
    CHECK(configuration.backendAttributes ==
          std::map<std::string, std::string>{{"bucket", "state"}});
    CHECK(configuration.requiredProviders ==
          std::map<std::string, std::string>{{"aws", "hashicorp/aws"}});
    CHECK(configuration.requiredVersions == Texts{">= 1.5"});
    CHECK(configuration.ignoreChanges.at("aws_instance.web") == Texts{"tags", "ami"});
    CHECK(configuration.ignoreChanges.at("aws_x.all") == Texts{"all"});
    CHECK(configuration.locals.at("name") == Texts{"var.env"});
    CHECK(configuration.locals.at("list") == Texts{"local.name"});
    CHECK(configuration.outsidePaths == Texts{"init.sh"});
}

TEST_CASE("JSON strings become quoted templates") {
    const auto file = readJsonConfiguration(
        R"({"locals": {"a": "q\"\\\n$${x} ${f(\"b\")} end", "b": 1.50, "c": {}, "d": []}})");
    REQUIRE(file.body.blocks.size() == 1);
    const auto& locals = file.body.blocks[0];
    CHECK(locals.attribute("a")->expression == R"("q\"\\\n$${x} ${f("b")} end")");
    CHECK(locals.attribute("b")->expression == "1.50");
    CHECK(locals.attribute("c")->expression == "{}");
    CHECK(locals.attribute("d")->expression == "[]");
}

TEST_CASE("broken JSON is a broken file") {
    for (const std::string text : {"", "{", "1", "\"x\"", "{\"a\": 1, \"a\": 2}", "{} x"}) {
        CAPTURE(text);
        CHECK(readJsonConfiguration(text).broken);
    }
    CHECK_FALSE(readJsonConfiguration("{}").broken);
    CHECK_FALSE(readJsonConfiguration("[{}]").broken);
}

TEST_CASE("JSON of another shape is left out") {
    const auto file =
        readJsonConfiguration(R"({"module": 1, "resource": {"x": 2}, "locals": [[{"a": 1}], 3]})");
    CHECK_FALSE(file.broken);
    CHECK(file.body.blocks.size() == 1);
}
