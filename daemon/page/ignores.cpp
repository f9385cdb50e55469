#include "daemon/page/ignores.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/page/words.hpp"

namespace driftkeeper::page {
namespace {

template <class Word>
std::vector<std::string> wordsOf(const std::vector<Word>& values) {
    std::vector<std::string> words;
    for (const auto value : values) words.emplace_back(name(value));
    return words;
}

Html matchOf(const RuleMatch& match) {
    Html html;
    const auto add = [&](Markup key, const std::vector<std::string>& words) {
        if (!words.empty())
            html << "<div><span class=\"quiet\">" << key << "</span> <code>"
                 << fmt::format("{}", fmt::join(words, ", ")) << "</code></div>";
    };
    add("stack", match.stack);
    add("address", match.address);
    add("type", match.type);
    add("id", match.id);
    add("attribute", match.attribute);
    add("side", wordsOf(match.side));
    add("change", wordsOf(match.change));
    add("cause", match.cause);
    return html.empty() ? html << "<span class=\"quiet\">everything</span>" : html;
}

// A symbol beside the word for what deserves a look.
Html stateTag(const std::string& state) {
    const bool isFine = state == "in force";
    const bool isOff = state == "off";
    Html html;
    return html << "<span class=\"tag " << either(isFine, "good", either(isOff, "", "warning"))
                << "\"><span aria-hidden=\"true\">" << either(isFine, "✓", either(isOff, "○", "!"))
                << "</span> " << state << "</span>";
}

Html rowOf(const RuleLine& line, TimePoint now) {
    const auto& rule = line.rule;
    Html html;
    html << "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" data-label=\"Rule\"><div><code>"
         << rule.name << "</code>";
    if (rule.keeps) html << " <span class=\"tag\">keeps</span>";
    html << "</div></th><td role=\"cell\" data-label=\"State\"><div>" << stateTag(line.state)
         << "</div></td><td role=\"cell\" data-label=\"Hides\"><div>" << matchOf(rule.match)
         << "</div></td><td role=\"cell\" data-label=\"Reason\"><div>" << rule.reason;
    if (!rule.owner.empty()) html << " <span class=\"quiet\">" << rule.owner << "</span>";
    if (rule.expires)
        html << " <span class=\"quiet\">expires " << moment(rule.expires, now) << "</span>";
    return html << "</div></td><td role=\"cell\" data-label=\"Hits\" class=\"number\"><div>"
                << line.hits.hits << "</div></td><td role=\"cell\" data-label=\"Last hit\"><div>"
                << moment(line.hits.lastHit, now) << "</div></td></tr>\n";
}

Html tableOf(Markup id, Markup title, const std::vector<const RuleLine*>& rules, TimePoint now) {
    Html html;
    html << "<section aria-labelledby=\"" << id << "\"><h2 id=\"" << id << "\">" << title
         << "</h2>\n";
    if (rules.empty()) return html << "<p class=\"empty\">There is none.</p></section>\n";
    html << "<table class=\"list cards\" role=\"table\"><caption class=\"unseen\">" << title
         << "</caption><thead role=\"rowgroup\"><tr role=\"row\">";
    for (const Markup column : {Markup("Rule"), Markup("State"), Markup("Hides"), Markup("Reason"),
                                Markup("Hits"), Markup("Last hit")})
        html << "<th scope=\"col\" role=\"columnheader\">" << column << "</th>";
    html << "</tr></thead><tbody role=\"rowgroup\">\n";
    for (const auto* rule : rules) html << rowOf(*rule, now);
    return html << "</tbody></table></section>\n";
}

}  // namespace

std::string ignoresPage(const Frame& frame, const std::vector<RuleLine>& rules) {
    std::vector<const RuleLine*> own;
    std::vector<const RuleLine*> builtIn;
    for (const auto& line : rules)
        (line.rule.origin == IgnoreRule::Origin::BuiltIn ? builtIn : own).push_back(&line);
    Html html;
    html << "<h1>Ignore rules</h1>\n<p class=\"lead\">A drift that a rule suppresses is "
            "listed with its stack and never alerted. Hits are counted at every check.</p>\n"
         << tableOf("own", "Of the settings and the repositories", own, frame.now)
         << tableOf("built-in", "Built in", builtIn, frame.now);
    return framed(frame, html);
}

}  // namespace driftkeeper::page
