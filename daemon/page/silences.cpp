#include "daemon/page/silences.hpp"

#include <fmt/format.h>

#include <array>

#include "daemon/page/fleet_filter.hpp"
#include "daemon/page/words.hpp"

namespace driftkeeper::page {
namespace {

std::string matcherOf(const Silence& silence) {
    return fmt::format("{}", fmt::join(silence.matcher, " "));
}

Html endButton(const Frame& frame, const Silence& silence) {
    Html html;
    if (!frame.viewer.mayOperate || silence.until <= frame.now) return html;
    return html << formStart(frame.viewer, "/do/silence/end")
                << "<input type=\"hidden\" name=\"id\" value=\"" << silence.id
                << "\"><button aria-label=\"End the silence of " << matcherOf(silence)
                << "\">End now</button></form>";
}

Html rowOf(const Frame& frame, const Silence& silence) {
    const bool isOn = silence.until > frame.now;
    Html html;
    return html << "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" "
                   "data-label=\"What\"><div><code>"
                << matcherOf(silence)
                << "</code></div></th><td role=\"cell\" data-label=\"State\"><div>"
                << either(isOn,
                          "<span class=\"tag good\"><span aria-hidden=\"true\">●</span> on</span>",
                          "<span class=\"tag\"><span aria-hidden=\"true\">○</span> ended</span>")
                << "</div></td><td role=\"cell\" data-label=\"Reason\"><div>" << silence.reason
                << "</div></td><td role=\"cell\" data-label=\"By\"><div>"
                << (silence.by.empty() ? std::string("–") : silence.by)
                << "</div></td><td role=\"cell\" data-label=\"Since\"><div>"
                << moment(silence.from, frame.now)
                << "</div></td><td role=\"cell\" data-label=\"Until\"><div>"
                << moment(silence.until, frame.now)
                << "</div></td><td role=\"cell\" data-label=\"Do\"><div>"
                << endButton(frame, silence) << "</div></td></tr>\n";
}

Html listOf(const Frame& frame, const SilencesView& view) {
    Html html;
    html << "<section aria-labelledby=\"list\"><h2 id=\"list\">" << counted(view.on, "silence")
         << " on</h2>\n";
    if (view.silences.empty())
        return html << "<p class=\"empty\">Nothing was silenced.</p></section>\n";
    html << "<table class=\"list cards\" role=\"table\"><caption "
            "class=\"unseen\">Silences</caption><thead "
            "role=\"rowgroup\"><tr role=\"row\">";
    for (const Markup column : {Markup("What"), Markup("State"), Markup("Reason"), Markup("By"),
                                Markup("Since"), Markup("Until"), Markup("Do")})
        html << "<th scope=\"col\" role=\"columnheader\">" << column << "</th>";
    html << "</tr></thead><tbody role=\"rowgroup\">\n";
    for (const auto& silence : view.silences) html << rowOf(frame, silence);
    return html << "</tbody></table>"
                << pager({"/silences", {}, "page", view.page, pagesOf(view.total, silencesPerPage)})
                << "</section>\n";
}

std::string clock(Seconds since) {
    const auto minutes = since.count() / 60;
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

Html windowsOf(const SilencesView& view) {
    constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    Html html;
    if (view.windows.empty()) return html;
    html << "<section class=\"card\" aria-labelledby=\"windows\"><h2 id=\"windows\">Windows of the "
            "settings</h2><ul>";
    for (const auto& window : view.windows) {
        html << "<li><b>" << window.name << "</b> " << clock(window.from) << "–" << clock(window.to)
             << " ";
        for (const unsigned day : window.days) html << std::string(days.at(day)) << " ";
        if (window.days.empty()) html << "every day ";
        html << "<span class=\"quiet\">" << window.timeZone << " " << window.reason
             << "</span></li>";
    }
    return html << "</ul></section>\n";
}

Html formOf(const SilencesView& view) {
    Html html;
    return html << "<section class=\"card\" aria-labelledby=\"new\"><h2 id=\"new\">Silence "
                   "something</h2>"
                   "<form class=\"stacked\" method=\"get\" action=\"/silences\">"
                   "<p class=\"field wide\"><label for=\"matcher\">What</label><input "
                   "id=\"matcher\" name=\"matcher\" "
                   "value=\""
                << view.form.matcher
                << "\" required placeholder=\"stack=infra/prod/** side=live\" "
                   "aria-describedby=\"matcher-hint\"></p>"
                   "<p id=\"matcher-hint\" class=\"quiet small\">Words <code>key=value</code> with "
                   "repository, stack, "
                   "provider, side, change, severity, owner, type or kind; or globs over stacks. "
                   "All of the keys have to "
                   "match.</p><p class=\"field\"><label for=\"length\">For</label><input "
                   "id=\"length\" name=\"length\" "
                   "value=\""
                << (view.form.length.empty() ? std::string("2h") : view.form.length)
                << "\" required size=\"6\" aria-describedby=\"length-hint\"></p><p "
                   "id=\"length-hint\" class=\"quiet "
                   "small\">30m, 2h or 1d, at most 366d.</p><p class=\"field wide\"><label "
                   "for=\"reason\">Reason</label><input id=\"reason\" name=\"reason\" value=\""
                << view.form.reason
                << "\" required maxlength=\"1000\"></p><p class=\"buttons\"><button "
                   "class=\"primary\">Show what it "
                   "matches</button></p></form></section>\n";
}

// What it would keep quiet, and the one button that does it.
Html previewOf(const Frame& frame, const SilencesView& view) {
    const auto& preview = *view.preview;
    Html html;
    html << "<section class=\"card\" aria-labelledby=\"preview\"><h2 id=\"preview\">This would "
            "keep quiet</h2><p><b>"
         << counted(preview.stacks, "stack") << "</b> with <b>"
         << counted(preview.drifts, "open drift")
         << "</b> that match now, and whatever comes there until it ends.";
    if (!preview.isWhole)
        html << " <span class=\"quiet\">Drifts are counted in the first stacks only.</span>";
    html << "</p>";
    if (preview.stacks == 0)
        html << "<p class=\"notice bad\"><strong>Nothing matches now.</strong> Check the "
                "spelling.</p>";
    html << "<ul class=\"plain\">";
    for (const auto& line : preview.first)
        html << "<li>" << chip(verdictOf(line)) << " " << stackLink(line.stack) << "</li>";
    html << "</ul>";
    if (preview.stacks > preview.first.size())
        html << "<p class=\"quiet\">and " << preview.stacks - preview.first.size() << " more</p>";
    if (!frame.viewer.mayOperate) return html << "<p>" << loginLink(frame) << "</p></section>\n";
    return html << formStart(frame.viewer, "/do/silence")
                << "<input type=\"hidden\" name=\"matcher\" value=\"" << view.form.matcher
                << "\"><input type=\"hidden\" name=\"length\" value=\"" << view.form.length
                << "\"><input type=\"hidden\" name=\"reason\" value=\"" << view.form.reason
                << "\"><button class=\"primary\">Silence this for " << view.form.length
                << "</button></form></section>\n";
}

}  // namespace

std::string silencesPage(const Frame& frame, const SilencesView& view) {
    Html html;
    html << "<h1>Silences</h1>\n<p class=\"lead\">A silence suppresses new alerts. What is still "
            "true when it ends is "
            "alerted then.</p>\n<div class=\"columns\">"
         << formOf(view);
    if (view.preview) html << previewOf(frame, view);
    html << "</div>\n" << listOf(frame, view) << windowsOf(view);
    return framed(frame, html);
}

}  // namespace driftkeeper::page
