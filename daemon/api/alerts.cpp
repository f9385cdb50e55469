// The part of the API that is about alerts on their way: the outbox, channels.
#include <algorithm>

#include "daemon/api/answers.hpp"
#include "daemon/api/api.hpp"

namespace driftkeeper {
namespace {

void writeMembers(JsonWriter& writer, const Delivery& delivery) {
    writer.key("id").text(delivery.id).key("incident").text(delivery.incidentId);
    writer.key("channel").text(delivery.channel).key("event").text(name(delivery.event));
    writer.key("state").text(name(delivery.state));
    writer.key("attempts").number(static_cast<std::uint64_t>(std::max(delivery.attempts, 0)));
    writeTime(writer, "created", delivery.created);
    writeTime(writer, "next_attempt", delivery.nextAttempt);
    writer.key("last_outcome").textOrNull(delivery.lastOutcome);
}

WebResponse noSuchDelivery() {
    return problem(404, "no_such_delivery", "there is no delivery of this id: see /api/v1/outbox");
}

}  // namespace

WebResponse Api::outbox(const WebRequest& request) {
    const auto deliveries = world_.store.deliveries.list(mostRows);
    if (!deliveries) return problem(deliveries.error());
    const auto wanted = request.query.find("state");
    JsonWriter writer = envelope();
    writer.key("deliveries").beginArray();
    for (const auto& delivery : *deliveries) {
        if (wanted != request.query.end() && wanted->second != name(delivery.state)) continue;
        writer.beginObject();
        writeMembers(writer, delivery);
        writer.endObject();
    }
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::delivery(const std::string& id) {
    const auto delivery = world_.store.deliveries.find(id);
    if (!delivery) return problem(delivery.error());
    if (!*delivery) return noSuchDelivery();
    JsonWriter writer = envelope();
    writer.key("delivery").beginObject();
    writeMembers(writer, **delivery);
    writer.key("notice").raw((*delivery)->notice).endObject().endObject();
    return json(std::move(writer));
}

WebResponse Api::retry(const std::string& id) {
    const auto done = world_.store.deliveries.retry(id, world_.clock.now());
    if (!done) return problem(done.error());
    if (*done) world_.outbox.wake();
    if (*done) return delivery(id);
    return problem(409, "not_waiting",
                   "only a delivery that is pending or dead can be tried again");
}

WebResponse Api::drop(const std::string& id) {
    const auto done = world_.store.deliveries.drop(id);
    if (!done) return problem(done.error());
    if (*done) world_.outbox.wake();
    if (*done) return delivery(id);
    return problem(409, "not_waiting", "only a delivery that is pending or dead can be dropped");
}

WebResponse Api::testChannel(const std::string& channelName) {
    const auto settings = world_.settings.get();
    const auto channel = std::ranges::find(settings->channels, channelName, &ChannelSettings::name);
    if (channel == settings->channels.end())
        return problem(404, "no_such_channel", "the settings have no channel of this name");
    JsonWriter writer = envelope();
    writer.key("channel").text(channelName).key("attempts").beginArray();
    bool wasTaken = false;
    for (const auto& tried : world_.outbox.test(*channel)) {
        wasTaken = isTaken(tried.result.outcome);
        writer.beginObject()
            .key("event")
            .text(name(tried.event))
            .key("outcome")
            .text(name(tried.result.outcome));
        writer.key("text")
            .text(tried.result.text)
            .key("status")
            .number(static_cast<std::uint64_t>(tried.status));
        writer.key("answer").textOrNull(tried.answer).endObject();
    }
    writer.endArray().key("taken").flag(wasTaken).endObject();
    return json(std::move(writer));
}

}  // namespace driftkeeper
