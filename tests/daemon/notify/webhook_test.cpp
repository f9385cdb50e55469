#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace webhook_test {
namespace {

using nlohmann::json;

TEST_CASE("a webhook gets the notice itself under the id of its delivery") {
    const Notice notice = tests::sampleNotice();
    const auto request =
        tests::rendered(*makeChannel(tests::sampleSettings(*channelKind("webhook")), ""), notice);
    CHECK(request.method == "POST");
    CHECK(request.url == "http://127.0.0.1:9/hook");
    CHECK(request.body == noticeJson(notice));
    CHECK(request.headers.at("Content-Type") == "application/json");
    CHECK(request.headers.at("Idempotency-Key") == notice.id);
    CHECK_FALSE(request.headers.contains("X-Driftkeeper-Signature-256"));
}

std::string signatureOf(const HttpRequest& request, const std::string& key) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(request.body.data()), request.body.size(), digest,
         &length);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
    return "sha256=" + hex;
}

TEST_CASE("with a secret the body is signed, by the key that the file holds now") {
    const tests::SecretFile file("It's a Secret to Everybody\n");
    ChannelSettings settings = tests::sampleSettings(*channelKind("webhook"));
    settings.secrets["secret"].file = file.path();
    const auto channel = makeChannel(settings, "");
    for (const std::string key : {"It's a Secret to Everybody", "rotated"}) {
        file.write(key + "\n");
        const auto request = tests::rendered(*channel, tests::sampleNotice());
        CHECK(request.headers.at("X-Driftkeeper-Signature-256") == signatureOf(request, key));
    }
}

TEST_CASE("a missing secret file is a failure, not an unsigned message") {
    ChannelSettings settings = tests::sampleSettings(*channelKind("webhook"));
    settings.secrets["secret"].file = "/nonexistent/key";
    const auto request =
        makeChannel(settings, "")->render({tests::sampleNotice(), tests::sampleNow()});
    REQUIRE_FALSE(request.has_value());
    CHECK(request.error().code == "channel_secret");
}

TEST_CASE("hidden values leave the paths") {
    ChannelSettings settings = tests::sampleSettings(*channelKind("webhook"));
    settings.showValues = false;
    const auto request = tests::rendered(*makeChannel(settings, ""), tests::sampleNotice());
    const json attribute = json::parse(request.body)["stacks"][0]["drifts"][0]["attributes"][0];
    CHECK(attribute["path"] == "ingress[0].cidr_blocks[0]");
    CHECK(attribute["git"] == json{{"hidden", true}});
    CHECK(attribute["live"] == json{{"hidden", true}});
    CHECK(request.body.find("0.0.0.0") == std::string::npos);
}

TEST_CASE("the plain rendering names the resources and leaves the details out") {
    const auto request =
        tests::rendered(*makeChannel(tests::sampleSettings(*channelKind("webhook")), ""),
                        tests::sampleNotice(), true);
    const json drift = json::parse(request.body)["stacks"][0]["drifts"][0];
    CHECK(drift["address"] == "aws_security_group.web");
    CHECK(drift["attributes"].empty());
}

TEST_CASE("hostile content stays inside its strings") {
    const auto request =
        tests::rendered(*makeChannel(tests::sampleSettings(*channelKind("webhook")), ""),
                        tests::hostileNotice(10), false);
    const json body = json::parse(request.body);
    CHECK(body["stacks"][0]["drifts"].size() == 10);
    CHECK(body["id"] == "11111111-2222-3333-4444-555555555555");
}

}  // namespace
}  // namespace webhook_test
}  // namespace driftkeeper
