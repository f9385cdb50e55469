#include "daemon/notify/slack_message.hpp"

#include <fmt/format.h>

#include <cassert>

#include "daemon/notify/markup.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t maxBlocks = 45;  // Slack: 50
constexpr std::size_t maxText =
    9000;  // of all blocks; Slack refuses somewhere above 10,000 without documenting it
// Slack's own limits of a text in each kind of block.
constexpr std::size_t maxSection = 3000;
constexpr std::size_t maxContext = 2000;
constexpr std::size_t maxHeader = 150;
constexpr std::size_t keptForFooter = 500;
constexpr std::size_t maxPlain = 3000;

// `verbatim`: nothing in the text is turned into a link or a mention by itself.
std::string mrkdwn(const std::string& text) {
    return jsonObject({{"type", R"("mrkdwn")"}, {"text", jsonString(text)}, {"verbatim", "true"}});
}

}  // namespace

bool SlackMessage::fits(std::size_t bytes, std::size_t limit) const {
    return bytes <= limit && blocks_.size() + 1 < maxBlocks &&
           bytes_ + bytes + keptForFooter <= maxText;
}

void SlackMessage::add(std::string block, std::size_t bytes) {
    blocks_.push_back(std::move(block));
    bytes_ += bytes;
}

void SlackMessage::header(std::string_view text) {
    const std::string line = mrkdwnMarkup.text(
        text, maxHeader);  // plain text is not parsed, but entities in it are decoded
    const std::string plain =
        jsonObject({{"type", R"("plain_text")"}, {"text", jsonString(line)}, {"emoji", "false"}});
    add(jsonObject({{"type", R"("header")"}, {"text", plain}}), line.size());
}

bool SlackMessage::section(const std::string& text) {
    if (text.empty() || !fits(text.size(), maxSection)) return false;
    add(jsonObject({{"type", R"("section")"}, {"text", mrkdwn(text)}}), text.size());
    return true;
}

bool SlackMessage::context(const std::string& text) {
    if (text.empty() || !fits(text.size(), maxContext)) return false;
    add(jsonObject({{"type", R"("context")"}, {"elements", jsonArray({mrkdwn(text)})}}),
        text.size());
    return true;
}

void SlackMessage::footer(const std::string& text) {
    assert(text.size() <= keptForFooter);
    add(jsonObject({{"type", R"("context")"}, {"elements", jsonArray({mrkdwn(text)})}}),
        text.size());
}

std::vector<JsonMember> SlackMessage::members(const std::string& fallback) const {
    return {{"text", jsonString(fallback)},
            {"unfurl_links", "false"},
            {"unfurl_media", "false"},
            {"blocks", jsonArray(blocks_)}};
}

std::vector<JsonMember> slackBlocks(const Story& story) {
    const auto& markup = mrkdwnMarkup;
    SlackMessage message;
    message.header(story.title);
    std::size_t left = 0;
    // After the first refusal everything is left out: a later, smaller piece would look as if
    // nothing came before it.
    const auto put = [&](bool section, const auto& text) {
        if (left > 0 || !(section ? message.section(text()) : message.context(text()))) ++left;
    };
    put(false, [&] { return markup.text(story.facts, 300); });
    if (!story.text.empty()) put(true, [&] { return markup.text(story.text, 1000); });
    for (const auto& one : story.lines) put(false, [&] { return markup.text(one, 500); });
    for (const auto& stack : story.stacks) {
        if (left == 0 || stack.drifts.empty()) put(false, [&] { return setStack(stack, markup); });
        for (const auto& drift : stack.drifts) put(true, [&] { return setDrift(drift, markup); });
    }
    for (const auto& resolved : story.resolved)
        put(false, [&] { return "✓ " + markup.text(resolved, 400); });
    std::string end = left > 0 ? fmt::format("+{} more", left) : "";
    const std::string link = story.link.empty() ? "" : markup.link(story.link);
    for (const auto& piece : {markup.text(story.next, 100), link})
        if (!piece.empty()) end += (end.empty() ? "" : " · ") + piece;
    if (!end.empty()) message.footer(end);
    return message.members(markup.text(story.title, 300));
}

std::vector<JsonMember> slackPlain(const Story& story) {
    std::string text = mrkdwnMarkup.text(story.title, 300);
    if (!story.text.empty()) text += "\n" + mrkdwnMarkup.text(story.text, 500);
    std::size_t left = 0;
    for (const auto& stack : story.stacks)
        for (const auto& drift : stack.drifts) {
            if (text.size() < maxPlain)
                text += fmt::format("\n{}: {}", mrkdwnMarkup.text(drift.address, 250), drift.what);
            else
                ++left;
        }
    if (left > 0) text += fmt::format("\n+{} more", left);
    return {{"text", jsonString(text)},
            {"mrkdwn", "false"},
            {"unfurl_links", "false"},
            {"unfurl_media", "false"}};
}

}  // namespace driftkeeper
