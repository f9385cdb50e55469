#pragma once

#include <string>
#include <string_view>

#include "parsers/json/json.hpp"
#include "parsers/text/secret_mask.hpp"

namespace driftkeeper {

// Replaces values that must not be shown by keyed tags: equal values get equal tags, and
// nothing can be learnt from a tag without the key of this installation. Immutable, safe to
// share between threads.
class ValueTags {
public:
    // `key`: any bytes; 32 random ones are meant.
    explicit ValueTags(std::string key);

    // hmac:HEX16 of a canonical JSON text.
    [[nodiscard]] std::string tag(std::string_view canonicalJson) const;

    // {"redacted":"hmac:…"}; null stays null: that a secret is not set is no secret.
    [[nodiscard]] std::string redacted(const Json& value) const;

    // The canonical text without secrets (hideSecrets), or {"digest":"hmac:…","bytes":N} when it is
    // longer than 4 KiB.
    [[nodiscard]] std::string shown(const Json& value) const;

    // Puts the tag of a text in its place. Refers to this object.
    [[nodiscard]] SecretMask mask() const;

private:
    std::string key_;
};

}  // namespace driftkeeper
