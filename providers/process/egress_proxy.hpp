#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "parsers/result.hpp"
#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// A connection that a tool asked for.
struct Egress {
    std::string host;
    std::uint16_t port = 0;
    std::string allowedBy;  // the entry of the list, or the address itself; empty: it was refused
};

// Called on any thread.
using EgressObserver = std::function<void(const Egress&)>;

// The way out of a tool that reaches named hosts only (Network::hosts): an HTTP proxy on this
// host's loopback. It judges the name that a tool asks for (CONNECT, RFC 9110 9.3.6, or a whole
// URL), looks it up itself, and judges the addresses as those of every other peer; the name in a
// TLS greeting must be of the list, too. What it refuses, it answers with 403 and a phrase that
// says why. It has a thread of its own from start() until it is destroyed, and all connections end
// with it.
class EgressProxy {
public:
    // `environment` says which proxy the host itself needs (HTTPS_PROXY, HTTP_PROXY, NO_PROXY): the
    // connections then go on through that one. Fails (FixSetup, `tool_not_started`) when that is no
    // http:// one. `observer` may be empty.
    static Result<std::unique_ptr<EgressProxy>> start(
        const Network& network, const std::map<std::string, std::string>& environment,
        EgressObserver observer);
    ~EgressProxy();

    [[nodiscard]] Network::Peer peer() const noexcept;  // where it listens

    // The same environment with this proxy in it.
    [[nodiscard]] std::map<std::string, std::string> environment(
        std::map<std::string, std::string> environment) const;

private:
    struct Inside;
    explicit EgressProxy(std::unique_ptr<Inside> inside);
    const std::unique_ptr<Inside> inside_;
};

// Opens the way to the hosts that `network` names, for one call: `network` then lets a tool reach
// the proxy, and by address the hosts that programs reach without one; `environment` names the
// proxy. null: it names no hosts. As start(), and asks the resolver, which may take its time.
Result<std::unique_ptr<EgressProxy>> openEgress(Network& network,
                                                std::map<std::string, std::string>& environment,
                                                const EgressObserver& observer);

// Whether a variable says which proxy to take, or when to take none.
bool isProxyVariable(std::string_view name) noexcept;

}  // namespace driftkeeper
