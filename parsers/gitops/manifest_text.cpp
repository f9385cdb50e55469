#include "parsers/gitops/manifest_text.hpp"

#include <algorithm>
#include <array>

#include "parsers/text/ascii.hpp"

namespace driftkeeper::gitops {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 3> templateMarks = {"{{", "{%", "<%"};

std::string_view withoutQuotes(std::string_view text) {
    const bool isQuoted =
        text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0];
    return isQuoted ? text.substr(1, text.size() - 2) : text;
}

// !!str v1, &version v1 -> v1
std::string_view withoutProperties(std::string_view value) {
    while (value.starts_with('!') || value.starts_with('&'))
        value = trimmed(value.substr(std::min(value.find_first_of(" \t"), value.size())));
    return value;
}

// How far the first level of a document stands in.
std::size_t indentOf(std::string_view document) {
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = document.substr(0, end);
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin != std::string_view::npos && line[begin] != '#' && line[begin] != '%' &&
            line[begin] != '!')
            return begin;
        document.remove_prefix(std::min(end + 1, document.size()));
    }
    return 0;
}

}  // namespace

std::string firstLevel(std::string_view document, std::string_view name) {
    if (document.starts_with(byteOrderMark)) document.remove_prefix(byteOrderMark.size());
    const std::size_t indent = indentOf(document);
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = document.substr(0, end);
        document.remove_prefix(std::min(end + 1, document.size()));
        if (line.size() <= indent || line.find_first_not_of(' ') != indent) continue;
        const std::size_t colon = line.find(':', indent);
        if (colon == std::string_view::npos) continue;
        if (withoutQuotes(trimmed(line.substr(indent, colon - indent))) != name) continue;
        const std::string_view value = withoutProperties(trimmed(line.substr(colon + 1)));
        return std::string(withoutQuotes(trimmed(value.substr(0, value.find(" #")))));
    }
    return {};
}

bool hasTemplateMarks(std::string_view text) noexcept {
    return std::ranges::any_of(templateMarks,
                               [&](std::string_view mark) { return text.contains(mark); });
}

}  // namespace driftkeeper::gitops
