// One run of a stack.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/model/utc.hpp"
#include "daemon/page/diff.hpp"
#include "daemon/page/drifts.hpp"
#include "daemon/page/stack.hpp"
#include "daemon/page/words.hpp"
#include "parsers/graph/reason_code.hpp"

namespace driftkeeper::page {
namespace {

Html factsOf(const Check& check, TimePoint now) {
    const auto& report = check.report;
    Html html;
    html << "<dl class=\"facts wide\"><dt>Began</dt><dd>" << moment(check.started, now)
         << " <span class=\"quiet\">" << utcText(check.started) << "</span></dd><dt>Took</dt><dd>"
         << lengthText(check.seconds()) << "</dd><dt>Looked</dt><dd>" << name(report.completeness)
         << "</dd><dt>At commit</dt><dd>" << commitText(check.commit)
         << "</dd><dt>Resources</dt><dd>" << report.resources
         << " seen: " << report.coverage.checked << " checked, " << report.coverage.unsupported
         << " unsupported, " << report.coverage.unreadable << " unreadable</dd>";
    if (check.touch)
        html << "<dt>Last touched by</dt><dd>" << check.touch->author << ", "
             << commitText(check.touch->commit) << " " << check.touch->summary << "</dd>";
    return html << "</dl>";
}

Html seenBy(const Check& check) {
    Html html;
    html << "<h2>What it saw</h2>\n";
    if (check.report.drifts.empty()) return html << "<p class=\"empty\">No drift.</p>\n";
    // What this run saw by itself: nothing is told or confirmed here.
    for (std::size_t i = 0; i < std::min(check.report.drifts.size(), driftsPerPage); ++i)
        html << "<article class=\"card drift\"><header><h3><code>" << check.report.drifts[i].address
             << "</code></h3><p>" << driftChips(check.report.drifts[i]) << " <span class=\"quiet\">"
             << check.report.drifts[i].cause << "</span></p></header>"
             << diffOf(check.report.drifts[i].attributes) << "</article>\n";
    if (check.report.drifts.size() > driftsPerPage)
        html << "<p class=\"quiet\">and "
             << counted(check.report.drifts.size() - driftsPerPage, "more drift") << "</p>\n";
    return html;
}

Html logOf(const Check& check) {
    Html html;
    if (check.log.empty()) return html;
    html << "<section class=\"card\" aria-labelledby=\"log\"><h2 id=\"log\">Log</h2><ol "
            "class=\"log\">";
    const auto line = [&](std::chrono::duration<double> after, std::string_view what) {
        html << "<li><span class=\"quiet\">+" << fmt::format("{:.1f}", after.count())
             << " s</span> " << what << "</li>";
    };
    for (const RunStep& step : check.log) line(step.after, step.text);
    line(check.finished - check.started, "finished: " + std::string(name(check.verdict())));
    return html << "</ol></section>\n";
}

}  // namespace

std::string checkPage(const Frame& frame, const Stack& stack, const Check& check,
                      const std::map<std::string, std::string>& reasons) {
    Html html;
    html << "<nav class=\"crumbs\" aria-label=\"Where you are\"><a href=\"/\">Fleet</a> / "
         << stackLink(stack.fullName()) << "</nav>\n<h1>A check of " << stack.fullName()
         << "</h1>\n<p class=\"verdict\">" << chip(check.verdict()) << "</p>";
    if (check.report.reason)
        html << "<p class=\"lead\">" << reasonLine(*check.report.reason) << " "
             << prose(adviceForReason(check.report.reason->code)) << "</p>";
    html << "<div class=\"split\"><div>" << seenBy(check)
         << diagnosticsList(check.report.diagnostics) << logOf(check)
         << notToldList(check.report.notTold, reasons)
         << "</div><div class=\"aside\"><section class=\"card\" "
         << "aria-labelledby=\"run\"><h2 id=\"run\">The run</h2>" << factsOf(check, frame.now)
         << "</section><section class=\"card\" aria-labelledby=\"compared\"><h2 "
            "id=\"compared\">Compared with</h2>"
         << evidenceList(check.report.evidence) << "</section></div></div>\n";
    return framed(frame, html);
}

}  // namespace driftkeeper::page
