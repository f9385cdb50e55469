#pragma once

#include "parsers/json/json.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::kubernetes {

// Replaces every secret of an object by {"redacted":"hmac:…"}: data and stringData of a Secret;
// strings below secret-looking names that are no references; values of list items whose `name`
// looks secret (env); command words like
// --password=…; texts with secret-looking settings in a line, and URLs with a password.
void maskSecrets(Json& object, const ValueTags& tags);

// True for what maskSecrets put there.
bool isRedacted(const Json& value) noexcept;

}  // namespace driftkeeper::kubernetes
