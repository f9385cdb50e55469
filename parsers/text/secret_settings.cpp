#include "parsers/text/secret_settings.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "parsers/text/ascii.hpp"
#include "parsers/text/quoted.hpp"
#include "parsers/text/secret_names.hpp"

namespace driftkeeper {
namespace secret_settings {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t longestPairName = 256;

bool isName(char c) noexcept {
    return isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool isBlank(char c) noexcept {
    return c == ' ' || c == '\t';
}
bool isLineEnd(char c) noexcept {
    return c == '\n' || c == '\r';
}

// What stands for a value that is somewhere else, or for none.
bool isNoSecret(std::string_view value) {
    constexpr std::array<std::string_view, 6> words = {"", "null", "~", "true", "false", "None"};
    if (isMasked(value) || std::ranges::find(words, value) != words.end()) return true;
    const bool isReferred = (value.starts_with("${") && value.ends_with('}')) ||
                            (value.starts_with("{{") && value.ends_with("}}"));
    return isReferred && std::ranges::all_of(value.substr(2, value.size() - 4), [](char c) {
               return isName(c) || isBlank(c) || c == '{' || c == '}';
           });
}

// auth:1.2.3 is an image.
bool looksLikeVersion(std::string_view text) {
    if (text.starts_with('v')) text.remove_prefix(1);
    const auto digits = text.find_first_not_of("0123456789");
    return digits > 0 && (digits == none || text[digits] == '.');
}

enum class Sign { None, Equals, Colon };

// Walks over a text once and writes it without the values.
class Settings {
public:
    Settings(std::string_view text, const SecretMask& mask) : text_(text), mask_(mask) {}

    std::string written() {
        while (at_ < text_.size()) {
            if (atLineStart_) beginLine();
            if (at_ < text_.size()) step();
        }
        flush();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
    [[nodiscard]] bool isAt(char c) const { return at_ < text_.size() && text_[at_] == c; }

    // What is passed is written later, in one piece.
    void copy(std::size_t count) { at_ = std::min(at_ + count, text_.size()); }
    template <class Is>
    void copyWhile(Is is) {
        while (at_ < text_.size() && is(text_[at_])) ++at_;
    }
    void flush() {
        out_ += text_.substr(written_, at_ - written_);
        written_ = at_;
    }
    void replace(std::size_t length, std::string_view with) {
        flush();
        out_ += with;
        copy(length);
        written_ = at_;
    }
    void hide(std::size_t length) {
        const auto value = text_.substr(at_, length);
        if (isNoSecret(value)) return copy(length);
        replace(length, mask_(value));
    }

    // Indentation and what may stand in front of the first name of a line.
    void beginLine() {
        atLineStart_ = false;
        const auto begin = at_;
        copyWhile(isBlank);
        const auto indent = at_ - begin;
        const bool isItem = rest().starts_with("- ");
        const bool isEmpty = at_ == text_.size() || isLineEnd(text_[at_]);
        const bool isBelow =
            secretBelow_ && (indent > *secretBelow_ || (indent == *secretBelow_ && isItem));
        if (!isEmpty && !isBelow) secretBelow_.reset();
        flow_ = 0;
        while (rest().starts_with("- ")) {
            forgetPair();
            copy(1);
            copyWhile(isBlank);
        }
        indent_ = at_ - begin;  // of the first name
        for (const std::string_view word : {"export ", "set ", "ENV ", "env "})
            if (rest().starts_with(word)) copy(word.size());
        isFirst_ = true;
        if (secretBelow_ && isItem) hideItem();
    }

    // A plain item of a list below a secret name.
    void hideItem() {
        isLine_ = true;
        nameQuote_ = {};
        if (at_ < text_.size() && !isLineEnd(text_[at_]) && !beginsMapping()) hideValue(Sign::None);
    }

    // NAME: or "NAME":
    [[nodiscard]] bool beginsMapping() const {
        const auto quote = openingQuote(rest().substr(0, 64)).size();
        auto end = quote;
        while (end < rest().size() && isName(rest()[end])) ++end;
        end += quote;
        if (end >= rest().size() || rest()[end] != ':') return false;
        const char behind = end + 1 < rest().size() ? rest()[end + 1] : '\n';
        return isBlank(behind) || isLineEnd(behind);
    }

    void step() {
        const char c = text_[at_];
        if (isName(c)) return word();
        if (c == '\n') {
            atLineStart_ = true;
        } else if (c == '{' || c == '[') {
            ++flow_;
        } else if ((c == '}' || c == ']') && flow_ > 0) {
            --flow_;
        }
        if (c == '{' || c == '}') forgetPair();
        if (!isQuote(c) && c != '\\') isFirst_ = isFirst_ && isBlank(c);
        copy(1);
    }

    void word() {
        const char before = at_ == 0 ? '\n' : text_[at_ - 1];
        const auto end = std::ranges::find_if_not(rest(), isName);
        const auto name = rest().substr(0, static_cast<std::size_t>(end - rest().begin()));
        const bool isFirst = std::exchange(isFirst_, false);
        const bool mayTouch = isFirst || isQuote(before) || before == '{' || before == '(';
        copy(name.size());
        if (before == '<' && isAt('>')) return element(name);
        const auto began = at_;
        const auto sign = copySign(mayTouch);
        if (sign == Sign::None) {
            at_ = began;
            if (isSecretFlag(name)) hideFollowing();
            return;
        }
        setting(name, sign, isFirst && flow_ == 0);
    }

    // <password>…<
    void element(std::string_view name) {
        copy(1);
        if (looksSecret(name)) hide(std::min(rest().find('<'), rest().size()));
    }

    // Copies what stands between a name and its value.
    Sign copySign(bool mayTouch) {
        if (at_ == text_.size() || isLineEnd(text_[at_]) || text_[at_] == ',') return Sign::None;
        if (const auto quote = openingQuote(rest().substr(0, 64)); !quote.empty()) {
            nameQuote_ = quote;
            copy(quote.size());
        } else {
            nameQuote_ = {};
            if (isAt(']')) copy(1);
        }
        copyWhile(isBlank);
        if (isAt('=')) return copyEquals();
        if (!isAt(':')) return Sign::None;
        if (rest().starts_with("://") || rest().starts_with("::")) return Sign::None;
        const auto behind = rest().substr(1);
        const bool isApart = behind.empty() || isBlank(behind[0]) || isLineEnd(behind[0]) ||
                             behind[0] == '=' || !openingQuote(behind.substr(0, 64)).empty() ||
                             !nameQuote_.empty();
        if (!isApart && (!mayTouch || looksLikeVersion(behind))) return Sign::None;
        copy(behind.starts_with('=') ? 2 : 1);
        copyWhile(isBlank);
        return Sign::Colon;
    }

    Sign copyEquals() {
        if (rest().starts_with("==")) return Sign::None;
        copy(rest().starts_with("=>") ? 2 : 1);
        copyWhile(isBlank);
        return Sign::Equals;
    }

    void setting(std::string_view name, Sign sign, bool isLine) {
        isLine_ = isLine;
        if (looksSecret(name) || (secretBelow_ && !isReference(name))) return hideValue(sign);
        if (isPairValue(name) && pairIsSecret_) return hideValue(sign);
        if (isPairValue(name)) notePairValue();
        if (isPairName(name)) notePair();
        isFirst_ = false;
    }

    void forgetPair() {
        pairIsSecret_ = false;
        pairValue_.reset();
    }

    // The name of a pair: its value stands behind it, or stood in front of it.
    void notePair() {
        auto value = rest().substr(0, longestPairName);
        value.remove_prefix(openingQuote(value.substr(0, 64)).size());
        const auto end = std::ranges::find_if_not(value, isName);
        pairIsSecret_ = looksSecret(value.substr(0, static_cast<std::size_t>(end - value.begin())));
        if (!pairIsSecret_ || !pairValue_) return;
        flush();
        const std::string behind = out_.substr(*pairValue_);
        out_.resize(*pairValue_);
        Settings value_(behind, mask_);
        value_.isLine_ = behind.find_first_of("\r\n") != std::string::npos;
        value_.hideValue(Sign::Equals);
        value_.at_ = behind.size();
        value_.flush();
        out_ += value_.out_;
        pairValue_.reset();
    }

    void notePairValue() {
        flush();
        pairValue_ = out_.size();
    }

    // What follows a flag: the next word, or the next text of a list.
    void hideFollowing() {
        const auto gap = gapBehindFlag();
        if (gap == 0) return;
        copy(gap);
        if (!isQuote(text_[at_ - 1])) return hideWord();
        auto begin = at_ - 1;
        while (begin > 0 && text_[begin - 1] == '\\') --begin;
        hideInside(text_.substr(begin, at_ - begin));
    }

    // Up to the word that belongs to a flag, with its opening quote; 0: there is none.
    [[nodiscard]] std::size_t gapBehindFlag() const {
        auto gap = rest().find_first_not_of("\\\"'` ,\t\r\n");
        if (gap == none) return 0;
        const auto between = rest().substr(0, gap);
        if (between.find_first_of(" ,\t\n") == none) return 0;
        const bool isBelow = between.find('\n') != none;
        if (isBelow && rest().substr(gap).starts_with("- ")) {
            gap = rest().find_first_not_of("\\\"'` \t", gap + 1);
            if (gap == none) return 0;
        } else if (isBelow && (!isQuote(between.back()) || between.find(',') == none)) {
            return 0;
        }
        if (rest()[gap] == '-' || (isBelow && isNameAt(gap))) return 0;
        return gap;
    }

    // NAME: or "NAME": is no item of a list of words.
    [[nodiscard]] bool isNameAt(std::size_t at) const {
        auto end = std::min(rest().find_first_of(" \t\r\n\"'`,\\:", at), rest().size());
        end = std::min(rest().find_first_not_of("\\\"'` \t", end), rest().size());
        return rest().substr(end).starts_with(':') && !isMasked(rest().substr(at, 21));
    }

    void hideWord() { hide(std::min(rest().find_first_of(" \t\r\n\"'`,"), rest().size())); }

    void hideValue(Sign sign) {
        isFirst_ = false;
        if (const auto quote = openingQuote(rest().substr(0, 64)); !quote.empty())
            return hideQuoted(quote);
        if (isAt('[') || (isAt('{') && !rest().starts_with("{{"))) return hideBrackets();
        if (rest().starts_with("<<")) return hideHeredoc();
        if (rest().empty() || isLineEnd(rest().front())) {
            if (sign == Sign::Colon && isLine_ && !secretBelow_) secretBelow_ = indent_;
            return;
        }
        if (const auto header = blockHeader(rest().substr(0, 8)); sign == Sign::Colon && header > 0)
            return hideBlock(header);
        if (!hideScheme()) hidePlain();
    }

    void hideQuoted(std::string_view quote) {
        copy(quote.size());
        hideInside(quote);
    }

    // Up to the closing quote, and over it. Of several lines the last one goes as a whole: nobody
    // knows whether the quote was meant to be closed there.
    void hideInside(std::string_view quote) {
        auto size = closingQuote(rest(), quote);
        // In YAML a quote inside is written twice.
        while (size != none && quote == "'" && rest().substr(size).starts_with("''")) {
            size = rest().find('\'', size + 2);
        }
        if (size == none) return hide(rest().size());
        if (rest().substr(0, size).find('\n') == none) {
            hide(size);
            return copy(quote.size());
        }
        const auto lines = std::min(rest().find_first_of("\r\n", size), rest().size());
        replace(lines, mask_(rest().substr(0, lines)) + std::string(quote));
    }

    // A document stays one: what was a list becomes a text.
    void hideBrackets() {
        const auto value = rest().substr(0, bracketLength(rest()));
        if (value.size() <= 2 || trimmed(value.substr(1, value.size() - 2)).empty())
            return copy(value.size());
        const std::string quote(nameQuote_.empty() ? std::string_view("\"") : nameQuote_);
        replace(value.size(), quote + mask_(value) + quote);
    }

    // The length of "|-" and the like at the end of a line; 0: it is none.
    static std::size_t blockHeader(std::string_view text) {
        if (!text.starts_with('|') && !text.starts_with('>')) return 0;
        const auto end = std::min(text.find_first_not_of("|>+-0123456789 \t"), text.size());
        return end < text.size() && isLineEnd(text[end]) ? end : 0;
    }

    // The lines that stand deeper than the name.
    void hideBlock(std::size_t header) {
        copy(header);
        copyWhile(isLineEnd);
        const auto body = rest();
        std::size_t size = 0;
        std::size_t inner = 0;
        while (size < body.size()) {
            const auto line = body.substr(size, body.find('\n', size) - size);
            const auto text = std::min(line.find_first_not_of(" \t\r"), line.size());
            if (text < line.size() && text <= indent_) break;
            if (size == 0) inner = text;
            size = std::min(size + line.size() + 1, body.size());
        }
        auto block = body.substr(0, size);
        while (!block.empty() && (isLineEnd(block.back()) || isBlank(block.back())))
            block.remove_suffix(1);
        if (block.empty()) return;
        copy(std::min(inner, block.size()));
        hide(block.size() - std::min(inner, block.size()));
    }

    // <<EOT … EOT
    void hideHeredoc() {
        copy(rest().starts_with("<<-") ? 3 : 2);
        const auto word = rest().substr(0, std::min(rest().find_first_of("\r\n"), rest().size()));
        copy(word.size());
        copyWhile(isLineEnd);
        if (trimmed(word).empty()) return;
        std::size_t size = 0;
        const auto body = rest();
        while (size < body.size()) {
            const auto line = body.substr(size, body.find('\n', size) - size);
            if (trimmed(line) == trimmed(word)) break;
            size = std::min(size + line.size() + 1, body.size());
        }
        auto block = body.substr(0, size);
        while (!block.empty() && isLineEnd(block.back())) block.remove_suffix(1);
        hide(block.size());
    }

    // Authorization: Basic …
    bool hideScheme() {
        for (const std::string_view scheme : {"Bearer ", "Basic ", "Token ", "bearer ", "basic "}) {
            if (!rest().starts_with(scheme)) continue;
            copy(scheme.size());
            copyWhile(isBlank);
            hideWord();
            return true;
        }
        return false;
    }

    void hidePlain() {
        auto value = rest().substr(0, plainEnd());
        while (!value.empty() && isBlank(value.back())) value.remove_suffix(1);
        if (!nameQuote_.empty() && value.ends_with(',')) value.remove_suffix(1);
        hide(value.size());
    }

    [[nodiscard]] std::size_t plainEnd() const {
        const auto value = rest();
        for (std::size_t i = 0; i < value.size(); ++i) {
            const char c = value[i];
            if (isLineEnd(c)) return i;
            if (isLine_) continue;
            if (isBlank(c) || isQuote(c) || c == ';' || c == '&' || c == ',') return i;
            if (flow_ > 0 && (c == '}' || c == ']')) return i;
            const char next = i + 1 < value.size() ? value[i + 1] : ' ';
            if (c == '\\' && (isQuote(next) || next == 'n')) return i;
        }
        return value.size();
    }

    std::string_view text_;
    const SecretMask& mask_;
    std::string out_;
    std::size_t at_ = 0;
    std::size_t written_ = 0;  // up to here the text is in out_
    bool atLineStart_ = true;
    bool isFirst_ = true;  // the next name is the first of its line
    bool isLine_ = false;  // a plain value goes to the end of the line
    std::size_t indent_ = 0;
    std::size_t flow_ = 0;  // open brackets of this line
    std::string_view nameQuote_;
    std::optional<std::size_t> secretBelow_;  // the indentation of a secret's name in YAML
    bool pairIsSecret_ = false;
    std::optional<std::size_t> pairValue_;  // where the last value of a pair was written
};

}  // namespace
}  // namespace secret_settings

bool isPairName(std::string_view key) {
    constexpr std::array<std::string_view, 12> names = {
        "name",         "Name",         "key",      "Key",    "OptionName", "ParameterName",
        "ParameterKey", "parameterKey", "variable", "header", "NAME",       "KEY"};
    return std::ranges::find(names, key) != names.end();
}

bool isPairValue(std::string_view key) {
    return key == "value" || key == "values" || key == "Values" || key == "VALUE" ||
           key.ends_with("Value") || key.ends_with("_value");
}

bool isSecretFlag(std::string_view word) {
    return word.size() > 1 && word.starts_with('-') && looksSecret(word);
}

std::string withoutSecretSettings(std::string_view text, const SecretMask& mask) {
    return secret_settings::Settings(text, mask).written();
}

}  // namespace driftkeeper
