#include "tests/peers/google_chat.hpp"

namespace driftkeeper::tests {
namespace {

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json; charset=UTF-8"}}, body.dump()};
}

HttpAnswer error(int code, const std::string& status, const std::string& reason) {
    return json(
        code, {{"error",
                {{"code", code},
                 {"message", "no"},
                 {"status", status},
                 {"details", Json::array({{{"reason", reason}, {"domain", "googleapis.com"}}})}}}});
}

std::map<std::string, std::string> queryOf(const std::string& target) {
    std::map<std::string, std::string> query;
    auto start = target.find('?');
    while (start != std::string::npos) {
        const auto end = target.find('&', start + 1);
        const std::string part = target.substr(start + 1, end - start - 1);
        query[part.substr(0, part.find('='))] = part.substr(part.find('=') + 1);
        start = end;
    }
    return query;
}

// The text without links to the page of the tests' daemon.
std::string unlinked(std::string text) {
    for (std::size_t at = 0; (at = text.find("<http://127.0.0.1:9743/", at)) != std::string::npos;)
        text.erase(at, text.find('>', at) - at + 1);
    return text;
}

}  // namespace

HttpAnswer GoogleChatPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST", "not a POST");
    if (request.target.substr(0, request.target.find('?')) != "/v1/spaces/AAAA/messages")
        return error(404, "NOT_FOUND", "");
    auto query = queryOf(request.target);
    if (query["key"] != key_) return error(400, "INVALID_ARGUMENT", "API_KEY_INVALID");
    if (query["token"] != token_) return error(401, "UNAUTHENTICATED", "");
    expect(query["messageReplyOption"] == "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
           "every message starts a thread");
    expect(!query.contains("threadKey"), "threadKey belongs into the body");

    expect(request.body.size() <= 32'000,
           "the message has " + std::to_string(request.body.size()) + " bytes");
    const auto body = jsonOf(request);
    for (const auto& [key, value] : body.items())
        expect(key == "text" || key == "thread", "a member " + key);
    const std::string said = text(body, "text", 32'000);
    expect(unlinked(said).find('<') == std::string::npos, "a link or a mention in the text");
    const std::string thread = text(body.value("thread", Json::object()), "threadKey", 4000);
    const std::string id = query["requestId"];
    if (!id.empty() && names_.contains(id)) return json(200, {{"name", names_[id]}});
    threads_[thread].push_back(said);
    const std::string name =
        "spaces/AAAA/messages/" + thread + "." + std::to_string(threads_[thread].size());
    if (!id.empty()) names_[id] = name;
    return json(200, {{"name", name}, {"thread", {{"name", "spaces/AAAA/threads/" + thread}}}});
}

}  // namespace driftkeeper::tests
