#include "daemon/model/utc.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/notify/issue_tracker.hpp"
#include "parsers/text/encoding.hpp"

// GitHub's issues. Source: docs.github.com/rest/issues,
// docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
namespace driftkeeper {
namespace github_issue {
namespace {

std::string issuesOf(const std::string& repository) {
    return "/repos/" + percentEncoded(repository, "-._~/") + "/issues";
}

std::map<std::string, std::string> headers(const std::string& token) {
    return {{"Authorization", "Bearer " + token},
            {"Accept", "application/vnd.github+json"},
            {"X-GitHub-Api-Version", "2022-11-28"}};
}

std::string search(TimePoint since) {
    return "?labels=driftkeeper&state=open&per_page=100&since=" + utcText(since);
}

std::string_view titleEscape(char c) {
    if (c == '@') return "@\u200b";
    if (c == '#') return "#\u200b";
    return {};
}

// A limit is told by 429, or by a 403 that says so in its headers or its message.
bool isLimit(const Answer& answer) {
    if (answer.status == 429) return true;
    return answer.status == 403 && (answer.headers.contains("retry-after") ||
                                    headerOf(answer, "x-ratelimit-remaining") == "0" ||
                                    answer.body.find("rate limit") != std::string::npos);
}

const IssueTracker github{
    .name = "GitHub",
    .place = "repository",
    .usualBase = "https://api.github.com",
    .mostTitle = 256,
    .issuesOf = issuesOf,
    .headers = headers,
    .search = search,
    .update = "PATCH",
    .comments = "/comments",
    .number = "number",
    .text = "body",
    .labels = R"(["driftkeeper"])",
    .closing = {{"state", R"("closed")"}, {"state_reason", R"("completed")"}},
    .isIssue = [](const Json& found) { return found["pull_request"].isNull(); },
    .titleEscape = titleEscape,
    .tidy = [](std::string text) { return text; },
    .isLimit = isLimit,
    .limitHeaders = "x-ratelimit-",
    .gone = {404, 410, 301},  // 301: somebody moved it to another repository
};

std::unique_ptr<Channel> makeGithubIssue(const ChannelSettings& settings,
                                         const std::string& externalUrl) {
    return makeIssueChannel(github_issue::github, settings, externalUrl);
}

constexpr OptionSpec githubIssueKeys[] = {
    issuePlaceKey("repository", "The repository that gets the issues."),
    issueTokenKey("/etc/driftkeeper/github"),
    issueUrlKey("URL of the service. Default: https://api.github.com.", "https://api.github.com",
                "/etc/driftkeeper/github-url"),
};

}  // namespace
}  // namespace github_issue

extern constinit const ChannelKind githubIssueChannel{
    .name = "github_issue",
    .help = issueHelp,
    .options = github_issue::githubIssueKeys,
    .keepsOpen = true,
    .make = github_issue::makeGithubIssue,
};

}  // namespace driftkeeper
