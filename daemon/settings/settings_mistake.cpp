#include "daemon/settings/settings_mistake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/settings/settings_file.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

void addKeys(const SettingNode& node, std::set<std::string_view>& keys) {
    if (!node.key.empty()) keys.insert(node.key);
    for (const auto& part : node.parts) addKeys(part, keys);
    for (const auto& form : node.forms) addKeys(form, keys);
}

// Words of this language: harmless wherever they stand before a colon. `version` is one of a
// repository's rules.
const std::set<std::string_view>& knownKeys() {
    const auto collectKeys = [] {
        std::set<std::string_view> made{"version"};
        addKeys(settingsDescription(), made);
        return made;
    };
    static const std::set<std::string_view> keys = collectKeys();
    return keys;
}

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

std::vector<std::string_view> codePoints(std::string_view text) {
    std::vector<std::string_view> points;
    std::size_t begin = 0;
    for (std::size_t at = 1; at <= text.size(); ++at) {
        if (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
        points.push_back(text.substr(begin, at - begin));
        begin = at;
    }
    if (text.empty()) points.clear();
    return points;
}

bool isWordPart(std::string_view point) {
    const char c = point[0];
    return point.size() == 1 && (isLetterOrDigit(c) || c == '_');
}

// Marks NAME: of known keys, from the front of the line or after what can stand before a key.
void showKeys(const std::vector<std::string_view>& points, std::vector<bool>& visible) {
    for (std::size_t begin = 0; begin < points.size(); ++begin) {
        if (begin > 0 &&
            std::string_view(" \t{,[-").find(points[begin - 1]) == std::string_view::npos)
            continue;
        std::string word;
        std::size_t end = begin;
        for (; end < points.size() && isWordPart(points[end]); ++end) word += points[end];
        if (end == points.size() || points[end] != ":" || !knownKeys().contains(word)) continue;
        std::fill(visible.begin() + static_cast<std::ptrdiff_t>(begin),
                  visible.begin() + static_cast<std::ptrdiff_t>(end) + 1, true);
    }
}

// Blanks and brackets that lead to something visible are visible too.
void showLeads(const std::vector<std::string_view>& points, std::vector<bool>& visible) {
    for (std::size_t at = points.size(); at-- > 1;) {
        if (visible[at] &&
            std::string_view(" \t{[,-").find(points[at - 1]) != std::string_view::npos)
            visible[at - 1] = true;
    }
}

}  // namespace

void addExcerpt(SettingsMistake& mistake, std::string_view line, std::size_t shown) {
    const auto points = codePoints(line);
    const std::size_t caret = std::min(mistake.position.column - 1, points.size());
    std::vector<bool> visible(points.size(), false);
    showKeys(points, visible);
    const std::size_t end = std::min(points.size(), caret + std::min<std::size_t>(shown, 80));
    for (std::size_t at = caret; at < end; ++at) visible[at] = true;
    for (std::size_t at = 0; at < points.size() && (points[at] == " " || points[at] == "-"); ++at)
        visible[at] = true;
    showLeads(points, visible);

    mistake.excerpt.clear();
    mistake.caret = 0;
    std::size_t columns = 0;
    bool hidden = false;
    for (std::size_t at = 0; at < points.size(); ++at) {
        // The caret stays visible as a place, also within something hidden.
        if (at == caret) {
            mistake.caret = columns;
            hidden = false;
        }
        if (!visible[at] && hidden) continue;
        hidden = !visible[at];
        // A blank before something hidden stays a blank.
        if (points[at] == " ") hidden = false;
        const auto point = points[at] == "\t" ? " " : points[at];
        mistake.excerpt += hidden ? ellipsis : point;
        ++columns;
    }
    if (caret == points.size()) mistake.caret = columns;
}

std::string render(const std::vector<SettingsMistake>& mistakes) {
    std::string out;
    for (const auto& mistake : mistakes) {
        if (!out.empty()) out += '\n';
        out += fmt::format("{}:{}:{}: {} [{}]\n", mistake.file, mistake.position.line,
                           mistake.position.column, mistake.message, mistake.code);
        if (!mistake.keyPath.empty()) out += fmt::format("  in {}\n", mistake.keyPath);
        if (mistake.excerpt.empty()) continue;
        const auto number = std::to_string(mistake.position.line);
        out += fmt::format("  {} | {}\n", number, mistake.excerpt);
        out += fmt::format("  {} | {}^\n", std::string(number.size(), ' '),
                           std::string(mistake.caret, ' '));
    }
    return out;
}

}  // namespace driftkeeper
