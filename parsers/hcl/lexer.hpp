#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::hcl {

enum class TokenKind : std::uint8_t {
    Identifier,
    Number,
    Punctuation,  // operators and brackets, longest match
    Newline,
    QuoteOpen,
    QuoteClose,
    HeredocOpen,   // <<MARK and the rest of its line
    HeredocClose,  // MARK
    Text,          // the literal part of a quoted template or heredoc, as written
    TemplateOpen,  // ${ or %{, with ~ when written
    TemplateClose
};

struct Token {
    TokenKind kind;
    std::uint16_t depth;  // brackets, quotes, heredocs and templates that are open around it
    std::string_view text;

    [[nodiscard]] bool is(char punctuation) const noexcept {
        return kind == TokenKind::Punctuation && text.size() == 1 && text[0] == punctuation;
    }
};

// The tokens of a text, comments and blanks left out. They point into the text.
struct Tokens {
    std::vector<Token> list;
    bool broken = false;  // a character that fits nowhere, an end that is missing, more than 256
                          // levels (reading ends there)
};

enum class StartIn { Body, Template };

// Linear in the text, not recursive. In Template the whole text is the inside of a quoted template
// without an end.
Tokens tokenize(std::string_view text, StartIn start = StartIn::Body);

// A Text token of a quoted template with its escapes (\n \" \u00e9 $${ %%{) resolved. Unknown
// escapes stay as written.
std::string unescaped(std::string_view text);

}  // namespace driftkeeper::hcl
