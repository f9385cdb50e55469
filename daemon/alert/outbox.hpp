#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "daemon/alert/alerter.hpp"
#include "daemon/base/deadline.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/observe/metrics.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// Carries deliveries to their channels: one thread a channel, so that a slow peer holds up nobody
// else. At least once: an attempt is noted before it is made, and repeated with the same id only
// when its outcome is unknown or a failure.
class Outbox {
public:
    Outbox(const CurrentSettings& settings, Store& store, Alerter& alerter, Metrics& metrics,
           const Clock& clock, std::string externalUrl);
    ~Outbox();  // stops

    // Starts threads for the channels of the current settings; called again after a reload.
    void restart();

    // The delivery in flight ends; nothing new is sent. Blocks.
    void stop();

    // Something new may be due. Never blocks.
    void wake();

    // Sends what the store cannot keep past it, in order, and returns what was not taken: nothing
    // of a channel overtakes what came before. Blocks.
    [[nodiscard]] std::vector<Delivery> sendPast(std::vector<Delivery> deliveries) const;

    // What a peer made of one request of a test.
    struct Tried {
        Event event;
        AttemptResult result;
        int status = 0;      // as Answer::status
        std::string answer;  // the beginning of what the peer said, without the channel's secrets
    };
    // Sends a marked test message, and its end where the peer would keep it open. Nothing is
    // stored. Blocks.
    [[nodiscard]] std::vector<Tried> test(const ChannelSettings& channel) const;

private:
    // One channel with what its thread needs.
    struct Line {
        ChannelSettings settings;
        std::unique_ptr<Channel> channel;
        HttpClient client;
        Deadline pauseEnd;
        Deadline nextRefresh;
        bool inTrouble =
            true;  // until the first success: a trouble of an earlier run is closed by it
    };
    void carry(Line& line, std::stop_token stop);
    bool sendDue(Line& line, std::stop_token stop);
    bool attempt(Line& line, Delivery delivery);
    void refresh(Line& line, std::stop_token stop);
    [[nodiscard]] AttemptResult send(const Line& line, const Delivery& delivery, bool plain) const;
    [[nodiscard]] bool sendWhole(const Delivery& delivery) const;
    void reportTrouble(Line& line, const Delivery& delivery, const AttemptResult& result);

    const CurrentSettings& settings_;
    Store& store_;
    Alerter& alerter_;
    Metrics& metrics_;
    const Clock& clock_;
    const std::string externalUrl_;
    std::mutex mutex_;
    std::condition_variable_any woken_;
    std::uint64_t wakes_ = 0;                   // below mutex_
    std::vector<std::unique_ptr<Line>> lines_;  // each is its thread's own
    std::vector<std::jthread> threads_;
};

}  // namespace driftkeeper
