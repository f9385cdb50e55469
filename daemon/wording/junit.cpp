#include "daemon/wording/junit.hpp"
#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/cause.hpp"
#include "parsers/graph/reason_code.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

// Fit for an attribute and for text. What printable() leaves and XML 1.0 forbids is U+FFFE and
// U+FFFF alone.
std::string xml(std::string_view text) {
    std::string out;
    const std::string shown = printable(text);
    for (std::size_t at = 0; at < shown.size(); ++at) {
        const std::string_view three = std::string_view(shown).substr(at, 3);
        if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {
            out += "\xef\xbf\xbd";
            at += 2;
            continue;
        }
        switch (shown[at]) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += shown[at];
        }
    }
    return out;
}

struct Totals {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    double seconds = 0;

    void add(const Totals& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        skipped += other.skipped;
        seconds += other.seconds;
    }
};

bool isError(const StackObject& stack) {
    return !stack.complete || stack.verdict == Verdict::Inconclusive;
}

Totals totalsOf(const StackObject& stack) {
    return {1 + stack.drifts.size() + stack.notTold.size(), stack.drifts.size(),
            isError(stack) ? std::size_t{1} : 0, stack.notTold.size(), stack.durationSeconds};
}

std::string attributes(const Totals& totals) {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")",
                       totals.tests, totals.failures, totals.errors, totals.skipped,
                       std::max(totals.seconds, 0.0));
}

std::string opening(const StackObject& stack, std::string_view name, double seconds) {
    return fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")", xml(stack.stack),
                       xml(name), seconds);
}

std::string lookCase(const StackObject& stack) {
    const std::string open = opening(stack, "complete look", std::max(stack.durationSeconds, 0.0));
    if (!isError(stack)) return open + "/>\n";
    const Reason reason =
        stack.reason.value_or(Reason{"unreadable_resources", "not everything could be read"});
    return fmt::format("{}>\n      <error type=\"{}\" message=\"{}\">{}</error>\n    </testcase>\n",
                       open, xml(reason.code), xml(reason.text), xml(adviceForReason(reason.code)));
}

std::string failureText(const Drift& drift) {
    std::string text = xml(adviceFor(drift)) + "\n";
    for (const auto& words : {drift.note, changedBy(drift), alsoUsedBy(drift)})
        if (!words.empty()) text += xml(words) + "\n";
    for (const auto& attribute : drift.attributes)
        text +=
            fmt::format("{}: Git {}, live {}\n", xml(attribute.path),
                        xml(shownValue(attribute.git, 500)), xml(shownValue(attribute.live, 500)));
    return text;
}

std::string driftCase(const StackObject& stack, const Drift& drift) {
    return fmt::format(
        "{}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
        opening(stack, drift.address, 0), xml(drift.cause),
        xml(fmt::format("{} ({}, {}{})", changedWhere(drift), drift.cause, name(drift.severity),
                        drift.replace ? ", must be replaced" : "")),
        failureText(drift));
}

std::string quietCase(const StackObject& stack, const NotTold& notTold) {
    return fmt::format(
        "{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n",
        opening(stack, notTold.drift.address, 0),
        xml(fmt::format("{}, suppressed by rule {}", notTold.drift.cause, notTold.rule)));
}

std::string diagnosticsText(const StackObject& stack) {
    if (stack.diagnostics.empty()) return {};
    std::string text = "    <system-err>";
    for (const auto& diagnostic : stack.diagnostics)
        text += fmt::format("{}: {}{}\n",
                            diagnostic.level == Diagnostic::Level::Error ? "error" : "warning",
                            xml(diagnostic.summary),
                            diagnostic.address.empty() ? "" : " (" + xml(diagnostic.address) + ")");
    return text + "</system-err>\n";
}

// Time stamps of this format have no zone: they are UTC.
std::string suite(const StackObject& stack) {
    std::string text =
        fmt::format("  <testsuite name=\"{}\" {}", xml(stack.stack), attributes(totalsOf(stack)));
    if (stack.started)
        text += fmt::format(" timestamp=\"{}\"", utcText(*stack.started).substr(0, 19));
    text += ">\n" + lookCase(stack);
    for (const auto& shown : stack.drifts) text += driftCase(stack, shown.drift);
    for (const auto& notTold : stack.notTold) text += quietCase(stack, notTold);
    return text + diagnosticsText(stack) + "  </testsuite>\n";
}

}  // namespace

std::string junitXml(const std::vector<StackObject>& stacks) {
    Totals totals;
    for (const auto& stack : stacks) totals.add(totalsOf(stack));
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"driftkeeper\" {}>\n",
        attributes(totals));
    for (const auto& stack : stacks) text += suite(stack);
    return text + "</testsuites>\n";
}

}  // namespace driftkeeper
