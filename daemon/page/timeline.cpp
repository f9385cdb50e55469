#include "daemon/page/timeline.hpp"

#include <algorithm>

#include "daemon/page/words.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::page {
namespace {

bool saysTheSame(const CheckLine& one, const CheckLine& other) {
    return one.verdict == other.verdict && one.commit == other.commit &&
           one.completeness == other.completeness && one.reason == other.reason &&
           one.drifts == other.drifts;
}

Html stepOf(const TimelineStep& step, std::string_view stack, TimePoint now) {
    const auto& check = step.newest;
    Html html;
    html << "<li><p>" << chip(check.verdict) << " <a href=\""
         << stackPath(stack) + "/checks/" + percentEncoded(check.id) << "\">"
         << moment(check.finished, now) << "</a>";
    if (check.completeness == Completeness::Partial) html << " <span class=\"tag\">partial</span>";
    html << " <span class=\"quiet\">at</span> " << commitText(check.commit);
    if (check.drifts > 0) html << ", " << counted(check.drifts, "drift");
    html << "</p><p class=\"quiet small\">";
    if (step.checks > 1)
        html << step.checks << " checks with this result since " << moment(step.since, now)
             << ", the longest took " << lengthText(step.seconds);
    else
        html << "took " << lengthText(step.seconds);
    html << "</p>";
    if (check.reason)
        html << "<p class=\"small\"><code>" << check.reason->code << "</code> "
             << check.reason->text << "</p>";
    return html << "</li>\n";
}

}  // namespace

std::vector<TimelineStep> foldChecks(const std::vector<CheckLine>& newestFirst) {
    std::vector<TimelineStep> steps;
    for (const auto& check : newestFirst) {
        const double seconds =
            std::chrono::duration<double>(check.finished - check.started).count();
        if (!steps.empty() && saysTheSame(steps.back().newest, check)) {
            auto& step = steps.back();
            ++step.checks;
            step.since = check.started;
            step.seconds = std::max(step.seconds, seconds);
        } else {
            steps.push_back({check, check.started, 1, seconds});
        }
    }
    return steps;
}

Html timeline(const std::vector<CheckLine>& newestFirst, std::string_view stack, TimePoint now) {
    Html html;
    if (newestFirst.empty()) return html << "<p class=\"empty\">It was not checked yet.</p>\n";
    html << "<ol class=\"timeline\">\n";
    for (const auto& step : foldChecks(newestFirst)) html << stepOf(step, stack, now);
    return html << "</ol>\n";
}

}  // namespace driftkeeper::page
