#include "tests/peers/pagerduty.hpp"

#include <algorithm>
#include <set>

namespace driftkeeper::tests {
namespace {

constexpr std::size_t mostBytes = 512 * 1024;

HttpAnswer refused(const std::string& error) {
    const Json body = {{"status", "invalid event"},
                       {"message", "Event object is invalid"},
                       {"errors", Json::array({error})}};
    return {400, {{"Content-Type", "application/json"}}, body.dump()};
}

}  // namespace

void PagerDutyPeer::checkPayload(const Json& payload) {
    text(payload, "summary", 1024);
    text(payload, "source", 1024);
    const std::set<std::string> severities = {"critical", "error", "warning", "info"};
    expect(severities.contains(payload.value("severity", "")),
           "a severity that PagerDuty does not know");
    const std::set<std::string> known = {"summary",   "source", "severity", "timestamp",
                                         "component", "group",  "class",    "custom_details"};
    for (const auto& [key, value] : payload.items())
        expect(known.contains(key), "payload." + key + " is unknown");
    if (payload.contains("custom_details"))
        expect(payload["custom_details"].is_object(), "custom_details is no object");
}

void PagerDutyPeer::checkLinks(const Json& event) {
    if (!event.contains("links")) return;
    expect(event["links"].is_array(), "links is no list");
    for (const auto& link : event["links"]) {
        expect(text(link, "href", 2048).starts_with("http"), "a link that leads nowhere");
        text(link, "text", 1024, false);
    }
}

HttpAnswer PagerDutyPeer::answer(const HttpRequest& request) {
    expect(request.method == "POST" && request.target == "/v2/enqueue",
           "events are posted to /v2/enqueue");
    expect(request.body.size() <= mostBytes, "an event of more than 512 KB");
    const auto event = jsonOf(request);
    const auto key = text(event, "routing_key", 32);
    if (key.size() != 32)
        return refused("Length of 'routing_key' is incorrect (should be 32 characters)");
    if (key != key_) return refused("'routing_key' is invalid");
    const auto dedup = text(event, "dedup_key", 255);
    const auto action = event.value("event_action", "");
    auto alert = std::ranges::find_if(
        alerts_, [&](const Alert& one) { return one.key == dedup && one.isOpen; });
    if (action == "trigger") {
        checkPayload(event.value("payload", Json::object()));
        checkLinks(event);
        if (alert == alerts_.end()) alert = alerts_.insert(alert, {dedup, event["payload"]});
        ++alert->triggers;
    } else {
        expect(action == "resolve" || action == "acknowledge",
               "an event_action that PagerDuty does not know");
        if (alert != alerts_.end() && action == "resolve") alert->isOpen = false;
    }
    const Json body = {{"status", "success"}, {"message", "Event processed"}, {"dedup_key", dedup}};
    return {202, {{"Content-Type", "application/json"}}, body.dump()};
}

}  // namespace driftkeeper::tests
