#pragma once

#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace driftkeeper::tests {

// What keeps a text from being a sentence for operators; empty: nothing does.
inline std::string whyNoSentence(std::string_view text) {
    constexpr std::array<std::string_view, 14> odd = {
        "tell",   "tells", "told", "say",   "says",  "said", "mend",
        "mended", "anew",  "peer", "peers", "stead", "TODO", "none that"};
    if (text.empty()) return "it is empty";
    if (text.size() > 200) return "it is longer than 200 characters";
    if (!text.ends_with('.') || text.ends_with("..")) return "it does not end with a full stop";
    for (const auto word : odd)
        for (auto at = text.find(word); at != std::string_view::npos;
             at = text.find(word, at + 1)) {
            const auto isLetter = [&](std::size_t i) {
                return i < text.size() && std::isalpha(static_cast<unsigned char>(text[i])) != 0;
            };
            if (!(at > 0 && isLetter(at - 1)) && !isLetter(at + word.size()))
                return "odd word: " + std::string(word);
        }
    return {};
}

}  // namespace driftkeeper::tests
