#pragma once

#include <string>
#include <string_view>

#include "parsers/text/secret_mask.hpp"

namespace driftkeeper {

// The text without what may be a secret in the URLs in it; `mark` stands in its place. An empty
// mark: no user part, query and fragment at all.
//
// - All before the last '@' of a URL's authority: a password, or a token in the place of the user.
// A password may hold
//   "/?#@:" although it should not: when in doubt more of the URL goes. Only ssh://USER@ without a
//   password stays.
// - The values of its query and of a fragment with values, but for `ref`: signatures and tokens are
// sent there.
//
// git@host:path has no password, and an address of mail is no URL: both stay.
std::string withoutUrlSecrets(std::string_view text, std::string_view mark = "***");

// The same for a value that somebody compares: only what is a secret for sure goes, and the rest of
// the URL stays readable. Passwords, users without one (but for ssh), what a signed query signs
// with, parameters with names of secrets, and the paths of webhooks.
std::string withoutUrlSecrets(std::string_view text, const SecretMask& mask);

}  // namespace driftkeeper
