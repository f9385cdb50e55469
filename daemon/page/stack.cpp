#include "daemon/page/stack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/contract/stack_object.hpp"
#include "daemon/page/drifts.hpp"
#include "daemon/page/fleet.hpp"
#include "daemon/page/timeline.hpp"
#include "daemon/page/words.hpp"
#include "parsers/graph/reason_code.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::page {
namespace {

std::string asked(const StackView& view, const std::string& name) {
    const auto found = view.query.find(name);
    return found == view.query.end() ? std::string() : found->second;
}

// Pages of one of the lists; the others stay where they are.
Html pagerOf(const StackView& view, const std::string& name, std::size_t rows,
             std::size_t perPage) {
    const auto pages = pagesOf(rows, perPage);
    auto query = view.query;
    query.erase(name);
    return pager({stackPath(view.explanation.status.stack.fullName()), query, name,
                  pageNumber(asked(view, name), pages), pages});
}

Html actionsOf(const Frame& frame, const std::string& stack) {
    Html html;
    if (!frame.viewer.mayOperate)
        return html << "<p class=\"actions\">" << loginLink(frame) << "</p>";
    return html << "<div class=\"actions\">" << formStart(frame.viewer, "/do/check")
                << "<input type=\"hidden\" name=\"stack\" value=\"" << stack
                << "\"><button class=\"primary\">Check now</button></form></div>";
}

std::string_view nextStep(const StackObject& stack) {
    if (stack.reason) return adviceForReason(stack.reason->code);
    switch (stack.verdict) {
        case Verdict::InSync:
            return stack.drifts.empty() ? "Nothing to do."
                                        : "The last check no longer saw what is listed below.";
        case Verdict::Drifted:
            return "Live does not match Git. Each difference is below, with what to do about "
                   "it.";
        case Verdict::Unapplied:
            return "Git has a change that is not applied yet: apply it, or revert the commit.";
        case Verdict::Inconclusive:
            break;
    }
    return "The next check tries again.";
}

Html headOf(const Frame& frame, const StackObject& object) {
    Html html;
    html << "<nav class=\"crumbs\" aria-label=\"Where you are\"><a href=\"/\">Fleet</a> / <a "
            "href=\"/?repository="
         << percentEncoded(object.repository) << "\">" << object.repository
         << "</a></nav>\n<div class=\"head\"><h1>" << object.stack << "</h1>"
         << actionsOf(frame, object.stack) << "</div>\n<div id=\"live-verdict\" data-live>"
         << "<p class=\"verdict\">" << chip(object.verdict);
    if (!object.complete && object.reason && object.verdict != Verdict::Inconclusive)
        html << " <span class=\"tag\">partial</span>";
    html << "</p><p class=\"lead\">";
    if (object.reason) html << reasonLine(*object.reason) << " ";
    return html << prose(nextStep(object)) << "</p></div>\n";
}

Html factsOf(const StackObject& object, TimePoint now) {
    Html html;
    html << "<section class=\"card\" aria-labelledby=\"facts\" id=\"live-facts\" data-live><h2 "
            "id=\"facts\">This "
            "stack</h2><dl class=\"facts wide\"><dt>Path</dt><dd><code>"
         << object.path << "</code></dd><dt>Provider</dt><dd>" << object.provider;
    if (object.workspace != "default") html << ", workspace " << object.workspace;
    html << "</dd><dt>Owner</dt><dd>"
         << (object.owners.empty() ? std::string("nobody is named")
                                   : fmt::format("{}", fmt::join(object.owners, ", ")))
         << "</dd><dt>Last check</dt><dd>" << moment(object.started, now);
    if (object.started) html << ", took " << lengthText(object.durationSeconds);
    html << "</dd><dt>At commit</dt><dd>" << commitText(object.commit) << "</dd>";
    if (object.touch)
        html << "<dt>Last touched by</dt><dd>" << object.touch->author << ", "
             << commitText(object.touch->commit) << " " << object.touch->summary << "</dd>";
    html << "<dt>Last conclusive</dt><dd>";
    if (object.lastConclusive)
        html << wordOf(object.lastConclusive->verdict) << ", "
             << moment(object.lastConclusive->finished, now);
    else
        html << "never";
    html << "</dd><dt>Resources</dt><dd>" << object.resources
         << " seen: " << object.coverage.checked << " checked, " << object.coverage.unsupported
         << " unsupported, " << object.coverage.unreadable << " unreadable</dd></dl>";
    return html << "</section>\n";
}

// Those that no rule suppresses.
std::vector<Explained> shownDrifts(const Explanation& explanation) {
    auto all = explained(explanation);
    std::erase_if(all, &Explained::isSuppressed);
    return all;
}

Html driftsOf(const StackView& view, TimePoint now) {
    const auto all = shownDrifts(view.explanation);
    Html html;
    html << "<section aria-labelledby=\"drifts\" id=\"live-drifts\" data-live><h2 id=\"drifts\">"
         << (all.empty() ? std::string("Drifts") : counted(all.size(), "drift")) << "</h2>\n";
    if (all.empty()) html << "<p class=\"empty\">None is open.</p>\n";
    const auto page = pageNumber(asked(view, "drifts"), pagesOf(all.size(), driftsPerPage));
    for (std::size_t i = (page - 1) * driftsPerPage; i < std::min(page * driftsPerPage, all.size());
         ++i)
        html << driftCard(all[i], view.explanation, now);
    return html << pagerOf(view, "drifts", all.size(), driftsPerPage) << "</section>\n";
}

Html neighboursOf(const StackView& view) {
    constexpr std::array<Markup, 3> kinds = {"uses this stack", "is used by this stack",
                                             "knows the same thing"};
    Html html;
    html << "<section class=\"card\" aria-labelledby=\"related\"><h2 id=\"related\">Related "
            "stacks</h2>";
    if (view.neighbours.empty())
        return html << "<p class=\"quiet\">No other stack is known to have to do with this "
                       "one.</p></section>\n";
    html << "<ul class=\"plain\">";
    for (const auto& [kind, line] : view.neighbours)
        html << "<li>" << chip(verdictOf(line)) << " " << stackLink(line.stack)
             << " <span class=\"quiet\">" << kinds[static_cast<std::size_t>(kind)]
             << "</span></li>";
    return html << "</ul></section>\n";
}

Html closedOf(const StackView& view, TimePoint now) {
    Html html;
    html << "<section class=\"card\" aria-labelledby=\"closed\"><h2 id=\"closed\">Closed "
            "findings</h2>";
    if (view.closed.total == 0)
        return html << "<p class=\"quiet\">None is remembered.</p></section>\n";
    html
        << "<div class=\"scroll\" role=\"region\" aria-labelledby=\"closed\" tabindex=\"0\"><table "
           "class=\"list\"><caption class=\"unseen\">Closed findings</caption><thead><tr><th "
           "scope=\"col\">Address</th>"
           "<th scope=\"col\">What</th><th scope=\"col\">First seen</th><th "
           "scope=\"col\">Closed</th><th "
           "scope=\"col\">By</th></tr></thead><tbody>\n";
    for (const auto& finding : view.closed.rows)
        html << "<tr><th scope=\"row\"><code>" << finding.drift.address << "</code></th><td>"
             << name(finding.drift.side) << " " << name(finding.drift.change) << "</td><td>"
             << moment(finding.firstSeen, now) << "</td><td>" << moment(finding.closed, now)
             << "</td><td>" << finding.resolution << "</td></tr>\n";
    return html << "</tbody></table></div>"
                << pagerOf(view, "closed", view.closed.total, closedPerPage) << "</section>\n";
}

Html historyOf(const StackView& view, TimePoint now) {
    Html html;
    return html << "<section class=\"card\" aria-labelledby=\"history\" id=\"live-history\" "
                   "data-live><h2 "
                   "id=\"history\">History</h2>"
                << timeline(view.history.rows, view.explanation.status.stack.fullName(), now)
                << pagerOf(view, "history", view.history.total, checksPerPage) << "</section>\n";
}

Html cleanOf(const Explanation& explanation, TimePoint now) {
    Html html;
    if (!explanation.status.last) return html;
    html << "<section class=\"card\" aria-labelledby=\"compared\"><h2 id=\"compared\">Compared "
            "with</h2><p>Last in "
            "sync: ";
    if (explanation.clean)
        html << moment(explanation.clean->finished, now) << " at "
             << commitText(explanation.clean->commit);
    else
        html << "never";
    return html << "</p>" << evidenceList(explanation.status.last->report.evidence)
                << "</section>\n";
}

}  // namespace

std::string stackPage(const Frame& frame, const StackView& view) {
    const auto object = stackObject(view.explanation.status);
    Html html;
    html << "<div data-stack=\"" << object.stack << "\">" << headOf(frame, object)
         << "<div class=\"running-here\">" << runningList(view.running, frame.now)
         << "</div>\n<div class=\"split\"><div>" << driftsOf(view, frame.now)
         << diagnosticsList(object.diagnostics)
         << notToldList(object.notTold, view.explanation.reasons) << closedOf(view, frame.now)
         << "</div>\n<div class=\"aside\">" << factsOf(object, frame.now)
         << historyOf(view, frame.now) << neighboursOf(view) << cleanOf(view.explanation, frame.now)
         << "</div></div></div>\n";
    return framed(frame, html);
}

}  // namespace driftkeeper::page
