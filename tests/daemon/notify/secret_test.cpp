#include "daemon/notify/secret.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace secret_test {
namespace {

TEST_CASE("a secret file is read at every use, without its line end") {
    const tests::SecretFile file("first\n");
    const SecretSource source{"", file.path()};
    CHECK(readSecret(source, "secret").value() == "first");
    file.write("second\r\n");
    CHECK(readSecret(source, "secret").value() == "second");
}

TEST_CASE("a secret in the settings is taken as it is") {
    CHECK(readSecret(SecretSource{"as given", {}}, "secret").value() == "as given");
}

TEST_CASE("a secret that cannot be used is the operator's to fix, and is not shown") {
    const tests::SecretFile empty("\n");
    const tests::SecretFile broken("canary\nsecond line");
    const tests::SecretFile huge(std::string(65 * 1024, 'c'));
    for (const std::filesystem::path& path :
         {empty.path(), broken.path(), huge.path(), std::filesystem::path("/nonexistent/secret"),
          std::filesystem::path("/")}) {
        CAPTURE(path);
        const auto secret = readSecret(SecretSource{"", path}, "webhook_url");
        REQUIRE_FALSE(secret.has_value());
        CHECK(secret.error().code == "channel_secret");
        CHECK(secret.error().remedy == Remedy::FixSetup);
        CHECK(secret.error().message.find("webhook_url") != std::string::npos);
        CHECK(secret.error().message.find("canary") == std::string::npos);
    }
}

}  // namespace
}  // namespace secret_test
}  // namespace driftkeeper
