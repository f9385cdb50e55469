#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/contract/stack_object.hpp"
#include "daemon/model/incident.hpp"

namespace driftkeeper {

// One event of one incident as a value: the contract's webhook body. It is stored as JSON in the
// outbox, and every channel renders from it.
struct Notice {
    struct Address {
        std::string stack;
        std::string address;
        std::string resolution;  // only for resolved ones
    };
    std::string id;  // of the delivery
    Event event = Event::Opened;
    std::string incidentId;
    IncidentKind kind = IncidentKind::Drift;
    std::string cause;  // empty: null
    TimePoint opened{};
    bool isTest = false;       // somebody tries a channel: nothing is wrong
    std::string subject;       // stack, repository or channel that it is about, for people
    std::string text;          // one sentence; empty for drift
    std::string resolution{};  // why a trouble ended; empty for drift, whose resolutions stand with
                               // the addresses
    Severity severity = Severity::Warning;   // the highest of the incident's members; of a resolved
                                             // one: the last it had
    std::optional<Severity> severityBefore;  // what people were told before, when that was another
    std::vector<StackObject>
        stacks;  // of a drift incident: their drifts are the members of the incident, no others
    std::vector<Address> openedAddresses;
    std::vector<Address> resolvedAddresses;

    // A summary of what a route is told of; it is about no incident.
    struct Digest {
        TimePoint since{};  // the one before
        std::uint64_t open = 0;
        std::uint64_t opened = 0;    // since then
        std::uint64_t resolved = 0;  // since then
        std::uint64_t stale = 0;
        std::vector<std::string> lines;  // for people
    };
    std::optional<Digest> digest;
};

// Attribute values come back exactly as they went in. noticeFromJson: nullopt for anything that
// noticeJson did not write; unknown members are ignored.
std::string noticeJson(const Notice& notice);
std::optional<Notice> noticeFromJson(std::string_view text);

// Every attribute's values replaced by {"hidden":true}.
Notice withoutValues(Notice notice);

}  // namespace driftkeeper
