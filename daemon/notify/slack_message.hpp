#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/notify/story.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {

// The blocks of one message within Slack's limits. What does not fit is refused as a whole, never
// cut in the middle. Room for one last `footer` is always kept.
class SlackMessage {
public:
    // Plain text, cut at 150.
    void header(std::string_view text);

    // mrkdwn made with mrkdwnMarkup and words of our own. False: no room left, nothing was added.
    [[nodiscard]] bool section(const std::string& mrkdwn);
    [[nodiscard]] bool context(const std::string& mrkdwn);

    void footer(const std::string& mrkdwn);

    // The members of the request's body. `fallback`: what notifications and old clients show,
    // mrkdwn.
    [[nodiscard]] std::vector<JsonMember> members(const std::string& fallback) const;

private:
    [[nodiscard]] bool fits(std::size_t bytes, std::size_t limit) const;
    void add(std::string block, std::size_t bytes);

    std::vector<std::string> blocks_;
    std::size_t bytes_ = 0;
};

// What a Story says, in blocks.
std::vector<JsonMember> slackBlocks(const Story& story);

// The smallest body: a few lines of text, formatting off.
std::vector<JsonMember> slackPlain(const Story& story);

}  // namespace driftkeeper
