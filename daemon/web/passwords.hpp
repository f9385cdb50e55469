#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "daemon/base/guarded.hpp"

namespace driftkeeper {

// Passwords against bcrypt hashes. One comparison costs what the hash says (cost 10: about 70 ms),
// so what was right before is remembered, by a keyed digest over user, hash and password together:
// another hash or user is another entry. What was wrong is never remembered. Thread-safe.
class Passwords {
public:
    using Users = std::map<std::string, std::string>;  // name -> hash

    Passwords();

    // True: isRight answers yes, and at once.
    [[nodiscard]] bool isKnown(const Users& users, const std::string& user,
                               std::string_view password) const;

    // For a user that does not exist it takes as long as for one that does.
    [[nodiscard]] bool isRight(const Users& users, const std::string& user,
                               std::string_view password);

private:
    [[nodiscard]] std::string entry(const std::string& user, const std::string& hash,
                                    std::string_view password) const;

    std::string key_;
    Guarded<std::deque<std::string>> known_;  // the latest ones
};

}  // namespace driftkeeper
