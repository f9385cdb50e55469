#include "parsers/kubernetes/unknown.hpp"

#include <doctest/doctest.h>

#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace unknown_test {
namespace {

Json json(std::string_view text) {
    return *readJson(text);
}

}  // namespace

TEST_CASE("what SOPS encrypted is found, and what it keeps for itself is taken out") {
    Json body = json(
        R"({"data":{"k":"RU5DW0FFUzI1Nl9HQ00sZGF0YTp4XQ=="},"env":[{"name":"A","value":"ENC[AES256_GCM,data:x]"}],)"
        R"("kind":"Secret","plain":"x","sops":{"mac":"ENC[AES256_GCM,data:m]","version":"3.9.0"},)"
        R"("stringData":{"s":"ENC[AES256_GCM,data:y]"}})");
    CHECK(takeEncrypted(body) == Unknown{{"data.k", std::string(cause::encrypted)},
                                         {"data.s", std::string(cause::encrypted)},
                                         {"env[name=A].value", std::string(cause::encrypted)}});
    CHECK_FALSE(body.has("sops"));
    Json dotenv = json(
        R"({"data":{"A":"RU5DW0FFUzI1Nl9HQ00sZGF0YTp4XQ==","sops_mac":"RU5DW0FFUzI1Nl9HQ00sZGF0YTp4XQ==","sops_version":"My45"}})");
    CHECK(takeEncrypted(dotenv).size() == 1);
    CHECK(dotenv["data"].keys == std::vector<std::string>{"A"});
    Json plain = json(R"({"sops":{"mac":"x"},"data":{"a":"ENC"}})");
    CHECK(takeEncrypted(plain).empty());
    CHECK(plain.has("sops"));
}

TEST_CASE("two renderings differ in what is random, and that is taken as it is live") {
    const Json one = json(R"({"data":{"fixed":"1","made":"abc"},"list":[{"a":1},{"a":2}]})");
    const Json two = json(R"({"data":{"fixed":"1","made":"xyz"},"list":[{"a":1},{"a":3}]})");
    const Unknown random = differingIn(one, two);
    CHECK(random == Unknown{{"data.made", std::string(cause::random)},
                            {"list[1].a", std::string(cause::random)}});
    CHECK(canonicalText(
              withLive(one, json(R"({"data":{"made":"live"},"list":[{"a":9}]})"), random)) ==
          R"({"data":{"fixed":"1","made":"live"},"list":[{"a":1},{"a":2}]})");
    CHECK(sameValue(withoutUnknown(one, random), withoutUnknown(two, random)));
}

}  // namespace unknown_test
