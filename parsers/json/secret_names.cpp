#include "parsers/json/secret_names.hpp"
#include "parsers/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace driftkeeper {
namespace {

constexpr std::array<std::string_view, 20> secretWords = {
    "password",  "passwords", "passwd",     "passphrase",  "pwd",        "secret",     "secrets",
    "token",     "tokens",    "credential", "credentials", "apikey",     "privatekey", "accesskey",
    "secretkey", "connstr",   "authkey",    "sharedkey",   "signingkey", "pat"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> secretPairs = {{
    {"api", "key"},
    {"private", "key"},
    {"access", "key"},
    {"secret", "key"},
    {"account", "key"},
    {"auth", "key"},
    {"shared", "key"},
    {"signing", "key"},
    {"encryption", "key"},
    {"master", "key"},
    {"connection", "string"},
    {"connection", "strings"},
}};

bool isUpper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
bool isWordCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || isUpper(c) || isDigit(c) ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The words of snake_case, kebab-case and camelCase, in lower case.
std::vector<std::string> wordsOf(std::string_view name) {
    std::vector<std::string> words(1);
    char before = '_';
    for (const char c : name) {
        const bool begins = isUpper(c) && before >= 'a' && before <= 'z';
        if ((begins || !isWordCharacter(c)) && !words.back().empty()) words.emplace_back();
        if (isWordCharacter(c)) words.back() += isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        before = c;
    }
    return words;
}

}  // namespace

bool looksSecret(std::string_view name) {
    const auto words = wordsOf(name);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (std::ranges::find(secretWords, words[i]) != secretWords.end()) return true;
        if (i + 1 == words.size()) continue;
        const auto isPair = [&](const auto& pair) {
            return pair.first == words[i] && pair.second == words[i + 1];
        };
        if (std::ranges::any_of(secretPairs, isPair)) return true;
    }
    return false;
}

}  // namespace driftkeeper
