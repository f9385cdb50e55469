#include "providers/process/egress_tunnel.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <chrono>
#include <functional>
#include <sstream>
#include <utility>
#include <vector>

#include "parsers/text/ascii.hpp"
#include "parsers/text/url_parts.hpp"
#include "providers/process/client_hello.hpp"
#include "providers/process/reach.hpp"

namespace driftkeeper::egress {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Failure = boost::system::error_code;

constexpr std::size_t largestHead = std::size_t{16} << 10;  // of a request
constexpr std::chrono::seconds startLimit{30};              // for the request, and to connect

struct Target {
    std::string host;
    std::uint16_t port = 0;
};

std::optional<std::uint16_t> portOf(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

std::optional<Target> targetOf(const UrlParts& parts, std::optional<std::uint16_t> usualPort) {
    std::string host = lowered(parts.host);
    if (host.ends_with('.')) host.pop_back();
    const auto port = parts.port.empty() ? usualPort : portOf(parts.port.substr(1));
    constexpr std::size_t longestName = 253;  // RFC 1035
    if (host.empty() || host.size() > longestName || !port) return std::nullopt;
    return Target{std::move(host), *port};
}

bool mayReach(const Network& network, const tcp::endpoint& endpoint) {
    return driftkeeper::mayReach(network, endpoint.data(), static_cast<socklen_t>(endpoint.size()));
}

std::optional<asio::ip::address> literal(const std::string& host) {
    Failure error;
    const auto address = asio::ip::make_address(host, error);
    return error ? std::nullopt : std::optional(address);
}

// Whether NO_PROXY names the host, or a domain that it is of.
bool isDirect(std::string_view list, std::string_view host) {
    std::istringstream entries{std::string(list)};
    for (std::string entry; std::getline(entries, entry, ',');) {
        std::string_view name = trimmed(entry);
        if (name.starts_with('.')) name.remove_prefix(1);
        if (name.empty()) continue;
        if (name == "*" || name == host) return true;
        if (host.ends_with(name) && host[host.size() - name.size() - 1] == '.') return true;
    }
    return false;
}

class Tunnel : public std::enable_shared_from_this<Tunnel> {
public:
    Tunnel(tcp::socket client, std::shared_ptr<const Rules> rules, std::shared_ptr<void> token)
        : client_(std::move(client)),
          server_(client_.get_executor()),
          resolver_(client_.get_executor()),
          limit_(client_.get_executor()),
          rules_(std::move(rules)),
          token_(std::move(token)) {}

    void start() {
        limit_.expires_after(startLimit);
        limit_.async_wait([self = shared_from_this()](const Failure& error) {
            if (!error) self->close();
        });
        request_.header_limit(largestHead);
        http::async_read_header(client_, buffer_, request_,
                                then([](Tunnel& self) { self.readTarget(); }));
    }

private:
    // What goes on when a step went well; else the connection ends.
    using Handler = std::function<void(const Failure&, std::size_t)>;
    Handler then(std::function<void(Tunnel&)> next) {
        return
            [self = shared_from_this(), next = std::move(next)](const Failure& error, std::size_t) {
                if (error) return self->close();
                next(*self);
            };
    }

    void readTarget();
    [[nodiscard]] std::string judge(const std::string& host) const;
    void findServer();
    void connectTo(std::vector<tcp::endpoint> endpoints);
    void onConnected();
    void readUpstream();
    void onUpstream();
    void answer(http::status status, const std::string& phrase);
    void relay();
    void judgeGreeting();
    void pump(tcp::socket& from, tcp::socket& to, std::array<char, 16384>& piece);
    void half(tcp::socket& to);
    void close();

    tcp::socket client_, server_;
    tcp::resolver resolver_;
    asio::steady_timer limit_;
    const std::shared_ptr<const Rules> rules_;
    std::shared_ptr<void> token_;
    boost::beast::flat_buffer buffer_, upstreamBuffer_;
    http::request_parser<http::empty_body> request_;
    http::response_parser<http::empty_body> response_;
    Target target_;
    bool isConnect_ = false;
    const Upstream* upstream_ = nullptr;
    std::string head_;      // that is being written
    std::string greeting_;  // what a tool said first
    std::array<char, 16384> up_, down_;
    int ended_ = 0;  // directions
};

// What lets a host through at the target's port; empty: nothing.
std::string Tunnel::judge(const std::string& host) const {
    if (const auto address = literal(host))
        return mayReach(rules_->network, {*address, target_.port}) ? host : std::string();
    const Network::Host* entry = hostThatAllows(rules_->network, host, target_.port);
    return entry == nullptr ? std::string() : entry->name;
}

void Tunnel::readTarget() {
    const auto& request = request_.get();
    const std::string_view text(request.target().data(), request.target().size());
    isConnect_ = request.method() == http::verb::connect;
    const auto parts = isConnect_ ? std::optional(authorityParts(text)) : urlParts(text);
    const bool isKnown = parts && (isConnect_ || lowered(parts->scheme) == "http");
    const auto target =
        isKnown ? targetOf(*parts, isConnect_ ? std::nullopt : std::optional<std::uint16_t>(80))
                : std::nullopt;
    if (!target) return answer(http::status::bad_request, "this is a proxy for http and CONNECT");
    target_ = *target;
    const std::string allowedBy = judge(target_.host);
    if (rules_->observer) rules_->observer({target_.host, target_.port, allowedBy});
    if (allowedBy.empty())
        return answer(http::status::forbidden,
                      fmt::format("{}:{} is not in network.allow", target_.host, target_.port));
    const auto& upstream = isConnect_ ? rules_->secure : rules_->plain;
    if (upstream && !isDirect(rules_->direct, target_.host)) upstream_ = &*upstream;
    findServer();
}

void Tunnel::findServer() {
    if (const auto address = literal(target_.host); address && upstream_ == nullptr)
        return connectTo({{*address, target_.port}});
    const std::string host = upstream_ == nullptr ? target_.host : upstream_->host;
    const std::string port = upstream_ == nullptr ? std::to_string(target_.port) : upstream_->port;
    resolver_.async_resolve(
        host, port,
        [self = shared_from_this(), host](const Failure& error,
                                          const tcp::resolver::results_type& found) {
            if (error)
                return self->answer(http::status::bad_gateway,
                                    fmt::format("{}: {}", host, error.message()));
            // A name of the list may lead to what is closed: the list opens names, not addresses.
            Network addresses = self->rules_->network;
            addresses.hosts.clear();
            std::vector<tcp::endpoint> open;
            for (const auto& entry : found)
                if (self->upstream_ != nullptr || mayReach(addresses, entry.endpoint()))
                    open.push_back(entry.endpoint());
            if (open.empty())
                return self->answer(http::status::forbidden,
                                    fmt::format("{} is at an address of this host or of the "
                                                "cloud's metadata: name that in network.allow",
                                                host));
            self->connectTo(std::move(open));
        });
}

void Tunnel::connectTo(std::vector<tcp::endpoint> endpoints) {
    asio::async_connect(server_, endpoints,
                        [self = shared_from_this()](const Failure& error, const tcp::endpoint&) {
                            if (!error) return self->onConnected();
                            self->answer(http::status::bad_gateway,
                                         fmt::format("{}:{}: {}", self->target_.host,
                                                     self->target_.port, error.message()));
                        });
}

// The request as the next one wants it: the origin gets a path, another proxy the whole URL.
std::string headOf(http::request<http::empty_body> request, const Upstream* upstream,
                   const Target& target) {
    request.erase(http::field::proxy_authorization);
    request.erase(http::field::proxy_connection);
    if (upstream != nullptr && !upstream->authorization.empty())
        request.set(http::field::proxy_authorization, upstream->authorization);
    if (request.method() != http::verb::connect) {
        // What would come after it could be meant for another host.
        request.set(http::field::connection, "close");
        if (upstream == nullptr) {
            const std::string url(request.target());
            const auto parts = urlParts(url);
            request.target(parts->path.empty() ? "/" : std::string(parts->path));
            request.set(http::field::host, std::string(parts->authority));
        }
    } else {
        request.target(fmt::format("{}:{}", target.host, target.port));
    }
    std::ostringstream text;
    text << request.base();
    return text.str();
}

void Tunnel::onConnected() {
    if (isConnect_ && upstream_ == nullptr) return relay();
    head_ = headOf(request_.get(), upstream_, target_);
    asio::async_write(server_, asio::buffer(head_), then([](Tunnel& self) {
                          self.isConnect_ ? self.readUpstream() : self.relay();
                      }));
}

void Tunnel::readUpstream() {
    response_.skip(true);
    http::async_read_header(server_, upstreamBuffer_, response_,
                            then([](Tunnel& self) { self.onUpstream(); }));
}

void Tunnel::onUpstream() {
    const auto& response = response_.get();
    if (http::to_status_class(response.result()) == http::status_class::successful) return relay();
    answer(http::status::bad_gateway,
           fmt::format("the host's own proxy answers {} {}", response.result_int(),
                       std::string_view(response.reason().data(), response.reason().size())));
}

void Tunnel::answer(http::status status, const std::string& phrase) {
    head_ = fmt::format("HTTP/1.1 {} {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        static_cast<unsigned>(status), phrase);
    asio::async_write(client_, asio::buffer(head_), then([](Tunnel& self) { self.close(); }));
}

void Tunnel::relay() {
    limit_.cancel();
    head_ = isConnect_ ? "HTTP/1.1 200 Connection established\r\n\r\n" : "";
    const auto rest = upstreamBuffer_.data();
    head_.append(static_cast<const char*>(rest.data()), rest.size());
    asio::async_write(client_, asio::buffer(head_), then([](Tunnel& self) {
                          self.pump(self.server_, self.client_, self.down_);
                      }));
    const auto first = buffer_.data();
    greeting_.assign(static_cast<const char*>(first.data()), first.size());
    judgeGreeting();
}

// A tunnel to one name that greets another is for a host that shares its address.
void Tunnel::judgeGreeting() {
    const auto goOn = then([](Tunnel& self) { self.pump(self.client_, self.server_, self.up_); });
    if (!isConnect_) return asio::async_write(server_, asio::buffer(greeting_), goOn);
    const ClientHello hello = clientHello(greeting_);
    using Kind = ClientHello::Kind;
    if (hello.kind == Kind::Broken) return close();
    if (hello.kind == Kind::Unfinished) {
        client_.async_read_some(
            asio::buffer(up_), [self = shared_from_this()](const Failure& error, std::size_t size) {
                if (error) return self->close();
                self->greeting_.append(self->up_.data(), size);
                self->judgeGreeting();
            });
        return;
    }
    const std::string server = lowered(hello.server);
    if (!server.empty() && server != target_.host && judge(server).empty()) {
        if (rules_->observer) rules_->observer({server, target_.port, {}});
        return close();
    }
    asio::async_write(server_, asio::buffer(greeting_), goOn);
}

void Tunnel::pump(tcp::socket& from, tcp::socket& to, std::array<char, 16384>& piece) {
    from.async_read_some(asio::buffer(piece), [self = shared_from_this(), &from, &to, &piece](
                                                  const Failure& error, std::size_t size) {
        if (error == asio::error::eof) return self->half(to);
        if (error) return self->close();
        asio::async_write(to, asio::buffer(piece.data(), size),
                          self->then([&](Tunnel& tunnel) { tunnel.pump(from, to, piece); }));
    });
}

void Tunnel::half(tcp::socket& to) {
    Failure ignored;
    to.shutdown(tcp::socket::shutdown_send, ignored);
    if (++ended_ == 2) close();
}

void Tunnel::close() {
    Failure ignored;
    limit_.cancel();
    resolver_.cancel();
    client_.close(ignored);
    server_.close(ignored);
}

}  // namespace

void serve(tcp::socket client, std::shared_ptr<const Rules> rules, std::shared_ptr<void> token) {
    std::make_shared<Tunnel>(std::move(client), std::move(rules), std::move(token))->start();
}

}  // namespace driftkeeper::egress
