#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>

#include "daemon/web/access_rules.hpp"

namespace driftkeeper {

class Hall;

// One connection: requests one after another, or the stream of events. It keeps itself alive until
// it is closed. What it is made of stays in session.cpp.
class Session;

// Serves a connection that was accepted. The socket runs on a strand of its own; the hall outlives
// it.
void openSession(boost::asio::generic::stream_protocol::socket socket, Peer peer,
                 std::shared_ptr<ssl_ctx_st> tls, Hall& hall);

// An answer that is being written ends first. All are thread-safe and return at once.
void stop(Session& session);
// At once, whatever it does.
void sendAway(Session& session);
// For those that follow the events.
void publish(Session& session, std::shared_ptr<const std::string> text);

}  // namespace driftkeeper
