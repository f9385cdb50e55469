#include "parsers/kubernetes/masking.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace masking_test {
namespace {

const ValueTags tags("test");

std::string masked(std::string_view text) {
    Json value = *readJson(text);
    maskSecrets(value, tags);
    return canonicalText(value);
}

}  // namespace

TEST_CASE("what is secret is replaced, wherever it lies") {
    for (const char* text : {
             R"({"kind":"Secret","data":{"plain":"hunter2"}})",
             R"({"kind":"Secret","stringData":{"plain":"hunter2"}})",
             R"({"kind":"Secret","data":"hunter2"})",
             R"({"spec":{"env":[{"name":"DB_PASSWORD","value":"hunter2"}]}})",
             R"({"spec":{"apiKey":"hunter2"}})",
             R"({"spec":{"credentials":{"user":"hunter2"}}})",
             R"({"spec":{"passwords":["hunter2"]}})",
             R"({"spec":{"args":["--token=hunter2"]}})",
             R"({"spec":{"args":["--token","hunter2"]}})",
             R"({"data":{"DB_PASSWORD":"hunter2"}})",
             R"({"data":{"url":"https://me:hunter2@db/x"}})",
             R"({"data":{"app.ini":"[db]\npassword = hunter2\n"}})",
             R"({"data":{"app.yaml":"db:\n  secret: hunter2\n"}})",
         }) {
        const std::string result = masked(text);
        CHECK_MESSAGE(!result.contains("hunter2"), result);
        CHECK_MESSAGE(result.contains("\"redacted\":\"hmac:"), result);
    }
}

TEST_CASE("what only names a secret stays readable") {
    for (
        const char* text : {
            R"({"spec":{"volumes":[{"secret":{"defaultMode":420,"secretName":"tls"}}]}})",
            R"({"spec":{"env":[{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"key":"p","name":"db"}}}]}})",
            R"({"spec":{"imagePullSecrets":[{"name":"registry"}]}})",
            R"({"spec":{"automountServiceAccountToken":false}})",
            R"({"spec":{"image":"registry.example.com/token-service:1.2"}})",
            R"({"rules":[{"resources":["secrets"],"verbs":["get"]}]})",
            R"({"data":{"mode":"fast","url":"https://example.com/x@y"}})",
            R"({"kind":"Secret","metadata":{"name":"s"},"type":"Opaque"})",
        })
        CHECK(masked(text) == text);
}

TEST_CASE("equal secrets have equal tags, and masking twice changes nothing") {
    const std::string once = masked(R"({"kind":"Secret","data":{"a":"x","b":"x","c":"y"}})");
    CHECK(masked(once) == once);
    const Json value = *readJson(once);
    CHECK(value["data"]["a"] == value["data"]["b"]);
    CHECK_FALSE(value["data"]["a"] == value["data"]["c"]);
}

}  // namespace masking_test
