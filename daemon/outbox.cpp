#include "daemon/outbox.hpp"

#include <algorithm>

#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"
#include "daemon/present/notice.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t batch = 32;
constexpr std::chrono::milliseconds longestWait{1000};
constexpr Seconds resolvedIsResent{15 * 60};  // a peer that forgets is told the end for a while

Trouble brokenChannel(const std::string& channel, const std::string& text) {
    Trouble trouble;
    trouble.kind = IncidentKind::Channel;
    trouble.subject = channel;
    trouble.shownName = channel;
    trouble.cause = "bad_destination";
    trouble.text = "channel " + channel + " refuses alerts: " + text;
    trouble.notThrough = channel;
    return trouble;
}

}  // namespace

Outbox::Outbox(const CurrentSettings& settings, Store& store, Teller& teller, Metrics& metrics, const Clock& clock,
               std::string externalUrl)
    : settings_(settings),
      store_(store),
      teller_(teller),
      metrics_(metrics),
      clock_(clock),
      externalUrl_(std::move(externalUrl)) {}

Outbox::~Outbox() {
    stop();
}

void Outbox::restart() {
    stop();
    const auto settings = settings_.get();
    for (const auto& channel : settings->channels) {
        auto line = std::make_unique<Line>();
        line->settings = channel;
        line->channel = makeChannel(channel, externalUrl_);
        line->client = HttpClient({channel.tlsCaFile, channel.proxy});
        threads_.emplace_back([this, &own = *line](std::stop_token stop) { carry(own, stop); });
        lines_.push_back(std::move(line));
    }
}

void Outbox::stop() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
    lines_.clear();
}

void Outbox::wake() {
    const std::scoped_lock lock(mutex_);
    ++wakes_;
    woken_.notify_all();
}

void Outbox::carry(Line& line, std::stop_token stop) {
    std::uint64_t seen = 0;
    while (!stop.stop_requested()) {
        {
            const std::scoped_lock lock(mutex_);
            seen = wakes_;
        }
        const bool more = clock_.now() >= line.pausedUntil && sendDue(line, stop);
        refresh(line, stop);
        if (more) continue;
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, stop, longestWait, [&] { return wakes_ != seen; });
    }
}

// True when there may be more to send at once.
bool Outbox::sendDue(Line& line, std::stop_token stop) {
    const auto due = store_.dueDeliveries(line.settings.name, clock_.now(), batch);
    if (!due) {
        log::error("the outbox cannot be read", {{"channel", line.settings.name}, {"reason", due.error().message}});
        return false;
    }
    for (const auto& delivery : *due) {
        if (stop.stop_requested() || !attempt(line, delivery)) return false;
    }
    return !due->empty();
}

// False when nothing more should be sent for now.
bool Outbox::attempt(Line& line, Delivery delivery) {
    const auto noted = store_.noteAttempt(delivery.id, clock_.now());
    if (!noted) {
        log::error("an attempt cannot be noted, so it is not made", {{"reason", noted.error().message}});
        return false;
    }
    const bool plain = delivery.lastOutcome.starts_with(name(Outcome::BadPayload));  // the full one was refused
    const AttemptResult result = send(line, delivery, plain);
    const TimePoint now = clock_.now();
    const RetryDecision next = nextAttempt(result, plain, delivery.attempts, delivery.created, now, uniformRandom());
    metrics_.delivery(line.settings.name, name(result.outcome));

    if (next.countsAttempt) ++delivery.attempts;
    delivery.lastOutcome = std::string(name(result.outcome)) + ": " + result.text;
    switch (next.action) {
        case RetryDecision::Action::Done:
            delivery.state = result.outcome == Outcome::Accepted ? DeliveryState::Accepted : DeliveryState::Delivered;
            break;
        case RetryDecision::Action::Again:
            delivery.state = DeliveryState::Pending;
            delivery.nextAttempt = next.at;
            break;
        case RetryDecision::Action::GiveUp:
            delivery.state = DeliveryState::Dead;
            break;
    }
    if (const auto kept = store_.noteOutcome(delivery); !kept)
        log::error("the outcome of an attempt cannot be noted; it may be repeated", {{"reason", kept.error().message}});

    log::write(next.action == RetryDecision::Action::Done ? log::Level::Info : log::Level::Warning,
               "delivery attempted",
               {{"channel", line.settings.name},
                {"event", std::string(name(delivery.event))},
                {"delivery", delivery.id},
                {"outcome", delivery.lastOutcome},
                {"attempts", std::to_string(delivery.attempts)}});
    tellTrouble(line, result);
    if (result.outcome != Outcome::Throttled) return true;
    line.pausedUntil = next.at;
    return false;
}

AttemptResult Outbox::send(const Line& line, const Delivery& delivery, bool plain) const {
    const auto notice = noticeFromJson(delivery.notice);
    if (!notice) return {Outcome::BadPayload, "the stored message cannot be read", std::nullopt};
    const auto request = line.channel->render(*notice, clock_.now(), plain);
    if (!request) return {Outcome::BadDestination, request.error().message, std::nullopt};
    return line.channel->judge(line.client.send(*request), clock_.now());
}

void Outbox::tellTrouble(Line& line, const AttemptResult& result) {
    const bool bad = result.outcome == Outcome::BadDestination;
    const bool good = result.outcome == Outcome::Delivered || result.outcome == Outcome::Accepted;
    if (bad && teller_.open(brokenChannel(line.settings.name, result.text))) line.inTrouble = true;
    if (good && line.inTrouble && teller_.close(brokenChannel(line.settings.name, {}), "delivered"))
        line.inTrouble = false;
}

// Alertmanager forgets an alert that is not sent again: what went out last is repeated, without a row of its own.
void Outbox::refresh(Line& line, std::stop_token stop) {
    const auto every = line.channel->refreshEvery();
    const TimePoint now = clock_.now();
    if (!every || now < line.lastRefresh + *every || now < line.pausedUntil) return;
    line.lastRefresh = now;
    const auto last = store_.lastDelivered(line.settings.name, now - resolvedIsResent);
    if (!last) return;
    for (const auto& delivery : *last) {
        if (stop.stop_requested()) return;
        const AttemptResult result = send(line, delivery, false);
        metrics_.delivery(line.settings.name, name(result.outcome));
        if (result.outcome == Outcome::Throttled) {
            line.pausedUntil = now + result.retryAfter.value_or(Seconds(60));
            return;
        }
        if (result.outcome == Outcome::Transient) return;
    }
}

}  // namespace driftkeeper
