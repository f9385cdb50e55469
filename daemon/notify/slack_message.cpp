#include "daemon/notify/slack_message.hpp"

#include <cassert>

#include "daemon/notify/json_text.hpp"
#include "daemon/notify/wording.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t maxBlocks = 45;  // Slack: 50
constexpr std::size_t maxText = 9000;  // of all blocks; Slack refuses somewhere above 10,000 without documenting it
constexpr std::size_t maxSection = 3000;
constexpr std::size_t maxContext = 2000;
constexpr std::size_t maxHeader = 150;
constexpr std::size_t keptForFooter = 500;

std::string_view escapeOf(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        default:
            return {};
    }
}

// `verbatim`: nothing in the text is turned into a link or a mention by itself.
std::string mrkdwn(const std::string& text) {
    return jsonObject({{"type", R"("mrkdwn")"}, {"text", jsonString(text)}, {"verbatim", "true"}});
}

}  // namespace

std::string slackText(std::string_view text, std::size_t bytes) {
    constexpr std::string_view ellipsis = "…";
    std::string out;
    std::size_t cut = 0;  // the longest end of a character that leaves room for the ellipsis
    for (const char c : oneLine(text, bytes)) {
        const bool startsCharacter = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (startsCharacter && out.size() + ellipsis.size() <= bytes) cut = out.size();
        const std::string_view escape = escapeOf(c);
        if (escape.empty())
            out += c;
        else
            out += escape;
        if (out.size() > bytes) return out.substr(0, cut).append(ellipsis);
    }
    return out;
}

std::string slackCode(std::string_view text, std::size_t bytes) {
    std::string replaced;
    for (const char c : text.substr(0, 4 * bytes)) {
        if (c == '`')
            replaced += "ˋ";
        else
            replaced += c;
    }
    const std::string inside = slackText(replaced, bytes);
    return inside.empty() ? "` `" : "`" + inside + "`";
}

bool SlackMessage::fits(std::size_t bytes, std::size_t limit) const {
    return bytes <= limit && blocks_.size() + 1 < maxBlocks && bytes_ + bytes + keptForFooter <= maxText;
}

void SlackMessage::add(std::string block, std::size_t bytes) {
    blocks_.push_back(std::move(block));
    bytes_ += bytes;
}

void SlackMessage::header(std::string_view text) {
    const std::string line = slackText(text, maxHeader);  // plain text is not parsed, but entities in it are decoded
    const std::string plain = jsonObject({{"type", R"("plain_text")"}, {"text", jsonString(line)}, {"emoji", "false"}});
    add(jsonObject({{"type", R"("header")"}, {"text", plain}}), line.size());
}

bool SlackMessage::section(const std::string& text) {
    if (text.empty() || !fits(text.size(), maxSection)) return false;
    add(jsonObject({{"type", R"("section")"}, {"text", mrkdwn(text)}}), text.size());
    return true;
}

bool SlackMessage::context(const std::string& text) {
    if (text.empty() || !fits(text.size(), maxContext)) return false;
    add(jsonObject({{"type", R"("context")"}, {"elements", jsonArray({mrkdwn(text)})}}), text.size());
    return true;
}

void SlackMessage::footer(const std::string& text) {
    assert(text.size() <= keptForFooter);
    add(jsonObject({{"type", R"("context")"}, {"elements", jsonArray({mrkdwn(text)})}}), text.size());
}

std::string SlackMessage::json(const std::string& fallback) const {
    return jsonObject({{"text", jsonString(fallback)},
                       {"unfurl_links", "false"},
                       {"unfurl_media", "false"},
                       {"blocks", jsonArray(blocks_)}});
}

std::string SlackMessage::plainJson(const std::string& text) {
    return jsonObject(
        {{"text", jsonString(text)}, {"mrkdwn", "false"}, {"unfurl_links", "false"}, {"unfurl_media", "false"}});
}

}  // namespace driftkeeper
