#include "daemon/page/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/page/words.hpp"

namespace driftkeeper::page {
namespace {

struct Tile {
    Verdict verdict;
    Markup word;  // of the query
    Markup name;  // of the class
    Markup symbol;
    Markup hint;
};
constexpr std::array<Tile, 4> tiles = {
    {{Verdict::Drifted, "drifted", "drifted", "≠", "live does not match Git"},
     {Verdict::Inconclusive, "inconclusive", "inconclusive", "?", "no verdict"},
     {Verdict::Unapplied, "unapplied", "unapplied", "↑", "commits that are not applied yet"},
     {Verdict::InSync, "in_sync", "in-sync", "✓", "live matches Git"}}};

std::string fleetPath(std::map<std::string, std::string> query, const std::string& key,
                      std::string_view value) {
    query[key] = std::string(value);
    return "/" + queryText(query);
}

// The counts are links that filter; the one in force takes its filter away again.
Html tilesOf(const FleetView& view) {
    Html html;
    html << "<ul class=\"tiles\" aria-label=\"Stacks by verdict\">";
    for (const Tile& tile : tiles) {
        const bool isOn = view.filter.verdict == tile.word.text();
        html << "<li><a class=\"tile " << tile.name << "\" href=\""
             << fleetPath(view.filter.query(), "verdict", isOn ? "" : tile.word.text()) << "\""
             << either(isOn, " aria-current=\"true\"", "") << "><span class=\"count\">"
             << view.selection.byVerdict[static_cast<std::size_t>(tile.verdict)]
             << "</span> <span class=\"what\">"
             << "<span aria-hidden=\"true\">" << tile.symbol << "</span> " << wordOf(tile.verdict)
             << "</span> <span class=\"quiet hint\">" << tile.hint << "</span></a></li>";
    }
    return html << "</ul>\n";
}

Html choice(Markup name, Markup label, Markup any, const std::string& chosen,
            const std::vector<std::string>& choices) {
    Html html;
    html << "<p class=\"field\"><label for=\"" << name << "\">" << label << "</label><select id=\""
         << name << "\" name=\"" << name << "\"><option value=\"\">" << any << "</option>";
    for (const auto& each : choices)
        html << "<option value=\"" << each << "\"" << either(each == chosen, " selected", "") << ">"
             << each << "</option>";
    return html << "</select></p>";
}

Html sortChoice(const std::string& chosen) {
    struct Sort {
        Markup value;
        Markup words;
    };
    constexpr std::array<Sort, 5> sorts = {{{"", "worst first"},
                                            {"name", "name"},
                                            {"drifts", "most drifts"},
                                            {"age", "drifted longest"},
                                            {"checked", "not checked longest"}}};
    Html html;
    html
        << "<p class=\"field\"><label for=\"sort\">Order</label><select id=\"sort\" name=\"sort\">";
    for (const Sort& sort : sorts)
        html << "<option value=\"" << sort.value << "\""
             << either(sort.value.text() == chosen, " selected", "") << ">" << sort.words
             << "</option>";
    return html << "</select></p>";
}

Html filterOf(const FleetView& view) {
    const auto& filter = view.filter;
    Html html;
    html << "<form class=\"filter\" method=\"get\" action=\"/\" role=\"search\" "
            "aria-label=\"Filter stacks\">"
            "<p class=\"field wide\"><label for=\"q\">Find</label><input id=\"q\" name=\"q\" "
            "type=\"search\" value=\""
         << filter.words << "\" placeholder=\"name, owner, reason …\"></p>"
         << choice("verdict", "Verdict", "any", filter.verdict,
                   {"drifted", "inconclusive", "unapplied", "in_sync"})
         << choice("repository", "Repository", "any", filter.repository,
                   view.selection.repositories);
    if (!view.selection.owners.empty())
        html << choice("owner", "Owner", "anybody", filter.owner, view.selection.owners);
    html << choice("provider", "Provider", "any", filter.provider, view.selection.providers)
         << sortChoice(filter.sort)
         << "<p class=\"buttons\"><button class=\"primary\">Filter</button>";
    if (!filter.query().empty()) html << " <a href=\"/\">Show all</a>";
    return html << "</p></form>\n";
}

Html sidesOf(const StackLine& line) {
    struct Name {
        Side side;
        Markup word;
    };
    constexpr std::array<Name, 4> names = {{{Side::Live, "live"},
                                            {Side::Git, "Git"},
                                            {Side::Both, "conflict"},
                                            {Side::Unknown, "unknown"}}};
    Html html;
    for (const auto& [side, word] : names)
        if (const auto count = driftsOf(line, side); count > 0)
            html << "<span class=\"side\"><b>" << count << "</b> " << word << "</span> ";
    return html.empty() ? html << "<span class=\"quiet\">–</span>" : html;
}

bool isStale(const StackLine& line, TimePoint now) {
    return line.lastConclusive && line.staleAfter.count() > 0 &&
           now - *line.lastConclusive > line.staleAfter;
}

Html cell(Markup label, const Html& content) {
    Html html;
    return html << "<td role=\"cell\" data-label=\"" << label << "\"><div>" << content
                << "</div></td>";
}

Html reasonOf(const StackLine& line) {
    Html html;
    if (!line.verdict) return html << "not checked yet";
    if (!line.reason) return html << "<span class=\"quiet\">–</span>";
    return html << "<span title=\"" << line.reason->code << "\">" << line.reason->text << "</span>";
}

Html rowOf(const StackLine& line, TimePoint now) {
    Html name;
    name << stackLink(line.stack) << " <span class=\"quiet small\">" << line.provider << "</span>";
    Html since;
    if (line.oldestDrift)
        since << moment(line.oldestDrift, now);
    else
        since << "<span class=\"quiet\">–</span>";
    Html checked;
    checked << moment(line.lastConclusive, now);
    if (isStale(line, now))
        checked << " <span class=\"tag\"><span aria-hidden=\"true\">⏱</span> overdue</span>";
    Html owners;
    owners << (line.owners.empty() ? std::string("–") : joined(line.owners));
    Html html;
    html << "<tr role=\"row\" data-stack=\"" << line.stack << "\">"
         << cell("Verdict", chip(verdictOf(line)))
         << "<th scope=\"row\" role=\"rowheader\" data-label=\"Stack\"><div>" << name
         << "</div></th>" << cell("Drifts", sidesOf(line)) << cell("Drifted since", since)
         << cell("Last conclusive check", checked) << cell("Owner", owners)
         << cell("Reason", reasonOf(line));
    return html << "</tr>\n";
}

Html tableOf(const FleetView& view, TimePoint now) {
    const auto& selection = view.selection;
    Html html;
    if (selection.all == 0)
        return html << "<p class=\"empty\">No stacks yet. They are discovered when a "
                       "repository is first fetched; see the <a "
                       "href=\"/settings\">settings</a>.</p>\n";
    if (selection.rows.empty())
        return html << "<p class=\"empty\">No stack matches. <a href=\"/\">Show all "
                    << selection.all << "</a></p>\n";
    html << "<table class=\"list cards\" role=\"table\"><caption>"
         << (selection.matching == selection.all
                 ? counted(selection.all, "stack")
                 : fmt::format("{} of {}", selection.matching, counted(selection.all, "stack")))
         << "</caption><thead role=\"rowgroup\"><tr role=\"row\">";
    for (const Markup column :
         {Markup("Verdict"), Markup("Stack"), Markup("Drifts"), Markup("Drifted since"),
          Markup("Last conclusive check"), Markup("Owner"), Markup("Reason")})
        html << "<th scope=\"col\" role=\"columnheader\">" << column << "</th>";
    html << "</tr></thead><tbody role=\"rowgroup\">\n";
    for (const StackLine* line : selection.rows) html << rowOf(*line, now);
    return html << "</tbody></table>\n"
                << pager({"/", view.filter.query(), "page", selection.page, selection.pages});
}

Html repositoriesOf(const FleetView& view, TimePoint now) {
    Html html;
    html << "<section aria-labelledby=\"repositories\" id=\"live-repositories\" data-live><h2 "
            "id=\"repositories\">Repositories</h2>\n";
    if (view.repositories.empty())
        return html << "<p class=\"empty\">None was fetched yet.</p></section>\n";
    html << "<div class=\"scroll\" role=\"region\" aria-labelledby=\"repositories\" "
            "tabindex=\"0\"><table "
            "class=\"list\">"
            "<caption class=\"unseen\">Repositories</caption><thead><tr><th "
            "scope=\"col\">Repository</th><th scope=\"col\">Last read</th><th "
            "scope=\"col\">Commit</th><th "
            "scope=\"col\" class=\"number\">Failures since start</th></tr></thead><tbody>";
    for (const auto& [name, line] : view.repositories)
        html << "<tr><th scope=\"row\">" << name << "</th><td>" << moment(line.lastSync, now)
             << "</td><td>" << commitText(line.commit) << "</td><td class=\"number\">"
             << line.failures << "</td></tr>\n";
    return html << "</tbody></table></div></section>\n";
}

Html progressOf(const RunningCheck& check, TimePoint now) {
    const double elapsed =
        std::max(0.0, std::chrono::duration<double>(now - check.started).count());
    Html html;
    html << "<span class=\"elapsed\">" << lengthText(elapsed) << "</span>";
    if (!check.expectedSeconds) return html << " <span class=\"quiet\">first look</span>";
    const auto percent =
        static_cast<int>(std::min(99.0, 100 * elapsed / std::max(*check.expectedSeconds, 0.1)));
    return html << " <span class=\"quiet\">of about " << lengthText(*check.expectedSeconds)
                << "</span> <progress max=\"100\" value=\"" << percent
                << "\" aria-label=\"Progress of " << check.stack << "\">" << percent
                << " %</progress>";
}

}  // namespace

Html runningList(const std::vector<RunningCheck>& checks, TimePoint now) {
    Html html;
    html << "<ul id=\"running-list\" class=\"running\">";
    if (checks.empty()) html << "<li class=\"quiet\">No check runs now.</li>";
    for (const auto& check : checks)
        html << "<li>" << stackLink(check.stack) << " <span class=\"step\">" << check.step
             << "</span> " << progressOf(check, now) << "</li>";
    return html << "</ul>\n";
}

std::string fleetPage(const Frame& frame, const FleetView& view) {
    Html html;
    html
        << "<h1>Fleet</h1>\n<div id=\"live-tiles\" data-live>" << tilesOf(view)
        << "</div>\n<section class=\"card\" aria-labelledby=\"now\"><h2 id=\"now\">Running now</h2>"
        << runningList(view.running, frame.now)
        << "</section>\n<section aria-labelledby=\"stacks\"><h2 id=\"stacks\">Stacks</h2>\n"
        << filterOf(view) << "<div id=\"live-stacks\" data-live>" << tableOf(view, frame.now)
        << "</div></section>\n"
        << repositoriesOf(view, frame.now);
    return framed(frame, html);
}

}  // namespace driftkeeper::page
