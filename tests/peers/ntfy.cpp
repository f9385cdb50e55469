#include "tests/peers/ntfy.hpp"

#include <regex>
#include <set>

namespace driftkeeper::tests {
namespace {

constexpr std::size_t mostMessage = 4096;

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

HttpAnswer refused(int status, int code, const std::string& error) {
    return json(status, {{"code", code}, {"http", status}, {"error", error}});
}

}  // namespace

void NtfyPeer::check(const Json& body) {
    text(body, "title", 500);
    expect(text(body, "message", mostMessage).size() <= mostMessage,
           "the message would become a file");
    if (body.contains("priority")) {
        expect(body["priority"].is_number_integer(), "priority is no number");
        const int priority = body["priority"].get<int>();
        expect(priority >= 1 && priority <= 5, "priority is not between 1 and 5");
    }
    for (const auto& tag : body.value("tags", Json::array()))
        expect(tag.is_string(), "a tag is no text");
    if (body.contains("click"))
        expect(text(body, "click", 2000).starts_with("http"), "click is no address");
    if (body.contains("markdown"))
        expect(body["markdown"].is_boolean(), "markdown is neither true nor false");
    const std::set<std::string> known = {"topic", "title", "message", "priority",
                                         "tags",  "click", "markdown"};
    for (const auto& [key, value] : body.items()) expect(known.contains(key), key + " is unknown");
}

HttpAnswer NtfyPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST" && request.target == "/", "JSON is posted to the root");
    const auto token = request.headers.find("authorization");
    if (!token_.empty() && (token == request.headers.end() || token->second != "Bearer " + token_))
        return refused(401, 40101, "unauthorized");
    if (request.body.size() > 2 * mostMessage) {
        expect(false, "a body of more than 8,192 bytes");
        return refused(413, 41303, "JSON body too large");
    }
    const auto body = jsonOf(request);
    const auto topic = text(body, "topic", 64);
    if (!std::regex_match(topic, std::regex("[-_A-Za-z0-9]{1,64}")))
        return refused(400, 40009, "invalid request: topic invalid");
    if (topic != topic_) return refused(403, 40301, "forbidden");
    check(body);
    messages_.push_back(body);
    return json(200, {{"id", "sPs71M8A2T" + std::to_string(messages_.size())},
                      {"time", 1643935928},
                      {"event", "message"},
                      {"topic", topic},
                      {"message", body.value("message", "")}});
}

}  // namespace driftkeeper::tests
