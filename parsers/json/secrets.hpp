#pragma once

#include <string>
#include <string_view>

#include "parsers/json/json.hpp"
#include "parsers/text/secret_mask.hpp"

// The one scanner for secrets: whatever a provider shows of values and messages passes it.
namespace driftkeeper {

// The text without what is a secret in it by its name, its place or its looks: a document in JSON
// (also inside of another one), YAML, dotenv, properties or words of a command line; URLs; private
// keys; tokens. The rest stays readable. Linear in the size of the text.
std::string withoutSecrets(std::string_view text, const SecretMask& mask);

// Replaces every secret of a value: {"redacted":MASK} for what is one as a whole. Booleans are
// none. `data` and `stringData` of a Secret of Kubernetes are secrets whatever their names are.
void hideSecrets(Json& value, const SecretMask& mask);

// True for a text that is nothing but a secret by its looks. False for one of more than 4 KiB,
// which nobody shows (ValueTags).
bool isSecret(const Json& value);

// True when the item of a list or an object at `index` is a secret by its place: below a secret
// name, beside one ({name: DB_PASSWORD, value: …}), behind a flag (["--password", …]).
bool isSecretPlace(const Json& parent, std::size_t index);

// True for {"redacted":MASK}.
bool isRedacted(const Json& value) noexcept;

}  // namespace driftkeeper
