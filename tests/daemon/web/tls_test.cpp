// Real TLS with certificates that openssl makes here, and curl as the client.
#include "daemon/web/tls.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "daemon/web/access_rules.hpp"
#include "daemon/web/server.hpp"
#include "tests/support/files.hpp"
#include "tests/support/run.hpp"

namespace driftkeeper {
namespace tls_test {
namespace {

using tests::Finished;
using Words = std::vector<std::string>;

// An authority, a server's certificate and two clients'.
struct Certificates {
    tests::TempDir room;

    Certificates() {
        make("ca", {"-x509", "-addext", "basicConstraints=critical,CA:TRUE"});
        sign("server", "subjectAltName=IP:127.0.0.1,DNS:localhost");
        sign("client",
             "subjectAltName=DNS:scraper.example.com,IP:10.0.0.1,email:a@example.com,URI:spiffe://"
             "x/y");
        sign("other", "subjectAltName=DNS:other.example.com");
        make("self", {"-x509"});
    }
    std::string at(const std::string& name) const { return (room / name).string(); }

    WebConfig::Tls server() const {
        WebConfig::Tls tls;
        tls.certFile = at("server.pem");
        tls.keyFile = at("server.key");
        return tls;
    }

    void sign(const std::string& name, const std::string& extension) const {
        make(name, {});
        tests::writeFile(at(name + ".ext"), extension + "\n");
        tests::outputOf({"openssl", "x509", "-req", "-in", at(name + ".pem"), "-CA", at("ca.pem"),
                         "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile",
                         at(name + ".ext"), "-out", at(name + ".signed")});
        std::filesystem::rename(at(name + ".signed"), at(name + ".pem"));
    }

private:
    void make(const std::string& name, const Words& more) const {
        Words words{"openssl",
                    "req",
                    "-new",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-subj",
                    "/CN=" + name,
                    "-keyout",
                    at(name + ".key"),
                    "-out",
                    at(name + ".pem")};
        words.insert(words.end(), more.begin(), more.end());
        tests::outputOf(words);
    }
};

struct SecureServer {
    std::unique_ptr<WebServer> server;

    explicit SecureServer(const WebConfig::Tls& tls, const std::filesystem::path& socket = {}) {
        AccessRules rules;
        rules.isOpen = false;
        rules.ownToken = "0123456789abcdef";
        rules.tls = makeTls(tls).value();
        WebServer::Options options;
        options.socket = socket;
        options.routes = {{"GET", "/-/healthy", Role::None}};
        options.rules = [rules = std::make_shared<const AccessRules>(rules)] { return rules; };
        server = WebServer::start(options, [](const WebRequest& request) {
                     return WebResponse{200, "text/plain", request.caller.name, {}};
                 }).value();
    }
    std::string url(const std::string& path) const {
        return "https://127.0.0.1:" + std::to_string(server->port()) + path;
    }
    Finished curl(const Certificates& certificates, Words more,
                  const std::string& path = "/-/healthy") const {
        Words words{
            "curl", "-sS",           "-m", "20", "--cacert", certificates.at("ca.pem"), "-o", "-",
            "-w",   "\n%{http_code}"};
        words.insert(words.end(), more.begin(), more.end());
        words.push_back(url(path));
        return tests::run(words);
    }
};

Words client(const Certificates& certificates, const std::string& name) {
    return {"--cert", certificates.at(name + ".pem"), "--key", certificates.at(name + ".key")};
}

TEST_CASE(
    "over TLS everything but health needs credentials, and nothing is answered in the clear") {
    const Certificates certificates;
    const SecureServer server(certificates.server());
    CHECK(server.curl(certificates, {}).out.ends_with("\n200"));
    CHECK(server.curl(certificates, {}, "/x").out.ends_with("\n401"));
    CHECK(server.curl(certificates, {"-H", "Authorization: Bearer 0123456789abcdef"}, "/x").out ==
          "token\n200");
    CHECK(server.curl(certificates, {"-X", "POST"}, "/x").out.ends_with("\n401"));
    CHECK(server.curl(certificates, {"-H", "Host: evil.example"}).out.ends_with("\n421"));
    const auto headers = server.curl(certificates, {"-D", "-"});
    CHECK(headers.out.find("Strict-Transport-Security: max-age=31536000") != std::string::npos);
    const auto plain =
        tests::run({"curl", "-s", "-m", "20",
                    "http://127.0.0.1:" + std::to_string(server.server->port()) + "/-/healthy"});
    CHECK_FALSE(plain.ok());
    CHECK(plain.out.empty());
    const auto stranger = tests::run({"curl", "-s", "-m", "20", server.url("/-/healthy")});
    CHECK(stranger.status == 60);  // curl: the peer's certificate cannot be verified
}

TEST_CASE("old versions and other suites than those of the settings are refused") {
    const Certificates certificates;
    auto tls = certificates.server();
    tls.least = WebConfig::TlsVersion::Tls13;
    const SecureServer newest(tls);
    CHECK_FALSE(newest.curl(certificates, {"--tls-max", "1.2"}).ok());
    CHECK(newest.curl(certificates, {}).ok());
    tls.least = WebConfig::TlsVersion::Tls12;
    tls.most = WebConfig::TlsVersion::Tls12;
    tls.cipherSuites = {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"};
    tls.curves = {"P-256"};
    const SecureServer strict(tls);
    CHECK(strict.curl(certificates, {"--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384"}).ok());
    CHECK_FALSE(strict.curl(certificates, {"--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"}).ok());
    CHECK_FALSE(strict.curl(certificates, {"--curves", "X25519"}).ok());
    CHECK_FALSE(strict.curl(certificates, {"--tlsv1.3"}).ok());
}

TEST_CASE("who has to show a certificate, and which") {
    const Certificates certificates;
    using enum WebConfig::ClientAuth;
    struct Row {
        WebConfig::ClientAuth policy;
        Words allowed;
        const char* client;  // empty: none
        bool isLetIn;
    };
    const Row rows[] = {
        {None, {}, "", true},
        {Asked, {}, "", true},
        {Asked, {}, "self", true},
        {RequireAny, {}, "", false},
        {RequireAny, {}, "self", true},
        {RequireAny, {"scraper.example.com"}, "client", true},
        {RequireAny, {"scraper.example.com"}, "other", false},
        {RequireAny, {"scraper.example.com"}, "self", false},
        {VerifyIfGiven, {}, "", true},
        {VerifyIfGiven, {}, "client", true},
        {VerifyIfGiven, {}, "self", false},
        {RequireAndVerify, {}, "", false},
        {RequireAndVerify, {}, "client", true},
        {RequireAndVerify, {}, "self", false},
        {RequireAndVerify, {"scraper.example.com"}, "client", true},
        {RequireAndVerify, {"10.0.0.1"}, "client", true},
        {RequireAndVerify, {"a@example.com"}, "client", true},
        {RequireAndVerify, {"spiffe://x/y"}, "client", true},
        {RequireAndVerify, {"client"}, "client", false},  // the common name is no alternative name
        {RequireAndVerify, {"scraper.example.com"}, "other", false},
    };
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.policy));
        CAPTURE(row.client);
        auto tls = certificates.server();
        tls.clientAuth = row.policy;
        tls.clientAllowedSans = row.allowed;
        if (row.policy == VerifyIfGiven || row.policy == RequireAndVerify)
            tls.clientCaFile = certificates.at("ca.pem");
        const SecureServer server(tls);
        const auto shown = *row.client == '\0' ? Words{} : client(certificates, row.client);
        CHECK(server.curl(certificates, shown).ok() == row.isLetIn);
    }
}

TEST_CASE(
    "a certificate may stand in the file itself, and what cannot be used is told without a key") {
    const Certificates certificates;
    WebConfig::Tls inlined;
    inlined.cert = tests::readFile(certificates.at("server.pem"));
    inlined.key = tests::readFile(certificates.at("server.key"));
    CHECK(SecureServer(inlined).curl(certificates, {}).ok());

    const auto codeOf = [&](auto change) {
        auto tls = certificates.server();
        change(tls);
        const auto made = makeTls(tls);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().remedy == Remedy::FixSetup);
        CHECK(made.error().message.find("PRIVATE") == std::string::npos);
        return made.error().code;
    };
    CHECK(codeOf([](auto& tls) { tls.certFile = "/nowhere"; }) == "tls_certificate");
    CHECK(codeOf([](auto& tls) { tls.keyFile = "/nowhere"; }) == "tls_certificate");
    CHECK(codeOf([&](auto& tls) { tls.certFile = tls.keyFile; }) == "tls_certificate");
    CHECK(codeOf([&](auto& tls) { tls.keyFile = tls.certFile; }) == "tls_certificate");
    CHECK(codeOf([&](auto& tls) { tls.keyFile = certificates.at("other.key"); }) ==
          "tls_certificate");
    const auto ask = [&](auto& tls, const std::string& file) {
        tls.clientAuth = WebConfig::ClientAuth::RequireAndVerify;
        tls.clientCaFile = file;
    };
    CHECK(codeOf([&](auto& tls) { ask(tls, "/nowhere"); }) == "tls_client_ca");
    CHECK(codeOf([&](auto& tls) { ask(tls, certificates.at("ca.key")); }) == "tls_client_ca");
}

TEST_CASE(
    "the Unix socket is there for its group, without TLS and without a token, and goes with the "
    "server") {
    const Certificates certificates;
    const auto socket = certificates.room / "d.sock";
    {
        const SecureServer server(certificates.server(), socket);
        struct stat file {};
        REQUIRE(stat(socket.c_str(), &file) == 0);
        CHECK((file.st_mode & 0777) == 0660);
        const auto asked = tests::run({"curl", "-sS", "-m", "20", "-X", "POST", "--unix-socket",
                                       socket.string(), "http://localhost/x"});
        CHECK_MESSAGE(asked.out == "socket", asked.err);
        AccessRules rules;
        WebServer::Options options;
        options.socket = socket;
        options.rules = [rules = std::make_shared<const AccessRules>(rules)] { return rules; };
        const auto second =
            WebServer::start(options, [](const WebRequest&) { return WebResponse{}; });
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().code == "listen_failed");
    }
    CHECK_FALSE(std::filesystem::exists(socket));
}

}  // namespace
}  // namespace tls_test
}  // namespace driftkeeper
