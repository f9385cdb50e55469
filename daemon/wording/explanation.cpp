#include "daemon/wording/explanation.hpp"
#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "daemon/contract/alert_json.hpp"
#include "daemon/contract/stack_json.hpp"
#include "daemon/model/utc.hpp"
#include "daemon/wording/alert_text.hpp"
#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/cause.hpp"
#include "parsers/graph/reason_code.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

bool isSeen(const Report& report, const std::string& address) {
    return std::ranges::any_of(report.drifts,
                               [&](const Drift& drift) { return drift.address == address; });
}

const Finding* findingAt(const Explanation& explanation, const std::string& address) {
    for (const auto* findings : {&explanation.status.open, &explanation.unconfirmed})
        for (const auto& finding : *findings)
            if (finding.drift.address == address) return &finding;
    return nullptr;
}

Explained ofDrift(const Drift& drift, const Explanation& explanation) {
    Explained one{drift, {}};
    const auto alert = explanation.alerts.find(drift.address);
    if (alert != explanation.alerts.end()) one.alert = alert->second;
    const auto* finding = findingAt(explanation, drift.address);
    if (finding == nullptr) return one;
    one.firstSeen = finding->firstSeen;
    one.confirmedAt = finding->confirmedAt;
    if (one.drift.note.empty()) one.drift.note = finding->drift.note;
    return one;
}

// What the JSON called it before there was `alert`.
std::string_view formerState(const Explained& one) noexcept {
    if (!one.isSeen) return "unseen";
    switch (one.alert.state) {
        case AlertState::Delivered:
            return "told";
        case AlertState::Unconfirmed:
            return "unconfirmed";
        case AlertState::Suppressed:
        case AlertState::NoRoute:
            return "not_told";
        case AlertState::Grouping:
        case AlertState::Muted:
        case AlertState::Undelivered:
            break;
    }
    return "waiting";
}

// When the first channel took it.
std::optional<TimePoint> firstDelivery(const Alert& alert) {
    std::optional<TimePoint> first;
    for (const auto& one : alert.channels)
        if (one.at && (!first || *one.at < *first)) first = one.at;
    return first;
}

void writeTime(JsonWriter& json, std::string_view key, const std::optional<TimePoint>& time) {
    json.key(key).textOrNull(time ? utcText(*time) : "");
}

void writeEvidence(JsonWriter& json, const Evidence& evidence) {
    json.key("state_serial").number(evidence.stateSerial);
    json.key("state_lineage").textOrNull(evidence.stateLineage);
    json.key("tool_version").textOrNull(evidence.toolVersion);
    json.key("lock_file").textOrNull(evidence.lockDigest);
    json.key("provider_versions").beginArray();
    for (const auto& [provider, version] : evidence.providerVersions)
        json.beginObject().key("provider").text(provider).key("version").text(version).endObject();
    json.endArray();
}

void writeTouch(JsonWriter& json, const std::optional<Touch>& touch) {
    json.key("last_touched");
    if (!touch) {
        json.null();
        return;
    }
    json.beginObject().key("commit").text(touch->commit).key("author").text(touch->author);
    writeTime(json, "when", touch->when);
    json.key("summary").text(touch->summary).endObject();
}

void writeClean(JsonWriter& json, const std::optional<CleanCheck>& clean) {
    json.key("last_in_sync");
    if (!clean) {
        json.null();
        return;
    }
    json.beginObject().key("commit").text(clean->commit);
    writeTime(json, "finished", clean->finished);
    writeEvidence(json, clean->evidence);
    json.endObject();
}

void writeLast(JsonWriter& json, const StackStatus& status) {
    json.key("last_check");
    if (!status.last) {
        json.null();
        return;
    }
    json.beginObject().key("verdict").text(name(status.last->verdict()));
    json.key("complete").flag(status.last->complete());
    json.key("commit").textOrNull(status.last->commit);
    writeTime(json, "finished", status.last->finished);
    writeEvidence(json, status.last->report.evidence);
    json.endObject();
}

std::string shortCommit(const std::string& commit) {
    return printable(commit.substr(0, 12));
}

// What else moved between the last in_sync check and now.
std::vector<std::string> movesOf(const Explanation& explanation) {
    std::vector<std::string> moves;
    if (!explanation.clean || !explanation.status.last) return moves;
    const auto& then = explanation.clean->evidence;
    const auto& now = explanation.status.last->report.evidence;
    if (then.stateSerial != now.stateSerial && now.stateSerial != 0)
        moves.push_back(fmt::format("state serial {} → {}", then.stateSerial, now.stateSerial));
    for (const auto& [provider, version] : now.providerVersions) {
        const auto before = then.providerVersions.find(provider);
        if (before != then.providerVersions.end() && before->second != version)
            moves.push_back(fmt::format("{} {} → {}", printable(provider),
                                        printable(before->second), printable(version)));
    }
    if (then.toolVersion != now.toolVersion && !now.toolVersion.empty())
        moves.push_back(
            fmt::format("tool {} → {}", printable(then.toolVersion), printable(now.toolVersion)));
    return moves;
}

std::string headOf(const Explanation& explanation) {
    const auto& status = explanation.status;
    std::string text = printable(status.stack.fullName());
    if (!status.last) return text + ": not checked yet\n";
    text += fmt::format(": {} at {}, {}\n", name(status.last->verdict()),
                        shortCommit(status.last->commit), utcText(status.last->finished));
    if (const auto& reason = status.last->report.reason)
        text += fmt::format("  {}: {}\n  → {}\n", reason->code, printable(reason->text),
                            adviceForReason(reason->code));
    text += explanation.clean
                ? fmt::format("  last in_sync: {} at {}\n", utcText(explanation.clean->finished),
                              shortCommit(explanation.clean->commit))
                : "  last in_sync: never\n";
    if (const auto& touch = explanation.touch)
        text +=
            fmt::format("  last touched by {} of {}, {}: {}\n", shortCommit(touch->commit),
                        printable(touch->author), utcText(touch->when), printable(touch->summary));
    const auto moves = movesOf(explanation);
    if (!moves.empty()) text += fmt::format("  moved since then: {}\n", fmt::join(moves, ", "));
    return text;
}

// The rule that gave a drift its severity; nullptr when it is not known, or the rules changed
// since.
const SeverityRule* severityRuleOf(const Explained& one, const Explanation& explanation) {
    if (one.isSuppressed()) return nullptr;
    const auto rule = explanation.severities.find(one.drift.address);
    return rule == explanation.severities.end() || rule->second.severity != one.drift.severity
               ? nullptr
               : &rule->second;
}

std::string severityOf(const Explained& one, const Explanation& explanation) {
    const auto* rule = severityRuleOf(one, explanation);
    if (rule == nullptr)
        return fmt::format("{} by a rule that is no longer in force", name(one.drift.severity));
    return fmt::format("{} by {}{}{}", name(rule->severity), printable(rule->name),
                       rule->reason.empty() ? "" : ": ", printable(rule->reason));
}

std::string sidesOf(const Drift& drift) {
    if (drift.side != Side::Both) return fmt::format("{} {}", name(drift.side), name(drift.change));
    return fmt::format("live {}, git {}", name(drift.liveChange.value_or(drift.change)),
                       name(drift.gitChange.value_or(Change::Modified)));
}

// What in other stacks depends on it, a line each.
std::string usersOf(const Drift& drift) {
    std::string text;
    for (const auto& one : drift.dependentsElsewhere)
        text += fmt::format("  also used by {}{}{}\n", printable(one.stack),
                            one.address.empty() ? "" : ": ", printable(one.address));
    return text;
}

std::string textOf(const Explained& one, const Explanation& explanation) {
    const auto& drift = one.drift;
    std::string text = fmt::format("\n{}  {}, {}\n", printable(drift.address), sidesOf(drift),
                                   printable(drift.cause));
    text += fmt::format("  {}\n", printable(decisionText(one, explanation)));
    if (!one.isSuppressed()) text += fmt::format("  {}\n", severityOf(one, explanation));
    if (const auto known = howWeKnow(drift.cause, explanation.family); !known.empty())
        text += fmt::format("  {}\n", known);
    if (!one.isSuppressed()) text += fmt::format("  → {}\n", adviceFor(drift));
    if (!drift.note.empty()) text += fmt::format("  {}\n", printable(drift.note));
    if (const auto words = changedBy(drift); !words.empty())
        text += fmt::format("  {}\n", printable(words));
    text += usersOf(drift);
    for (const auto& attribute : drift.attributes) {
        const auto& before = attribute.before.empty() ? attribute.git : attribute.before;
        text += fmt::format("    {}: applied {}, live {}, Git {}\n", printable(attribute.path),
                            shownValue(before, 200), shownValue(attribute.live, 200),
                            shownValue(attribute.git, 200));
    }
    return text;
}

}  // namespace

std::vector<Explained> explained(const Explanation& explanation, std::string_view address) {
    std::vector<Explained> all;
    const auto& status = explanation.status;
    static const Report nothing;
    const Report& report = status.last ? status.last->report : nothing;
    for (const auto& drift : report.drifts) all.push_back(ofDrift(drift, explanation));
    for (const auto& quiet : report.notTold) all.push_back({quiet.drift, suppressedBy(quiet.rule)});
    for (const auto* findings : {&status.open, &explanation.unconfirmed})
        for (const auto& finding : *findings)
            if (!isSeen(report, finding.drift.address)) {
                all.push_back(ofDrift(finding.drift, explanation));
                all.back().isSeen = false;
            }
    if (!address.empty())
        std::erase_if(all, [&](const Explained& one) { return one.drift.address != address; });
    std::ranges::stable_sort(
        all, {}, [](const Explained& one) { return std::tie(one.drift.address, one.alert.state); });
    return all;
}

std::string explanationJson(const Explanation& explanation, std::string_view address) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1});
    json.key("stack").text(explanation.status.stack.fullName());
    writeLast(json, explanation.status);
    writeClean(json, explanation.clean);
    writeTouch(json, explanation.touch);
    json.key("differences").beginArray();
    for (const auto& one : explained(explanation, address)) {
        json.beginObject()
            .key("state")
            .text(formerState(one))
            .key("rule")
            .textOrNull(one.alert.rule);
        const auto reason = explanation.reasons.find(one.alert.rule);
        json.key("reason").textOrNull(reason == explanation.reasons.end() ? "" : reason->second);
        json.key("how_we_know").text(howWeKnow(one.drift.cause, explanation.family));
        json.key("what_to_do").text(adviceFor(one.drift));
        const auto* severity = severityRuleOf(one, explanation);
        json.key("severity_rule").textOrNull(severity == nullptr ? "" : severity->name);
        json.key("severity_reason").textOrNull(severity == nullptr ? "" : severity->reason);
        writeTime(json, "confirmed", one.confirmedAt);
        writeTime(json, "told", firstDelivery(one.alert));
        json.key("seen").flag(one.isSeen).key("alert");
        write(json, one.alert);
        json.key("drift");
        write(json, ShownDrift{one.drift, one.firstSeen});
        json.endObject();
    }
    json.endArray().endObject();
    return std::move(json).take();
}

std::string explanationText(const Explanation& explanation, std::string_view address) {
    std::string text = headOf(explanation);
    const auto all = explained(explanation, address);
    for (const auto& one : all) text += textOf(one, explanation);
    if (all.empty() && address.empty()) text += "\nNothing differs.\n";
    if (all.empty() && !address.empty())
        text += fmt::format("\n{} does not differ.\n", printable(address));
    return text;
}

std::string decisionText(const Explained& one, const Explanation& explanation) {
    auto text = alertText(one.alert);
    if (one.isSuppressed())
        if (const auto reason = explanation.reasons.find(one.alert.rule);
            reason != explanation.reasons.end())
            text += ": " + reason->second;
    return one.isSeen ? text : text + ", not seen by the last check";
}

}  // namespace driftkeeper
