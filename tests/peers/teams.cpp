#include "tests/peers/teams.hpp"

#include <algorithm>

namespace driftkeeper::tests {
namespace {

// Teams: 28,672 bytes after the workflow's expansion, of which little is known.
constexpr std::size_t mostBytes = 20'000;
constexpr std::size_t noLimit = 100'000;

}  // namespace

void TeamsPeer::checkWord(const Json& object, const std::string& key,
                          const std::vector<std::string>& words) {
    if (!object.contains(key)) return;
    const auto is = [&](const std::string& word) { return object[key] == word; };
    expect(std::ranges::any_of(words, is), key + " is " + object[key].dump());
}

void TeamsPeer::checkRun(const Json& run, Card& card) {
    expect(run.value("type", "") == "TextRun", "an inline that is no TextRun");
    card.text += text(run, "text", noLimit);
    checkWord(run, "weight", {"Default", "Lighter", "Bolder"});
    checkWord(run, "size", {"Default", "Small", "Medium", "Large", "ExtraLarge"});
    checkWord(run, "fontType", {"Default", "Monospace"});
    checkWord(run, "color", {"Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"});
    expect(!run.contains("isSubtle") || run["isSubtle"].is_boolean(), "isSubtle is no boolean");
    if (card.colour.empty()) card.colour = run.value("color", "");
}

void TeamsPeer::checkBlock(const Json& block, Card& card) {
    const std::string type = block.value("type", "");
    checkWord(block, "spacing",
              {"Default", "None", "Small", "Medium", "Large", "ExtraLarge", "Padding"});
    if (type == "Container") {
        expect(block.contains("items") && !block["items"].empty(), "a container without items");
        for (const auto& item : block["items"]) checkBlock(item, card);
    } else if (type == "RichTextBlock") {
        expect(block.contains("inlines") && !block["inlines"].empty(),
               "a RichTextBlock without inlines");
        for (const auto& run : block["inlines"]) checkRun(run, card);
        card.text += '\n';
    } else if (type == "TextBlock") {
        card.text += text(block, "text", noLimit) + '\n';
        expect(block.value("wrap", false), "a TextBlock that is cut at the end of its line");
    } else {
        expect(false, "a block of type " + type);
    }
}

void TeamsPeer::checkActions(const Json& content, Card& card) {
    if (!content.contains("actions")) return;
    for (const auto& action : content["actions"]) {
        expect(action.value("type", "") == "Action.OpenUrl",
               "a workflow's card may only open URLs");
        text(action, "title", 100);
        card.link = text(action, "url", 2000);
        expect(card.link.starts_with("http://") || card.link.starts_with("https://"),
               "a button with a relative URL");
    }
}

HttpAnswer TeamsPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST", "not a POST");
    if (request.target != target_)
        return {
            401,
            {},
            R"({"error":{"code":"DirectApiAuthorizationRequired","message":"not authorized"}})"};
    expect(request.body.size() <= mostBytes,
           "the message has " + std::to_string(request.body.size()) + " bytes");
    const auto body = jsonOf(request);
    expect(body.value("type", "") == "message", "no message");
    if (!expect(body.contains("attachments") && body["attachments"].size() == 1,
                "not one attachment"))
        return {400, {}, R"({"error":{"code":"TriggerInputSchemaMismatch"}})"};
    const auto& attachment = body["attachments"][0];
    expect(attachment.value("contentType", "") == "application/vnd.microsoft.card.adaptive",
           "no Adaptive Card");
    const auto& content = attachment["content"];
    expect(content.value("type", "") == "AdaptiveCard", "no AdaptiveCard");
    expect(content.value("version", "") == "1.4", "a version that Teams may not know");
    Card card;
    for (const auto& block : content["body"]) checkBlock(block, card);
    checkActions(content, card);
    cards_.push_back(card);
    return {202, {}, ""};
}

}  // namespace driftkeeper::tests
