#pragma once

#include <map>
#include <optional>
#include <string>

#include "daemon/base/guarded.hpp"
#include "daemon/web/buckets.hpp"

namespace driftkeeper {

// Who logged in with a browser. Kept in memory only: a restart ends all of them. 12 hours, at most
// 1000; the oldest goes first. The cookie's value is 32 random bytes, of which only a keyed digest
// is kept. Thread-safe.
class Sessions {
public:
    // The credential that was shown: it has to be one still when the session is used.
    struct Holder {
        std::string credential;   // user:NAME or token:NAME
        std::string fingerprint;  // of its secret
        bool operator==(const Holder&) const = default;
    };

    Sessions();

    // The cookie's value.
    [[nodiscard]] std::string open(Holder holder, SteadyTime now);
    [[nodiscard]] std::optional<Holder> find(const std::string& cookie, SteadyTime now) const;
    void close(const std::string& cookie);

    // What a form of this caller has to send back; `who` is a cookie's value, or a name.
    [[nodiscard]] std::string csrf(const std::string& who) const;

private:
    struct Entry {
        Holder holder;
        SteadyTime opened;
    };
    std::string key_;
    Guarded<std::map<std::string, Entry>> entries_;  // by the digest of the cookie
};

}  // namespace driftkeeper
