#include "daemon/model/ascii.hpp"
#include "daemon/model/utc.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/notify/issue_tracker.hpp"

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
    return c == '@' ? "@\u200b" : c == '#' ? "#\u200b" : std::string_view();
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
    {.key = "repository",
     .kind = OptionSpec::Kind::Words,
     .help = "Where the issues are.",
     .example = "org/infra",
     .needed = true},
    {.key = "token",
     .kind = OptionSpec::Kind::Secret,
     .help = "That may write issues.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/github",
     .needed = true},
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "Where the service is. Default: https://api.github.com.",
     .example = "https://api.github.com",
     .fileExample = "/etc/driftkeeper/github-url"},
};

}  // namespace
}  // namespace github_issue

extern constinit const ChannelKind githubIssueChannel{
    .name = "github_issue",
    .help = "An issue an incident, kept up to date and closed.",
    .options = github_issue::githubIssueKeys,
    .keepsOpen = true,
    .make = github_issue::makeGithubIssue,
};

}  // namespace driftkeeper
