#include "daemon/page/diff.hpp"
#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "daemon/page/line_diff.hpp"
#include "daemon/page/words.hpp"
#include "parsers/json/json.hpp"

namespace driftkeeper::page {
namespace {

constexpr std::size_t mostAttributes = 60;  // of one resource; JSON has them all

// A value as people read it: a word for what is no value, else the lines of it.
struct Shown {
    std::optional<std::string> word;
    std::vector<std::string> lines;
};

bool isTagged(const Json& value, std::string_view key) {
    return value[key].string().starts_with("hmac:");
}

Shown shown(const std::string& value, bool isSensitive) {
    const auto json = readJson(value);
    if (!json) return {std::nullopt, linesOf(value)};
    if (json->isNull()) return {"not set", {}};
    if (isSensitive || isTagged(*json, "redacted")) return {"sensitive, changed", {}};
    if (isTagged(*json, "digest"))
        return {fmt::format("{} bytes, changed", (*json)["bytes"].text), {}};
    if ((*json)["unknown"].isTrue() || (*json)["hidden"].isTrue()) return {shownValue(value), {}};
    if (!json->isString()) return {std::nullopt, linesOf(indented(value))};
    const auto text = json->string();
    if (text.empty()) return {"empty text", {}};
    // A text that holds JSON, such as a policy, is read as JSON.
    const bool isStructure =
        (text.front() == '{' || text.front() == '[') && readJson(text).has_value();
    return {std::nullopt, linesOf(isStructure ? indented(text) : std::string(text))};
}

Html marked(std::string_view line, const Common& common) {
    const auto middle = line.substr(common.front, line.size() - common.front - common.back);
    Html html;
    html << line.substr(0, common.front);
    if (!middle.empty()) html << "<mark>" << middle << "</mark>";
    return html << line.substr(line.size() - common.back);
}

// What a reader without colours sees: another line, or one that the other side has not.
Markup signOf(const LinePair& row) {
    if (row.left && row.right) return "≠";
    return either(row.right.has_value(), "+", "−");
}

Html lineOf(const std::optional<std::string>& line, const LinePair& row, Markup kind) {
    Html html;
    if (!line) return html << "<span class=\"line gap\"> </span>";
    if (row.isSame) return html << "<span class=\"line\">  " << *line << "</span>";
    html << "<span class=\"line " << kind << "\">" << signOf(row) << " ";
    if (!row.left || !row.right) return html << *line << "</span>";
    return html << marked(*line, commonEnds(*row.left, *row.right))
                << (line->empty() ? std::string(" ") : std::string()) << "</span>";
}

Html sideOf(const Shown& side, const std::vector<LinePair>& rows, bool isLeft) {
    Html html;
    if (side.word) return html << "<span class=\"word\">" << *side.word << "</span>";
    html << "<code class=\"value\">";
    for (const auto& row : rows)
        html << lineOf(isLeft ? row.left : row.right, row, either(isLeft, "git", "live"));
    return html << "</code>";
}

Html rowOf(const AttributeDrift& attribute) {
    const auto git = shown(attribute.git, attribute.sensitive);
    const auto live = shown(attribute.live, attribute.sensitive);
    const auto rows = pairLines(git.lines, live.lines);
    Html html;
    html << "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><code>" << attribute.path
         << "</code></th><td role=\"cell\" data-label=\"Git\">" << sideOf(git, rows, true)
         << "</td><td role=\"cell\" data-label=\"Live\">" << sideOf(live, rows, false);
    if (!attribute.before.empty() && attribute.before != attribute.live &&
        attribute.before != attribute.git && !attribute.sensitive)
        html << "<p class=\"quiet small\">last applied: " << shownValue(attribute.before, 200)
             << "</p>";
    return html << "</td></tr>\n";
}

}  // namespace

Html diffOf(const std::vector<AttributeDrift>& attributes) {
    Html html;
    if (attributes.empty()) return html;
    html << "<table class=\"diff\" role=\"table\"><caption class=\"unseen\">Attributes that "
            "differ</caption><thead "
            "role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" "
            "role=\"columnheader\">Attribute</th><th "
            "scope=\"col\" role=\"columnheader\">Git asks for</th><th scope=\"col\" "
            "role=\"columnheader\">Live "
            "has</th></tr></thead><tbody role=\"rowgroup\">\n";
    const auto count = std::min(attributes.size(), mostAttributes);
    for (std::size_t i = 0; i < count; ++i) html << rowOf(attributes[i]);
    html << "</tbody></table>\n";
    if (attributes.size() > count)
        html << "<p class=\"quiet\">and " << counted(attributes.size() - count, "more attribute")
             << ": the API has them "
             << "all</p>\n";
    return html;
}

}  // namespace driftkeeper::page
