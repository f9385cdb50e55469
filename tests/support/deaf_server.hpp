#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace driftkeeper::tests {

// A port of this host where connections are taken and nobody ever says a word.
class DeafServer {
public:
    DeafServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        auto* address = reinterpret_cast<sockaddr*>(&place);
        if (::bind(socket_, address, size) != 0 || ::listen(socket_, 64) != 0 ||
            ::getsockname(socket_, address, &size) != 0)
            throw std::runtime_error("nobody can listen here");
        port_ = ntohs(place.sin_port);
    }
    ~DeafServer() { ::close(socket_); }
    DeafServer(const DeafServer&) = delete;
    DeafServer& operator=(const DeafServer&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }

    // Blocks until somebody has connected.
    void awaitClient() const {
        pollfd client{socket_, POLLIN, 0};
        if (::poll(&client, 1, -1) != 1) throw std::runtime_error("nobody connects");
    }

private:
    int socket_;
    int port_ = 0;
};

}  // namespace driftkeeper::tests
