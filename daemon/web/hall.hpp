#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/web/admission.hpp"
#include "daemon/web/seats.hpp"
#include "daemon/web/server.hpp"
#include "daemon/web/slow_lane.hpp"

namespace driftkeeper {

class Session;

// What the connections share: the handler, who is let in, and who is connected. Thread-safe.
class Hall {
public:
    Hall(WebServer::Handler handler, const WebServer::Options& options, std::uint16_t port);

    [[nodiscard]] std::shared_ptr<const AccessRules> rules() const { return options_.rules(); }

    // The whole way of a request: rate limit, admission, login or handler.
    [[nodiscard]] WebResponse answer(const Peer& peer, WebRequest request);
    // The first two steps of it alone.
    [[nodiscard]] std::optional<WebResponse> refusal(const Peer& peer, const WebRequest& request);
    // Whether answering takes long, because a password has to be compared.
    [[nodiscard]] bool isSlow(const WebRequest& request) const;
    // False: too many wait already.
    [[nodiscard]] bool later(std::function<void()> job) { return slowLane_.run(std::move(job)); }

    // After this nothing is done later any more.
    void endSlowLane() { slowLane_.end(); }

    // What every answer carries, in this order of weight: the answer's own, the web config file's,
    // ours.
    [[nodiscard]] std::map<std::string, std::string> headersOf(const WebResponse& response) const;

    void enter(Session* session, std::weak_ptr<Session> owner, const Peer& peer);
    void note(Session* session, const Peer& peer, Seats::Doing doing);
    // False: it may not follow the events, others do.
    [[nodiscard]] bool follow(Session* session, const Peer& peer);
    void leave(Session* session, const Peer& peer);
    // Whether one more may come by this door now; somebody else may have to leave for it.
    [[nodiscard]] bool hasPlace(bool isLocal);
    // The owners are handed out: one that ends while the lock is held would ask for it again.
    [[nodiscard]] std::vector<std::shared_ptr<Session>> everybody() const;
    [[nodiscard]] std::chrono::milliseconds patience() const { return options_.patience; }

    std::atomic<bool> stopping = false;
    std::function<void()> onLeave;  // set before the first connection

private:
    [[nodiscard]] WebResponse handle(const WebRequest& request) const;
    [[nodiscard]] WebResponse askAgain(const WebRequest& login, WebResponse refusal) const;
    [[nodiscard]] std::optional<WebResponse> overLimit(const AccessRules& rules,
                                                       const WebRequest& request);

    WebServer::Handler handler_;
    WebServer::Options options_;
    Admission admission_;
    Guarded<TokenBucket> requests_;
    struct Doors {
        Seats tcp;
        Seats local;
        Seats& of(bool isLocal) { return isLocal ? local : tcp; }
    };
    mutable Guarded<Doors> doors_;
    SlowLane slowLane_;  // last: its jobs use the others
};

}  // namespace driftkeeper
