// The part of the API that says why something is alerted or not: explain, ignore rules, silences.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "daemon/api/alerts_now.hpp"
#include "daemon/api/answers.hpp"
#include "daemon/api/api.hpp"
#include "daemon/api/explanation_of.hpp"
#include "daemon/api/silence_preview.hpp"
#include "daemon/judge/rule_state.hpp"
#include "daemon/judge/rules.hpp"
#include "daemon/judge/severity.hpp"
#include "daemon/model/nearest.hpp"
#include "daemon/settings/matcher.hpp"
#include "daemon/settings/rules_file.hpp"
#include "daemon/wording/explanation.hpp"
#include "parsers/json/json.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::days aMonth{30};

void writeList(JsonWriter& writer, std::string_view key, const std::vector<std::string>& words) {
    if (words.empty()) return;
    writer.key(key).beginArray();
    for (const auto& word : words) writer.text(word);
    writer.endArray();
}

template <class Word>
void writeWords(JsonWriter& writer, std::string_view key, const std::vector<Word>& words) {
    std::vector<std::string> names;
    for (const auto word : words) names.emplace_back(name(word));
    writeList(writer, key, names);
}

void write(JsonWriter& writer, const RuleMatch& match) {
    writer.beginObject();
    writeList(writer, "stack", match.stack);
    writeList(writer, "address", match.address);
    writeList(writer, "id", match.id);
    writeList(writer, "type", match.type);
    writeList(writer, "attribute", match.attribute);
    writeWords(writer, "side", match.side);
    writeWords(writer, "change", match.change);
    writeList(writer, "cause", match.cause);
    writer.endObject();
}

void write(JsonWriter& writer, const Silence& silence, TimePoint now) {
    writer.beginObject().key("id").text(silence.id).key("matcher").text(matcherText(silence.match));
    writer.key("reason").text(silence.reason).key("by").text(silence.by);
    writeTime(writer, "from", silence.from);
    writeTime(writer, "until", silence.until);
    writer.key("active").flag(silence.until > now).endObject();
}

// A rule by its name, or a match as YAML: {address: "aws_*", attribute: tags}.
Result<IgnoreRule> ruleFor(const std::string& text, const std::vector<IgnoreRule>& known) {
    if (const auto it = std::ranges::find(known, text, &IgnoreRule::name); it != known.end())
        return *it;
    auto loaded = parseRulesFile(
        fmt::format("version: 1\nignores:\n  - name: tried\n    reason: tried\n    match: {}\n",
                    text),
        "", "RULE");
    if (!loaded.mistakes.empty() || loaded.rules.size() != 1)
        return failure(Remedy::FixSetup, "bad_rule",
                       "that is neither the name of a rule nor a match such as {address: "
                       "\"aws_*\", attribute: tags}" +
                           (loaded.mistakes.empty() ? "" : ": " + loaded.mistakes.front().message));
    loaded.rules.front().origin = IgnoreRule::Origin::Settings;
    return std::move(loaded.rules.front());
}

}  // namespace

Result<Explanation> explanationOf(const ApiWorld& world, StackStatus status) {
    auto clean = world.store.checks.lastClean(status.stack.id);
    if (!clean) return std::unexpected(clean.error());
    auto alerts = AlertsNow::read(world, status.stack.id);
    if (!alerts) return std::unexpected(alerts.error());
    Explanation explanation{std::move(status), *std::move(clean), std::nullopt, {}};
    const auto& stack = explanation.status.stack;
    if (const auto* kind = providerKind(stack.provider)) explanation.family = kind->family;
    const auto alert = [&](const Finding& finding) {
        explanation.alerts.emplace(finding.drift.address, alerts->of(finding, stack));
    };
    std::ranges::for_each(explanation.status.open, alert);
    for (const auto& finding : alerts->waiting()) {
        if (finding.isConfirmed()) continue;
        explanation.unconfirmed.push_back(finding);
        alert(finding);
    }
    for (const auto& rule : world.rules.rules())
        explanation.reasons.emplace(rule.name, rule.reason);
    const auto settings = world.settings.get();
    const SeverityRules severities(settings->severities, stack.fullName());
    const auto weigh = [&](const Drift& drift) {
        explanation.severities.emplace(drift.address, severities.ruleFor(drift));
    };
    if (const auto& last = explanation.status.last)
        std::ranges::for_each(last->report.drifts, weigh);
    for (const auto& finding : explanation.status.open) weigh(finding.drift);
    return explanation;
}

// nullopt: the last check saw the address, or it is of something that differs.
Result<std::optional<WebResponse>> Api::noSuchAddress(const Explanation& explanation,
                                                      const std::string& address) {
    if (address.empty()) return std::nullopt;
    const auto& stack = explanation.status.stack;
    const auto graph = world_.store.estate.graph(stack.id);
    if (!graph) return std::unexpected(graph.error());
    const auto differences = explained(explanation);
    std::vector<std::string_view> known;
    for (const auto& one : differences) known.emplace_back(one.drift.address);
    if (*graph)
        for (const auto& resource : (*graph)->resources()) known.emplace_back(resource.address);
    if (std::ranges::find(known, address) != known.end()) return std::nullopt;
    std::string text =
        "no check of " + stack.fullName() + " has seen the address \"" + address + "\"";
    if (const auto guess = nearest(address, known); !guess.empty())
        text += ": did you mean \"" + guess + "\"?";
    return problem(404, "no_such_address", text);
}

WebResponse Api::explain(const std::string& name, const WebRequest& request) {
    auto status = find(name);
    if (!status) return problem(status.error());
    if (!*status)
        return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    auto explanation = explanationOf(world_, **std::move(status));
    if (!explanation) return problem(explanation.error());
    const auto value = [&](const char* key) {
        const auto it = request.query.find(key);
        return it == request.query.end() ? std::string() : it->second;
    };
    const auto address = value("address");
    if (auto unknown = noSuchAddress(*explanation, address); !unknown || *unknown)
        return unknown ? **std::move(unknown) : problem(unknown.error());
    const auto settings = world_.settings.get();
    const auto& stack = explanation->status.stack;
    const auto repository =
        std::ranges::find(settings->repositories, stack.repository, &RepositorySettings::name);
    const auto& last = explanation->status.last;
    if (repository != settings->repositories.end() && last && !last->commit.empty())
        if (auto touch = world_.checkouts.lastTouchOf(*repository, stack, last->commit))
            explanation->touch = *std::move(touch);
    if (value("format") == "text")
        return {200, "text/plain; charset=utf-8", explanationText(*explanation, address), {}};
    return {200, "application/json", explanationJson(*explanation, address) + "\n", {}};
}

WebResponse Api::ignores() {
    const auto hits = world_.store.quiet.ruleHits();
    if (!hits) return problem(hits.error());
    const TimePoint now = world_.clock.now();
    JsonWriter writer = envelope();
    writer.key("ignores").beginArray();
    for (const auto& rule : world_.rules.rules()) {
        const auto it = hits->find(rule.name);
        const RuleHits counted = it == hits->end() ? RuleHits{now, 0, {}} : it->second;
        writer.beginObject().key("name").text(rule.name).key("origin").text(originOf(rule));
        writer.key("state").text(stateOf(rule, counted, now)).key("hits").number(counted.hits);
        writeTime(writer, "last_hit", counted.lastHit);
        writeTime(writer, "expires", rule.expires);
        writer.key("owner").textOrNull(rule.owner).key("reason").text(rule.reason).key("match");
        write(writer, rule.match);
        writer.endObject();
    }
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::testRule(const WebRequest& request) {
    const auto text = request.query.find("rule");
    if (text == request.query.end())
        return problem(400, "bad_rule", "name the rule: ?rule=NAME or ?rule={…}");
    const auto rule = ruleFor(text->second, world_.rules.rules());
    if (!rule) return problem(rule.error());
    const auto stacks = world_.store.stacks.list();
    if (!stacks) return problem(stacks.error());
    Replay replay;
    for (const auto& stack : *stacks) {
        const auto history =
            world_.store.checks.historySince(stack.id, world_.clock.now() - aMonth);
        if (!history) return problem(history.error());
        replayRule(*rule, stack.repository, stack.fullName(), *history, replay);
    }
    JsonWriter writer = envelope();
    writer.key("rule").text(rule->name).key("match");
    write(writer, rule->match);
    writer.key("days")
        .number(static_cast<std::uint64_t>(aMonth.count()))
        .key("checks")
        .number(replay.checks);
    writer.key("addresses").number(replay.addresses).key("told").number(replay.told);
    writer.key("critical").number(replay.critical).key("partly").number(replay.partly);
    writer.key("too_broad").textOrNull(whyTooBroad(*rule).value_or("")).key("hits").beginArray();
    for (const auto& hit : replay.stacks)
        for (const auto& address : hit.addresses)
            writer.beginObject()
                .key("stack")
                .text(hit.stack)
                .key("address")
                .text(address)
                .endObject();
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::silences() {
    const TimePoint now = world_.clock.now();
    JsonWriter writer = envelope();
    writer.key("silences").beginArray();
    for (const auto& silence : world_.mutes.silences()) write(writer, silence, now);
    writer.endArray().endObject();
    return json(std::move(writer));
}

// {"matcher":["stack=infra/prod/**"],"seconds":7200,"reason":"…","by":"…"}
WebResponse Api::silence(const WebRequest& request) {
    const Json body = readJson(request.body).value_or(Json());
    const Json& words = body["matcher"];
    const auto seconds = body["seconds"].count();
    const std::string reason(body["reason"].string());
    constexpr std::uint64_t longest = std::uint64_t{366} * 24 * 3600;
    if (!words.isArray() || !seconds || *seconds == 0 || *seconds > longest || reason.empty() ||
        reason.size() > longestReason)
        return problem(
            400, "bad_silence",
            "a silence needs matcher (a list of words), seconds (up to a year) and a reason");
    std::vector<std::string> matcher;
    for (const Json& word : words.elements()) matcher.emplace_back(word.string());
    const TimePoint now = world_.clock.now();
    const auto silence =
        world_.mutes.add(matcher, Seconds(*seconds), reason, std::string(body["by"].string()), now);
    if (!silence) return problem(silence.error());
    const auto matches = previewOf(world_, silence->match);
    if (!matches) return problem(matches.error());
    JsonWriter writer = envelope();
    writer.key("silence");
    write(writer, *silence, now);
    writer.key("matches").beginObject().key("stacks").number(matches->stacks);
    writer.key("drifts").number(matches->drifts).endObject().endObject();
    auto made = json(std::move(writer));
    made.status = 201;
    return made;
}

WebResponse Api::endSilence(const std::string& id) {
    const auto ended = world_.mutes.end(id, world_.clock.now());
    if (!ended) return problem(ended.error());
    if (!*ended)
        return problem(404, "no_such_silence", "no silence of this id is on: see /api/v1/silences");
    return plain(200, "the silence ended");
}

}  // namespace driftkeeper
