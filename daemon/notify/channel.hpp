#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/present/notice.hpp"
#include "daemon/tell/retry.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// One HTTP request, described completely before it is sent. `url` may be a secret.
struct HttpRequest {
    std::string method = "POST";
    std::string url;
    std::map<std::string, std::string> headers;
    std::string body;
};

// How a request ended. `status` 0: no answer; then `written` says whether the peer may have got it.
struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;                            // at most Options::mostBody
    std::string error;                           // one sentence without the URL; empty when there is an answer
    bool written = false;
};

// One destination: two pure functions. Thread-safe.
class Channel {
public:
    virtual ~Channel() = default;

    // The request that tells `notice`. `plain`: the smallest rendering, after the peer refused the full one.
    // Fails with `channel_secret` (FixSetup) when a secret file cannot be read.
    [[nodiscard]] virtual Result<HttpRequest> render(const Notice& notice, TimePoint now, bool plain) const = 0;

    // What an answer means. Never holds a secret.
    [[nodiscard]] virtual AttemptResult judge(const HttpAnswer& answer, TimePoint now) const = 0;

    // How often the last notice of an open incident is sent again because the peer forgets (Alertmanager); nullopt:
    // never.
    [[nodiscard]] virtual std::optional<Seconds> refreshEvery() const noexcept { return std::nullopt; }
};

// The channel that the settings describe. `externalUrl`: where the daemon's page is, for links; may be empty.
std::unique_ptr<Channel> makeChannel(const ChannelSettings& settings, const std::string& externalUrl);

// Sends requests over HTTP/1.1: no redirects, TLS 1.2 or newer and verified. Thread-safe; send blocks for `total` at
// most.
class HttpClient {
public:
    struct Options {
        std::filesystem::path tlsCaFile;   // empty: the system's
        std::string proxy;                 // empty: the environment's
        bool direct = false;               // no proxy at all
        std::size_t mostBody = 64 * 1024;  // of the answer; what is longer is cut off
        std::chrono::milliseconds connect{5'000};
        std::chrono::milliseconds total{20'000};
    };
    HttpClient();
    explicit HttpClient(Options options);
    [[nodiscard]] HttpAnswer send(const HttpRequest& request) const;

private:
    Options options_;
};

}  // namespace driftkeeper
