#include "tests/peers/mattermost.hpp"

#include <algorithm>

namespace driftkeeper::tests {
namespace {

HttpAnswer error(int status, const std::string& id) {
    const Json body{{"id", "web.incoming_webhook." + id + ".app_error"},
                    {"message", id},
                    {"status_code", status}};
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

// What Mattermost looks for mentions in: everything but code.
std::string withoutCode(const std::string& text) {
    std::string rest;
    bool isCode = false;
    for (const char c : text) {
        if (c == '`' && !rest.ends_with('\\')) isCode = !isCode;
        if (!isCode) rest += c;
    }
    return rest;
}

bool isColour(const std::string& text) {
    return text.size() == 7 && text[0] == '#' &&
           text.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
}

}  // namespace

void MattermostPeer::checkMarkdown(const std::string& text) {
    const std::string prose = withoutCode(text);
    for (const auto* call : {"@channel", "@all", "@here", "<!channel", "<!here"})
        expect(prose.find(call) == std::string::npos, std::string("somebody is called by ") + call);
}

HttpAnswer MattermostPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST", "not a POST");
    if (request.target != path_) return error(400, "invalid");
    const auto body = jsonOf(request);
    for (const auto& [key, value] : body.items())
        expect(key == "text" || key == "attachments" || key == "channel", "a member " + key);
    Post post;
    post.text = text(body, "text", 16'383, !body.contains("attachments"));
    checkMarkdown(post.text);
    for (const auto& attachment : body.value("attachments", Json::array())) {
        checkMarkdown(text(attachment, "fallback", 16'383));
        post.details = text(attachment, "text", 7600);
        checkMarkdown(post.details);
        post.colour = text(attachment, "color", 7);
        expect(isColour(post.colour), "no colour: " + post.colour);
    }
    if (post.text.empty() && post.details.empty()) return error(400, "text");
    post.channel = text(body, "channel", 64, false);
    if (!post.channel.empty() && std::ranges::find(channels_, post.channel) == channels_.end())
        return error(404, "channel");
    posts_.push_back(post);
    return {200, {{"Content-Type", "text/plain"}}, "ok"};
}

}  // namespace driftkeeper::tests
