#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/access_rules.hpp"
#include "daemon/web/buckets.hpp"
#include "daemon/web/passwords.hpp"
#include "daemon/web/request.hpp"
#include "daemon/web/route.hpp"
#include "daemon/web/sessions.hpp"

namespace driftkeeper {

// The refusal, or the caller of a request that may reach the handler.
struct Admitted {
    std::optional<WebResponse> refusal;
    Caller caller;
};

// Who is answered. A page elsewhere that makes a browser talk to us by a name of its own (DNS
// rebinding) fails at Host, one that posts across origins at Origin, one that rides on a login at
// `csrf`, and everybody else at the credentials that the route needs. A refusal never says which
// part of the credentials was wrong. Thread-safe.
class Admission {
public:
    // Where requests come in, and what is answered beside /login and /logout.
    Admission(const std::string& address, std::uint16_t port, std::vector<WebRoute> routes);

    [[nodiscard]] Admitted judge(const AccessRules& rules, const Peer& peer,
                                 const WebRequest& request, SteadyTime now);

    // The answer of POST /login and POST /logout, for a caller that was admitted; nullopt: anything
    // else. A login that failed is a 401 or a 429.
    [[nodiscard]] std::optional<WebResponse> desk(const AccessRules& rules, const Peer& peer,
                                                  const WebRequest& request, SteadyTime now);

    // Whether the two above take the time of a password (about 100 ms).
    [[nodiscard]] bool isSlow(const AccessRules& rules, const WebRequest& request) const;

private:
    // What the credentials of a request are worth.
    struct Shown {
        enum class Kind { None, Wrong, Right } kind = Kind::None;
        Caller caller;
        bool isAmbient =
            false;  // a browser adds them by itself: forms have to prove where they come from
        std::optional<std::chrono::seconds> wait;  // too many were wrong
    };
    [[nodiscard]] std::optional<WebResponse> wrongPlace(const AccessRules& rules,
                                                        const WebRequest& request) const;
    [[nodiscard]] bool isOurHost(const AccessRules& rules, std::string_view host) const;
    [[nodiscard]] bool isOurOrigin(const AccessRules& rules, std::string_view origin) const;
    [[nodiscard]] Shown shown(const AccessRules& rules, const Peer& peer, const WebRequest& request,
                              SteadyTime now);
    [[nodiscard]] Shown byPassword(const AccessRules& rules, const Peer& peer,
                                   const std::string& user, const std::string& password,
                                   SteadyTime now);
    [[nodiscard]] Shown byToken(const AccessRules& rules, const Peer& peer,
                                const std::string& token, SteadyTime now);
    [[nodiscard]] Shown bySession(const AccessRules& rules, const WebRequest& request,
                                  SteadyTime now) const;
    [[nodiscard]] Shown wrongToken(const Peer& peer, SteadyTime now);
    [[nodiscard]] bool isOurForm(const WebRequest& request, const std::string& csrf) const;
    [[nodiscard]] WebResponse login(const AccessRules& rules, const Peer& peer,
                                    const WebRequest& request, SteadyTime now);

    std::string address_;  // lower case, in brackets when it is one of IPv6
    std::uint16_t port_;
    std::vector<std::string> names_;  // the address and loopback
    std::vector<WebRoute> routes_;
    Passwords passwords_;
    Sessions sessions_;
    FailureLimit failures_;       // of passwords and logins
    FailureLimit tokenFailures_;  // of tokens
};

// A path of ours that a login may lead back to: no other host, no control character. "/" for
// anything else.
std::string localPath(std::string_view text);

}  // namespace driftkeeper
