#include "daemon/alert/outbox.hpp"

#include <algorithm>
#include <set>

#include "daemon/alert/decide/retry.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"
#include "daemon/contract/notice.hpp"
#include "daemon/notify/secret.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

Answer sendRequest(const Request& request, const HttpClient& client) {
    return std::visit(
        Overloaded{[&](const HttpRequest& http) { return client.send(http); },
                   [&](const MailRequest& mail) { return sendMail(mail, client.options()); },
                   [](const ProgramRequest& program) { return runProgram(program); }},
        request);
}

// What somebody may read of a peer's answer: it may repeat what it was sent.
std::string shownAnswer(const Answer& answer, const ChannelSettings& channel) {
    constexpr std::size_t most = 300;
    std::string text = answer.status == 0 ? answer.error : answer.body;
    for (const auto& [key, source] : channel.secrets) {
        const auto secret = readSecret(source, key);
        if (!secret || secret->empty()) continue;
        for (std::size_t at = text.find(*secret); at != std::string::npos;
             at = text.find(*secret, at))
            text.replace(at, secret->size(), "(secret)");
    }
    return shortened(printable(text.substr(0, 4 * most)), most);
}

constexpr std::size_t batch = 32;
constexpr int mostSteps = 10;  // of one delivery
constexpr std::chrono::milliseconds longestWait{1000};
constexpr Seconds tolerated{15 * 60};  // a peer may fail for so long before somebody hears of it
constexpr Seconds resolvedIsResent{15 *
                                   60};  // a receiver that forgets gets the resolution for a while

// `cause`: bad_destination or unreachable.
Trouble brokenChannel(const std::string& channel, const std::string& cause,
                      const std::string& text) {
    Trouble trouble;
    trouble.kind = IncidentKind::Channel;
    trouble.subject = channel;
    trouble.shownName = channel;
    trouble.cause = cause;
    trouble.text = "channel " + channel +
                   (cause == "unreachable" ? " takes no alerts: " : " refuses alerts: ") + text;
    trouble.notThrough = channel;
    return trouble;
}

void logAttempt(const Delivery& delivery, const AttemptResult& result) {
    const bool dead = delivery.state == DeliveryState::Dead;
    auto event = log::event::deliveryFailed;
    auto level = log::Level::Warning;
    if (dead) {
        event = log::event::deliveryDead;
        level = log::Level::Error;
    } else if (isTaken(result.outcome)) {
        event = log::event::delivered;
        level = log::Level::Info;
    }
    log::write(level, event,
               dead ? "delivery is dead: retries are exhausted" : "delivery attempted",
               {{"channel", delivery.channel},
                {"event", std::string(name(delivery.event))},
                {"incident", delivery.incidentId},
                {"delivery", delivery.id},
                {"outcome", delivery.lastOutcome},
                {"attempts", std::to_string(delivery.attempts)}});
}

}  // namespace

Outbox::Outbox(const CurrentSettings& settings, Store& store, Alerter& alerter, Metrics& metrics,
               const Clock& clock, std::string externalUrl)
    : settings_(settings),
      store_(store),
      alerter_(alerter),
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
        const bool more = line.pauseEnd.isOver(clock_) && sendDue(line, stop);
        refresh(line, stop);
        if (more) continue;
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, stop, longestWait, [&] { return wakes_ != seen; });
    }
}

// True when there may be more to send at once.
bool Outbox::sendDue(Line& line, std::stop_token stop) {
    const auto due = store_.deliveries.due(line.settings.name, clock_.now(), batch);
    if (!due) {
        log::error(log::event::stateTrouble, "the outbox cannot be read",
                   {{"channel", line.settings.name}, {"reason", due.error().message}});
        return false;
    }
    for (const auto& delivery : *due) {
        if (stop.stop_requested() || !attempt(line, delivery)) return false;
    }
    return !due->empty();
}

// False when nothing more should be sent for now.
bool Outbox::attempt(Line& line, Delivery delivery) {
    const auto noted = store_.deliveries.noteAttempt(delivery.id, clock_.now());
    if (!noted) {
        log::error(log::event::stateTrouble, "an attempt cannot be stored, so it is not made",
                   {{"reason", noted.error().message}});
        return false;
    }
    // Nobody knows what became of an attempt that a crash cut off: a delivery of several requests
    // begins anew.
    if (delivery.state == DeliveryState::Sending) delivery.step = 0;
    const bool plain =
        delivery.lastOutcome.starts_with(name(Outcome::BadPayload));  // the full one was refused
    const AttemptResult result = send(line, delivery, plain);
    const TimePoint now = clock_.now();
    const RetryDecision next =
        nextAttempt(result, plain, delivery.attempts, delivery.created, now, uniformRandom());
    metrics_.delivery(line.settings.name, name(result.outcome));

    if (next.countsAttempt) ++delivery.attempts;
    if (result.more) ++delivery.step;
    if (result.memo) delivery.memo = *result.memo;
    delivery.lastOutcome = std::string(name(result.outcome)) + ": " + result.text;
    switch (next.action) {
        case RetryDecision::Action::Done:
            delivery.state = result.outcome == Outcome::Accepted ? DeliveryState::Accepted
                                                                 : DeliveryState::Delivered;
            break;
        case RetryDecision::Action::Again:
            delivery.state = DeliveryState::Pending;
            delivery.nextAttempt = next.at;
            break;
        case RetryDecision::Action::GiveUp:
            delivery.state = DeliveryState::Dead;
            metrics_.gaveUp(line.settings.name);
            break;
    }
    if (const auto kept = store_.deliveries.noteOutcome(delivery); !kept)
        log::error(log::event::stateTrouble,
                   "the outcome of an attempt cannot be stored; it may be repeated",
                   {{"reason", kept.error().message}});

    logAttempt(delivery, result);
    reportTrouble(line, delivery, result);
    if (result.more) return attempt(line, std::move(delivery));  // the peer waits for the rest
    if (result.outcome != Outcome::Throttled) return true;
    line.pauseEnd = Deadline(clock_, next.at - now);
    return false;
}

AttemptResult Outbox::send(const Line& line, const Delivery& delivery, bool plain) const {
    const auto notice = noticeFromJson(delivery.notice);
    if (!notice) return {Outcome::BadPayload, "the stored message cannot be read", std::nullopt};
    const auto sending = [&] {
        return Sending{*notice, clock_.now(), plain, delivery.step, delivery.memo};
    };
    const auto request = line.channel->render(sending());
    if (!request) return {Outcome::BadDestination, request.error().message, std::nullopt};
    const Answer answer = sendRequest(*request, line.client);
    return line.channel->judge(sending(), answer);
}

std::vector<Delivery> Outbox::sendPast(std::vector<Delivery> deliveries) const {
    std::set<std::string> refusing;
    std::erase_if(deliveries, [&](const Delivery& delivery) {
        if (refusing.contains(delivery.channel)) return false;
        if (sendWhole(delivery)) return true;
        refusing.insert(delivery.channel);
        return false;
    });
    return deliveries;
}

// All its requests. A channel that is gone from the settings has taken what it will ever take.
bool Outbox::sendWhole(const Delivery& delivery) const {
    const auto settings = settings_.get();
    const auto found =
        std::ranges::find(settings->channels, delivery.channel, &ChannelSettings::name);
    if (found == settings->channels.end()) return true;
    Line line;
    line.settings = *found;
    line.channel = makeChannel(*found, externalUrl_);
    line.client = HttpClient({found->tlsCaFile, found->proxy});
    Delivery part = delivery;
    for (; part.step < mostSteps; ++part.step) {
        const AttemptResult result = send(line, part, false);
        metrics_.delivery(delivery.channel, name(result.outcome));
        if (result.memo) part.memo = *result.memo;
        if (!isTaken(result.outcome)) return false;
        if (!result.more) break;
    }
    log::info(log::event::delivered, "delivered past the outbox",
              {{"channel", delivery.channel},
               {"event", std::string(name(delivery.event))},
               {"incident", delivery.incidentId},
               {"delivery", delivery.id}});
    return true;
}

std::vector<Outbox::Tried> Outbox::test(const ChannelSettings& settings) const {
    const auto channel = makeChannel(settings, externalUrl_);
    const HttpClient client({settings.tlsCaFile, settings.proxy});
    Notice notice;
    notice.isTest = true;
    notice.incidentId = makeUuid();
    notice.subject = settings.name;
    notice.text = "This is a test of the channel. Nothing has drifted.";
    notice.severity = Severity::Info;
    notice.opened = clock_.now();
    std::vector<Event> events = {Event::Opened};
    if (settings.keepsOpen()) events.push_back(Event::Resolved);

    std::vector<Tried> tried;
    Memo memo;
    for (const Event event : events) {
        notice.event = event;
        notice.id = makeUuid();
        for (int step = 0; step < mostSteps; ++step) {
            const Sending sending{notice, clock_.now(), false, step, memo};
            const auto request = channel->render(sending);
            if (!request) {
                tried.push_back({event,
                                 {Outcome::BadDestination, request.error().message, std::nullopt},
                                 0,
                                 ""});
                return tried;
            }
            const Answer answer = sendRequest(*request, client);
            tried.push_back({event, channel->judge(sending, answer), answer.status,
                             shownAnswer(answer, settings)});
            const auto& result = tried.back().result;
            if (result.memo) memo = *result.memo;
            if (!result.more) break;
        }
        if (!isTaken(tried.back().result.outcome)) break;
    }
    return tried;
}

void Outbox::reportTrouble(Line& line, const Delivery& delivery, const AttemptResult& result) {
    const auto& name = line.settings.name;
    if (result.outcome == Outcome::BadPayload) return;  // the message's fault
    if (isTaken(result.outcome)) {
        if (line.inTrouble && alerter_.close(brokenChannel(name, {}, {}), "delivered"))
            line.inTrouble = false;
        return;
    }
    const bool refuses = result.outcome == Outcome::BadDestination;
    if (!refuses && clock_.now() - delivery.created < tolerated) return;
    if (alerter_.open(
            brokenChannel(name, refuses ? "bad_destination" : "unreachable", result.text)))
        line.inTrouble = true;
}

// Alertmanager forgets an alert that is not sent again: what went out last is repeated, without a
// row of its own.
void Outbox::refresh(Line& line, std::stop_token stop) {
    const auto every = line.channel->refreshEvery();
    if (!every || !line.nextRefresh.isOver(clock_) || !line.pauseEnd.isOver(clock_)) return;
    line.nextRefresh = Deadline(clock_, *every);
    const auto last =
        store_.deliveries.lastDelivered(line.settings.name, clock_.now() - resolvedIsResent);
    if (!last) return;
    for (const auto& delivery : *last) {
        if (stop.stop_requested()) return;
        const AttemptResult result = send(line, delivery, false);
        metrics_.delivery(line.settings.name, name(result.outcome));
        if (result.outcome == Outcome::Throttled) {
            line.pauseEnd = Deadline(clock_, result.retryAfter.value_or(Seconds(60)));
            return;
        }
        if (result.outcome == Outcome::Transient) return;
    }
}

}  // namespace driftkeeper
