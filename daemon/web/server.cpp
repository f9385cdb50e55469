#include "daemon/web/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <deque>
#include <optional>
#include <semaphore>
#include <sstream>
#include <thread>
#include <utility>

#include "daemon/base/guarded.hpp"
#include "daemon/web/admission.hpp"
#include "daemon/web/event_text.hpp"
#include "daemon/web/problem.hpp"
#include "daemon/web/target.hpp"

namespace driftkeeper {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Failure = beast::error_code;
using RawRequest = http::request<http::string_body>;
using RawResponse = http::response<http::string_body>;
using SharedText = std::shared_ptr<const std::string>;

constexpr std::uint32_t maxHeader = 16 * 1024;
constexpr std::uint64_t maxBody = 1024 * 1024;
constexpr std::size_t maxQueued = 1024 * 1024;  // bytes that a follower may be behind
constexpr std::size_t maxFollowers = 32;
constexpr int workers = 2;
constexpr std::chrono::seconds stopGrace{2};
constexpr std::chrono::milliseconds acceptPause{100};  // after a failed accept: usually no file descriptors left
constexpr std::string_view contentPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Repeated headers are joined, so that a second Host makes the first one wrong.
std::map<std::string, std::string> headersOf(const RawRequest& raw) {
    std::map<std::string, std::string> headers;
    for (const auto& field : raw) {
        std::string& value = headers[lowered({field.name_string().data(), field.name_string().size()})];
        if (!value.empty()) value += ", ";
        value.append(field.value().data(), field.value().size());
    }
    return headers;
}

RawResponse rawResponse(const WebResponse& response, bool head) {
    RawResponse raw;
    raw.version(11);
    raw.result(static_cast<unsigned>(response.status));
    raw.set(http::field::content_type, response.type);
    raw.set("X-Content-Type-Options", "nosniff");
    raw.set("Content-Security-Policy", contentPolicy);
    raw.set("Referrer-Policy", "no-referrer");
    raw.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : response.headers) raw.set(name, value);
    raw.content_length(response.body.size());
    if (!head) raw.body() = response.body;
    return raw;
}

// What a request that the parser refused is told; nullopt: there is nobody to tell.
std::optional<WebResponse> unreadable(const Failure& failure) {
    if (failure == http::error::header_limit)
        return webProblem(431, "headers_too_large", "the headers are larger than 16 KiB");
    if (failure == http::error::body_limit) return webProblem(413, "body_too_large", "the body is larger than 1 MiB");
    if (failure == http::error::end_of_stream || failure == http::error::partial_message) return std::nullopt;
    if (failure.category() == http::make_error_code(http::error::bad_value).category())
        return webProblem(400, "bad_request", "this is no HTTP/1.1 request");
    return std::nullopt;
}

class Session;

// What the connections share: the handler, and who is connected.
class Hall {
public:
    Hall(WebServer::Handler handler, Admission admission, const WebServer::Options& options)
        : handler_(std::move(handler)), admission_(std::move(admission)), options_(options) {}

    [[nodiscard]] WebResponse answer(const WebRequest& request) const {
        if (auto refusal = admission_.refusal(request)) return *refusal;
        try {
            return handler_(request);
        } catch (...) {
            return webProblem(500, "internal", "this request failed inside driftkeeper");
        }
    }
    [[nodiscard]] std::optional<WebResponse> refusal(const WebRequest& request) const {
        return admission_.refusal(request);
    }

    void enter(Session* session, std::weak_ptr<Session> weak) {
        sessions_.with([&](auto& sessions) { sessions.emplace(session, std::move(weak)); });
    }
    void leave(Session* session) {
        sessions_.with([&](auto& sessions) { sessions.erase(session); });
        if (!stopping && onLeave) onLeave();
    }
    [[nodiscard]] bool isFull() const {
        return sessions_.with([&](const auto& sessions) { return sessions.size() >= options_.connections; });
    }
    // The owners are handed out: one that ends while the lock is held would ask for it again.
    [[nodiscard]] std::vector<std::shared_ptr<Session>> everybody() const {
        std::vector<std::shared_ptr<Session>> all;
        sessions_.with([&](const auto& sessions) {
            for (const auto& [session, weak] : sessions)
                if (auto alive = weak.lock()) all.push_back(std::move(alive));
        });
        return all;
    }
    [[nodiscard]] std::chrono::milliseconds patience() const { return options_.patience; }

    std::atomic<bool> stopping = false;
    std::atomic<std::size_t> followers = 0;
    std::function<void()> onLeave;  // set before the first connection

private:
    WebServer::Handler handler_;
    Admission admission_;
    WebServer::Options options_;
    Guarded<std::map<Session*, std::weak_ptr<Session>>> sessions_;
};

// One connection: requests one after another, or the stream of events. Everything runs on the strand of its socket.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, Hall& hall) : stream_(std::move(socket)), hall_(hall) {}

    ~Session() {
        if (follows_) --hall_.followers;
        hall_.leave(this);
    }

    void start() {
        hall_.enter(this, weak_from_this());
        asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
    }

    // An answer that is being written ends first.
    void stop() {
        asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (!self->answers_) self->close();
        });
    }

    void publish(SharedText text) {
        asio::post(stream_.get_executor(), [self = shared_from_this(), text = std::move(text)] {
            if (self->follows_) self->enqueue(text);
        });
    }

private:
    void read() {
        if (hall_.stopping) return close();
        parser_.emplace();
        parser_->header_limit(maxHeader);
        parser_->body_limit(maxBody);
        stream_.expires_after(hall_.patience());
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](Failure failure, std::size_t) { self->onRead(failure); });
    }

    void onRead(Failure failure) {
        if (failure) {
            const auto problem = unreadable(failure);
            return problem ? send(*problem, false, false) : close();
        }
        answer(parser_->release());
    }

    void answer(RawRequest raw) {
        const bool keepAlive = raw.keep_alive();
        const bool head = raw.method() == http::verb::head;
        auto target = parseTarget({raw.target().data(), raw.target().size()});
        if (!target) return send(webProblem(400, "bad_target", "the path is not encoded correctly"), keepAlive, head);

        WebRequest request;
        request.method = head ? "GET" : std::string(raw.method_string().data(), raw.method_string().size());
        request.path = std::move(target->path);
        request.query = std::move(target->query);
        request.headers = headersOf(raw);
        request.body = std::move(raw.body());
        const bool events = request.method == "GET" && request.path == std::vector<std::string>{"api", "v1", "events"};
        if (events) return follow(request, head);
        send(hall_.answer(request), keepAlive, head);
    }

    void send(const WebResponse& response, bool keepAlive, bool head) {
        response_ = rawResponse(response, head);
        response_.keep_alive(keepAlive && !hall_.stopping);
        answers_ = true;
        stream_.expires_after(hall_.patience());
        http::async_write(stream_, response_,
                          [self = shared_from_this()](Failure failure, std::size_t) { self->onSent(failure); });
    }

    void onSent(Failure failure) {
        answers_ = false;
        if (failure || hall_.stopping) return close();
        if (response_.keep_alive()) return read();
        Failure ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        stream_.expires_after(std::min<std::chrono::milliseconds>(hall_.patience(), stopGrace));
        drain();
    }

    // Closing with unread input would reset the connection and take the answer away from the peer.
    void drain() {
        stream_.async_read_some(asio::buffer(waste_), [self = shared_from_this()](Failure failure, std::size_t) {
            failure ? self->close() : self->drain();
        });
    }

    void follow(const WebRequest& request, bool head) {
        WebResponse response{200, "text/event-stream", "", {}};
        if (const auto refusal = hall_.refusal(request)) return send(*refusal, false, head);
        if (head) return send(response, false, true);
        if (hall_.followers++ >= maxFollowers) {
            --hall_.followers;
            return send(webProblem(503, "too_many_followers", "too many follow the events already"), false, false);
        }
        follows_ = true;
        RawResponse raw = rawResponse(response, false);
        raw.erase(http::field::content_length);
        raw.keep_alive(false);  // the stream ends with the connection
        stream_.expires_never();
        listen();
        std::ostringstream start;
        start << raw.base() << "retry: 3000\n\n";
        enqueue(std::make_shared<const std::string>(start.str()));
    }

    // A follower says nothing more; reading tells when it is gone.
    void listen() {
        stream_.async_read_some(asio::buffer(waste_), [self = shared_from_this()](Failure failure, std::size_t) {
            failure ? self->close() : self->listen();
        });
    }

    void enqueue(const SharedText& text) {
        if (!queue_.empty() && queued_ + text->size() > maxQueued) return close();
        queue_.push_back(text);
        queued_ += text->size();
        if (queue_.size() == 1) pump();
    }

    void pump() {
        stream_.expires_after(hall_.patience());
        asio::async_write(stream_, asio::buffer(*queue_.front()),
                          [self = shared_from_this()](Failure failure, std::size_t) { self->onPumped(failure); });
    }

    void onPumped(Failure failure) {
        if (failure) return close();
        queued_ -= queue_.front()->size();
        queue_.pop_front();
        if (!queue_.empty()) pump();
    }

    void close() { stream_.close(); }

    beast::tcp_stream stream_;
    Hall& hall_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    RawResponse response_;
    bool answers_ = false;
    bool follows_ = false;
    std::deque<SharedText> queue_;
    std::size_t queued_ = 0;
    std::array<char, 4096> waste_{};
};

class BeastServer final : public WebServer {
public:
    // `acceptor` listens already and runs on a strand of `io`.
    BeastServer(const Options& options, Handler handler, std::unique_ptr<asio::io_context> io, tcp::acceptor acceptor)
        : port_(acceptor.local_endpoint().port()),
          hall_(std::move(handler), Admission(options.address, port_, options.token), options),
          io_(std::move(io)),
          acceptor_(std::move(acceptor)),
          pause_(acceptor_.get_executor()) {
        hall_.onLeave = [this] { asio::post(acceptor_.get_executor(), [this] { resume(); }); };
        accept();
        for (int i = 0; i < workers; ++i)
            threads_.emplace_back([this] {
                io_->run();
                ended_.release();
            });
    }

    ~BeastServer() override {
        hall_.stopping = true;
        asio::post(acceptor_.get_executor(), [this] {
            Failure ignored;
            acceptor_.close(ignored);
            pause_.cancel();
        });
        for (const auto& session : hall_.everybody()) session->stop();
        const auto deadline = std::chrono::steady_clock::now() + stopGrace;
        for (int i = 0; i < workers; ++i)
            if (!ended_.try_acquire_until(deadline)) io_->stop();
        threads_.clear();
    }

    std::uint16_t port() const noexcept override { return port_; }

    void publish(std::string_view event, std::string_view json) override {
        const auto text = std::make_shared<const std::string>(eventText(event, json));
        for (const auto& session : hall_.everybody()) session->publish(text);
    }

private:
    // With all seats taken nothing is accepted: who comes waits in the backlog until somebody leaves.
    void accept() {
        full_ = hall_.isFull();
        if (full_ || hall_.stopping) return;
        acceptor_.async_accept(asio::make_strand(*io_),
                               [this](Failure failure, tcp::socket socket) { onAccept(failure, std::move(socket)); });
    }

    void onAccept(Failure failure, tcp::socket socket) {
        if (hall_.stopping) return;
        if (failure) return retryAccept();
        std::make_shared<Session>(std::move(socket), hall_)->start();
        accept();
    }

    void retryAccept() {
        pause_.expires_after(acceptPause);
        pause_.async_wait([this](Failure) { accept(); });
    }

    void resume() {
        if (full_) accept();
    }

    std::uint16_t port_;
    Hall hall_;  // outlives the sessions, which end with io_ at the latest
    std::unique_ptr<asio::io_context> io_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    bool full_ = false;
    std::counting_semaphore<workers> ended_{0};
    std::vector<std::jthread> threads_;
};

Failure listenOn(tcp::acceptor& acceptor, const WebServer::Options& options) {
    Failure failure;
    const auto address =
        asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, failure);
    const tcp::endpoint endpoint(address, options.port);
    if (!failure) acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(asio::socket_base::reuse_address(true), failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    return failure;
}

}  // namespace

Result<std::unique_ptr<WebServer>> WebServer::start(const Options& options, Handler handler) {
    auto io = std::make_unique<asio::io_context>(workers);
    tcp::acceptor acceptor(asio::make_strand(*io));
    if (const Failure why = listenOn(acceptor, options))
        return failure(Remedy::FixSetup, "listen_failed",
                       fmt::format("cannot listen on {}:{}: {}", options.address, options.port, why.message()));
    return std::make_unique<BeastServer>(options, std::move(handler), std::move(io), std::move(acceptor));
}

}  // namespace driftkeeper
