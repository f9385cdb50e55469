#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace driftkeeper::tests {

// A bare TCP client of 127.0.0.1 for tests that send what no HTTP client would. Reads end after 20
// s.
class WebClient {
public:
    explicit WebClient(std::uint16_t port);
    ~WebClient();
    WebClient(const WebClient&) = delete;
    WebClient& operator=(const WebClient&) = delete;

    // Waits until the other side closes, at most so long.
    [[nodiscard]] bool isClosedWithin(std::chrono::milliseconds limit) const;

    bool send(std::string_view text) const;  // false: the other side is gone
    std::string
    readAnswer();  // one answer with its Content-Length; what there is when it ends early
    std::string readUntil(std::string_view mark);
    std::string readToEnd();  // until the other side closes

private:
    bool readMore();

    int socket_ = -1;
    std::string unread_;
};

// A request with the right Host, `extra` header lines included.
std::string requestText(std::uint16_t port, std::string_view method, std::string_view target,
                        std::string_view extra = "", std::string_view body = "");

int statusOf(std::string_view answer);  // 0: no answer
std::string bodyOf(std::string_view answer);

}  // namespace driftkeeper::tests
