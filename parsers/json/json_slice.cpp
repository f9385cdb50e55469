#include "parsers/json/json_slice.hpp"

#include <algorithm>

#include <charconv>
#include <nlohmann/json.hpp>

#include "parsers/json/json_grammar.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view space = " \t\r\n";

// Walks a text that is known to be valid.
class Walk {
public:
    explicit Walk(std::string_view text) : text_(text) {}

    // The next value; a string with its quotes. Brackets are only counted: depth costs nothing.
    std::string_view value() {
        skipSpace();
        const auto from = at_;
        std::size_t depth = 0;
        do {
            const char c = text_[at_];
            if (c == '"') {
                skipString();
                continue;
            }
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            ++at_;
        } while (at_ < text_.size() && (depth > 0 || !endsValue(from)));
        return trimmed(text_.substr(from, at_ - from), space);
    }

    // Steps over `:` or `,`; false at the end.
    bool next() {
        skipSpace();
        if (at_ == text_.size()) return false;
        ++at_;
        return true;
    }

private:
    void skipSpace() { at_ = std::min(text_.find_first_not_of(space, at_), text_.size()); }
    [[nodiscard]] bool endsValue(std::size_t from) const {
        return text_[at_] == ',' || text_[at_] == ':' || text_[from] == '{' || text_[from] == '[';
    }
    void skipString() {
        for (++at_; text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// What stands between the brackets; nullopt when the value begins with another one.
std::optional<std::string_view> within(std::string_view raw, char bracket) {
    if (raw.front() != bracket) return std::nullopt;
    return trimmed(raw.substr(1, raw.size() - 2), space);
}

template <class Number>
std::optional<Number> numberFrom(std::string_view raw) {
    Number number{};
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
    if (error != std::errc{} || end != raw.data() + raw.size()) return std::nullopt;
    return number;
}

}  // namespace

std::optional<JsonSlice> JsonSlice::of(std::string_view text) {
    if (!isJson(text)) return std::nullopt;
    return JsonSlice(trimmed(text, space));
}

std::optional<std::string> JsonSlice::text() const {
    if (raw_.front() != '"') return std::nullopt;
    if (raw_.find('\\') == std::string_view::npos) return std::string(raw_.substr(1, raw_.size() - 2));
    return nlohmann::json::parse(raw_, nullptr, false).get<std::string>();
}

std::optional<std::uint64_t> JsonSlice::count() const {
    return numberFrom<std::uint64_t>(raw_);
}

std::optional<double> JsonSlice::number() const {
    if (raw_.front() == '"' || raw_ == "null") return std::nullopt;
    return numberFrom<double>(raw_);
}

std::optional<bool> JsonSlice::flag() const {
    if (raw_ == "true") return true;
    if (raw_ == "false") return false;
    return std::nullopt;
}

std::optional<std::vector<JsonSlice>> JsonSlice::elements() const {
    const auto inside = within(raw_, '[');
    if (!inside) return std::nullopt;
    std::vector<JsonSlice> result;
    if (inside->empty()) return result;
    Walk walk(*inside);
    do result.push_back(JsonSlice(walk.value()));
    while (walk.next());
    return result;
}

JsonMembers::JsonMembers(JsonSlice object) {
    const auto inside = within(object.raw(), '{');
    if (!inside) return;
    isObject_ = true;
    if (inside->empty()) return;
    Walk walk(*inside);
    do {
        const auto key = walk.value();
        walk.next();
        members_.emplace_back(key.substr(1, key.size() - 2), JsonSlice(walk.value()));
    } while (walk.next());
}

bool JsonMembers::has(std::string_view key) const noexcept {
    return std::ranges::any_of(members_, [&](const auto& member) { return member.first == key; });
}

JsonSlice JsonMembers::operator[](std::string_view key) const {
    for (const auto& [name, value] : members_)
        if (name == key) return value;
    return {};
}

}  // namespace driftkeeper
