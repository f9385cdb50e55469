#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>

#include "daemon/web/access_rules.hpp"

namespace driftkeeper {

class Hall;

// One connection: requests one after another, or the stream of events. It keeps itself alive until it is closed.
class Session {
public:
    using SharedText = std::shared_ptr<const std::string>;
    virtual ~Session() = default;

    // An answer that is being written ends first. Both are thread-safe and return at once.
    virtual void stop() = 0;
    // For those that follow the events.
    virtual void publish(SharedText text) = 0;
};

// Serves a connection that was accepted. The socket runs on a strand of its own; the hall outlives it.
void openSession(boost::asio::generic::stream_protocol::socket socket, Peer peer, std::shared_ptr<ssl_ctx_st> tls,
                 Hall& hall);

}  // namespace driftkeeper
