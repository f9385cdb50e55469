// The commands about alerts on their way.
#include "daemon/commands/asking.hpp"
#include "daemon/commands/commands.hpp"
#include "parsers/text/encoding.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

int listOutbox(const Daemon& daemon, const Options& options) {
    const Listing listing{
        "/api/v1/outbox" + (options.state.empty() ? "" : "?state=" + options.state),
        "deliveries",
        {"ID", "CHANNEL", "EVENT", "STATE", "ATTEMPTS", "CREATED", "LAST OUTCOME"},
        {{"id"}, {"channel"}, {"event"}, {"state"}, {"attempts"}, {"created"}, {"last_outcome"}}};
    return showList(daemon, options, listing);
}

// One delivery, a member a line; its notice only with --format json.
std::string deliveryText(const Answer& answer) {
    const Json body = readJson(answer.body).value_or(Json());
    const Json& delivery = body["delivery"];
    std::string text;
    for (const auto* member : {"id", "incident", "channel", "event", "state", "attempts", "created",
                               "next_attempt", "last_outcome"}) {
        std::string name = member;
        name.resize(14, ' ');
        text += name + cell(delivery[member]) + "\n";
    }
    const Json& notice = delivery["notice"];
    const Json& incident = notice["incident"];
    for (const auto* member : {"kind", "cause", "subject", "text"}) {
        if (incident[member].isNull()) continue;
        std::string name = member;
        name.resize(14, ' ');
        text += name + cell(incident[member]) + "\n";
    }
    for (const auto* list : {"opened", "resolved"})
        for (const Json& address : notice[list].elements()) {
            std::string name = list;
            name.resize(14, ' ');
            text += name + cell(address["stack"]) + " " + cell(address["address"]) + "\n";
        }
    return text;
}

Answer askOfDelivery(const Daemon& daemon, const Options& options) {
    const std::string path = "/api/v1/outbox/" + percentEncoded(options.delivery);
    if (options.command == Command::RetryDelivery) return ask(daemon, "POST", path + "/retry");
    if (options.command == Command::DropDelivery) return ask(daemon, "POST", path + "/drop");
    return ask(daemon, "GET", path);
}

}  // namespace

int outbox(const Options& options) {
    const Daemon daemon = daemonOf(options);
    if (options.command == Command::Outbox) return listOutbox(daemon, options);
    const Answer answer = askOfDelivery(daemon, options);
    return answer.status == 200 ? print(answer, deliveryText(answer), options.json)
                                : refused(daemon, answer);
}

int testChannel(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const Answer answer =
        ask(daemon, "POST", "/api/v1/channels/" + percentEncoded(options.channel) + "/test");
    if (answer.status != 200) return refused(daemon, answer);
    const Json body = readJson(answer.body).value_or(Json());
    std::string text;
    for (const Json& tried : body["attempts"].elements()) {
        text += cell(tried["event"]) + ": " + cell(tried["outcome"]) + ", " + cell(tried["text"]) +
                "\n";
        if (!tried["answer"].isNull())
            text += "  the receiver answered: " + cell(tried["answer"]) + "\n";
    }
    print(answer, text, options.json);
    return body["taken"].isTrue() ? 0 : 1;
}

}  // namespace driftkeeper
