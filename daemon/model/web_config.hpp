#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace driftkeeper {

// What a web config file says: the format that Prometheus and its exporters share (exporter-toolkit
// 0.14, docs/web-configuration.md). Files and inline texts exclude each other.
struct WebConfig {
    enum class ClientAuth { None, Asked, RequireAny, VerifyIfGiven, RequireAndVerify };
    enum class TlsVersion { Tls12, Tls13 };

    struct Tls {
        std::filesystem::path certFile;
        std::filesystem::path keyFile;
        std::string cert;  // PEM
        std::string key;   // PEM; a secret
        ClientAuth clientAuth = ClientAuth::None;
        std::filesystem::path clientCaFile;
        std::string clientCa;  // PEM
        std::vector<std::string> clientAllowedSans;
        TlsVersion least = TlsVersion::Tls12;
        TlsVersion most = TlsVersion::Tls13;
        std::vector<std::string> cipherSuites;  // IANA names; empty: the usual ones
        std::vector<std::string> curves;  // P-256, P-384, P-521, X25519; empty: the usual ones
        bool operator==(const Tls&) const = default;
    };

    // A bucket of `burst` requests that gains one every `interval`; more are refused.
    struct RateLimit {
        std::chrono::nanoseconds interval{0};
        unsigned burst = 0;
        bool operator==(const RateLimit&) const = default;
    };

    std::optional<Tls> tls;
    std::map<std::string, std::string> headers;  // these replace our own of the same name
    bool http2Wanted = false;                    // it is not spoken: clients use HTTP/1.1
    std::map<std::string, std::string> users;    // name -> bcrypt hash
    std::optional<RateLimit> rateLimit;
    bool operator==(const WebConfig&) const = default;
};

}  // namespace driftkeeper
