#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// Microsoft Teams through a Power Automate workflow ("when a webhook request is received"): one
// Adaptive Card a notice, since a workflow never says what it made. Foreign text stands in
// TextRuns, where nothing is Markdown. Source: adaptivecards.io/explorer,
// learn.microsoft.com/microsoftteams/platform (webhooks, cards).
namespace driftkeeper {
namespace teams {
namespace {

// Teams takes 28,672 bytes of what the workflow makes of the message, which is more than what it
// was sent.
constexpr std::size_t mostBytes = 20'000;
constexpr std::size_t mostPlain = 4000;
constexpr std::size_t mostLink = 1000;

const JsonMember strong{"weight", R"("Bolder")"};
const JsonMember code{"fontType", R"("Monospace")"};
const JsonMember subtle{"isSubtle", "true"};

std::string run(const std::string& text, std::initializer_list<JsonMember> look = {}) {
    std::vector<JsonMember> members{{"type", R"("TextRun")"},
                                    {"text", jsonString(text.empty() ? " " : text)}};
    members.insert(members.end(), look);
    return jsonObject(members);
}

std::string line(const std::vector<std::string>& runs, bool isClose = false) {
    std::vector<JsonMember> members{{"type", R"("RichTextBlock")"}, {"inlines", jsonArray(runs)}};
    if (isClose) members.emplace_back("spacing", R"("None")");
    return jsonObject(members);
}

std::string_view colourOf(const Story& story) {
    if (story.isResolved) return R"("Good")";
    switch (story.severity) {
        case Severity::Critical:
            return R"("Attention")";
        case Severity::Warning:
            return R"("Warning")";
        case Severity::Info:
            break;
    }
    return R"("Accent")";
}

std::string heading(const Story& story) {
    const JsonMember colour{"color", std::string(colourOf(story))};
    return line(
        {run(plainMarkup.text(story.title, 300), {strong, {"size", R"("Medium")"}, colour})});
}

std::string stackLine(const Story::Stack& stack) {
    std::string facts;
    for (const auto& fact : stack.facts) facts += " · " + plainMarkup.text(fact, 200);
    return line({run(plainMarkup.text(stack.name, 300), {code}), run(facts)});
}

std::string driftBlock(const Story::Drift& drift) {
    const auto& text = plainMarkup.text;
    std::vector<std::string> lines{
        line({run((drift.isNew ? "new: " : "") + text(drift.what, 100), {strong}), run(" "),
              run(text(drift.address, 300), {code}), run(" · " + text(drift.facts, 200))})};
    for (const auto& remark : drift.remarks) lines.push_back(line({run(text(remark, 300))}, true));
    for (const auto& attribute : drift.attributes) {
        std::string said = "• " + text(attribute.path, 120);
        if (!attribute.from.empty() || !attribute.to.empty())
            said += fmt::format(": {} → {}", text(attribute.from, 160), text(attribute.to, 160));
        lines.push_back(line({run(said, {code})}, true));
    }
    if (drift.attributesLeft > 0)
        lines.push_back(
            line({run(fmt::format("+{} more attributes", drift.attributesLeft))}, true));
    return jsonObject({{"type", R"("Container")"}, {"items", jsonArray(lines)}});
}

std::string more(std::size_t left) {
    return line({run(fmt::format("+{} more", left))});
}

// The request's body: a message with one card.
std::string message(const std::vector<std::string>& blocks, const Story& story) {
    std::vector<JsonMember> card{
        {"$schema", R"("http://adaptivecards.io/schemas/adaptive-card.json")"},
        {"type", R"("AdaptiveCard")"},
        {"version", R"("1.4")"},
        {"msteams", R"({"width":"Full"})"},
        {"body", jsonArray(blocks)}};
    if (!story.link.empty() && story.link.size() <= mostLink) {
        const JsonMember url{"url", jsonString(story.link)};
        card.emplace_back("actions",
                          jsonArray({jsonObject(
                              {{"type", R"("Action.OpenUrl")"}, {"title", R"("Open")"}, url})}));
    }
    const std::string attachment =
        jsonObject({{"contentType", R"("application/vnd.microsoft.card.adaptive")"},
                    {"contentUrl", "null"},
                    {"content", jsonObject(card)}});
    return jsonObject({{"type", R"("message")"}, {"attachments", jsonArray({attachment})}});
}

// Blocks while there is room for them; then nothing more, so that no block seems to be the last one
// before another.
class Blocks {
public:
    explicit Blocks(std::size_t bytes) : bytes_(bytes) {}

    // `counts`: for how many it stands in "+N more".
    void add(std::string block, std::size_t counts) {
        const std::size_t needed = block.size() + 1;  // a comma
        isFull_ = isFull_ || used_ + needed > bytes_;
        if (isFull_) {
            left_ += counts;
            return;
        }
        used_ += needed;
        blocks_.push_back(std::move(block));
    }
    [[nodiscard]] std::size_t left() const { return left_; }
    [[nodiscard]] std::vector<std::string> take() { return std::move(blocks_); }

private:
    std::size_t bytes_;
    std::size_t used_ = 0;
    std::size_t left_ = 0;
    bool isFull_ = false;
    std::vector<std::string> blocks_;
};

std::string card(const Story& story) {
    std::vector<std::string> end;
    if (!story.next.empty()) end.push_back(line({run(plainMarkup.text(story.next, 400))}));
    std::vector<std::string> fixed = end;
    fixed.push_back(heading(story));
    fixed.push_back(more(999'999'999));

    Blocks blocks(mostBytes - message(fixed, story).size());
    blocks.add(line({run(plainMarkup.text(story.facts, 300), {subtle})}, true), 0);
    if (!story.text.empty()) blocks.add(line({run(plainMarkup.text(story.text, 1000))}), 1);
    for (const auto& one : story.lines) blocks.add(line({run(plainMarkup.text(one, 500))}), 1);
    for (const auto& stack : story.stacks) {
        blocks.add(stackLine(stack), stack.drifts.empty() ? 1 : 0);
        for (const auto& drift : stack.drifts) blocks.add(driftBlock(drift), 1);
    }
    for (const auto& resolved : story.resolved)
        blocks.add(line({run("✓ " + plainMarkup.text(resolved, 400))}), 1);

    std::vector<std::string> all = blocks.take();
    all.insert(all.begin(), heading(story));
    if (blocks.left() > 0) all.push_back(more(blocks.left()));
    all.insert(all.end(), end.begin(), end.end());
    return message(all, story);
}

// Two blocks of text without any marks, for a workflow that changes or refuses cards.
std::string plainCard(const Story& story) {
    const Markup words{markdownMarkup.text, markdownMarkup.text, markdownMarkup.text,
                       markdownMarkup.link, "\n\n"};
    Story unlinked = story;
    unlinked.link.clear();  // the button has it
    std::vector<std::string> blocks;
    for (const auto& text : {words.text(story.title, 300), setBody(unlinked, words, mostPlain)})
        blocks.push_back(
            jsonObject({{"type", R"("TextBlock")"}, {"text", jsonString(text)}, {"wrap", "true"}}));
    return message(blocks, story);
}

class Teams final : public Channel {
public:
    Teams(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        Result<std::string> url = readSecret(settings_, "webhook_url");
        if (!url) return std::unexpected(url.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        HttpRequest request;
        request.url = std::move(*url);
        request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
        request.body = sending.plain ? plainCard(story) : card(story);
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        if (answer.status == 400 && isSwitchedOff(answer.body))
            return {Outcome::BadDestination, "HTTP 400: the workflow is switched off or gone",
                    std::nullopt};
        // A workflow may answer by itself; that the card was posted it never knows.
        if (result.outcome != Outcome::Delivered) return result;
        if (answer.body.find("HTTP error 429") != std::string::npos)
            return {Outcome::Throttled, "HTTP 200, but Teams asks for a pause", std::nullopt};
        if (answer.body.starts_with('<'))
            return {Outcome::BadDestination,
                    fmt::format("HTTP {} and a page: not a workflow", answer.status), std::nullopt};
        return {Outcome::Accepted, fmt::format("HTTP {}: accepted", answer.status), std::nullopt};
    }

private:
    static bool isSwitchedOff(const std::string& body) {
        const Json said = readJson(body).value_or(Json());
        const std::string_view word = said["error"]["code"].string();
        return word == "WorkflowTriggerIsNotEnabled" || word == "WorkflowNotFound" ||
               word == "WorkflowDisabled";
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeTeams(const ChannelSettings& settings,
                                   const std::string& externalUrl) {
    return std::make_unique<Teams>(settings, externalUrl);
}

constexpr OptionSpec teamsKeys[] = {
    {.key = "webhook_url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the workflow.",
     .example = "https://example.com/change-me",
     .fileExample = "/etc/driftkeeper/teams",
     .needed = true},
};

}  // namespace
}  // namespace teams

extern constinit const ChannelKind teamsChannel{
    .name = "teams",
    .help = "A workflow `when a Teams webhook request is received`.",
    .options = teams::teamsKeys,
    .make = teams::makeTeams,
};

}  // namespace driftkeeper
