#include "providers/process/egress_proxy.hpp"

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"
#include "parsers/text/url_parts.hpp"
#include "providers/process/egress_tunnel.hpp"
#include "providers/process/reach.hpp"

namespace driftkeeper {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Failure = boost::system::error_code;
using Environment = std::map<std::string, std::string>;

constexpr std::size_t mostConnections = 256;  // of one call: each has two descriptors of ours

std::string valueOf(const Environment& environment, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto found = environment.find(name);
            found != environment.end() && !found->second.empty())
            return found->second;
    return {};
}

Result<std::optional<egress::Upstream>> upstreamOf(const std::string& value) {
    if (value.empty()) return std::nullopt;
    const std::string url = value.find("://") == std::string::npos ? "http://" + value : value;
    const auto parts = urlParts(url);
    if (!parts || lowered(parts->scheme) != "http" || parts->host.empty())
        return failure(Remedy::FixSetup, "tool_not_started",
                       fmt::format("network.allow names hosts, and then a proxy of the host must "
                                   "be an http:// one, not {}://",
                                   parts ? parts->scheme : "?"));
    egress::Upstream upstream{std::string(parts->host),
                              parts->port.empty() ? "80" : std::string(parts->port.substr(1)),
                              {}};
    if (parts->hasUser)
        upstream.authorization =
            "Basic " + base64(percentDecoded(parts->user).value_or(std::string(parts->user)));
    return upstream;
}

// Where the hosts are that programs reach without a proxy. A name that is not found is reached by
// nobody: the tool says so itself.
std::vector<Network::Peer> peersOf(const std::vector<Network::Host>& hosts) {
    std::vector<Network::Peer> peers;
    for (const Network::Host& host : hosts) {
        if (!isReachedDirectly(host)) continue;
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (::getaddrinfo(host.name.c_str(), nullptr, &hints, &found) != 0) continue;
        for (const addrinfo* one = found; one != nullptr; one = one->ai_next)
            if (auto peer = peerOf(one->ai_addr, one->ai_addrlen)) {
                peer->port = host.port;
                peers.push_back(*peer);
            }
        ::freeaddrinfo(found);
    }
    return peers;
}

}  // namespace

struct EgressProxy::Inside {
    asio::io_context context;
    tcp::acceptor acceptor{context};
    asio::steady_timer pause{context};
    std::shared_ptr<egress::Rules> rules = std::make_shared<egress::Rules>();
    std::shared_ptr<void> token = std::make_shared<int>();  // one copy a connection
    std::thread thread;

    Result<void> listen() {
        Failure error;
        const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
        acceptor.open(any.protocol(), error);
        if (!error) acceptor.bind(any, error);
        if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error)
            return failure(Remedy::Retry, "tool_not_started",
                           fmt::format("cannot listen for a tool: {}", error.message()));
        return {};
    }

    void accept() {
        acceptor.async_accept([this](const Failure& error, tcp::socket client) {
            if (error == asio::error::operation_aborted) return;
            if (error) {  // no descriptors, say
                pause.expires_after(std::chrono::milliseconds(100));
                pause.async_wait([this](const Failure& stopped) {
                    if (!stopped) accept();
                });
                return;
            }
            if (static_cast<std::size_t>(token.use_count()) <= mostConnections)
                egress::serve(std::move(client), rules, token);
            accept();
        });
    }
};

EgressProxy::EgressProxy(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<EgressProxy>> EgressProxy::start(const Network& network,
                                                        const Environment& environment,
                                                        EgressObserver observer) {
    auto inside = std::make_unique<Inside>();
    auto secure =
        upstreamOf(valueOf(environment, {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}));
    auto plain =
        upstreamOf(valueOf(environment, {"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}));
    if (!secure) return std::unexpected(secure.error());
    if (!plain) return std::unexpected(plain.error());
    *inside->rules = {network, *std::move(secure), *std::move(plain),
                      valueOf(environment, {"NO_PROXY", "no_proxy"}), std::move(observer)};
    if (auto listens = inside->listen(); !listens) return std::unexpected(listens.error());
    inside->accept();
    inside->thread = std::thread([&context = inside->context] { context.run(); });
    return std::unique_ptr<EgressProxy>(new EgressProxy(std::move(inside)));
}

EgressProxy::~EgressProxy() {
    inside_->context.stop();
    inside_->thread.join();
}

Network::Peer EgressProxy::peer() const noexcept {
    Network::Peer peer{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, 0};
    Failure error;
    peer.port = inside_->acceptor.local_endpoint(error).port();
    return peer;
}

Environment EgressProxy::environment(Environment environment) const {
    std::erase_if(environment, [](const auto& one) { return isProxyVariable(one.first); });
    const std::string url = fmt::format("http://127.0.0.1:{}", peer().port);
    // Where clouds hand out credentials, no program takes a proxy's word.
    const std::string direct =
        std::string("localhost,127.0.0.1,::1") +
        (inside_->rules->network.metadata ? ",169.254.169.254,169.254.170.2,fd00:ec2::254,"
                                            "metadata.google.internal,100.100.100.200"
                                          : "");
    for (const char* name : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"})
        environment[name] = url;
    for (const char* name : {"NO_PROXY", "no_proxy"}) environment[name] = direct;
    return environment;
}

Result<std::unique_ptr<EgressProxy>> openEgress(Network& network, Environment& environment,
                                                const EgressObserver& observer) {
    if (network.hosts.empty()) return nullptr;
    // The list opens names: where they lead to is judged as every address.
    Network addresses = network;
    addresses.hosts.clear();
    const auto observeAll = [observer, refused = network.refused](const Egress& egress) {
        if (observer) observer(egress);
        if (refused && egress.allowedBy.empty()) refused(egress.host, egress.port);
    };
    auto proxy = EgressProxy::start(network, environment, observeAll);
    if (!proxy) return proxy;
    environment = (*proxy)->environment(std::move(environment));
    for (const Network::Peer& peer : peersOf(network.hosts))
        if (mayReach(addresses, peer)) network.allowed.push_back(peer);
    network.allowed.push_back((*proxy)->peer());
    return proxy;
}

bool isProxyVariable(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 4> names = {"http_proxy", "https_proxy", "all_proxy",
                                                       "no_proxy"};
    const auto isSame = [name](std::string_view one) {
        return std::ranges::equal(one, name,
                                  [](char a, char b) { return a == driftkeeper::lowered(b); });
    };
    return std::ranges::any_of(names, isSame);
}

}  // namespace driftkeeper
