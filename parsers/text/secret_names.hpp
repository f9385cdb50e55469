#pragma once

#include <string_view>

namespace driftkeeper {

// True for the names of what must not be shown, in any spelling: db_password, apiKey, tls.key,
// connection-string, --token, STRIPE_KEY. Not for what only names, describes or limits a secret
// (key_name, kms_key_id, token_ttl, secretRef), nor for public_key or monkey.
bool looksSecret(std::string_view name);

// True for the names of what says where a secret lies or how it is handled: secretName, key,
// valueFrom, mountPath, version.
bool isReference(std::string_view name);

}  // namespace driftkeeper
