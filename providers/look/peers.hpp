#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// The peers that a text names by their address, or as localhost: in URLs, as host:port, and as a
// host alone where that is the whole value or follows a "=". The default port of a URL's scheme;
// without any, all ports.
std::vector<Network::Peer> peersIn(std::string_view text);

// What the settings say somewhere names a peer: in the text itself, and in the file that it names
// (a kubeconfig, a CLI configuration).
void addPeersOf(const std::string& value, std::vector<Network::Peer>& peers);

// Those that resolv.conf(5) names, at port 53.
std::vector<Network::Peer> resolversIn(std::string_view text);

}  // namespace driftkeeper
