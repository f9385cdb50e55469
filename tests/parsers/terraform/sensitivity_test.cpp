#include "parsers/terraform/sensitivity.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

TEST_CASE("a name looks secret by whole words") {
    const std::vector<std::pair<std::string, bool>> table = {
        {"password", true},    {"db_password", true},
        {"passwd_file", true}, {"client-secret", true},
        {"authToken", true},   {"API_KEY", true},
        {"apiKey", true},      {"apikey", true},
        {"private_key", true}, {"access_key_id", true},
        {"credentials", true}, {"connection_string", true},
        {"public_key", false}, {"key", false},
        {"monkey", false},     {"secretary", false},
        {"tokenizer", false},  {"compass", false},
        {"key_name", false},   {"", false},
        {"apis_key", false},   {"string_connection", false},
    };
    for (const auto& [name, secret] : table) {
        CAPTURE(name);
        CHECK(looksSecret(name) == secret);
    }
}

TEST_CASE("masks add up, and what is secret at one index is secret at each") {
    Sensitivity mask;
    mask.add(*readJson(R"({"a":true,"b":{"c":false},"l":[false,{"k":true}]})"));
    mask.add(*readJson(R"({"b":{"c":true},"n":null})"));
    mask.add(*readJson("false"));
    CHECK_FALSE(mask.hidesAll());
    CHECK(mask.key("a")->hidesAll());
    CHECK(mask.key("b")->key("c")->hidesAll());
    CHECK(mask.key("l")->element()->key("k")->hidesAll());
    CHECK(mask.key("n") == nullptr);
    CHECK(mask.key("x") == nullptr);
    CHECK(holdsSecret(*readJson(R"({"l":[{"k":1}]})"), &mask));
    CHECK_FALSE(holdsSecret(*readJson(R"({"l":[{"j":1}]})"), &mask));
    CHECK(holdsSecret(*readJson(R"([{"password":1}])"), nullptr));
    mask.add(*readJson("true"));
    CHECK(mask.hidesAll());
}
