#include "parsers/hcl/lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "parsers/text/ascii.hpp"
#include "parsers/text/utf8.hpp"

namespace driftkeeper::hcl {
namespace {

constexpr std::size_t deepest = 256;

bool isNameStart(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalpha(byte) != 0 || c == '_' || byte >= 0x80;
}

bool isNamePart(char c) noexcept {
    return isNameStart(c) || isDigit(c) || c == '-';
}

struct Level {
    enum class Kind : std::uint8_t { Bracket, Quote, Heredoc, Template } kind;
    char closer = 0;          // of a bracket
    std::string_view marker;  // of a heredoc
};

class Lexer {
public:
    Lexer(std::string_view text, StartIn start) : text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        // Without a closing quote of its own the level lasts until the end of the text.
        if (start == StartIn::Template) levels_.push_back({Level::Kind::Heredoc, 0, {}});
        startsInTemplate_ = start == StartIn::Template;
    }

    Tokens run() {
        while (at_ < text_.size() && !tooDeep_) step();
        tokens_.broken =
            tokens_.broken || tooDeep_ || levels_.size() > (startsInTemplate_ ? 1U : 0U);
        return std::move(tokens_);
    }

private:
    [[nodiscard]] bool sees(std::string_view word) const noexcept {
        return text_.substr(at_).starts_with(word);
    }
    [[nodiscard]] bool in(Level::Kind kind) const noexcept {
        return !levels_.empty() && levels_.back().kind == kind;
    }

    void emit(TokenKind kind, std::size_t length) {
        tokens_.list.push_back(
            {kind, static_cast<std::uint16_t>(levels_.size()), text_.substr(at_, length)});
        at_ += length;
    }

    void open(Level level) {
        tooDeep_ = levels_.size() >= deepest;
        if (!tooDeep_) levels_.push_back(level);
    }

    void step() {
        if (in(Level::Kind::Quote)) return quoted();
        if (in(Level::Kind::Heredoc)) return heredoc();
        code();
    }

    void code() {
        const char c = text_[at_];
        if (c == '\n') return emit(TokenKind::Newline, 1);
        if (c == ' ' || c == '\t' || c == '\r') {
            ++at_;
        } else if (c == '#' || sees("//")) {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (sees("/*")) {
            blockComment();
        } else if (c == '"') {
            emit(TokenKind::QuoteOpen, 1);
            open({Level::Kind::Quote, 0, {}});
        } else if (isNameStart(c)) {
            emit(TokenKind::Identifier, lengthOf(isNamePart));
        } else if (isDigit(c)) {
            number();
        } else if (!heredocOpen()) {
            punctuation();
        }
    }

    void blockComment() {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) tokens_.broken = true;
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
    }

    template <class Predicate>
    [[nodiscard]] std::size_t lengthOf(Predicate fits) const {
        const auto rest = text_.substr(at_);
        return static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), fits) -
                                        rest.begin());
    }

    void number() {
        // a.0.b: after a dot only the digits belong to the index.
        const bool index = !tokens_.list.empty() && tokens_.list.back().is('.');
        std::size_t length = lengthOf(isDigit);
        const auto character = [&](std::size_t offset) {
            return at_ + offset < text_.size() ? text_[at_ + offset] : '\0';
        };
        if (!index && character(length) == '.' && isDigit(character(length + 1))) {
            ++length;
            while (isDigit(character(length))) ++length;
        }
        if (!index && (character(length) == 'e' || character(length) == 'E')) {
            const std::size_t sign =
                character(length + 1) == '+' || character(length + 1) == '-' ? 2 : 1;
            if (isDigit(character(length + sign))) {
                length += sign;
                while (isDigit(character(length))) ++length;
            }
        }
        emit(TokenKind::Number, length);
    }

    bool heredocOpen() {
        if (!sees("<<")) return false;
        std::size_t begin = at_ + 2;
        if (begin < text_.size() && text_[begin] == '-') ++begin;
        std::size_t end = begin;
        while (end < text_.size() && isNamePart(text_[end])) ++end;
        const auto lineEnd = text_.find('\n', end);
        if (end == begin || lineEnd == std::string_view::npos) return false;
        if (text_.substr(end, lineEnd - end).find_first_not_of(" \t\r") != std::string_view::npos)
            return false;
        emit(TokenKind::HeredocOpen, lineEnd + 1 - at_);
        open({Level::Kind::Heredoc, 0, text_.substr(begin, end - begin)});
        return true;
    }

    void punctuation() {
        static constexpr std::array<std::string_view, 9> longOnes{
            "...", "==", "=>", "!=", "<=", ">=", "&&", "||", "::"};
        for (const auto word : longOnes) {
            if (sees(word)) return emit(TokenKind::Punctuation, word.size());
        }
        const char c = text_[at_];
        switch (c) {
            case '{':
                return bracket('}');
            case '[':
                return bracket(']');
            case '(':
                return bracket(')');
            case '}':
            case ']':
            case ')':
                return close(c);
            default:
                break;
        }
        if (std::string_view("=.,:?!+-*/%<>").find(c) != std::string_view::npos)
            return emit(TokenKind::Punctuation, 1);
        tokens_.broken = true;
        ++at_;
    }

    void bracket(char closer) {
        emit(TokenKind::Punctuation, 1);
        open({Level::Kind::Bracket, closer, {}});
    }

    // A brace also ends round and square brackets that were left open, so that the next block is
    // read again.
    void close(char c) {
        if (c == '}') {
            while (in(Level::Kind::Bracket) && levels_.back().closer != '}') {
                levels_.pop_back();
                tokens_.broken = true;
            }
        }
        if (c == '}' && in(Level::Kind::Template)) {
            levels_.pop_back();
            return emit(TokenKind::TemplateClose, 1);
        }
        if (in(Level::Kind::Bracket) && levels_.back().closer == c) {
            levels_.pop_back();
            return emit(TokenKind::Punctuation, 1);
        }
        tokens_.broken = true;
        if (c == '}') return emit(TokenKind::Punctuation, 1);
        ++at_;
    }

    // The length of a template's literal text from here: up to what ends it, escapes of the
    // introducers included.
    [[nodiscard]] std::size_t literalLength(bool inQuote) const {
        std::size_t end = at_;
        while (end < text_.size()) {
            const char c = text_[end];
            const auto rest = text_.substr(end);
            if (rest.starts_with("$${") || rest.starts_with("%%{")) {
                end += 3;
            } else if (rest.starts_with("${") || rest.starts_with("%{")) {
                break;
            } else if (inQuote && (c == '"' || c == '\n')) {
                break;
            } else if (inQuote && c == '\\' && end + 1 < text_.size() && text_[end + 1] != '\n') {
                end += 2;
            } else {
                ++end;
                if (!inQuote && c == '\n') break;
            }
        }
        return end - at_;
    }

    bool templateOpen() {
        if (!sees("${") && !sees("%{")) return false;
        const bool trims = at_ + 2 < text_.size() && text_[at_ + 2] == '~';
        emit(TokenKind::TemplateOpen, trims ? 3 : 2);
        open({Level::Kind::Template, 0, {}});
        return true;
    }

    void quoted() {
        if (templateOpen()) return;
        const char c = text_[at_];
        if (c == '"') {
            levels_.pop_back();
            return emit(TokenKind::QuoteClose, 1);
        }
        if (c == '\n') {  // a quoted string cannot go on in the next line
            tokens_.broken = true;
            levels_.pop_back();
            return emit(TokenKind::QuoteClose, 0);
        }
        emit(TokenKind::Text, literalLength(true));
    }

    void heredoc() {
        if (const auto marker = levels_.back().marker;
            !marker.empty() && atLineStart() && closesHeredoc(marker))
            return;
        if (!templateOpen()) emit(TokenKind::Text, literalLength(false));
    }

    [[nodiscard]] bool atLineStart() const noexcept { return at_ == 0 || text_[at_ - 1] == '\n'; }

    bool closesHeredoc(std::string_view marker) {
        const auto begin = text_.find_first_not_of(" \t", at_);
        if (begin == std::string_view::npos || !text_.substr(begin).starts_with(marker))
            return false;
        const auto after = text_.substr(begin + marker.size());
        const auto rest = after.substr(0, std::min(after.find('\n'), after.size()));
        if (rest.find_first_not_of(" \t\r") != std::string_view::npos) return false;
        at_ = begin;
        levels_.pop_back();
        emit(TokenKind::HeredocClose, marker.size());
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Level> levels_;
    Tokens tokens_;
    bool tooDeep_ = false;
    bool startsInTemplate_ = false;
};

std::optional<std::uint32_t> codePoint(std::string_view digits, std::size_t count) {
    if (digits.size() < count) return std::nullopt;
    std::uint32_t point = 0;
    for (const char c : digits.substr(0, count)) {
        if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
        point =
            point * 16 + static_cast<std::uint32_t>(isDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return std::nullopt;
    return point;
}

// Appends what the escape at the start of `text` stands for; returns its length, 0 when it is none.
std::size_t appendEscape(std::string& out, std::string_view text) {
    if (text.starts_with("$${") || text.starts_with("%%{")) {
        out += text.substr(1, 2);
        return 3;
    }
    if (text.size() < 2 || text[0] != '\\') return 0;
    static constexpr std::string_view names = "nrt\"\\";
    static constexpr std::string_view values = "\n\r\t\"\\";
    if (const auto found = names.find(text[1]); found != std::string_view::npos) {
        out += values[found];
        return 2;
    }
    if (text[1] != 'u' && text[1] != 'U') return 0;
    const std::size_t digits = text[1] == 'u' ? 4 : 8;
    const auto point = codePoint(text.substr(2), digits);
    if (!point) return 0;
    appendUtf8(out, *point);
    return 2 + digits;
}

}  // namespace

Tokens tokenize(std::string_view text, StartIn start) {
    return Lexer(text, start).run();
}

std::string unescaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t length = appendEscape(out, text);
        if (length == 0) {
            out += text[0];
            length = 1;
        }
        text.remove_prefix(length);
    }
    return out;
}

}  // namespace driftkeeper::hcl
