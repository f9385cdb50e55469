#include "daemon/web/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <optional>
#include <semaphore>
#include <thread>
#include <utility>

#include "daemon/web/buckets.hpp"
#include "daemon/web/event_text.hpp"
#include "daemon/web/hall.hpp"
#include "daemon/web/session.hpp"

namespace driftkeeper {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;
using Failure = boost::system::error_code;

constexpr int workers = 2;
constexpr std::chrono::seconds stopGrace{2};
constexpr std::chrono::milliseconds acceptPause{
    100};  // without a place, and after a failed accept: usually no file descriptors left

Peer peerOf(const tcp::socket& socket) {
    Failure ignored;
    std::string address = socket.remote_endpoint(ignored).address().to_string();
    std::string client = networkOf(address);
    return {std::move(address), false, false, std::move(client)};
}

bool isOfGroup(int socket, gid_t own, gid_t wanted) {
    if (own == wanted) return true;
    std::vector<gid_t> groups(256);
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return false;
    groups.resize(size / sizeof(gid_t));
    return std::ranges::find(groups, wanted) != groups.end();
}

// As the kernel says: unix(7). The mode of the socket keeps others out already.
Peer peerOf(Local::socket& socket) {
    ucred caller{};
    socklen_t size = sizeof caller;
    struct stat file {};
    const int descriptor = socket.native_handle();
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &caller, &size) != 0)
        return {"", true, false, "unknown"};
    Failure failed;
    const auto path = socket.local_endpoint(failed).path();
    const bool hasFile = !failed && stat(path.c_str(), &file) == 0;
    // Not our own user: what a plan starts runs as it, too.
    const bool isOfPlans = caller.uid == geteuid();
    const bool mayOperate = caller.uid == 0 || (!isOfPlans && hasFile &&
                                                isOfGroup(descriptor, caller.gid, file.st_gid));
    return {"", true, mayOperate, "user " + std::to_string(caller.uid)};
}

Failure listenOn(tcp::acceptor& acceptor, const WebServer::Options& options) {
    Failure failure;
    const auto address = asio::ip::make_address(
        options.address == "localhost" ? "127.0.0.1" : options.address, failure);
    const tcp::endpoint endpoint(address, options.port);
    if (!failure) acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(asio::socket_base::reuse_address(true), failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    return failure;
}

// A socket that a crash left behind is nobody's; one that answers belongs to another daemon.
void removeLeftover(asio::io_context& io, const Local::endpoint& endpoint) {
    struct stat file {};
    if (lstat(endpoint.path().c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return;
    Failure failure;
    Local::socket(io).connect(endpoint, failure);
    if (failure == asio::error::connection_refused) ::unlink(endpoint.path().c_str());
}

// The mode is narrowed before anybody can connect, and opened to the group after that.
Failure listenOn(Local::acceptor& acceptor, asio::io_context& io,
                 const std::filesystem::path& path) {
    const Local::endpoint endpoint(path.string());
    removeLeftover(io, endpoint);
    Failure failure;
    acceptor.open(endpoint.protocol(), failure);
    const mode_t before = umask(0177);
    if (!failure) acceptor.bind(endpoint, failure);
    umask(before);
    if (!failure && chmod(path.c_str(), 0660) != 0)
        failure = Failure(errno, boost::system::system_category());
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    return failure;
}

}  // namespace

// Accepts connections of one kind, one after another: each waits until there is a place for it.
template <class Protocol>
class Door {
public:
    using Acceptor = typename Protocol::acceptor;

    // `acceptor` listens already and runs on a strand of `io`.
    Door(asio::io_context& io, Acceptor acceptor, Hall& hall)
        : io_(io), hall_(hall), acceptor_(std::move(acceptor)), pause_(acceptor_.get_executor()) {}

    void accept() {
        if (hall_.stopping) return;
        acceptor_.async_accept(asio::make_strand(io_), [this](Failure failure, Socket socket) {
            if (hall_.stopping) return;
            if (failure) return later([this] { accept(); });
            visitor_.emplace(std::move(socket));
            seat();
        });
    }

    // Somebody left.
    void resume() {
        asio::post(acceptor_.get_executor(), [this] {
            if (visitor_) pause_.cancel();
        });
    }

    void close() {
        asio::post(acceptor_.get_executor(), [this] {
            Failure ignored;
            acceptor_.close(ignored);
            pause_.cancel();
            visitor_.reset();
        });
    }

private:
    using Socket = typename Protocol::socket;
    static constexpr bool isLocal = std::is_same_v<Protocol, Local>;

    void seat() {
        if (hall_.stopping || !visitor_) return;
        if (!hall_.hasPlace(isLocal)) return later([this] { seat(); });
        auto peer = peerOf(*visitor_);
        openSession(*std::exchange(visitor_, std::nullopt), std::move(peer),
                    isLocal ? nullptr : hall_.rules()->tls, hall_);
        accept();
    }

    template <class Next>
    void later(Next next) {
        pause_.expires_after(acceptPause);
        pause_.async_wait([next](Failure) { next(); });
    }

    asio::io_context& io_;
    Hall& hall_;
    Acceptor acceptor_;
    asio::steady_timer pause_;
    std::optional<Socket> visitor_;  // has no place yet
};

class WebServer::Running {
public:
    Running(const Options& options, Handler handler, std::unique_ptr<asio::io_context> io,
            tcp::acceptor acceptor, std::optional<Local::acceptor> local)
        : port_(acceptor.local_endpoint().port()),
          socket_(options.socket),
          hall_(std::move(handler), options, port_),
          io_(std::move(io)),
          door_(*io_, std::move(acceptor), hall_) {
        if (local) localDoor_.emplace(*io_, *std::move(local), hall_);
        hall_.onLeave = [this] {
            door_.resume();
            if (localDoor_) localDoor_->resume();
        };
        door_.accept();
        if (localDoor_) localDoor_->accept();
        for (int i = 0; i < workers; ++i)
            threads_.emplace_back([this] {
                io_->run();
                ended_.release();
            });
    }

    ~Running() {
        hall_.stopping = true;
        door_.close();
        if (localDoor_) {
            localDoor_->close();
            ::unlink(socket_.c_str());
        }
        for (const auto& session : hall_.everybody()) stop(*session);
        hall_.endSlowLane();
        const auto deadline = std::chrono::steady_clock::now() + stopGrace;
        for (int i = 0; i < workers; ++i)
            if (!ended_.try_acquire_until(deadline)) io_->stop();
        threads_.clear();
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    void publish(std::string_view event, std::string_view json) {
        const auto text = std::make_shared<const std::string>(eventText(event, json));
        for (const auto& session : hall_.everybody()) driftkeeper::publish(*session, text);
    }

private:
    std::uint16_t port_;
    std::filesystem::path socket_;
    Hall hall_;  // outlives the sessions, which end with io_ at the latest
    std::unique_ptr<asio::io_context> io_;
    Door<tcp> door_;
    std::optional<Door<Local>> localDoor_;
    std::counting_semaphore<workers> ended_{0};
    std::vector<std::jthread> threads_;
};

Result<std::unique_ptr<WebServer>> WebServer::start(const Options& options, Handler handler) {
    auto io = std::make_unique<asio::io_context>(workers);
    tcp::acceptor acceptor(asio::make_strand(*io));
    if (const Failure why = listenOn(acceptor, options))
        return failure(Remedy::FixSetup, "listen_failed",
                       fmt::format("cannot listen on {}:{}: {}", options.address, options.port,
                                   why.message()));
    std::optional<Local::acceptor> local;
    if (!options.socket.empty()) {
        local.emplace(asio::make_strand(*io));
        if (const Failure why = listenOn(*local, *io, options.socket))
            return failure(
                Remedy::FixSetup, "listen_failed",
                fmt::format("cannot listen on {}: {}", options.socket.string(), why.message()));
    }
    return std::unique_ptr<WebServer>(new WebServer(std::make_unique<Running>(
        options, std::move(handler), std::move(io), std::move(acceptor), std::move(local))));
}

WebServer::WebServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

WebServer::~WebServer() = default;

std::uint16_t WebServer::port() const noexcept {
    return running_->port();
}

void WebServer::publish(std::string_view event, std::string_view json) {
    running_->publish(event, json);
}

}  // namespace driftkeeper
