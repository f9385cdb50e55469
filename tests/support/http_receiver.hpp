#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace driftkeeper::tests {

// A port on 127.0.0.1 that nobody listens on at this moment.
std::uint16_t freePort();

struct HttpRequest {
    std::string method;
    std::string target;                          // path and query
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

struct HttpAnswer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    std::chrono::milliseconds delay{0};  // before the answer
    bool hangUp = false;                 // close the connection instead of answering
};

// An HTTP/1.1 server on 127.0.0.1 that remembers what it was asked and answers as told. All
// functions are safe from any thread; the destructor ends its threads at once.
class HttpReceiver {
public:
    explicit HttpReceiver(std::uint16_t port = 0);  // 0: a free one
    ~HttpReceiver();

    std::uint16_t port() const;
    std::string url(const std::string& target = "/") const;

    // The answers to the next requests, one each; after them, the usual one.
    void answerNext(std::vector<HttpAnswer> answers);
    void answerUsually(HttpAnswer answer);  // at first 200 with an empty body
    // Asked for every request that no prepared answer is left for; by one thread at a time.
    void answerBy(std::function<HttpAnswer(const HttpRequest&)> answer);

    std::vector<HttpRequest> requests() const;
    // True as soon as that many requests were received in all; false after the timeout.
    bool waitFor(std::size_t count, std::chrono::milliseconds timeout) const;

private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace driftkeeper::tests
