#include "tests/peers/discord.hpp"

#include <algorithm>
#include <set>

namespace driftkeeper::tests {
namespace {

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

std::set<std::string> queryOf(const std::string& target) {
    std::set<std::string> parts;
    auto start = target.find('?');
    while (start != std::string::npos) {
        const auto end = target.find('&', start + 1);
        parts.insert(target.substr(start + 1, end - start - 1));
        start = end;
    }
    return parts;
}

void write(DiscordPeer::Message& message, const Json& body) {
    message.content = body.value("content", "");
    message.description.clear();
    message.colour = 0;
    for (const auto& embed : body.value("embeds", Json::array())) {
        message.description += embed.value("description", "");
        message.colour = embed.value("color", 0);
    }
}

}  // namespace

// How many characters count for the sum of all embeds; bytes here, which are never fewer.
std::size_t DiscordPeer::checkEmbed(const Json& embed) {
    std::size_t all =
        text(embed, "title", 256, false).size() + text(embed, "description", 4096, false).size();
    expect(all > 0, "an empty embed");
    if (embed.contains("color"))
        expect(embed["color"].is_number_unsigned() && embed["color"] <= 0xffffff,
               "no colour: " + embed["color"].dump());
    for (const auto& [key, value] : embed.items())
        expect(key == "title" || key == "description" || key == "color" || key == "url",
               "an embed's " + key);
    return all;
}

void DiscordPeer::checkMessage(const Json& body) {
    for (const auto& [key, value] : body.items())
        expect(key == "content" || key == "embeds" || key == "allowed_mentions", "a member " + key);
    const bool hasContent = !text(body, "content", 2000, false).empty();
    const auto embeds = body.value("embeds", Json::array());
    expect(embeds.is_array() && embeds.size() <= 10, "more than 10 embeds");
    std::size_t all = 0;
    for (const auto& embed : embeds) all += checkEmbed(embed);
    expect(all <= 6000, "the embeds have " + std::to_string(all) + " characters");
    expect(hasContent || !embeds.empty(), "an empty message");
    expect(body.contains("allowed_mentions") &&
               body["allowed_mentions"] == Json{{"parse", Json::array()}},
           "somebody may be called");
}

HttpAnswer DiscordPeer::post(const Json& body) {
    Message message;
    message.id = std::to_string(1'100'000'000'000'000'000 + made_++);
    write(message, body);
    messages_.push_back(message);
    return json(200, {{"id", message.id}, {"channel_id", "42"}, {"content", message.content}});
}

HttpAnswer DiscordPeer::edit(const std::string& id, const Json& body) {
    const auto message = std::ranges::find(messages_, id, &Message::id);
    if (message == messages_.end())
        return json(404, {{"message", "Unknown Message"}, {"code", 10008}});
    write(*message, body);
    ++message->edits;
    return json(200, {{"id", id}, {"channel_id", "42"}});
}

HttpAnswer DiscordPeer::answer(const HttpRequest& request) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (!path.starts_with(path_))
        return json(404, {{"message", "Unknown Webhook"}, {"code", 10015}});
    const auto query = queryOf(request.target);
    if (!thread_.empty()) expect(query.contains("thread_id=" + thread_), "the thread is missing");
    const auto body = jsonOf(request);
    checkMessage(body);
    const std::string messages = path_ + "/messages/";
    if (request.method == "PATCH" && path.starts_with(messages))
        return edit(path.substr(messages.size()), body);
    expect(request.method == "POST" && path == path_, "no request of a webhook: " + request.method);
    expect(query.contains("wait=true"),
           "without wait=true nobody learns whether the message was stored");
    return post(body);
}

}  // namespace driftkeeper::tests
