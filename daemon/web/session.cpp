#include "daemon/web/session.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <optional>
#include <sstream>
#include <utility>

#include "daemon/web/hall.hpp"
#include "daemon/web/problem.hpp"
#include "daemon/web/target.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Failure = beast::error_code;
using RawRequest = http::request<http::string_body>;
using RawResponse = http::response<http::string_body>;

constexpr std::uint32_t maxHeader = 16 * 1024;
constexpr std::uint64_t maxBody = 1024 * 1024;
constexpr std::size_t maxQueued = 1024 * 1024;  // bytes that a follower may be behind
constexpr std::size_t readAtOnce = 8 * 1024;
constexpr std::chrono::seconds lastWordGrace{2};

// Repeated headers are joined, so that a second Host makes the first one wrong.
std::map<std::string, std::string> headersOf(const RawRequest& raw) {
    std::map<std::string, std::string> headers;
    for (const auto& field : raw) {
        std::string& value =
            headers[lowered({field.name_string().data(), field.name_string().size()})];
        if (!value.empty()) value += ", ";
        value.append(field.value().data(), field.value().size());
    }
    return headers;
}

RawResponse rawResponse(const WebResponse& response,
                        const std::map<std::string, std::string>& headers, bool head) {
    RawResponse raw;
    raw.version(11);
    raw.result(static_cast<unsigned>(response.status));
    raw.set(http::field::content_type, response.type);
    for (const auto& [name, value] : headers) raw.set(name, value);
    raw.content_length(response.body.size());
    if (!head) raw.body() = response.body;
    return raw;
}

// What a request that the parser refused is told; nullopt: there is nobody to tell.
std::optional<WebResponse> unreadable(const Failure& failure) {
    if (failure == http::error::header_limit)
        return webProblem(431, "headers_too_large", "the headers are larger than 16 KiB");
    if (failure == http::error::body_limit)
        return webProblem(413, "body_too_large", "the body is larger than 1 MiB");
    if (failure == http::error::end_of_stream || failure == http::error::partial_message)
        return std::nullopt;
    if (failure.category() == http::make_error_code(http::error::bad_value).category())
        return webProblem(400, "bad_request", "this is no HTTP/1.1 request");
    return std::nullopt;
}

// RFC 9112, 5.2: once a header could go on in the next line. Some read that as another header.
bool hasFoldedLine(std::string_view text) {
    const auto head = text.substr(0, text.find("\r\n\r\n"));
    return head.find("\r\n ") != std::string_view::npos ||
           head.find("\r\n\t") != std::string_view::npos;
}

std::string_view textOf(const beast::flat_buffer& buffer) {
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

bool isForEvents(const WebRequest& request) {
    return request.method == "GET" &&
           request.path == std::vector<std::string>{"api", "v1", "events"};
}

}  // namespace

// A connection in the clear or with TLS: what Asio and Beast call an asynchronous stream. Used on
// its strand only.
class Wire {
public:
    using Socket = boost::asio::generic::stream_protocol::socket;
    using Plain = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
    using Secure = boost::asio::ssl::stream<Plain&>;
    using executor_type = Plain::executor_type;

    // `context` null: in the clear. It is kept as long as the connection.
    Wire(Socket socket, std::shared_ptr<SSL_CTX> context)
        : context_(std::move(context)), plain_(std::move(socket)) {
        if (context_) secure_.emplace(plain_, SSL_new(context_.get()));
    }

    executor_type get_executor() { return plain_.get_executor(); }
    [[nodiscard]] bool isSecure() const noexcept { return secure_.has_value(); }
    Plain& plain() { return plain_; }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler) {
        if (secure_) return secure_->async_read_some(buffers, std::forward<Handler>(handler));
        plain_.async_read_some(buffers, std::forward<Handler>(handler));
    }

    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        if (secure_) return secure_->async_write_some(buffers, std::forward<Handler>(handler));
        plain_.async_write_some(buffers, std::forward<Handler>(handler));
    }

    // Only where it is secure.
    template <class Handler>
    void handshake(Handler&& handler) {
        secure_->async_handshake(boost::asio::ssl::stream_base::server,
                                 std::forward<Handler>(handler));
    }

    // Says that nothing more comes; nobody waits for the answer of the other end.
    template <class Handler>
    void goodbye(Handler&& handler) {
        secure_->async_shutdown(std::forward<Handler>(handler));
    }

private:
    std::shared_ptr<SSL_CTX>
        context_;  // outlives the connection: it holds what clients have to show
    Plain plain_;
    std::optional<Secure> secure_;
};

// Everything runs on the strand of its socket.
class Session : public std::enable_shared_from_this<Session> {
public:
    using SharedText = std::shared_ptr<const std::string>;

    Session(Wire::Socket socket, Peer peer, std::shared_ptr<SSL_CTX> tls, Hall& hall)
        : stream_(std::move(socket), std::move(tls)), peer_(std::move(peer)), hall_(hall) {}

    ~Session() { hall_.leave(this, peer_); }

    void start() {
        hall_.enter(this, weak_from_this(), peer_);
        asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->greet(); });
    }

    void stop() {
        asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (!self->answers_) self->close();
        });
    }

    void sendAway() {
        asio::post(stream_.get_executor(), [self = shared_from_this()] { self->close(); });
    }

    void publish(SharedText text) {
        asio::post(stream_.get_executor(), [self = shared_from_this(), text = std::move(text)] {
            if (self->follows_) self->enqueue(text);
        });
    }

private:
    void greet() {
        if (!stream_.isSecure()) return read();
        stream_.plain().expires_after(hall_.patience());
        stream_.handshake([self = shared_from_this()](Failure failure) {
            failure ? self->close() : self->read();
        });
    }

    void read() {
        if (hall_.stopping) return close();
        parser_.emplace();
        parser_->header_limit(maxHeader);
        parser_->body_limit(maxBody);
        parser_->eager(true);
        hall_.note(this, peer_, Seats::Doing::Reading);
        stream_.plain().expires_after(hall_.patience());
        parse();
    }

    // What the parser does not see any more is looked for before it does.
    void parse() {
        Failure failure;
        while (!failure && !parser_->is_done() && buffer_.size() > 0) {
            if (!parser_->is_header_done() && hasFoldedLine(textOf(buffer_)))
                return send(webProblem(400, "bad_request", "a header goes on in a second line"),
                            false, false);
            buffer_.consume(parser_->put(buffer_.data(), failure));
        }
        if (failure && failure != http::error::need_more) {
            const auto problem = unreadable(failure);
            return problem ? send(*problem, false, false) : close();
        }
        if (parser_->is_done()) return answer(parser_->release());
        stream_.async_read_some(buffer_.prepare(readAtOnce),
                                [self = shared_from_this()](Failure failed, std::size_t count) {
                                    self->onReceived(failed, count);
                                });
    }

    void onReceived(Failure failure, std::size_t count) {
        if (failure) return close();
        buffer_.commit(count);
        parse();
    }

    void answer(RawRequest raw) {
        if (raw.count(http::field::transfer_encoding) > 0 && !raw.chunked())
            return send(webProblem(400, "bad_request", "only chunks are read"), false, false);
        const bool keepAlive = raw.keep_alive();
        const bool head = raw.method() == http::verb::head;
        auto target = parseTarget({raw.target().data(), raw.target().size()});
        if (!target)
            return send(webProblem(400, "bad_target", "the path is not encoded correctly"),
                        keepAlive, head);

        WebRequest request;
        request.method =
            head ? "GET" : std::string(raw.method_string().data(), raw.method_string().size());
        request.path = std::move(target->path);
        request.query = std::move(target->query);
        request.headers = headersOf(raw);
        request.body = std::move(raw.body());
        if (hall_.isSlow(request)) return answerLater(std::move(request), keepAlive, head);
        if (isForEvents(request)) return follow(hall_.refusal(peer_, request), head);
        send(hall_.answer(peer_, std::move(request)), keepAlive, head);
    }

    // The connection rests meanwhile.
    void answerLater(WebRequest request, bool keepAlive, bool head) {
        answers_ = true;
        hall_.note(this, peer_, Seats::Doing::Answering);
        const bool isTaken = hall_.later(
            [self = shared_from_this(), request = std::move(request), keepAlive, head]() mutable {
                auto response = isForEvents(request)
                                    ? self->hall_.refusal(self->peer_, request)
                                    : self->hall_.answer(self->peer_, std::move(request));
                asio::post(self->stream_.get_executor(),
                           [self, response = std::move(response), keepAlive, head] {
                               response ? self->send(*response, keepAlive, head)
                                        : self->follow(std::nullopt, head);
                           });
            });
        if (isTaken) return;
        WebResponse busy = webProblem(503, "busy", "too many logins at once: try again");
        busy.headers["Retry-After"] = "1";
        send(busy, keepAlive, head);
    }

    void send(const WebResponse& response, bool keepAlive, bool head) {
        response_ = rawResponse(response, hall_.headersOf(response), head);
        response_.keep_alive(keepAlive && !hall_.stopping);
        answers_ = true;
        hall_.note(this, peer_, Seats::Doing::Answering);
        stream_.plain().expires_after(hall_.patience());
        http::async_write(
            stream_, response_,
            [self = shared_from_this()](Failure failure, std::size_t) { self->onSent(failure); });
    }

    void onSent(Failure failure) {
        answers_ = false;
        if (failure || hall_.stopping) return close();
        if (response_.keep_alive()) return read();
        stream_.plain().expires_after(
            std::min<std::chrono::milliseconds>(hall_.patience(), lastWordGrace));
        if (stream_.isSecure())
            return stream_.goodbye([self = shared_from_this()](Failure) { self->close(); });
        Failure ignored;
        stream_.plain().socket().shutdown(Wire::Socket::shutdown_send, ignored);
        drain();
    }

    // Closing with unread input would reset the connection and take the answer away from the peer.
    void drain() {
        stream_.async_read_some(asio::buffer(waste_),
                                [self = shared_from_this()](Failure failure, std::size_t) {
                                    failure ? self->close() : self->drain();
                                });
    }

    void follow(const std::optional<WebResponse>& refusal, bool head) {
        answers_ = false;
        WebResponse response{200, "text/event-stream", "", {}};
        if (refusal) return send(*refusal, false, head);
        if (head) return send(response, false, true);
        if (!hall_.follow(this, peer_))
            return send(webProblem(503, "too_many_followers", "too many follow the events already"),
                        false, false);
        follows_ = true;
        RawResponse raw = rawResponse(response, hall_.headersOf(response), false);
        raw.erase(http::field::content_length);
        raw.keep_alive(false);  // the stream ends with the connection
        stream_.plain().expires_never();
        listen();
        std::ostringstream start;
        start << raw.base() << "retry: 3000\n\n";
        enqueue(std::make_shared<const std::string>(start.str()));
    }

    // A follower says nothing more; reading tells when it is gone.
    void listen() {
        stream_.async_read_some(asio::buffer(waste_),
                                [self = shared_from_this()](Failure failure, std::size_t) {
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
        stream_.plain().expires_after(hall_.patience());
        asio::async_write(
            stream_, asio::buffer(*queue_.front()),
            [self = shared_from_this()](Failure failure, std::size_t) { self->onPumped(failure); });
    }

    void onPumped(Failure failure) {
        if (failure) return close();
        queued_ -= queue_.front()->size();
        queue_.pop_front();
        if (!queue_.empty()) pump();
    }

    void close() { stream_.plain().close(); }

    Wire stream_;
    Peer peer_;
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

void openSession(Wire::Socket socket, Peer peer, std::shared_ptr<ssl_ctx_st> tls, Hall& hall) {
    std::make_shared<Session>(std::move(socket), std::move(peer), std::move(tls), hall)->start();
}

void stop(Session& session) {
    session.stop();
}

void sendAway(Session& session) {
    session.sendAway();
}

void publish(Session& session, Session::SharedText text) {
    session.publish(std::move(text));
}

}  // namespace driftkeeper
