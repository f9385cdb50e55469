#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace driftkeeper {

// How a channel sets foreign text. Every function gives one line that is safe in a message: no
// command, mention, link or tag of the text survives, control and bidi characters are gone. It is
// at most `bytes` long with its escapes, and what is cut ends in "…". Channels that count
// characters are never given more of those than bytes.
struct Markup {
    using Setting = std::string (*)(std::string_view text, std::size_t bytes);
    Setting text;
    Setting code;                                 // a name or a value
    Setting strong;                               // words of our own, emphasised
    std::string (*link)(const std::string& url);  // an http URL of our own, to be followed
    std::string_view lineEnd = "\n";
};

extern const Markup plainMarkup;   // no markup at all
extern const Markup mrkdwnMarkup;  // Slack's and Google Chat's: & < > are escaped
extern const Markup
    markdownMarkup;  // Discord, Mattermost, GitHub, GitLab, ntfy: backslashes, and broken @ and #
extern const Markup htmlMarkup;  // mail, Telegram

// The text with each character replaced by what `escape` says; nothing for an empty answer. On one
// line, cut as above.
std::string escapedLine(std::string_view text, std::size_t bytes, std::string_view (*escape)(char));

}  // namespace driftkeeper
