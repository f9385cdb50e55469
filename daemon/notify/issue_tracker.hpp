#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/notify/channel.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {

// What one tracker of issues says in its own way.
struct IssueTracker {
    std::string_view name;   // for people
    std::string_view place;  // the key of the settings that says where the issues are
    std::string_view usualBase;
    std::size_t mostTitle;  // characters
    std::string (*issuesOf)(
        const std::string& where);  // the path of the issues of a repository or project
    std::map<std::string, std::string> (*headers)(const std::string& token);
    std::string (*search)(TimePoint since);  // the query for open issues of ours, the newest first
    std::string_view update;                 // the method of an update
    std::string_view comments;               // the path below an issue
    std::string_view number;                 // the member that counts the issues of a repository
    std::string_view text;                   // the member with an issue's text
    std::string_view labels;                 // the value of that member of a new issue
    std::vector<JsonMember> closing;         // the members that close an issue
    bool (*isIssue)(const Json& found);
    std::string_view (*titleEscape)(
        char c);  // a title is no markup, but mentions and references in it count
    std::string (*tidy)(std::string text);  // of a text as it goes out
    bool (*isLimit)(const Answer& answer);
    std::string_view limitHeaders;  // …remaining and …reset
    std::vector<int> gone;          // statuses of an issue that is no longer there
};

// One issue per incident, whose text is kept up to date, with a comment for what happened, closed
// at the end. Trackers know no idempotency key: before an issue is made the open ones are searched
// for the incident's marker, and after a create whose outcome is unknown they are searched again.
// `tracker` outlives the channel.
std::unique_ptr<Channel> makeIssueChannel(const IssueTracker& tracker,
                                          const ChannelSettings& settings,
                                          const std::string& externalUrl);

// The keys that the rows of all trackers have: where the issues are, a token, the service.
constexpr OptionSpec issueUrlKey(std::string_view help, std::string_view example,
                                 std::string_view fileExample) noexcept {
    return {.key = "url",
            .kind = OptionSpec::Kind::SecretUrl,
            .help = help,
            .example = example,
            .fileExample = fileExample};
}
constexpr OptionSpec issueTokenKey(std::string_view fileExample) noexcept {
    return {.key = "token",
            .kind = OptionSpec::Kind::Secret,
            .help = "A token that may write issues.",
            .example = "change-me",
            .fileExample = fileExample,
            .needed = true};
}
constexpr OptionSpec issuePlaceKey(std::string_view key, std::string_view help) noexcept {
    return {.key = key,
            .kind = OptionSpec::Kind::Words,
            .help = help,
            .example = "org/infra",
            .needed = true};
}
inline constexpr std::string_view issueHelp = "One issue per incident, kept up to date and closed.";

// The header of the answer; empty when it has none of that lower-case name.
std::string headerOf(const Answer& answer, const std::string& name);

}  // namespace driftkeeper
