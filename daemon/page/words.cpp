#include "daemon/page/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "daemon/model/utc.hpp"
#include "parsers/graph/reason_code.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::page {
namespace {

std::string twoUnits(long long big, const char* bigName, long long small, const char* smallName) {
    return small == 0 ? fmt::format("{} {}", big, bigName)
                      : fmt::format("{} {} {} {}", big, bigName, small, smallName);
}

std::string roughly(long long seconds) {
    if (seconds < 90) return fmt::format("{} s", seconds);
    if (seconds < 5400) return fmt::format("{} min", (seconds + 30) / 60);
    if (seconds < 2 * 86400) return fmt::format("{} h", (seconds + 1800) / 3600);
    return fmt::format("{} d", (seconds + 43200) / 86400);
}

Html pageLink(const Pager& pager, std::size_t page, Markup words, Markup kind) {
    auto query = pager.query;
    if (page > 1) query[pager.name] = std::to_string(page);
    Html link;
    link << "<a rel=\"" << kind << "\" href=\"" << pager.path + queryText(query) << "\">" << words
         << "</a>";
    return link;
}

}  // namespace

std::string lengthText(double seconds) {
    if (seconds < 10) return fmt::format("{:.1f} s", std::max(seconds, 0.0));
    const auto whole = static_cast<long long>(seconds + 0.5);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return twoUnits(whole / 60, "min", whole % 60, "s");
    if (whole < 86400) return twoUnits(whole / 3600, "h", whole % 3600 / 60, "min");
    return twoUnits(whole / 86400, "d", whole % 86400 / 3600, "h");
}

std::string agoText(TimePoint then, TimePoint now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
    if (seconds < 0) return "in " + roughly(-seconds);
    return roughly(seconds) + " ago";
}

Html moment(std::optional<TimePoint> when, TimePoint now) {
    Html html;
    if (!when) return html << "never";
    const auto utc = utcText(std::chrono::floor<std::chrono::seconds>(*when));
    html << "<time datetime=\"" << utc << "\" title=\"" << utc << "\">" << agoText(*when, now)
         << "</time>";
    return html;
}

Html chip(Verdict verdict) {
    constexpr std::array<Markup, 4> chips = {
        "<span class=\"chip in-sync\"><span aria-hidden=\"true\">✓</span> in sync</span>",
        "<span class=\"chip drifted\"><span aria-hidden=\"true\">≠</span> drifted</span>",
        "<span class=\"chip unapplied\"><span aria-hidden=\"true\">↑</span> unapplied</span>",
        "<span class=\"chip inconclusive\"><span aria-hidden=\"true\">?</span> "
        "inconclusive</span>"};
    Html html;
    return html << chips[static_cast<std::size_t>(verdict)];
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

Html prose(std::string_view text) {
    Html html;
    bool isCode = false;
    for (;;) {
        const auto end = std::min(text.find('`'), text.size());
        html << text.substr(0, end);
        if (end == text.size()) return html;
        html << either(isCode, "</code>", "<code>");
        isCode = !isCode;
        text.remove_prefix(end + 1);
    }
}

Html reasonLine(const Reason& reason) {
    Html html;
    html << reason.text << " <code class=\"quiet\"";
    if (const auto* known = reasonCodeOf(reason.code))
        html << " title=\"" << known->meaning << "\"";
    return html << ">" << reason.code << "</code>";
}

Html commitText(std::string_view commit) {
    Html html;
    if (commit.empty()) return html << "–";
    html << "<code class=\"commit\" title=\"" << commit << "\">" << commit.substr(0, 10)
         << "</code>";
    return html;
}

std::string queryText(const std::map<std::string, std::string>& query) {
    std::string out;
    for (const auto& [name, value] : query)
        if (!value.empty())
            out += fmt::format("{}{}={}", out.empty() ? "?" : "&", percentEncoded(name),
                               percentEncoded(value));
    return out;
}

std::string stackPath(std::string_view fullName) {
    return "/stacks/" + percentEncoded(fullName);
}

Html pager(const Pager& pager) {
    Html html;
    if (pager.pages <= 1) return html;
    html << "<nav class=\"pager\" aria-label=\"Pages\"><span>";
    if (pager.page > 1) html << pageLink(pager, pager.page - 1, "← Previous", "prev");
    html << "</span><span>Page " << pager.page << " of " << pager.pages << "</span><span>";
    if (pager.page < pager.pages) html << pageLink(pager, pager.page + 1, "Next →", "next");
    return html << "</span></nav>\n";
}

std::size_t pageNumber(std::string_view asked, std::size_t pages) {
    std::size_t number = 1;
    std::from_chars(asked.data(), asked.data() + asked.size(), number);
    return std::clamp<std::size_t>(number, 1, std::max<std::size_t>(pages, 1));
}

std::size_t pagesOf(std::size_t rows, std::size_t perPage) {
    return std::max<std::size_t>(1, (rows + perPage - 1) / perPage);
}

Html stackLink(std::string_view fullName) {
    Html html;
    html << "<a class=\"name\" href=\"" << stackPath(fullName) << "\">" << fullName << "</a>";
    return html;
}

}  // namespace driftkeeper::page
