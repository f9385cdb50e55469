#include "parsers/json/json_grammar.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace driftkeeper {
namespace {

// nlohmann::json::accept alone would not do: it takes a NUL for the end and refuses numbers beyond a double.
class Grammar {
public:
    explicit Grammar(std::string_view text) : text_(text) {}

    bool document() {
        for (;;) {
            takeSpace();
            if (peek() == '{' || peek() == '[') {
                const bool object = text_[at_++] == '{';
                open_.push_back(object ? '}' : ']');
                if (!closes()) {
                    if (object && !key()) return false;
                    continue;
                }
            } else if (!scalar()) {
                return false;
            }
            while (closes()) continue;
            if (open_.empty()) return at_ == text_.size();
            if (!take(',') || (open_.back() == '}' && !key())) return false;
        }
    }

private:
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        const bool there = at_ < text_.size() && text_[at_] == c;
        if (there) ++at_;
        return there;
    }
    bool take(std::string_view word) {
        const bool there = text_.substr(at_).starts_with(word);
        if (there) at_ += word.size();
        return there;
    }
    void takeSpace() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    bool closes() {
        takeSpace();
        if (open_.empty() || !take(open_.back())) return false;
        open_.pop_back();
        return true;
    }

    bool key() {
        takeSpace();
        if (!string()) return false;
        takeSpace();
        return take(':');
    }

    bool scalar() { return string() || take("true") || take("false") || take("null") || number(); }

    // Escapes and UTF-8 are nlohmann's to judge.
    bool string() {
        const auto from = at_;
        if (!take('"')) return false;
        bool plain = true;
        for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            const auto byte = static_cast<unsigned char>(text_[at_]);
            if (byte == '\\') ++at_;
            if (byte == '\\' || byte < 0x20 || byte >= 0x80) plain = false;
        }
        at_ = std::min(at_, text_.size());
        return take('"') && (plain || nlohmann::json::accept(text_.substr(from, at_ - from)));
    }

    bool number() {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (!take('e') && !take('E')) return true;
        if (!take('+')) take('-');
        return digits();
    }

    bool digits() {
        const auto from = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ > from;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<char> open_;  // the brackets that have to close
};

}  // namespace

bool isJson(std::string_view text) {
    return Grammar(text).document();
}

}  // namespace driftkeeper
