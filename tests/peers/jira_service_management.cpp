#include "tests/peers/jira_service_management.hpp"

#include <algorithm>
#include <set>

namespace driftkeeper::tests {
namespace {

const std::string alertsPath = "/jsm/ops/integration/v2/alerts";

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

}  // namespace

JiraServiceManagementPeer::Alert* JiraServiceManagementPeer::open(const std::string& alias) {
    const auto alert = std::ranges::find_if(
        alerts_, [&](const Alert& one) { return one.alias == alias && one.isOpen; });
    return alert == alerts_.end() ? nullptr : &*alert;
}

void JiraServiceManagementPeer::create(const Json& body) {
    const auto message = text(body, "message", 130);
    const auto alias = text(body, "alias", 512);
    text(body, "description", 15'000, false);
    text(body, "entity", 512, false);
    text(body, "source", 100, false);
    const auto priority = body.value("priority", "P3");
    expect(std::set<std::string>{"P1", "P2", "P3", "P4", "P5"}.contains(priority),
           "a priority that there is not");
    const auto tags = body.value("tags", Json::array());
    expect(tags.is_array() && tags.size() <= 20, "more than 20 tags");
    for (const auto& tag : tags)
        expect(tag.get<std::string>().size() <= 50, "a tag of more than 50 characters");
    if (open(alias) == nullptr) alerts_.push_back({alias, message, priority, {}});
    ++open(alias)->count;
}

// …/ALIAS/close or …/ALIAS/notes.
void JiraServiceManagementPeer::act(const std::string& target, const Json& body) {
    expect(target.ends_with("?identifierType=alias"), "an alert is named by its alias");
    const auto slash = target.find('/', alertsPath.size() + 1);
    const auto alias = target.substr(alertsPath.size() + 1, slash - alertsPath.size() - 1);
    const auto action = target.substr(slash + 1, target.find('?') - slash - 1);
    const bool isNote = action == "notes";
    expect(isNote || action == "close", "an action that there is not: " + action);
    const auto note = text(body, "note", 25'000, isNote);
    text(body, "source", 100, false);
    auto* alert = open(alias);
    if (alert == nullptr) return;
    alert->notes.push_back(note);
    alert->isOpen = isNote;
}

HttpAnswer JiraServiceManagementPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST", "not a POST");
    const auto key = request.headers.find("authorization");
    if (key == request.headers.end() || key->second != "GenieKey " + key_)
        return json(401, {{"message", "Could not authenticate"}});
    const auto body = jsonOf(request);
    if (request.target == alertsPath)
        create(body);
    else if (request.target.starts_with(alertsPath + "/"))
        act(request.target, body);
    else
        return json(404, {{"message", "no such path"}});
    return json(202, {{"result", "Request will be processed"},
                      {"took", 0.1},
                      {"requestId", "43a29c5c-3dbf-4fa4"}});
}

}  // namespace driftkeeper::tests
