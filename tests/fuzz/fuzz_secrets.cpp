// Any text: scanning ends, scanning twice changes nothing, and a secret that is put into it in one
// of the known shapes does not survive.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "parsers/json/secrets.hpp"
#include "parsers/json/value_tags.hpp"

using namespace driftkeeper;

namespace {

constexpr std::string_view canary = "C4nARy";

// What stands in the place of ^ is a secret.
constexpr std::array<std::string_view, 30> shapes = {
    "password=^",
    "  db_password: ^ ^",
    "export API_TOKEN=\"^\"",
    "{\"user\":\"u\",\"password\":\"^\"}",
    "\\\"token\\\":\\\"^\\\"",
    "[{\"name\":\"DB_PASSWORD\",\"value\":\"^\"}]",
    "[{\"value\":\"^\",\"name\":\"DB_PASSWORD\"}]",
    "- name: DB_PASSWORD\n  value: ^",
    "[\"--password\",\"^\"]",
    "run --password=^ --token ^ x",
    "postgres://bob:^@db.example/x",
    "see https://h.example/x?a=1&X-Amz-Signature=^&b=2",
    "https://hooks.slack.com/services/T0/B0/^",
    "-----BEGIN RSA PRIVATE KEY-----\n^\n-----END RSA PRIVATE KEY-----",
    "Authorization: Bearer ^1234",
    "Authorization: Basic ^==",
    "sent Bearer ^12345",
    "eyJ^hbGci.eyJ^zdWIi.^sig",
    "ghp_^1234",
    "glpat-^1234",
    "AKIA0123456789ABCDEF ^0123456789abcdefABCDEF0123456789/+",
    "xoxb-^1234",
    "sk_live_^1234",
    "AIza^0123456789abcdef",
    "hvs.^1234",
    "Server=db;User Id=sa;Password=^;Encrypt=true",
    "<password>^</password>",
    "client_secret: |-\n  ^\n  ^",
    "password = <<EOT\n^\nEOT",
    "tokens:\n- ^\n- ^",
};

std::string planted(std::string_view shape) {
    std::string text;
    for (const char c : shape) {
        if (c == '^')
            text += canary;
        else
            text += c;
    }
    return text;
}

void check(const std::string& text, const SecretMask& mask) {
    const std::string once = withoutSecrets(text, mask);
    if (withoutSecrets(once, mask) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const ValueTags tags("fuzz");
    if (size < 2) return 0;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 2, size - 2);
    check(std::string(text), tags.mask());
    check(std::string(text), stars());
    if (text.find(canary) != std::string_view::npos) return 0;
    const auto cut = bytes[0] * text.size() / 256;
    const std::string whole = std::string(text.substr(0, cut)) + "\n" +
                              planted(shapes[bytes[1] % shapes.size()]) + "\n" +
                              std::string(text.substr(cut));
    if (withoutSecrets(whole, tags.mask()).find(canary) != std::string::npos) std::abort();
    return 0;
}
