#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/request.hpp"
#include "daemon/web/route.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

struct AccessRules;

// Serves the handler on one address, with TLS where the rules have it, and on a Unix socket. Who is
// let in for what is the Admission's (admission.hpp). Bodies over 1 MiB and headers over 16 KiB are
// refused, slow peers are cut off, the client that has most connections makes room where all seats
// are taken (seats.hpp), more requests than the rate limit allows are refused. HEAD reaches the
// handler as GET. The handler runs on the server's own threads (2) and may block shortly; what it
// throws is a 500. Passwords are compared on a thread of their own.
class WebServer {
public:
    using Handler = std::function<WebResponse(const WebRequest&)>;
    using Rules = std::function<std::shared_ptr<const AccessRules>()>;
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;        // 0: any free one
        std::filesystem::path socket;  // also there, mode 0660; empty: nowhere
        std::vector<WebRoute> routes;  // what each path needs
        Rules rules;  // asked at every connection and request, on any thread; never null
        std::size_t connections = 64;
        std::size_t localConnections = 16;  // by the Unix socket: its seats are its own
        std::chrono::milliseconds patience{
            10'000};  // for one whole request, for one whole answer, and between them
    };

    // Binds and starts to serve. Fails with `listen_failed` (FixSetup).
    static Result<std::unique_ptr<WebServer>> start(const Options& options, Handler handler);

    // Stops: a running answer has 2 s to end, everything else is closed at once.
    ~WebServer();
    [[nodiscard]] std::uint16_t port() const noexcept;

    // Sends one server-sent event to everybody who follows GET /api/v1/events. Never
    // blocks; a slow follower is cut off. Thread-safe.
    void publish(std::string_view event, std::string_view json);

private:
    class Running;  // sockets and threads
    explicit WebServer(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

}  // namespace driftkeeper
