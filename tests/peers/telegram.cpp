#include "tests/peers/telegram.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace driftkeeper::tests {
namespace {

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

HttpAnswer error(int code, const std::string& description, const Json& parameters = {}) {
    Json body{{"ok", false}, {"error_code", code}, {"description", description}};
    if (!parameters.is_null()) body["parameters"] = parameters;
    return json(code, body);
}

// The text that people see; nullopt when Telegram cannot read the HTML.
std::optional<std::string> shown(const std::string& html) {
    std::string text;
    std::vector<std::string> open;
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '>') return std::nullopt;
        if (html[i] != '<' && html[i] != '&') {
            text += html[i];
            continue;
        }
        const bool isTag = html[i] == '<';
        const auto end = html.find(isTag ? '>' : ';', i);
        if (end == std::string::npos) return std::nullopt;
        const std::string inside = html.substr(i + 1, end - i - 1);
        i = end;
        if (!isTag) {
            if (inside != "amp" && inside != "lt" && inside != "gt" && inside != "quot")
                return std::nullopt;
            text += '?';
        } else if (inside == "b" || inside == "code") {
            open.push_back(inside);
        } else if (inside.starts_with("a href=\"http") &&
                   inside.find('"', 8) == inside.size() - 1) {
            open.emplace_back("a");
        } else {
            if (open.empty() || inside != "/" + open.back()) return std::nullopt;
            open.pop_back();
        }
    }
    return open.empty() ? std::optional(text) : std::nullopt;
}

// What Telegram looks for mentions in: everything but code.
std::string withoutCode(std::string text) {
    for (auto start = text.find("<code>"); start != std::string::npos; start = text.find("<code>"))
        text.erase(start, text.find("</code>", start) - start + 7);
    return text;
}

}  // namespace

void TelegramPeer::migrateTo(std::int64_t chat) {
    chatBefore_ = std::exchange(chat_, chat);
    messages_.clear();
}

bool TelegramPeer::isHtml(const std::string& html) {
    const auto text = shown(html);
    if (!expect(text.has_value(), "HTML that Telegram cannot read")) return false;
    std::size_t characters = 0;
    for (const char c : *text) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    expect(characters <= 4096, "the text has " + std::to_string(characters) + " characters");
    return characters > 0;
}

void TelegramPeer::checkText(const Json& body) {
    const bool isFormatted = body.contains("parse_mode");
    const std::string said = text(body, "text", isFormatted ? 100'000 : 4096);
    if (isFormatted) {
        expect(body["parse_mode"] == "HTML", "not HTML");
        isHtml(said);
    }
    const std::string prose = isFormatted ? withoutCode(said) : said;
    expect(prose.find("@here") == std::string::npos && prose.find("@org") == std::string::npos,
           "somebody is called");
    expect(body.contains("link_preview_options") &&
               body["link_preview_options"] == Json{{"is_disabled", true}},
           "links get previews");
}

HttpAnswer TelegramPeer::made(const Message& message) {
    return json(
        200, {{"ok", true},
              {"result",
               {{"message_id", message.id}, {"chat", {{"id", chat_}, {"type", "supergroup"}}}}}});
}

HttpAnswer TelegramPeer::send(const Json& body) {
    Message message;
    message.id = ++made_;
    message.text = body.value("text", "");
    if (body.contains("message_thread_id") &&
        expect(body["message_thread_id"].is_number_integer(), "message_thread_id is no integer"))
        message.thread = body["message_thread_id"];
    if (body.contains("reply_parameters")) {
        const auto& reply = body["reply_parameters"];
        if (!expect(reply.contains("message_id") && reply["message_id"].is_number_integer(),
                    "a reply to nothing"))
            return error(400, "Bad Request: message to be replied not found");
        message.replyTo = reply["message_id"];
        const bool isThere =
            std::ranges::find(messages_, message.replyTo, &Message::id) != messages_.end();
        if (!isThere && !reply.value("allow_sending_without_reply", false))
            return error(400, "Bad Request: message to be replied not found");
    }
    messages_.push_back(message);
    return made(message);
}

HttpAnswer TelegramPeer::edit(const Json& body) {
    expect(body.contains("message_id") && body["message_id"].is_number_integer(),
           "message_id is no integer");
    const auto message =
        std::ranges::find(messages_, body.value("message_id", std::int64_t(0)), &Message::id);
    if (message == messages_.end()) return error(400, "Bad Request: message to edit not found");
    if (message->text == body.value("text", ""))
        return error(400,
                     "Bad Request: message is not modified: specified new message content and "
                     "reply markup are exactly "
                     "the same as a current content and reply markup of the message");
    message->text = body.value("text", "");
    ++message->edits;
    return made(*message);
}

HttpAnswer TelegramPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST", "not a POST");
    const std::string start = "/bot" + token_ + "/";
    if (!request.target.starts_with(start)) return error(401, "Unauthorized");
    const auto body = jsonOf(request);
    const auto chat = body.value("chat_id", Json());
    expect(chat.is_number_integer() || chat.is_string(), "chat_id is missing");
    if (chat == chatBefore_)
        return error(400, "Bad Request: group chat was upgraded to a supergroup chat",
                     {{"migrate_to_chat_id", chat_}});
    if (chat != chat_ && (name_.empty() || chat != name_))
        return error(400, "Bad Request: chat not found");
    checkText(body);
    const std::string method = request.target.substr(start.size());
    if (method == "sendMessage") return send(body);
    if (method == "editMessageText") return edit(body);
    return error(404, "Not Found");
}

}  // namespace driftkeeper::tests
