#include "tests/peers/slack.hpp"

#include <algorithm>

namespace driftkeeper::tests {
namespace {

HttpAnswer json(const Json& body) {
    return {200, {{"Content-Type", "application/json"}}, body.dump()};
}

}  // namespace

void SlackPeer::checkBlocks(const Json& body) {
    text(body, "text", 40'000);
    if (!body.contains("blocks")) return;
    const auto& blocks = body["blocks"];
    expect(blocks.is_array() && !blocks.empty() && blocks.size() <= 50,
           "there are no or more than 50 blocks");
    std::size_t all = 0;
    for (const auto& block : blocks) {
        const std::string type = block.value("type", "");
        if (type == "header") {
            expect(block["text"].value("type", "") == "plain_text", "a header is plain text");
            all += text(block["text"], "text", 150).size();
        } else if (type == "section") {
            all += text(block["text"], "text", 3000).size();
        } else if (type == "context") {
            expect(block["elements"].size() <= 10, "a context has more than 10 elements");
            for (const auto& element : block["elements"]) all += text(element, "text", 3000).size();
        } else {
            expect(false, "a block of type " + type);
        }
    }
    expect(all <= 10'000, "the blocks hold more than Slack takes");
    const auto written = body.dump();
    for (const auto* call : {"<!channel", "<!here", "<!everyone", "<@"})
        expect(written.find(call) == std::string::npos,
               std::string("somebody is called by ") + call);
}

HttpAnswer SlackPeer::post(const Json& body) {
    expect(body.contains("channel"), "channel is missing");
    const auto thread = body.value("thread_ts", "");
    if (!thread.empty()) {
        const auto root = std::ranges::find(messages_, thread, &Message::ts);
        if (root == messages_.end()) return json({{"ok", false}, {"error", "thread_not_found"}});
        root->replies.push_back(body.value("text", ""));
        return json({{"ok", true}, {"channel", "C024BE91L"}, {"ts", thread + "1"}});
    }
    Message message;
    message.ts = "1503435956." + std::to_string(100'000 + messages_.size());
    message.text = body.value("text", "");
    messages_.push_back(message);
    return json({{"ok", true}, {"channel", "C024BE91L"}, {"ts", message.ts}});
}

HttpAnswer SlackPeer::update(const Json& body) {
    expect(body.value("channel", "") == "C024BE91L",
           "chat.update takes the id of the channel, not its name");
    const auto message = std::ranges::find(messages_, body.value("ts", ""), &Message::ts);
    if (message == messages_.end()) return json({{"ok", false}, {"error", "message_not_found"}});
    message->text = body.value("text", "");
    ++message->edits;
    return json({{"ok", true}, {"channel", "C024BE91L"}, {"ts", message->ts}});
}

HttpAnswer SlackPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST", "not a POST");
    const auto body = jsonOf(request);
    checkBlocks(body);
    if (request.target.starts_with("/services/")) {
        Message message;
        message.text = body.value("text", "");
        messages_.push_back(message);
        return {200, {{"Content-Type", "text/plain"}}, "ok"};
    }
    const auto token = request.headers.find("authorization");
    if (token == request.headers.end() || token->second != "Bearer " + token_)
        return json({{"ok", false}, {"error", "invalid_auth"}});
    if (request.target == "/api/chat.postMessage") return post(body);
    if (request.target == "/api/chat.update") return update(body);
    return json({{"ok", false}, {"error", "unknown_method"}});
}

}  // namespace driftkeeper::tests
