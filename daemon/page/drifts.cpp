#include "daemon/page/drifts.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "daemon/page/diff.hpp"
#include "daemon/page/words.hpp"
#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper::page {
namespace {

Html sideWords(const Drift& drift) {
    Html html;
    switch (drift.side) {
        case Side::Live:
            return html << "live was " << name(drift.change);
        case Side::Git:
            return html << name(drift.change) << " in Git, not applied";
        case Side::Both:
            return html << "conflict: live " << name(drift.liveChange.value_or(drift.change))
                        << ", Git " << name(drift.gitChange.value_or(Change::Modified));
        case Side::Unknown:
            break;
    }
    return html << name(drift.change) << ", side unknown";
}

Html changeSymbol(const Drift& drift) {
    constexpr std::array<Markup, 3> symbols = {"~", "−", "+"};
    Html html;
    return html << (drift.replace ? Markup("±") : symbols[static_cast<std::size_t>(drift.change)]);
}

Html severityChip(Severity severity) {
    constexpr std::array<Markup, 3> chips = {
        "<span class=\"tag info\"><span aria-hidden=\"true\">·</span> info</span>",
        "<span class=\"tag warning\"><span aria-hidden=\"true\">!</span> warning</span>",
        "<span class=\"tag critical\"><span aria-hidden=\"true\">‼</span> critical</span>"};
    Html html;
    return html << chips[static_cast<std::size_t>(severity)];
}

// Its state as a chip: what waits or is kept quiet is no trouble, what nobody gets is.
Html alertChip(AlertState state) {
    constexpr std::array<Markup, alertStates.size()> chips = {
        "<span class=\"tag\">suppressed</span>",
        "<span class=\"tag\">unconfirmed</span>",
        "<span class=\"tag\">grouping</span>",
        "<span class=\"tag\">muted</span>",
        "<span class=\"tag warning\"><span aria-hidden=\"true\">!</span> no route</span>",
        "<span class=\"tag warning\"><span aria-hidden=\"true\">!</span> undelivered</span>",
        "<span class=\"tag good\"><span aria-hidden=\"true\">✓</span> delivered</span>"};
    Html html;
    return html << chips[static_cast<std::size_t>(state)];
}

void addFact(Html& html, Markup name, const Html& value) {
    if (!value.empty()) html << "<dt>" << name << "</dt><dd>" << value << "</dd>";
}

Html text(std::string_view words) {
    Html html;
    return html << words;
}

Html severityRule(const Explained& one, const Explanation& explanation) {
    const auto rule = explanation.severities.find(one.drift.address);
    if (rule == explanation.severities.end() || rule->second.severity != one.drift.severity)
        return text("by a rule that is no longer in force");
    Html html;
    html << "by <code>" << rule->second.name << "</code>";
    if (!rule->second.reason.empty()) html << ": " << rule->second.reason;
    return html;
}

Html dependents(const Drift& drift) {
    Html html;
    if (drift.dependents == 0 && drift.dependentsElsewhere.empty()) return html;
    html << counted(drift.dependents, "resource")
         << either(drift.dependents == 1, " depends", " depend") << " on it";
    for (const auto& one : drift.dependentsElsewhere) {
        html << "<br>in " << stackLink(one.stack);
        if (!one.address.empty()) html << ": <code>" << one.address << "</code>";
    }
    return html;
}

Html factsOf(const Explained& one, const Explanation& explanation, TimePoint now) {
    const auto& drift = one.drift;
    Html html;
    html << "<dl class=\"facts\">";
    addFact(html, "How we know", prose(howWeKnow(drift.cause, explanation.family)));
    addFact(html, "What to do", prose(adviceFor(drift)));
    if (one.firstSeen) addFact(html, "First seen", moment(one.firstSeen, now));
    addFact(html, "Alert", text(decisionText(one, explanation)));
    if (!one.isSuppressed()) addFact(html, "Severity", severityRule(one, explanation));
    addFact(html, "Note", text(drift.note));
    addFact(html, "Changed by", text(drift.changedBy));
    addFact(html, "Used by", dependents(drift));
    if (!drift.previousAddress.empty()) addFact(html, "Was at", text(drift.previousAddress));
    if (!drift.id.empty()) addFact(html, "Id", Html() << "<code>" << drift.id << "</code>");
    return html << "</dl>\n";
}

}  // namespace

Html driftChips(const Drift& drift) {
    Html html;
    html << "<span class=\"tag\"><span aria-hidden=\"true\">" << changeSymbol(drift) << "</span> "
         << sideWords(drift) << "</span> " << severityChip(drift.severity);
    if (drift.replace)
        html << " <span class=\"tag critical\"><span aria-hidden=\"true\">±</span> needs a "
                "replacement</span>";
    return html;
}

Html driftCard(const Explained& one, const Explanation& explanation, TimePoint now) {
    Html html;
    html << "<article class=\"card drift\"><header><h3><code>" << one.drift.address
         << "</code></h3><p>" << driftChips(one.drift) << " " << alertChip(one.alert.state)
         << " <span class=\"quiet\">" << one.drift.cause << "</span></p></header>\n"
         << diffOf(one.drift.attributes)
         << "<details class=\"evidence\" open><summary>Evidence</summary>"
         << factsOf(one, explanation, now);
    return html << "</details></article>\n";
}

Html notToldList(const std::vector<NotTold>& notTold,
                 const std::map<std::string, std::string>& reasons) {
    Html html;
    if (notTold.empty()) return html;
    html << "<details class=\"card\" id=\"not-told\"><summary><h2>Suppressed: "
         << counted(notTold.size(), "difference")
         << "</h2></summary><p class=\"quiet\">Suppressed by an <a href=\"/ignores\">ignore "
            "rule</a>: no alerts.</p>";
    for (const auto& quiet : notTold) {
        html << "<article class=\"quiet-drift\"><h3><code>" << quiet.drift.address
             << "</code></h3><p>" << driftChips(quiet.drift) << "</p><p><code>" << quiet.rule
             << "</code>";
        if (const auto reason = reasons.find(quiet.rule); reason != reasons.end())
            html << ": " << reason->second;
        html << "</p>" << diffOf(quiet.drift.attributes) << "</article>\n";
    }
    return html << "</details>\n";
}

Html diagnosticsList(const std::vector<Diagnostic>& diagnostics) {
    Html html;
    if (diagnostics.empty()) return html;
    html << "<section class=\"card\" aria-labelledby=\"from-tool\"><h2 id=\"from-tool\">Output of "
            "the "
            "tool</h2><ul "
            "class=\"diagnostics\">";
    for (const auto& one : diagnostics) {
        const bool isError = one.level == Diagnostic::Level::Error;
        html << "<li><span class=\"tag "
             << either(isError, "critical\"><span aria-hidden=\"true\">✕</span> error",
                       "warning\"><span aria-hidden=\"true\">!</span> warning")
             << "</span> " << one.summary;
        if (!one.address.empty()) html << " <code>" << one.address << "</code>";
        html << "</li>";
    }
    return html << "</ul></section>\n";
}

Html evidenceList(const Evidence& evidence) {
    Html html;
    html << "<dl class=\"facts\">";
    if (!evidence.toolVersion.empty()) addFact(html, "Tool version", text(evidence.toolVersion));
    if (evidence.stateSerial != 0) addFact(html, "State serial", Html() << evidence.stateSerial);
    if (!evidence.stateLineage.empty()) addFact(html, "State lineage", text(evidence.stateLineage));
    if (!evidence.lockDigest.empty())
        addFact(html, "Lock file", text(evidence.lockDigest.substr(0, 16)));
    for (const auto& [provider, version] : evidence.providerVersions)
        html << "<dt>" << provider << "</dt><dd>" << version << "</dd>";
    return html << "</dl>\n";
}

}  // namespace driftkeeper::page
