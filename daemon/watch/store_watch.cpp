#include "daemon/watch/store_watch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/alert/decide/incidents.hpp"
#include "daemon/base/log.hpp"
#include "daemon/store/reserve.hpp"
#include "daemon/store/state_marker.hpp"

namespace driftkeeper {
namespace {

constexpr Seconds markEvery{60};
constexpr Seconds tryAgainAfter{5};  // whether there is room again
constexpr Seconds sendAgainAfter{30};
constexpr Seconds lossLasts{24 * 60 * 60};

Trouble ofDaemon(std::string subject, std::string cause, std::string text) {
    Trouble trouble;
    trouble.kind = IncidentKind::Daemon;
    trouble.subject = std::move(subject);
    trouble.shownName = "driftkeeper";
    trouble.cause = std::move(cause);
    trouble.text = std::move(text);
    return trouble;
}

Trouble unwritable(const Error& error) {
    return ofDaemon("state", error.code,
                    "what checks see cannot be recorded, and no other alert is sent until it can "
                    "be: " +
                        error.message);
}

std::string lossText(std::string_view what) {
    if (what == "empty") return "the state database is empty, and was not before";
    if (what == "older") return "the state database is older than the one that was last used here";
    return "the state database is another one than was last used here";
}

Trouble lost(std::string_view what) {
    return ofDaemon("lost state", "database_replaced",
                    lossText(what) +
                        ": what was open before is not known, and is resolved nowhere; what checks "
                        "see now is alerted as drift, not taken as a baseline");
}

}  // namespace

StoreWatch::StoreWatch(const CurrentSettings& settings, Store& store, const Overview& overview,
                       Alerter& alerter, const Clock& clock, SendPast sendPast)
    : settings_(settings),
      store_(store),
      overview_(overview),
      alerter_(alerter),
      clock_(clock),
      sendPast_(std::move(sendPast)) {}

StoreWatch::~StoreWatch() = default;

void StoreWatch::look() {
    watchLoss();
    const auto trouble = store_.trouble();
    if (trouble && !isOpen_) begin(*trouble);
    if (nextMark_.isOver(clock_)) {
        nextMark_ = Deadline(clock_, isOpen_ ? tryAgainAfter : markEvery);
        if (isOver() && isOpen_) end();
    }
    send();
}

// The reserve is given up first: then there is room to go on, and to say so in the log of SQLite.
void StoreWatch::begin(const Error& trouble) {
    isOpen_ = true;
    nextMark_ = Deadline(clock_, tryAgainAfter);
    spendReserve(settings_.get()->stateDirectory);
    log::error(log::event::stateUnwritable, "the state cannot be written",
               {{"code", trouble.code}, {"reason", trouble.message}});
    auto decision = alerter_.with([&](const AlertContext& context) {
        return openTrouble(Memory(), unwritable(trouble), context);
    });
    incidents_ = std::move(decision.incidents);
    add(std::move(decision.deliveries));
}

// Writes, so that it is known: the marker, and a reserve that needs more room than a check.
bool StoreWatch::isOver() {
    const auto directory = settings_.get()->stateDirectory;
    const auto reserved = keepReserve(directory);
    const auto marked = mark(store_, directory);
    if (!isOpen_ && !reserved)
        log::warning(log::event::stateTrouble, "no reserve can be kept",
                     {{"code", reserved.error().code}, {"reason", reserved.error().message}});
    return reserved && marked && !overview_.hasUnrecorded();
}

void StoreWatch::end() {
    isOpen_ = false;
    store_.endTrouble();
    log::info(log::event::stateWritable, "the state can be written again");
    Memory memory;
    memory.incidents = std::exchange(incidents_, {});
    auto decision = alerter_.with([&](const AlertContext& context) {
        return closeTrouble(memory, unwritable({}), "writable", context);
    });
    add(std::move(decision.deliveries));
}

void StoreWatch::add(std::vector<Delivery> deliveries) {
    unsent_.with([&](auto& unsent) { std::ranges::move(deliveries, std::back_inserter(unsent)); });
    nextSend_ = {};
}

void StoreWatch::send() {
    if (isSending_ || !nextSend_.isOver(clock_)) return;
    auto batch = unsent_.with([](auto& unsent) { return std::exchange(unsent, {}); });
    if (batch.empty()) return;
    nextSend_ = Deadline(clock_, sendAgainAfter);
    isSending_ = true;
    sender_ = std::jthread([this, batch = std::move(batch)]() mutable {
        auto left = sendPast_(std::move(batch));
        unsent_.with([&](auto& unsent) {
            unsent.insert(unsent.begin(), std::make_move_iterator(left.begin()),
                          std::make_move_iterator(left.end()));
        });
        isSending_ = false;
    });
}

void StoreWatch::watchLoss() {
    if (!store_.hasLost()) return;
    const auto loss = store_.loss();
    if (!loss || !*loss) return;
    if (!isLossTold_) isLossTold_ = alerter_.open(lost((*loss)->what));
    if (clock_.now() - (*loss)->since < lossLasts) return;
    if (alerter_.close(lost((*loss)->what), "a_day_passed")) (void)store_.settleLoss();
}

}  // namespace driftkeeper
