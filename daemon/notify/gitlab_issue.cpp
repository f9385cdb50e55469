#include "daemon/model/utc.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/notify/issue_tracker.hpp"
#include "parsers/text/encoding.hpp"

// GitLab's issues. Source: docs.gitlab.com/api/issues, docs.gitlab.com/api/notes,
// docs.gitlab.com/user/project/quick_actions.
namespace driftkeeper {
namespace gitlab_issue {
namespace {

std::string issuesOf(const std::string& project) {
    return "/api/v4/projects/" + percentEncoded(project, "-._~") + "/issues";
}

std::map<std::string, std::string> headers(const std::string& token) {
    return {{"PRIVATE-TOKEN", token}};
}

std::string search(TimePoint since) {
    return "?labels=driftkeeper&state=opened&scope=all&per_page=100&created_after=" +
           utcText(since);
}

// References to issues, merge requests, epics, labels and so on.
std::string_view titleEscape(char c) {
    switch (c) {
        case '@':
            return "@\u200b";
        case '#':
            return "#\u200b";
        case '!':
            return "!\u200b";
        case '&':
            return "&\u200b";
        case '~':
            return "~\u200b";
        case '%':
            return "%\u200b";
        case '$':
            return "$\u200b";
        default:
            return {};
    }
}

// A line that begins with a slash is a command to GitLab, whoever wrote the text in it.
std::string withoutCommands(std::string text) {
    for (std::size_t at = 0; (at = text.find("\n/", at)) != std::string::npos; ++at)
        text.insert(at + 1, "\\");
    return text;
}

const IssueTracker gitlab{
    .name = "GitLab",
    .place = "project",
    .usualBase = "https://gitlab.com",
    .mostTitle = 255,
    .issuesOf = issuesOf,
    .headers = headers,
    .search = search,
    .update = "PUT",
    .comments = "/notes",
    .number = "iid",  // the number that a project counts
    .text = "description",
    .labels = R"("driftkeeper")",
    .closing = {{"state_event", R"("close")"}},
    .isIssue = [](const Json&) { return true; },
    .titleEscape = titleEscape,
    .tidy = withoutCommands,
    .isLimit = [](const Answer& answer) { return answer.status == 429; },
    .limitHeaders = "ratelimit-",
    .gone = {404, 410},
};

std::unique_ptr<Channel> makeGitlabIssue(const ChannelSettings& settings,
                                         const std::string& externalUrl) {
    return makeIssueChannel(gitlab_issue::gitlab, settings, externalUrl);
}

constexpr OptionSpec gitlabIssueKeys[] = {
    issuePlaceKey("project", "The project that gets the issues."),
    issueTokenKey("/etc/driftkeeper/gitlab"),
    issueUrlKey("URL of the service. Default: https://gitlab.com.", "https://gitlab.com",
                "/etc/driftkeeper/gitlab-url"),
};

}  // namespace
}  // namespace gitlab_issue

extern constinit const ChannelKind gitlabIssueChannel{
    .name = "gitlab_issue",
    .help = issueHelp,
    .options = gitlab_issue::gitlabIssueKeys,
    .keepsOpen = true,
    .make = gitlab_issue::makeGitlabIssue,
};

}  // namespace driftkeeper
