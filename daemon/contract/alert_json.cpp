#include "daemon/contract/alert_json.hpp"

#include "daemon/model/utc.hpp"

namespace driftkeeper {
namespace {

void writeTime(JsonWriter& json, std::string_view key, const std::optional<TimePoint>& time) {
    json.key(key).textOrNull(time ? utcText(*time) : "");
}

}  // namespace

void write(JsonWriter& json, const Alert& alert) {
    json.beginObject().key("state").text(name(alert.state));
    writeTime(json, "until", alert.until);
    json.key("rule").textOrNull(alert.rule);
    json.key("silence").textOrNull(alert.silence).key("window").textOrNull(alert.window);
    json.key("channels").beginArray();
    for (const auto& one : alert.channels) {
        json.beginObject().key("channel").text(one.channel).key("state").text(name(one.state));
        writeTime(json, "at", one.at);
        json.key("error").textOrNull(one.error);
        writeTime(json, "next_try", one.nextTry);
        json.endObject();
    }
    json.endArray().endObject();
}

}  // namespace driftkeeper
