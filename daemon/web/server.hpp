#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper {

struct WebRequest {
    std::string method;
    std::vector<std::string> path;             // decoded segments: /api/v1/stacks/a%2Fb is {"api","v1","stacks","a/b"}
    std::map<std::string, std::string> query;  // decoded
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;
};

struct WebResponse {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::map<std::string, std::string> headers;
};

// Serves the handlers on one address. Host and Origin are checked, every method but GET and HEAD needs the bearer token,
// bodies over 1 MiB and headers over 16 KiB are refused, slow peers are cut off after 10 s, 64 connections at most.
// Handlers run on the server's own thread pool (2 threads) and may block shortly.
class WebServer {
public:
    using Handler = std::function<WebResponse(const WebRequest&)>;
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;  // 0: any free one
        std::string token;
    };

    // Binds and starts to serve. Fails with `listen_failed` (FixSetup).
    static Result<std::unique_ptr<WebServer>> start(const Options& options, Handler handler);

    virtual ~WebServer() = default;  // stops: open answers end, streams are closed
    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;

    // Sends one server-sent event to everybody who follows GET /api/v1/events. Never blocks; a slow follower is cut off.
    virtual void publish(std::string_view event, std::string_view json) = 0;
};

}  // namespace driftkeeper
