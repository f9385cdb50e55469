#include "tests/daemon/web/web_client.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace driftkeeper::tests {

WebClient::WebClient(std::uint16_t port) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to the server under test");
}

WebClient::~WebClient() {
    ::close(socket_);
}

bool WebClient::isClosedWithin(std::chrono::milliseconds limit) const {
    pollfd end{socket_, POLLRDHUP, 0};
    return ::poll(&end, 1, static_cast<int>(limit.count())) > 0;
}

bool WebClient::send(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool WebClient::readMore() {
    std::array<char, 65536> piece{};
    const ssize_t count = ::recv(socket_, piece.data(), piece.size(), 0);
    if (count <= 0) return false;
    unread_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
}

std::string WebClient::readAnswer() {
    std::string answer = readUntil("\r\n\r\n");
    const auto at = answer.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(answer.substr(at + 16));
    while (unread_.size() < length && readMore()) {
    }
    answer += unread_.substr(0, length);
    unread_.erase(0, length);
    return answer;
}

std::string WebClient::readUntil(std::string_view mark) {
    std::size_t at = unread_.find(mark);
    while (at == std::string::npos && readMore()) at = unread_.find(mark);
    const std::string read = unread_.substr(0, at == std::string::npos ? at : at + mark.size());
    unread_.erase(0, read.size());
    return read;
}

std::string WebClient::readToEnd() {
    while (readMore()) {
    }
    return std::exchange(unread_, {});
}

std::string requestText(std::uint16_t port, std::string_view method, std::string_view target,
                        std::string_view extra, std::string_view body) {
    const std::string length =
        body.empty() ? "" : fmt::format("Content-Length: {}\r\n", body.size());
    return fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}{}\r\n{}", method, target, port,
                       extra, length, body);
}

int statusOf(std::string_view answer) {
    if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
    return std::atoi(std::string(answer.substr(9, 3)).c_str());
}

std::string bodyOf(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? "" : std::string(answer.substr(end + 4));
}

}  // namespace driftkeeper::tests
