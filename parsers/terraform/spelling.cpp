#include "parsers/terraform/spelling.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "parsers/json/document.hpp"
#include "parsers/json/json.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::terraform {
namespace {

bool isNullForZero(const Json& a, const Json& b) noexcept {
    return a.isNull() && &a != &Json::absent() && &b != &Json::absent() && isZero(b);
}

std::vector<std::string> sortedElements(const Json& list) {
    std::vector<std::string> texts;
    texts.reserve(list.items.size());
    for (const auto& item : list.items) texts.push_back(canonicalText(item));
    std::ranges::sort(texts);
    return texts;
}

// Lists and numbers of the resource's own are compared by the schema; what stands in a text is not.
bool isSameText(const Json& a, const Json& b) {
    const auto one = documentIn(a);
    const auto other = documentIn(b);
    return one && other && one->kind == other->kind && isSameDocument(*one, *other);
}

bool isInPath(char c) {
    return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.' ||
           static_cast<unsigned char>(c) > 0x7f;
}

// What stands between the occurrences of a path.
std::vector<std::string_view> around(std::string_view text, std::string_view place) {
    std::vector<std::string_view> pieces;
    std::size_t begin = 0;
    for (auto at = text.find(place); at != std::string_view::npos; at = text.find(place, at + 1)) {
        const auto end = at + place.size();
        const bool isWhole = (at == 0 || (!isInPath(text[at - 1]) && text[at - 1] != '/')) &&
                             (end == text.size() || !isInPath(text[end]));
        if (!isWhole || at < begin) continue;
        pieces.push_back(text.substr(begin, at - begin));
        begin = end;
    }
    pieces.push_back(text.substr(begin));
    return pieces;
}

bool isPath(std::string_view text) {
    return text.size() > 1 && text.front() == '/' && !text.ends_with('/') &&
           std::ranges::all_of(text, [](char c) {
               return isInPath(c) || c == '/' || c == '+' || c == '@' || c == '~' || c == ' ';
           });
}

// The text with one path in the place of another.
bool isElsewhere(std::string_view live, std::string_view git, std::string_view place) {
    const auto pieces = around(git, place);
    const std::size_t times = pieces.size() - 1;
    const std::size_t rest = git.size() - times * place.size();
    if (times == 0 || live.size() <= rest || (live.size() - rest) % times != 0) return false;
    const auto other = live.substr(pieces.front().size(), (live.size() - rest) / times);
    std::string expected(pieces.front());
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        expected += other;
        expected += pieces[i];
    }
    return isPath(other) && expected == live;
}

}  // namespace

bool isElsewhere(const Json& live, const Json& git, std::string_view place) {
    if (place.empty() || live.kind != git.kind) return false;
    if (git.kind == Json::Kind::String)
        return live.string() == git.string() || isElsewhere(live.string(), git.string(), place);
    if (live.items.size() != git.items.size() || live.keys != git.keys) return false;
    if (git.items.empty()) return sameValue(live, git);
    return std::ranges::equal(live.items, git.items, [&](const Json& a, const Json& b) {
        return isElsewhere(a, b, place);
    });
}

bool isZero(const Json& value) noexcept {
    return value.isNull() || value.text == "false" ||
           (value.kind == Json::Kind::Number && sameNumber(value.text, "0")) ||
           (value.text.empty() && value.items.empty());
}

bool isSameInAnotherSpelling(const Json& a, const Json& b) {
    return sameValue(a, b) || isNullForZero(a, b) || isNullForZero(b, a) || isSameText(a, b);
}

bool isReordering(const Json& a, const Json& b) {
    return a.isArray() && b.isArray() && a.items.size() == b.items.size() &&
           sortedElements(a) == sortedElements(b);
}

}  // namespace driftkeeper::terraform
