#include "daemon/git/connection.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace driftkeeper {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto connectLimit = std::chrono::seconds(20);
// poll(2) does not know of stop tokens.
constexpr auto stopInterval = milliseconds(200);

std::unexpected<Error> unreachable(const std::string& why) {
    return failure(Remedy::Retry, "git_unreachable", why);
}

std::string reason(int error) {
    return std::strerror(error);
}  // NOLINT(concurrency-mt-unsafe): glibc's is safe

}  // namespace

Result<void> Patience::left() const {
    if (stop.stop_requested())
        return failure(Remedy::Retry, "git_timeout", "stopped before it was done");
    if (Clock::now() >= deadline) return failure(Remedy::Retry, "git_timeout", overdue);
    return {};
}

Result<void> Patience::await(std::span<pollfd> wanted, Clock::duration limit) const {
    const auto until = Clock::now() + limit;
    for (;;) {
        if (auto over = left(); !over) return over;
        const auto now = Clock::now();
        if (now >= until)
            return failure(Remedy::Retry, "git_timeout", "the server does not answer");
        const auto pause = std::min<Clock::duration>({stopInterval, until - now, deadline - now});
        const int ready = ::poll(wanted.data(), wanted.size(),
                                 static_cast<int>(std::chrono::ceil<milliseconds>(pause).count()));
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return unreachable(reason(errno));
    }
}

Result<Connection> Connection::open(const std::string& host, const std::string& port,
                                    const Patience& patience) {
    if (auto left = patience.left(); !left) return std::unexpected(left.error());
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0)
        return unreachable("the name " + host + " cannot be resolved: " + ::gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);

    Result<Connection> last = unreachable("the name " + host + " has no address");
    for (const addrinfo* address = found; address; address = address->ai_next) {
        Connection connection(
            ::socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
            patience);
        if (connection.descriptor_ < 0) {
            last = unreachable(reason(errno));
            continue;
        }
        int error = ::connect(connection.descriptor_, address->ai_addr, address->ai_addrlen) == 0
                        ? 0
                        : errno;
        if (error == EINPROGRESS) {
            pollfd connected{connection.descriptor_, POLLOUT, 0};
            if (auto done = patience.await({&connected, 1}, connectLimit); !done) {
                last = std::unexpected(done.error());
                continue;
            }
            socklen_t size = sizeof error;
            ::getsockopt(connection.descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
        }
        if (error == 0) return connection;
        last = unreachable(host + " port " + port + ": " + reason(error));
    }
    return last;
}

Connection::Connection(Connection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), patience_(other.patience_) {}

Connection& Connection::operator=(Connection&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(patience_, other.patience_);
    return *this;
}

Connection::~Connection() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> Connection::wait(short events) const {
    pollfd wanted{descriptor_, events, 0};
    return patience_->await({&wanted, 1}, silenceLimit);
}

Result<std::size_t> Connection::read(std::span<char> buffer) const {
    for (;;) {
        if (auto left = patience_->left(); !left) return std::unexpected(left.error());
        const auto count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EAGAIN && errno != EINTR)
            return unreachable("the connection broke: " + reason(errno));
        if (auto ready = wait(POLLIN); !ready) return std::unexpected(ready.error());
    }
}

Result<void> Connection::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            return unreachable("the connection broke: " + reason(errno));
        if (auto ready = wait(POLLOUT); !ready) return ready;
    }
    return {};
}

}  // namespace driftkeeper
