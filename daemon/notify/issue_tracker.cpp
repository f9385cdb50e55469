#include "daemon/notify/issue_tracker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostText = 12'000;  // a longer one is not read by anybody
constexpr std::size_t mostComment = 3000;
constexpr std::size_t mostPlain = 1000;
constexpr std::size_t mostFound = 4 * 1024 * 1024;  // a hundred issues with their texts

std::string markerOf(const Notice& notice) {
    return "<!-- driftkeeper:incident=" + notice.incidentId + " -->";
}

// Lines of a paragraph only stay apart with two spaces before their end.
std::string textOf(Story story, bool plain, std::size_t bytes) {
    Markup markup = markdownMarkup;
    markup.lineEnd = "  \n";
    const std::string link = std::exchange(story.link, "");  // a paragraph of its own
    if (plain)
        for (auto& stack : story.stacks)
            for (auto& drift : stack.drifts) drift.attributes.clear(), drift.attributesLeft = 0;
    const std::string text = setBody(story, markup, plain ? mostPlain : bytes);
    return link.empty() ? text : text + "\n\n" + link;
}

std::optional<std::int64_t> numberIn(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

// Retry-After, or the second at which a limit that is used up begins anew.
std::optional<Seconds> pauseOf(const Answer& answer, std::string_view limitHeaders, TimePoint now) {
    if (const auto wish = retryAfter(headerOf(answer, "retry-after"), now)) return wish;
    const std::string remaining = headerOf(answer, std::string(limitHeaders) + "remaining");
    const auto reset = numberIn(headerOf(answer, std::string(limitHeaders) + "reset"));
    if (!reset || (!remaining.empty() && remaining != "0")) return std::nullopt;
    constexpr Seconds longest{24 * 60 * 60};
    const Seconds since = std::chrono::floor<Seconds>(now).time_since_epoch();
    return std::clamp(Seconds(*reset) - since, Seconds(0), longest);
}

class IssueChannel final : public Channel {
public:
    IssueChannel(const IssueTracker& tracker, ChannelSettings settings, std::string externalUrl)
        : tracker_(tracker), settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> token = readSecret(settings_, "token");
        if (!token) return std::unexpected(token.error());
        const Result<std::string> base = baseUrl(settings_, tracker_.usualBase);
        if (!base) return std::unexpected(base.error());
        HttpRequest request;
        request.headers = tracker_.headers(*token);
        request.url = *base + tracker_.issuesOf(settings_.option(tracker_.place));
        complete(request, sending);
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        const bool known = isKnown(sending.memo);
        if (!known && answer.status == 200) return searched(sending, answer, std::move(result));
        if (!known && answer.status == 201) return made(answer, std::move(result));
        if (known && answer.status == (stepOf(sending) == Step::Comment ? 201 : 200))
            return told(sending, std::move(result));
        if (tracker_.isLimit(answer))
            return {Outcome::Throttled,
                    fmt::format("HTTP {}: {} asks for a pause", answer.status, tracker_.name),
                    pauseOf(answer, tracker_.limitHeaders, sending.now)};
        if (known && std::ranges::find(tracker_.gone, answer.status) != tracker_.gone.end())
            return {Outcome::Transient, "the incident's issue is gone: a new one follows",
                    Seconds(1), Memo{}};
        if (isTaken(result.outcome)) return notOurs(answer);
        if (!known) result.memo = Memo{};  // the issue may be there all the same: search again
        return result;
    }

private:
    enum class Step { Search, Create, Update, Comment };

    static std::string noted(const Memo& memo, const std::string& key) {
        const auto found = memo.find(key);
        return found == memo.end() ? std::string() : found->second;
    }

    [[nodiscard]] bool isKnown(const Memo& memo) const {
        return !noted(memo, "number").empty() &&
               noted(memo, "where") == settings_.option(tracker_.place);
    }

    // A create is the second request, right after the search that found nothing; what begins anew
    // searches again.
    [[nodiscard]] Step stepOf(const Sending& sending) const {
        if (isKnown(sending.memo)) {
            const bool isUpdated = noted(sending.memo, "updated") == sending.notice.id;
            return isUpdated || sending.notice.event == Event::Reminder ? Step::Comment
                                                                        : Step::Update;
        }
        return sending.step > 0 && sending.memo.contains("absent") ? Step::Create : Step::Search;
    }

    void complete(HttpRequest& request, const Sending& sending) const {
        const Step step = stepOf(sending);
        if (step == Step::Search) {
            // The incident's issue is no older than the incident, by clocks that may differ.
            constexpr Seconds clocksDiffer{60 * 60};
            request.method = "GET";
            request.url +=
                tracker_.search(std::chrono::floor<Seconds>(sending.notice.opened - clocksDiffer));
            request.mostAnswer = mostFound;
            return;
        }
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        request.headers["Content-Type"] = "application/json";
        if (step != Step::Create) request.url += "/" + sending.memo.at("number");
        if (step == Step::Comment) request.url += tracker_.comments;
        if (step == Step::Update) request.method = tracker_.update;
        request.body =
            jsonObject(step == Step::Comment ? comment(sending, story) : issue(sending, story));
    }

    [[nodiscard]] std::vector<JsonMember> issue(const Sending& sending, const Story& story) const {
        const std::string text =
            markerOf(sending.notice) + "\n\n" + textOf(story, sending.plain, mostText);
        const std::string title =
            escapedLine(story.title, tracker_.mostTitle, tracker_.titleEscape);
        std::vector<JsonMember> members = {{"title", jsonString(title)},
                                           {tracker_.text, jsonString(tracker_.tidy(text))}};
        if (!isKnown(sending.memo)) members.emplace_back("labels", tracker_.labels);
        if (story.isResolved)
            members.insert(members.end(), tracker_.closing.begin(), tracker_.closing.end());
        return members;
    }

    [[nodiscard]] std::vector<JsonMember> comment(const Sending& sending,
                                                  const Story& story) const {
        const std::string title = markdownMarkup.strong(story.title, 500);
        return {{"body", jsonString(tracker_.tidy(title + "  \n" +
                                                  textOf(story, sending.plain, mostComment)))}};
    }

    [[nodiscard]] AttemptResult made(const Answer& answer, AttemptResult result) const {
        const Json said = readJson(answer.body).value_or(Json());
        const auto number = said[tracker_.number].count();
        if (!number) return notOurs(answer);
        result.memo = memoOf(*number);
        return result;
    }

    // An update that is news goes on with a comment.
    [[nodiscard]] AttemptResult told(const Sending& sending, AttemptResult result) const {
        if (stepOf(sending) == Step::Comment || sending.notice.event == Event::Opened)
            return result;
        result.memo = sending.memo;
        result.memo->insert_or_assign("updated", sending.notice.id);
        result.more = true;
        return result;
    }

    [[nodiscard]] AttemptResult searched(const Sending& sending, const Answer& answer,
                                         AttemptResult result) const {
        const auto issues = readJson(answer.body);
        if (!issues || !issues->isArray()) return notOurs(answer);
        const std::string marker = markerOf(sending.notice);
        result.more = true;
        for (const Json& issue : issues->elements()) {
            const auto number = issue[tracker_.number].count();
            const bool isOurs =
                issue[tracker_.text].string().find(marker) != std::string_view::npos;
            if (isOurs && number && tracker_.isIssue(issue))
                return result.memo = memoOf(*number), result;
        }
        result.memo = Memo{{"absent", "true"}};
        // There is nothing to close, and nobody has to do anything: no issue for that.
        if (sending.notice.event == Event::Resolved) result.memo.reset(), result.more = false;
        return result;
    }

    [[nodiscard]] Memo memoOf(std::uint64_t number) const {
        return {{"number", std::to_string(number)}, {"where", settings_.option(tracker_.place)}};
    }

    [[nodiscard]] AttemptResult notOurs(const Answer& answer) const {
        return {Outcome::BadDestination,
                fmt::format("HTTP {}, but not {}'s answer", answer.status, tracker_.name),
                std::nullopt};
    }

    const IssueTracker& tracker_;
    ChannelSettings settings_;
    std::string externalUrl_;
};

}  // namespace

std::unique_ptr<Channel> makeIssueChannel(const IssueTracker& tracker,
                                          const ChannelSettings& settings,
                                          const std::string& externalUrl) {
    return std::make_unique<IssueChannel>(tracker, settings, externalUrl);
}

std::string headerOf(const Answer& answer, const std::string& name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? std::string() : found->second;
}

}  // namespace driftkeeper
