#include "parsers/terraform/sensitivity.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace driftkeeper::terraform {
namespace {

constexpr std::array<std::string_view, 20> secretWords = {
    "password", "passwords", "passwd",      "passphrase", "pwd",       "secret",     "secrets",    "token",    "tokens",   "credential",
    "credentials", "apikey", "privatekey", "accesskey",  "secretkey", "connstr", "authkey", "sharedkey", "signingkey", "pat"};

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

bool isUpper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool isWordCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || isUpper(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
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

void Sensitivity::add(const Json& mask) {
    if (mask.isTrue()) all_ = true;
    if (mask.isObject())
        for (std::size_t i = 0; i < mask.items.size(); ++i) {
            const auto& item = mask.items[i];
            if (item.isTrue() || item.isObject() || item.isArray()) keys_[mask.keys[i]].add(item);
        }
    if (!mask.isArray()) return;
    for (const auto& item : mask.items) {
        if (!item.isTrue() && item.items.empty()) continue;
        if (!element_) element_ = std::make_unique<Sensitivity>();
        element_->add(item);
    }
}

const Sensitivity* Sensitivity::key(std::string_view name) const noexcept {
    const auto it = keys_.find(name);
    return it == keys_.end() ? nullptr : &it->second;
}

bool looksSecret(std::string_view name) {
    const auto words = wordsOf(name);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (std::ranges::find(secretWords, words[i]) != secretWords.end()) return true;
        if (i + 1 == words.size()) continue;
        const auto isPair = [&](const auto& pair) { return pair.first == words[i] && pair.second == words[i + 1]; };
        if (std::ranges::any_of(secretPairs, isPair)) return true;
    }
    return false;
}

bool holdsSecret(const Json& value, const Sensitivity* mask) {
    if (mask != nullptr && mask->hidesAll()) return true;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (value.isObject() && looksSecret(value.keys[i])) return true;
        const auto* below = mask == nullptr ? nullptr : value.isObject() ? mask->key(value.keys[i]) : mask->element();
        if (holdsSecret(value.items[i], below)) return true;
    }
    return false;
}

}  // namespace driftkeeper::terraform
