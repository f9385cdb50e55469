#include "daemon/settings/web_config_file.hpp"

#include <doctest/doctest.h>

#include "tests/support/files.hpp"

namespace driftkeeper {
namespace web_config_file_test {
namespace {

const std::string tls = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";
const std::string pem = "\"-----BEGIN CERTIFICATE-----\\n\"";
const std::string hash = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

std::string render(const LoadedWebConfig& loaded) {
    return driftkeeper::render(loaded.mistakes);
}

TEST_CASE("a web config file with everything in it") {
    const auto loaded =
        parseWebConfig(tls +
                           "  client_auth_type: RequireAndVerifyClientCert\n"
                           "  client_ca_file: /ca.pem\n"
                           "  client_allowed_sans: [scraper.example.com, 10.0.0.1]\n"
                           "  min_version: TLS13\n"
                           "  max_version: TLS13\n"
                           "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n"
                           "  prefer_server_cipher_suites: false\n"
                           "  curve_preferences: [CurveP256, X25519]\n"
                           "http_server_config:\n"
                           "  http2: true\n"
                           "  headers:\n"
                           "    X-Frame-Options: SameOrigin\n"
                           "    X-Content-Type-Options: nosniff\n"
                           "    X-XSS-Protection: \"\"\n"
                           "    Strict-Transport-Security: max-age=60\n"
                           "    Content-Security-Policy: default-src 'self'\n"
                           "basic_auth_users:\n  alice: " +
                           hash + "\nrate_limit: { interval: 1m30s, burst: 3 }\n",
                       "/etc/d/web.yaml");
    REQUIRE_MESSAGE(loaded.mistakes.empty(), render(loaded));
    CHECK(loaded.config.rateLimit == WebConfig::RateLimit{std::chrono::seconds(90), 3});
    const auto& config = loaded.config;
    REQUIRE(config.tls.has_value());
    CHECK(config.tls->certFile == "/etc/d/server.crt");
    CHECK(config.tls->keyFile == "/etc/d/server.key");
    CHECK(config.tls->clientCaFile == "/ca.pem");
    CHECK(config.tls->clientAuth == WebConfig::ClientAuth::RequireAndVerify);
    CHECK(config.tls->clientAllowedSans.size() == 2);
    CHECK(config.tls->least == WebConfig::TlsVersion::Tls13);
    CHECK(config.tls->curves == std::vector<std::string>{"P-256", "X25519"});
    CHECK(config.http2Wanted);
    CHECK(config.headers.size() == 4);
    CHECK(config.users.at("alice") == hash);
}

TEST_CASE("what other programs take is taken") {
    const std::string good[] = {
        "",
        "tls_server_config: {}\n",
        tls,
        "tls_server_config: { cert: " + pem + ", key: " + pem + " }\n",
        tls + "  client_auth_type: RequireAnyClientCert\n",
        tls + "  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [a]\n",
        tls + "  client_auth_type: RequestClientCert\n",
        tls + "  client_auth_type: VerifyClientCertIfGiven\n  client_ca: " + pem + "\n",
        tls + "  client_auth_type: \"\"\n",
        tls + "  curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]\n",
        tls +
            "  cipher_suites: [TLS_AES_128_GCM_SHA256, "
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]\n",
        tls + "  min_version: TLS12\n  max_version: TLS12\n",
        tls + "http_server_config: { http2: false }\n",
        "http_server_config:\n  headers: { X-Frame-Options: deny }\n",
        "basic_auth_users: { bob: " + hash + " }\n",
        "rate_limit: { interval: 1s, burst: 1 }\n",
        "rate_limit: { interval: 0, burst: 0 }\n",
        "rate_limit: { interval: 1m30s, burst: 20 }\n",
    };
    for (const auto& text : good) {
        CAPTURE(text);
        const auto loaded = parseWebConfig(text, "/w.yaml");
        CHECK_MESSAGE(loaded.mistakes.empty(), render(loaded));
    }
}

TEST_CASE("what other programs refuse is refused, with its place") {
    struct Row {
        std::string text;
        const char* code;
        std::size_t line;
        const char* keyPath;
    };
    const Row rows[] = {
        {"junk\n", "wrong_type", 1, ""},
        {"tls_config: {}\n", "unknown_key", 1, "tls_config"},
        {"tls_server_config:\n  cert_fil: x\n  cert_file: a\n  key_file: b\n", "unknown_key", 2,
         "tls_server_config.cert_fil"},
        {"tls_server_config:\n  key_file: b\n", "missing_key", 2, "tls_server_config"},
        {"tls_server_config:\n  cert_file: b\n  key_file: \"\"\n", "missing_key", 2,
         "tls_server_config"},
        {tls + "  cert: " + pem + "\n", "both_given", 2, "tls_server_config.cert_file"},
        {"tls_server_config: { cert: canary-cert, key: " + pem + " }\n", "bad_text", 1,
         "tls_server_config.cert"},
        {"tls_server_config: { cert: " + pem + ", key: canary-key }\n", "bad_text", 1,
         "tls_server_config.key"},
        {tls + "  client_auth_type: Maybe\n", "unknown_value", 4,
         "tls_server_config.client_auth_type"},
        {tls + "  client_ca_file: /ca\n", "missing_key", 2, "tls_server_config"},
        {tls + "  client_auth_type: RequireAndVerifyClientCert\n", "missing_key", 4,
         "tls_server_config.client_auth_type"},
        {tls + "  client_allowed_sans: [a]\n", "missing_key", 4,
         "tls_server_config.client_allowed_sans"},
        {tls + "  client_auth_type: RequestClientCert\n  client_allowed_sans: [a]\n", "missing_key",
         5, "tls_server_config.client_allowed_sans"},
        {tls + "  min_version: TLS14\n", "unknown_value", 4, "tls_server_config.min_version"},
        {tls + "  min_version: TLS10\n", "unknown_value", 4, "tls_server_config.min_version"},
        {tls + "  min_version: TLS13\n  max_version: TLS12\n", "out_of_range", 4,
         "tls_server_config.min_version"},
        {tls + "  cipher_suites: [TLS_INVENTED]\n", "unknown_value", 4,
         "tls_server_config.cipher_suites[0]"},
        {tls + "  curve_preferences: [CurveP257]\n", "unknown_value", 4,
         "tls_server_config.curve_preferences[0]"},
        {"http_server_config: { http3: true }\n", "unknown_key", 1, "http_server_config.http3"},
        {"http_server_config:\n  headers: { X-Extra: a }\n", "unknown_key", 2,
         "http_server_config.headers.X-Extra"},
        {"http_server_config:\n  headers: { X-Frame-Options: allow }\n", "bad_header", 2,
         "http_server_config.headers.X-Frame-Options"},
        {"http_server_config:\n  headers: { X-Content-Type-Options: sniff }\n", "bad_header", 2,
         "http_server_config.headers.X-Content-Type-Options"},
        {"http_server_config:\n  headers: { X-XSS-Protection: \"1\\r\\nX: y\" }\n", "bad_text", 2,
         "http_server_config.headers.X-XSS-Protection"},
        {"basic_auth_users: { bob: canary-plain }\n", "bad_bcrypt", 1, "basic_auth_users.bob"},
        {"basic_auth_users: { bob: "
         "\"$2y$31$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG\" }\n",
         "bad_bcrypt", 1, "basic_auth_users.bob"},
        {"basic_auth_users: { \"a:b\": " + hash + " }\n", "bad_name", 1, "basic_auth_users.a:b"},
        {"basic_auth_users: [a]\n", "wrong_type", 1, "basic_auth_users"},
        {"rate_limit: { interval: 1, burst: 1 }\n", "bad_duration", 1, "rate_limit.interval"},
        {"rate_limit: { interval: -1s, burst: 1 }\n", "bad_duration", 1, "rate_limit.interval"},
        {"rate_limit: { interval: 1s }\n", "missing_key", 1, "rate_limit"},
        {"rate_limit: { interval: 1s, burst: 0 }\n", "out_of_range", 1, "rate_limit.burst"},
        {"rate_limit: { interval: 1s, burst: many }\n", "wrong_type", 1, "rate_limit.burst"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto loaded = parseWebConfig(row.text, "/w.yaml");
        REQUIRE_FALSE(loaded.mistakes.empty());
        const auto& mistake = loaded.mistakes.front();
        CHECK(mistake.code == std::string("settings/") + row.code);
        CHECK(mistake.position.line == row.line);
        CHECK(mistake.keyPath == row.keyPath);
        CHECK(mistake.file == "/w.yaml");
        CHECK(render(loaded).find("canary") == std::string::npos);
    }
}

TEST_CASE("beyond loopback the file has to bring what is required there") {
    const tests::TempDir scratch;
    Settings settings;
    settings.listenAddress = "0.0.0.0";
    settings.access.webConfigFile = scratch.path() / "web.yaml";
    const auto codes = [&](const std::string& text) {
        tests::writeFile(scratch / "web.yaml", text);
        std::vector<std::string> all;
        for (const auto& mistake : loadWebConfig(settings).mistakes) all.push_back(mistake.code);
        return all;
    };
    using Codes = std::vector<std::string>;
    const std::string beyond = "settings/listen_not_loopback";
    const std::string users = "basic_auth_users: { alice: " + hash + " }\n";
    CHECK(codes("") == Codes{beyond, beyond});
    CHECK(codes(tls) == Codes{beyond});
    CHECK(codes(users) == Codes{beyond});
    CHECK(codes(tls + users).empty());
    settings.access.operators = {"alice", "bob"};
    CHECK(codes(tls + users) == Codes{"settings/unknown_value"});
    settings.access.operators.clear();
    settings.access.tokens.push_back({"ci", {"", "/t"}, false});
    CHECK(codes(tls).empty());
    settings.listenAddress = "127.0.0.1";
    CHECK(codes("").empty());
    settings.access.webConfigFile = scratch.path() / "none";
    CHECK(loadWebConfig(settings).mistakes.at(0).code == "settings/unreadable");
    settings.access.webConfigFile.clear();
    CHECK(loadWebConfig(settings).mistakes.empty());
}

}  // namespace
}  // namespace web_config_file_test
}  // namespace driftkeeper
