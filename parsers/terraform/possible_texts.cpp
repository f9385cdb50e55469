#include "parsers/terraform/possible_texts.hpp"

#include <algorithm>

#include "parsers/hcl/hcl.hpp"

namespace driftkeeper::terraform {
namespace {

using KnownExpressions = std::map<std::string, std::string>;

constexpr int deepestLocal = 8;        // locals in locals
constexpr std::size_t mostTexts = 64;  // of one expression

// What one `${…}` gives: the literal of a local, else *.
std::string insertOf(std::string_view traversal, const KnownExpressions& expressions) {
    const auto known = expressions.find(std::string(traversal));
    std::string text;
    const bool isLocal = traversal.starts_with("local.") && known != expressions.end();
    return isLocal && hcl::stringLiteral(known->second, text) ? text : "*";
}

// "a${local.b}c" -> "aBc", "a*c"
std::string patternOf(std::string_view literal, const KnownExpressions& expressions) {
    std::string pattern;
    while (!literal.empty()) {
        const auto begin = std::min(literal.find("${"), literal.size());
        pattern += literal.substr(0, begin);
        literal.remove_prefix(begin);
        if (literal.empty()) break;
        const auto end = literal.find('}');
        const auto length = end == std::string_view::npos ? literal.size() : end + 1;
        const auto inner = literal.substr(2, length > 3 ? length - 3 : 0);
        pattern += insertOf(inner, expressions);
        literal.remove_prefix(length);
    }
    return pattern;
}

void addTexts(std::string_view expression, const KnownExpressions& expressions, int depth,
              std::vector<std::string>& texts) {
    if (depth > deepestLocal) return;
    for (const auto& literal : hcl::strings(expression))
        if (texts.size() < mostTexts) texts.push_back(patternOf(literal, expressions));
    if (expression.starts_with('"')) return;
    for (const auto& traversal : hcl::traversals(expression))
        if (const auto known = expressions.find(traversal); known != expressions.end())
            addTexts(known->second, expressions, depth + 1, texts);
}

}  // namespace

std::vector<std::string> possibleTexts(std::string_view expression,
                                       const KnownExpressions& expressions) {
    std::vector<std::string> texts;
    addTexts(expression, expressions, 0, texts);
    return texts;
}

bool matchesText(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, star)) || text.size() == star) return false;
    text.remove_prefix(star + 1);  // * is one character at least
    const auto rest = pattern.substr(star + 1);
    for (;; text.remove_prefix(1)) {
        if (matchesText(rest, text)) return true;
        if (text.empty()) return false;
    }
}

}  // namespace driftkeeper::terraform
