#include "daemon/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/present/text.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostAttributes = 12;

constexpr const char* head = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30">
<title>driftkeeper</title>
<style>
:root { color-scheme: light dark; --line: #8884; --drifted: #b3261e; --unapplied: #8a5a00; --in_sync: #1b6e3c; --inconclusive: #5b5b66; }
@media (prefers-color-scheme: dark) { :root { --drifted: #ff8a80; --unapplied: #ffc46b; --in_sync: #7ddc9a; --inconclusive: #b8b8c4; } }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.drifted { color: var(--drifted); } .unapplied { color: var(--unapplied); } .in_sync { color: var(--in_sync); } .inconclusive { color: var(--inconclusive); }
.verdict { font-weight: 600; white-space: nowrap; } .quiet { opacity: .75; }
</style>
)html";

std::string escaped(std::string_view raw) {
    std::string out;
    for (const char c : printable(raw)) switch (c) {
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
                out += c;
        }
    return out;
}

std::string ago(TimePoint then, TimePoint now) {
    const auto seconds = std::max<long long>(0, std::chrono::duration_cast<std::chrono::seconds>(now - then).count());
    if (seconds < 120) return fmt::format("{} s ago", seconds);
    if (seconds < 7200) return fmt::format("{} min ago", seconds / 60);
    if (seconds < 172800) return fmt::format("{} h ago", seconds / 3600);
    return fmt::format("{} d ago", seconds / 86400);
}

std::string totals(const std::vector<StackObject>& stacks) {
    std::array<std::size_t, 4> counts{};
    for (const auto& stack : stacks) ++counts[static_cast<std::size_t>(stack.verdict)];
    return fmt::format(
        "<p>{} stacks: <span class=in_sync>{} in sync</span>, <span class=drifted>{} drifted</span>, "
        "<span class=unapplied>{} unapplied</span>, <span class=inconclusive>{} inconclusive</span></p>\n",
        stacks.size(), counts[0], counts[1], counts[2], counts[3]);
}

std::string attributeRow(const AttributeDrift& attribute) {
    return fmt::format("<tr><td><code>{}</code><td><code>{}</code><td><code>{}</code>\n", escaped(attribute.path),
                       escaped(shownValue(attribute.git, 200)), escaped(shownValue(attribute.live, 200)));
}

std::string driftSection(const ShownDrift& shown, TimePoint now) {
    const Drift& drift = shown.drift;
    std::string out = fmt::format("<h3><code>{}</code> {} on the {} side</h3>\n<p class=quiet>{}, {}{}{}</p>\n",
                                  escaped(drift.address), name(drift.change), name(drift.side), escaped(drift.cause),
                                  name(drift.severity), drift.replace ? ", needs a replacement" : "",
                                  shown.firstSeen ? ", first seen " + ago(*shown.firstSeen, now) : "");
    if (drift.attributes.empty()) return out;
    out += "<table><tr><th scope=col>Attribute<th scope=col>Git<th scope=col>Live\n";
    for (std::size_t i = 0; i < std::min(drift.attributes.size(), mostAttributes); ++i)
        out += attributeRow(drift.attributes[i]);
    out += "</table>\n";
    if (drift.attributes.size() > mostAttributes)
        out += fmt::format("<p class=quiet>and {} more</p>\n", drift.attributes.size() - mostAttributes);
    return out;
}

std::string stackRow(const StackObject& stack, TimePoint now) {
    const auto verdict = name(stack.verdict);
    std::string words(verdict);
    std::ranges::replace(words, '_', ' ');
    return fmt::format("<tr><td><code>{}</code><td class=\"verdict {}\">{}<td>{}<td>{}<td>{}<td><code>{}</code>\n",
                       escaped(stack.stack), verdict, words, stack.drifts.size(),
                       stack.lastConclusive ? ago(stack.lastConclusive->finished, now) : "never",
                       stack.reason ? escaped(stack.reason->text) : "", escaped(stack.commit.substr(0, 10)));
}

}  // namespace

std::string statusPage(const std::vector<StackObject>& stacks,
                       const std::map<std::string, RepositoryLine>& repositories, TimePoint now) {
    std::string out = head;
    out += "<h1>driftkeeper</h1>\n<main>\n" + totals(stacks);
    out +=
        "<table><caption class=quiet>Stacks</caption><tr><th scope=col>Stack<th scope=col>Verdict<th scope=col>Drifts"
        "<th scope=col>Last complete check<th scope=col>Reason<th scope=col>Commit\n";
    for (const auto& stack : stacks) out += stackRow(stack, now);
    out += "</table>\n";
    for (const auto& stack : stacks) {
        if (stack.drifts.empty()) continue;
        out += fmt::format("<h2>{}</h2>\n", escaped(stack.stack));
        for (const auto& drift : stack.drifts) out += driftSection(drift, now);
    }
    out +=
        "<h2>Repositories</h2>\n<table><tr><th scope=col>Repository<th scope=col>Commit<th scope=col>Last read<th "
        "scope=col>Failures\n";
    for (const auto& [repository, line] : repositories)
        out += fmt::format("<tr><td>{}<td><code>{}</code><td>{}<td>{}\n", escaped(repository),
                           escaped(line.commit.substr(0, 10)), line.lastSync ? ago(*line.lastSync, now) : "never",
                           line.failures);
    return out + "</table>\n</main>\n</html>\n";
}

}  // namespace driftkeeper
