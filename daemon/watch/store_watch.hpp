#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "daemon/alert/alerter.hpp"
#include "daemon/base/deadline.hpp"
#include "daemon/base/guarded.hpp"
#include "daemon/model/incident.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// Sees to it that people know of a state that cannot be written, and of one that was lost. The
// first is alerted from memory, past the outbox, and ends when there is room again and every check
// that could not be recorded was made anew. Keeps the reserve of disk space and the marker.
class StoreWatch {
public:
    // Sends what the store cannot keep, and returns what was not taken (Outbox::sendPast).
    using SendPast = std::function<std::vector<Delivery>(std::vector<Delivery>)>;
    StoreWatch(const CurrentSettings& settings, Store& store, const Overview& overview,
               Alerter& alerter, const Clock& clock, SendPast sendPast);
    ~StoreWatch();  // what is being sent ends first

    // Cheap while all is well. One thread.
    void look();

    // Whether the state cannot be written, or what could not be recorded was not made anew yet. The
    // thread that looks.
    [[nodiscard]] bool isOpen() const noexcept { return isOpen_; }

    [[nodiscard]] bool isSending() const noexcept { return isSending_; }

private:
    void begin(const Error& trouble);
    bool isOver();
    void end();
    void watchLoss();
    void send();
    void add(std::vector<Delivery> deliveries);

    const CurrentSettings& settings_;
    Store& store_;
    const Overview& overview_;
    Alerter& alerter_;
    const Clock& clock_;
    const SendPast sendPast_;
    Deadline nextMark_;
    Deadline nextSend_;
    bool isOpen_ = false;
    bool isLossTold_ = false;
    std::vector<Incident> incidents_;        // that were opened past the store
    Guarded<std::vector<Delivery>> unsent_;  // of them
    std::atomic<bool> isSending_ = false;
    std::jthread sender_;
};

}  // namespace driftkeeper
