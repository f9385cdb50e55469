#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// Foreign text as mrkdwn: one line, `&`, `<` and `>` escaped (no mention, link or command survives), at most `bytes`
// long with the escapes. Slack counts characters, and there are never more of those than bytes.
std::string slackText(std::string_view text, std::size_t bytes);

// The same as a code span; backticks cannot be escaped in one and are replaced.
std::string slackCode(std::string_view text, std::size_t bytes);

// The blocks of one message within Slack's limits. What does not fit is refused as a whole, never cut in the middle.
// Room for one last `footer` is always kept.
class SlackMessage {
public:
    // Plain text, cut at 150.
    void header(std::string_view text);

    // mrkdwn made of slackText, slackCode and words of our own. False: no room left, nothing was added.
    [[nodiscard]] bool section(const std::string& mrkdwn);
    [[nodiscard]] bool context(const std::string& mrkdwn);

    void footer(const std::string& mrkdwn);

    // The body of the request. `fallback`: what notifications and old clients show, mrkdwn.
    [[nodiscard]] std::string json(const std::string& fallback) const;

    // The smallest body: text, formatting off.
    [[nodiscard]] static std::string plainJson(const std::string& text);

private:
    [[nodiscard]] bool fits(std::size_t bytes, std::size_t limit) const;
    void add(std::string block, std::size_t bytes);

    std::vector<std::string> blocks_;
    std::size_t bytes_ = 0;
};

}  // namespace driftkeeper
