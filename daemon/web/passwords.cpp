#include "daemon/web/passwords.hpp"

#include <crypt.h>

#include <algorithm>
#include <memory>

#include "daemon/base/random.hpp"
#include "daemon/web/keyed_digest.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostKnown = 100;
constexpr std::size_t longestPassword = 1024;

bool matches(const std::string& hash, std::string_view password) {
    const auto room = std::make_unique<crypt_data>();  // 32 KiB
    const std::string text(password.substr(0, longestPassword));
    const char* made = crypt_r(text.c_str(), hash.c_str(), room.get());
    return made != nullptr && made[0] != '*' && sameSecret(made, hash);
}

// A hash of the same cost as one of the users', for nobody's password.
std::string nobodysHash(const Passwords::Users& users) {
    return users.begin()->second.substr(0, 7) + std::string(53, '.');
}

}  // namespace

Passwords::Passwords() : key_(randomBytes(32)) {}

std::string Passwords::entry(const std::string& user, const std::string& hash,
                             std::string_view password) const {
    return keyedDigest(key_, {user, hash, password});
}

bool Passwords::isKnown(const Users& users, const std::string& user,
                        std::string_view password) const {
    const auto found = users.find(user);
    if (found == users.end()) return false;
    const auto wanted = entry(user, found->second, password);
    return known_.with(
        [&](const auto& known) { return std::ranges::find(known, wanted) != known.end(); });
}

bool Passwords::isRight(const Users& users, const std::string& user, std::string_view password) {
    if (users.empty()) return false;
    if (isKnown(users, user, password)) return true;
    const auto found = users.find(user);
    const bool matched =
        matches(found == users.end() ? nobodysHash(users) : found->second, password);
    if (!matched || found == users.end() || password.size() > longestPassword) return false;
    known_.with([&](auto& known) {
        known.push_front(entry(user, found->second, password));
        if (known.size() > mostKnown) known.pop_back();
    });
    return true;
}

}  // namespace driftkeeper
