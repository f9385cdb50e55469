#include "daemon/page/incidents.hpp"

#include <fmt/format.h>

#include <array>

#include "daemon/page/words.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::page {
namespace {

// What it is about, as a heading.
Html titleOf(const IncidentLine& line, const std::string& subject) {
    const auto& incident = line.incident;
    Html html;
    switch (incident.kind) {
        case IncidentKind::Drift:
            html << (line.members > 0 ? counted(line.members, "drift") : std::string("Drift"));
            if (incident.cause == "baseline") return html << ", first check of " << subject;
            return incident.cause.empty() ? html << " in " << subject
                                          : html << " with one cause: " << incident.cause;
        case IncidentKind::Stale:
            return html << "No complete check of " << subject;
        case IncidentKind::Repository:
            return html << "Repository " << subject << " cannot be read";
        case IncidentKind::Channel:
            return html << "Channel " << subject << " does not deliver";
        case IncidentKind::Ownership:
            return html << "Two stacks manage one thing";
        case IncidentKind::Reconciler:
            return html << "A reconciler of " << subject << " is in trouble";
        case IncidentKind::Orphaned:
            return html << "Nobody looks after " << subject << " any more";
        case IncidentKind::Overload:
            return html << "Checks cannot keep up";
        case IncidentKind::Daemon:
            return html << "The daemon is in trouble";
        case IncidentKind::Digest:
            return html << "Digest";
    }
    return html;
}

Html membersOf(const IncidentLine& line, bool shortened) {
    Html html;
    if (line.incident.members.empty()) return html;
    html << "<ul class=\"members\">";
    for (const auto& member : line.incident.members)
        html << "<li>" << stackLink(member.stack) << " <code>" << member.address
             << "</code> <span class=\"quiet\">" << name(member.side) << " " << name(member.change)
             << ", " << name(member.severity) << "</span></li>";
    html << "</ul>";
    if (shortened && line.members > line.incident.members.size())
        html << "<p><a href=\"/incidents/" << percentEncoded(line.incident.id) << "\">and "
             << line.members - line.incident.members.size() << " more</a></p>";
    return html;
}

Html aboutOf(const IncidentLine& line, TimePoint now) {
    const auto& incident = line.incident;
    Html html;
    html << "<p class=\"quiet\"><span class=\"tag\">" << name(incident.kind) << "</span> opened "
         << moment(incident.opened, now);
    if (incident.closed) html << ", closed " << moment(incident.closed, now);
    html << ", last notified " << moment(incident.announcedAt, now) << "</p>";
    if (!incident.text.empty()) html << "<p>" << incident.text << "</p>";
    html << "<p>Sent to: ";
    if (incident.channels.empty()) return html << "nobody, it is listed only</p>";
    return html << fmt::format("{}", fmt::join(incident.channels, ", ")) << "</p>";
}

Html cardOf(const IncidentLine& line, const std::string& subject, TimePoint now) {
    Html html;
    return html << "<article class=\"card\"><h3><a href=\"/incidents/"
                << percentEncoded(line.incident.id) << "\">" << titleOf(line, subject)
                << "</a></h3>" << aboutOf(line, now) << membersOf(line, true) << "</article>\n";
}

std::string subjectOf(const IncidentsView& view, const Incident& incident) {
    const auto stack = view.stacks.find(incident.subject);
    return stack == view.stacks.end() ? incident.subject : stack->second;
}

Html tabs(bool open) {
    Html html;
    return html << "<ul class=\"tabs\"><li><a href=\"/incidents\""
                << either(open, " aria-current=\"true\"", "")
                << ">Open</a></li><li><a href=\"/incidents?state=closed\""
                << either(open, "", " aria-current=\"true\"") << ">Closed</a></li></ul>\n";
}

}  // namespace

std::string incidentsPage(const Frame& frame, const IncidentsView& view) {
    Html html;
    html << "<h1>Incidents</h1>\n<p class=\"lead\">A finding joins one incident and stays in "
            "it.</p>\n"
         << tabs(view.open)
         << "<section aria-labelledby=\"list\" id=\"live-incidents\" data-live><h2 id=\"list\">"
         << counted(view.incidents.total,
                    either(view.open, "open incident", "closed incident").text())
         << "</h2>\n";
    if (view.incidents.rows.empty()) html << "<p class=\"empty\">No incidents.</p>\n";
    for (const auto& line : view.incidents.rows)
        html << cardOf(line, subjectOf(view, line.incident), frame.now);
    std::map<std::string, std::string> query;
    if (!view.open) query["state"] = "closed";
    html << pager({"/incidents", query, "page", view.page,
                   pagesOf(view.incidents.total, incidentsPerPage)})
         << "</section>\n";
    return framed(frame, html);
}

std::string incidentPage(const Frame& frame, const IncidentLine& line, const std::string& subject,
                         std::size_t page) {
    Html html;
    html << "<nav class=\"crumbs\" aria-label=\"Where you are\"><a "
            "href=\"/incidents\">Incidents</a></nav>\n<h1>"
         << titleOf(line, subject) << "</h1>\n<section class=\"card\" aria-label=\"Incident\">"
         << aboutOf(line, frame.now) << "<p class=\"quiet small\">" << line.incident.id << "</p>"
         << membersOf(line, false) << "</section>\n"
         << pager({"/incidents/" + percentEncoded(line.incident.id),
                   {},
                   "page",
                   page,
                   pagesOf(line.members, membersPerPage)});
    return framed(frame, html);
}

}  // namespace driftkeeper::page
