#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "providers/process/egress_proxy.hpp"

namespace driftkeeper::egress {

// The proxy that the host itself needs.
struct Upstream {
    std::string host;
    std::string port;
    std::string authorization;  // value of Proxy-Authorization; empty: none
};

// What all connections of a proxy are judged by. Not changed once the first is there.
struct Rules {
    Network network;
    std::optional<Upstream> secure;  // for CONNECT
    std::optional<Upstream> plain;   // for http:// URLs
    std::string direct;              // NO_PROXY: hosts that need no upstream
    EgressObserver observer;
};

// Serves one connection until one of its ends closes it. `token` is released then. All on the
// thread of the socket's executor.
void serve(boost::asio::ip::tcp::socket client, std::shared_ptr<const Rules> rules,
           std::shared_ptr<void> token);

}  // namespace driftkeeper::egress
