#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace driftkeeper::tests {

// One connection as a script sees it; blocking, until the server ends.
class Caller {
public:
    explicit Caller(int socket) : socket_(socket) {}
    std::string readRequest() const;  // up to the end of the body that Content-Length announces
    bool send(std::string_view text) const;  // false: the other side is gone
    void waitForClose() const;
    [[nodiscard]] int socket() const { return socket_; }

private:
    int socket_;
};

// A server on 127.0.0.1 that runs a script for each connection, one after another.
class LoopbackServer {
public:
    explicit LoopbackServer(std::function<void(const Caller&)> script);
    ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;
    [[nodiscard]] std::string url(std::string_view scheme = "http") const;
    [[nodiscard]] int connections() const { return connections_; }

private:
    void serve();

    std::function<void(const Caller&)> script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> current_ = -1;
    std::atomic<int> connections_ = 0;
    std::jthread thread_;
};

// A key and a self-signed certificate for 127.0.0.1, and a script that answers one request over TLS
// with them.
class TlsAnswer {
public:
    explicit TlsAnswer(std::string answer);
    ~TlsAnswer();
    TlsAnswer(const TlsAnswer&) = delete;
    TlsAnswer& operator=(const TlsAnswer&) = delete;
    void operator()(const Caller& peer) const;
    [[nodiscard]] const std::filesystem::path& certificateFile() const { return file_; }

private:
    std::string answer_;
    void* context_ = nullptr;  // SSL_CTX
    std::filesystem::path file_;
};

}  // namespace driftkeeper::tests
