#include "daemon/model/attribute_pattern.hpp"

#include <algorithm>

#include "daemon/model/glob.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper {
namespace {

std::optional<std::string> pointerToken(std::string_view raw) {
    std::string token;
    for (std::size_t at = 0; at < raw.size(); ++at) {
        if (raw[at] != '~') {
            token += raw[at];
            continue;
        }
        if (++at == raw.size() || (raw[at] != '0' && raw[at] != '1')) return std::nullopt;
        token += raw[at] == '0' ? '~' : '/';
    }
    return token;
}

std::optional<AttributeSteps> pointerSteps(std::string_view text) {
    AttributeSteps steps;
    while (!text.empty()) {
        text.remove_prefix(1);  // the slash
        const auto length = std::min(text.find('/'), text.size());
        auto token = pointerToken(text.substr(0, length));
        if (!token) return std::nullopt;
        steps.push_back({std::move(*token), false});
        text.remove_prefix(length);
    }
    return steps;
}

// Where the [key] at the beginning of the text ends, behind its bracket; npos when it does not. A
// quoted key may hold brackets.
std::size_t keyEnd(std::string_view text) noexcept {
    bool quoted = false;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (quoted && text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            quoted = !quoted;
        } else if (text[at] == ']' && !quoted) {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

std::optional<AttributeStep> bracketStep(std::string_view key) {
    const bool quoted = key.starts_with('"');
    if (quoted && (key.size() < 2 || !key.ends_with('"'))) return std::nullopt;
    if (quoted) return AttributeStep{unescaped(key.substr(1, key.size() - 2)), true};
    if (key.empty() || key.find_first_of("\"[") != std::string_view::npos) return std::nullopt;
    return AttributeStep{std::string(key), false};
}

std::optional<AttributeSteps> pathSteps(std::string_view text) {
    AttributeSteps steps;
    while (!text.empty()) {
        if (text.front() == '[') {
            const auto end = keyEnd(text);
            if (end == std::string_view::npos) return std::nullopt;
            auto step = bracketStep(text.substr(1, end - 2));
            if (!step) return std::nullopt;
            steps.push_back(std::move(*step));
            text.remove_prefix(end);
            if (!text.empty() && text.front() != '.' && text.front() != '[') return std::nullopt;
            continue;
        }
        if (text.front() == '.') {
            if (steps.empty()) return std::nullopt;
            text.remove_prefix(1);
        }
        const auto length = std::min(text.find_first_of(".[]\""), text.size());
        if (length == 0 || (length < text.size() && (text[length] == ']' || text[length] == '"')))
            return std::nullopt;
        steps.push_back({std::string(text.substr(0, length)), false});
        text.remove_prefix(length);
    }
    return steps;
}

bool covers(const AttributeStep& pattern, const AttributeStep& step) {
    return pattern.literal ? pattern.text == step.text : wildcardMatches(pattern.text, step.text);
}

}  // namespace

std::optional<AttributeSteps> attributeSteps(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return text.front() == '/' ? pointerSteps(text) : pathSteps(text);
}

bool covers(const AttributeSteps& pattern, const AttributeSteps& path) {
    if (pattern.empty() || pattern.size() > path.size()) return false;
    return std::equal(
        pattern.begin(), pattern.end(), path.begin(),
        [](const AttributeStep& one, const AttributeStep& other) { return covers(one, other); });
}

}  // namespace driftkeeper
