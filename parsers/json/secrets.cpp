#include "parsers/json/secrets.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "parsers/text/ascii.hpp"
#include "parsers/text/secret_names.hpp"
#include "parsers/text/secret_settings.hpp"
#include "parsers/text/secret_shapes.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper {
namespace {

constexpr int mostLevels = 8;  // of documents inside documents
constexpr int mostRounds = 6;
constexpr std::size_t shortestSecret = 4;
constexpr std::size_t longestTested = 4096;

// `levels`: how many documents may still stand inside of each other.
std::string textWithout(std::string_view text, const SecretMask& mask, int levels);

class Hiding {
public:
    Hiding(const SecretMask& mask, int levels) : mask_(mask), levels_(levels) {}

    void below(Json& value, bool isSecretAbove) {
        if (isRedacted(value)) return;
        if (value.isObject() && value["kind"].string() == "Secret") hideData(value);
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const bool isNamed = isSecretPlace(value, i);
            const bool isPlain = value.isObject() && isReference(value.keys[i]) && !isNamed;
            if (isNamed && value.items[i].isScalar())
                hide(value.items[i]);
            else
                below(value.items[i], !isPlain && (isSecretAbove || isNamed));
        }
        if (value.isString()) text(value, isSecretAbove);
    }

    [[nodiscard]] bool hasChanged() const noexcept { return hasChanged_; }

private:
    void hide(Json& value) {
        const bool isDone = isRedacted(value) || isMasked(value.text);
        const bool isEmpty = value.isNull() || (value.isString() && value.text.empty());
        if (isDone || isEmpty || value.kind == Json::Kind::Bool) return;
        hasChanged_ = true;
        Json tag{Json::Kind::String, {}, {}, {}};
        tag.text = mask_(value.isString() ? value.text : canonicalText(value));
        value = Json{Json::Kind::Object, {}, {"redacted"}, {std::move(tag)}};
    }

    void hideData(Json& secret) {
        for (std::size_t i = 0; i < secret.keys.size(); ++i) {
            if (secret.keys[i] != "data" && secret.keys[i] != "stringData") continue;
            if (!secret.items[i].isObject()) hide(secret.items[i]);
            for (Json& value : secret.items[i].items) hide(value);
        }
    }

    void text(Json& value, bool isSecretAbove) {
        if (isSecretAbove) return hide(value);
        auto without = textWithout(value.text, mask_, levels_);
        if (without == value.text) return;
        if (isMasked(without)) return hide(value);
        hasChanged_ = true;
        value.text = std::move(without);
    }

    const SecretMask& mask_;
    int levels_;
    bool hasChanged_ = false;
};

bool looksLikeJson(std::string_view text) {
    const auto inside = trimmed(text);
    return (inside.starts_with('{') && inside.ends_with('}')) ||
           (inside.starts_with('[') && inside.ends_with(']'));
}

// Nullopt for what is no document.
std::optional<std::string> documentWithout(std::string_view text, const SecretMask& mask,
                                           int levels) {
    if (levels == 0 || !looksLikeJson(text)) return std::nullopt;
    auto document = readJson(text);
    if (!document) return std::nullopt;
    Hiding hiding(mask, levels - 1);
    hiding.below(*document, false);
    return hiding.hasChanged() ? canonicalText(*document) : std::string(text);
}

// Until nothing changes: a mask is text as well, and what broke a document may be gone.
std::string textWithout(std::string_view text, const SecretMask& mask, int levels) {
    std::string result(text);
    for (int round = 0; round < mostRounds && result.size() >= shortestSecret; ++round) {
        auto without = documentWithout(result, mask, levels);
        if (!without)
            without = withoutSecretSettings(
                withoutUrlSecrets(withoutSecretShapes(result, mask), mask), mask);
        if (*without == result) break;
        result = *std::move(without);
    }
    return result;
}

bool isFlagBefore(const Json& list, std::size_t index) {
    const auto before = index == 0 ? std::string_view() : list.items[index - 1].string();
    return before.find('=') == std::string_view::npos && isSecretFlag(before);
}

bool isValueOfPair(const Json& pair, std::size_t index) {
    if (!isPairValue(pair.keys[index])) return false;
    for (std::size_t i = 0; i < pair.keys.size(); ++i)
        if (isPairName(pair.keys[i]) && looksSecret(pair.items[i].string())) return true;
    return false;
}

}  // namespace

std::string withoutSecrets(std::string_view text, const SecretMask& mask) {
    return textWithout(text, mask, mostLevels);
}

void hideSecrets(Json& value, const SecretMask& mask) {
    Hiding(mask, mostLevels).below(value, false);
}

bool isSecret(const Json& value) {
    return value.isString() && value.text.size() <= longestTested &&
           isMasked(withoutSecrets(value.text, stars()));
}

bool isSecretPlace(const Json& parent, std::size_t index) {
    if (parent.isArray()) return isFlagBefore(parent, index);
    return looksSecret(parent.keys[index]) || isValueOfPair(parent, index);
}

bool isRedacted(const Json& value) noexcept {
    return value.isObject() && value.keys.size() == 1 && value.keys[0] == "redacted" &&
           isMasked(value.items[0].string());
}

}  // namespace driftkeeper
