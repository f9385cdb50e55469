#include "parsers/text/secret_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace secret_names {
namespace {

using Word = std::string_view;

constexpr std::size_t longest = 128;  // of a name; only the end of a longer one counts
constexpr std::size_t mostWords = 32;

// Secret wherever they stand in a name.
constexpr std::array<Word, 24> secretWords = {
    "password", "passwords", "passwd",    "passphrase",       "passcode",   "pwd",
    "secret",   "secrets",   "token",     "tokens",           "credential", "credentials",
    "creds",    "apikey",    "apikeys",   "privatekey",       "accesskey",  "secretkey",
    "connstr",  "authkey",   "dockercfg", "dockerconfigjson", "kubeconfig", "connectionstring",
};

// Secret as the last word: in front of others they are adjectives (auth_type, cookie_name).
constexpr std::array<Word, 24> secretEnds = {
    "auth",   "auths",    "authorization", "bearer",      "cookie",     "cookies",
    "pass",   "psk",      "sas",           "dsn",         "jwt",        "jwts",
    "pat",    "htpasswd", "secretid",      "sharedkey",   "signingkey", "sshkey",
    "tlskey", "sslkey",   "masterkey",     "requirepass", "masterauth", "pgpass",
};

// A word may be run together with others: dbpassword, rootpasswd.
constexpr std::array<Word, 7> secretTails = {"password", "passwd", "passphrase", "secret",
                                             "token",    "apikey", "credentials"};

// Words before "key" that make it a secret.
constexpr std::array<Word, 31> secretKeys = {
    "api",       "private",    "access",      "secret",      "account", "auth",         "shared",
    "signing",   "encryption", "master",      "ssh",         "tls",     "ssl",          "rsa",
    "client",    "server",     "ca",          "license",     "storage", "subscription", "function",
    "deploy",    "app",        "application", "integration", "session", "hmac",         "jwt",
    "bootstrap", "pem",        "cipher",
};

// What an upper-case name (an environment variable) may call a key without being secret.
constexpr std::array<Word, 18> plainKeys = {
    "public", "primary", "foreign", "partition", "sort",  "hash", "range",   "kms",   "routing",
    "cache",  "s3",      "object",  "state",     "group", "row",  "session", "index", "unique"};

constexpr std::array<std::array<Word, 2>, 8> secretPairs = {{
    {"connection", "string"},
    {"connection", "strings"},
    {"conn", "str"},
    {"webhook", "url"},
    {"webhook", "uri"},
    {"sas", "url"},
    {"sas", "uri"},
    {"key", "data"},
}};

// A name that ends so speaks about a secret.
constexpr std::array<Word, 76> aboutWords = {
    "name",      "names",     "id",        "ids",         "arn",        "arns",     "ref",
    "refs",      "reference", "version",   "versions",    "type",       "types",    "kind",
    "ttl",       "lifetime",  "expiry",    "expires",     "expiration", "expired",  "age",
    "length",    "size",      "min",       "max",         "count",      "limit",    "policy",
    "policies",  "rotation",  "required",  "enabled",     "disabled",   "optional", "format",
    "algorithm", "audience",  "audiences", "issuer",      "scope",      "scopes",   "mode",
    "period",    "days",      "hours",     "minutes",     "seconds",    "timeout",  "interval",
    "retention", "usage",     "provider",  "store",       "manager",    "backend",  "engine",
    "method",    "location",  "region",    "namespace",   "label",      "labels",   "description",
    "group",     "path",      "paths",     "endpoint",    "endpoints",  "prefix",   "suffix",
    "from",      "url",       "uri",       "fingerprint", "thumbprint", "requests",
};
constexpr std::array<Word, 4> referenceWords = {"key", "verbs", "resources", "image"};

bool isUpper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
bool isWordCharacter(char c) noexcept {
    return isLetterOrDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

template <std::size_t size>
bool holds(const std::array<Word, size>& list, Word word) {
    return std::ranges::find(list, word) != list.end();
}

// The words of a name in snake_case, kebab-case, camelCase or dotted, in lower case and without the
// numbers at their ends (password2). No allocation: texts are full of names.
class Words {
public:
    explicit Words(std::string_view name) {
        name = name.substr(name.size() - std::min(name.size(), longest));
        std::size_t begin = 0;
        for (std::size_t i = 0; i < name.size(); ++i) {
            letters_[i] = lowered(name[i]);
            hasLower_ = hasLower_ || (isLetter(name[i]) && !isUpper(name[i]));
            if (isWordCharacter(name[i]) && !begins(name, i)) continue;
            add(begin, i);
            begin = isWordCharacter(name[i]) ? i : i + 1;
        }
        add(begin, name.size());
    }
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] Word operator[](std::size_t i) const noexcept { return words_[i]; }
    // Counted from the end; empty in front of the first one.
    [[nodiscard]] Word last(std::size_t back = 0) const noexcept {
        return back < count_ ? words_[count_ - 1 - back] : Word();
    }
    [[nodiscard]] bool isUpperCase() const noexcept { return !hasLower_; }

private:
    // camelCase: a capital behind a small letter, or the last of several before a small one.
    static bool begins(std::string_view name, std::size_t i) {
        if (i == 0 || !isUpper(name[i]) || !isLetter(name[i - 1])) return false;
        if (!isUpper(name[i - 1])) return true;
        return i + 1 < name.size() && isLetter(name[i + 1]) && !isUpper(name[i + 1]);
    }

    void add(std::size_t begin, std::size_t end) {
        auto last = end;
        while (last > begin && isDigit(letters_[last - 1])) --last;
        if (last == begin || count_ == mostWords) return;
        if (last - begin < 3) last = end;  // s3
        words_[count_++] = Word(letters_.data() + begin, last - begin);
    }

    std::array<char, longest> letters_;
    std::array<Word, mostWords> words_{};
    std::size_t count_ = 0;
    bool hasLower_ = false;
};

bool isSecretWord(Word word) {
    return holds(secretWords, word) ||
           std::ranges::any_of(secretTails, [&](Word tail) { return word.ends_with(tail); });
}

bool isSecretEnd(Word first, Word second) {
    return std::ranges::any_of(
        secretPairs, [&](const auto& pair) { return pair[0] == first && pair[1] == second; });
}

bool isSecretPair(Word first, Word second) {
    return ((second == "key" || second == "keys") && holds(secretKeys, first)) ||
           isSecretEnd(first, second);
}

// STRIPE_KEY
bool isVariableOfKey(const Words& words) {
    return words.isUpperCase() && words.size() >= 2 && words.last() == "key" &&
           !holds(plainKeys, words.last(1));
}

bool holdsSecretWord(const Words& words) {
    if (words.size() == 0) return false;
    if (holds(secretEnds, words.last()) || isVariableOfKey(words)) return true;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (isSecretWord(words[i])) return true;
        if (i + 1 < words.size() && isSecretPair(words[i], words[i + 1])) return true;
    }
    return false;
}

// An AppRole's secret_id is a password, and access_key_id is one half of a key.
bool isSecretId(const Words& words) {
    return words.last() == "id" &&
           (words.last(1) == "secret" || (words.last(1) == "key" && words.last(2) == "access"));
}

}  // namespace
}  // namespace secret_names

bool looksSecret(std::string_view name) {
    using namespace secret_names;
    const Words words(name);
    if (!holdsSecretWord(words)) return false;
    return !holds(aboutWords, words.last()) || isSecretEnd(words.last(1), words.last()) ||
           isSecretId(words);
}

bool isReference(std::string_view name) {
    using namespace secret_names;
    const Words words(name);
    return holds(aboutWords, words.last()) || holds(referenceWords, words.last());
}

}  // namespace driftkeeper
