// The life of many incidents under random checks: what receivers of webhooks can rely on.
#include <map>
#include <random>
#include <set>

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace lifecycle_test {
namespace {

// A member as people see it, and all that is told of one incident.
using Face = std::tuple<std::string, std::string, Side, Change>;
struct Snapshot {
    std::set<Face> faces;
    Severity highest = Severity::Info;
    bool operator==(const Snapshot&) const = default;
};

// What one channel's receiver knows of one incident.
struct Received {
    std::vector<Event> events;
    std::set<std::string> addresses;
};

class Fleet {
public:
    explicit Fleet(unsigned seed) : random_(seed), world_({"chat", "oncall"}) {
        world_.routes = {{{.severity = {Severity::Critical}}, {"oncall"}, true},
                         {{.repository = {"infra"}, .side = {Side::Live, Side::Both}},
                          {"chat", "oncall"},
                          false},
                         {{.repository = {"apps"}}, {"chat"}, false}};
        for (const auto* const repository : {"infra", "apps"})
            for (const auto* const name : {"a", "b", "c"})
                stacks_.push_back(stackOf(repository, name));
    }

    void checkOne() {
        const auto& stack = stacks_[pick(stacks_.size())];
        auto& open = open_[stack.id];
        std::vector<Reconciled::Item> items;
        for (auto& finding : open) items.push_back(age(finding));
        std::erase_if(open, [](const Finding& finding) { return !finding.isOpen(); });
        for (auto count = pick(3); count > 0; --count)
            items.push_back({Step::Opened, begin(stack, open)});
        world_.now += std::chrono::minutes(1);
        remember(alertDrifts(memoryOf(stack), {items, std::nullopt}, statusOf(stack, open),
                             world_.context()));
    }

    void closeEverything() {
        for (const auto& stack : stacks_) {
            std::vector<Reconciled::Item> items;
            for (const auto& finding : open_[stack.id])
                items.push_back({Step::Closed, closedOf(finding, "stack_removed")});
            open_[stack.id].clear();
            remember(alertDrifts(memoryOf(stack), {items, std::nullopt}, statusOf(stack, {}),
                                 world_.context()));
        }
    }

    // Every receiver of an incident knows exactly its members, and its members are the open
    // findings that joined it.
    void everybodyKnows() const {
        std::set<std::string> openIds;
        for (const auto& [stackId, findings] : open_)
            for (const auto& finding : findings)
                openIds.insert(finding.id + "@" + finding.drift.address);
        std::set<std::string> memberIds;
        for (const auto& [id, incident] : incidents_) {
            std::set<std::string> addresses;
            for (const auto& member : incident.members) {
                addresses.insert(member.stack + " " + member.address);
                memberIds.insert(member.findingId + "@" + member.address);
            }
            CHECK(incident.members.empty() != incident.isOpen());
            for (const auto& channel : incident.channels)
                CHECK(received_.at({id, channel}).addresses == addresses);
        }
        CHECK(memberIds == openIds);
    }

    void everyStoryIsWhole(bool ended) const {
        for (const auto& [key, received] : received_) {
            const auto& events = received.events;
            CHECK(events.front() == Event::Opened);
            CHECK(std::ranges::count(events, Event::Opened) == 1);
            const bool closed = !incidents_.at(key.first).isOpen();
            CHECK(std::ranges::count(events, Event::Resolved) == (closed ? 1 : 0));
            if (closed) CHECK(events.back() == Event::Resolved);
            if (ended) CHECK(closed);
        }
    }

    [[nodiscard]] std::size_t stories() const { return received_.size(); }
    [[nodiscard]] std::size_t changes() const { return changes_; }

private:
    std::size_t pick(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
    }

    Finding begin(const Stack& stack, std::vector<Finding>& open) {
        ++findings_;
        auto finding =
            findingOf(fmt::format("f{}", findings_), stack, fmt::format("r{}", findings_));
        alter(finding.drift);
        finding.baseline = open_.size() < stacks_.size() && pick(2) == 0;
        return open.emplace_back(finding);
    }

    void alter(Drift& drift) {
        drift.side = static_cast<Side>(pick(4));
        drift.change = static_cast<Change>(pick(3));
        drift.severity = static_cast<Severity>(pick(3));
    }

    Reconciled::Item age(Finding& finding) {
        switch (pick(6)) {
            case 0:
                alter(finding.drift);
                return {Step::Changed, finding};
            case 1:
                finding.drift.severity = static_cast<Severity>(pick(3));
                return {Step::Changed, finding};
            case 2:
                finding.drift.address += "'";
                return {Step::Changed, finding};
            case 3:
                finding = closedOf(finding, "in_sync");
                return {Step::Closed, finding};
            default:
                finding.drift.cause = "applied_elsewhere";
                return {Step::Updated, finding};
        }
    }

    // As the store reads it: nothing but what the header of Memory promises.
    [[nodiscard]] Memory memoryOf(const Stack& stack) const {
        Memory memory;
        std::set<std::string> others;
        std::vector<StackStatus> statuses;
        for (const auto& [id, incident] : incidents_) {
            const bool holds = std::ranges::find(incident.members, stack.id, &Member::stackId) !=
                               incident.members.end();
            const bool isBaseline =
                incident.cause == "baseline" && incident.subject == stack.repository;
            if (!incident.isOpen() || !(holds || isBaseline || incident.subject == stack.id))
                continue;
            memory.incidents.push_back(incident);
            for (const auto& member : incident.members) others.insert(member.stackId);
        }
        for (const auto& other : stacks_)
            if (other.id != stack.id && others.contains(other.id))
                statuses.push_back(statusOf(
                    other, open_.contains(other.id) ? open_.at(other.id) : std::vector<Finding>{}));
        memory.others = [statuses] { return statuses; };
        return memory;
    }

    static Snapshot snapshotOf(const Incident& incident) {
        Snapshot snapshot;
        for (const auto& member : incident.members) {
            snapshot.faces.insert({member.stack, member.address, member.side, member.change});
            snapshot.highest = std::max(snapshot.highest, member.severity);
        }
        return snapshot;
    }

    void remember(const Decision& decision) {
        std::set<std::string> told;
        for (const auto& delivery : decision.deliveries) {
            CHECK(deliveryIds_.insert(delivery.id).second);
            told.insert(delivery.incidentId);
            receive(delivery);
        }
        for (const auto& incident : decision.incidents) {
            const auto known = incidents_.find(incident.id);
            const bool isNew = known == incidents_.end();
            if (!isNew) CHECK(known->second.isOpen());
            const bool changed =
                isNew || !incident.isOpen() || snapshotOf(known->second) != snapshotOf(incident);
            // Told exactly when something changed that is to be told, and there is somebody to
            // tell.
            CHECK(told.contains(incident.id) == (changed && !incident.channels.empty()));
            incidents_.insert_or_assign(incident.id, incident);
        }
        for (const auto& id : told)
            CHECK(std::ranges::find(decision.incidents, id, &Incident::id) !=
                  decision.incidents.end());
    }

    void receive(const Delivery& delivery) {
        const auto notice = noticeIn(delivery);
        auto& received = received_[{delivery.incidentId, delivery.channel}];
        received.events.push_back(notice.event);
        if (notice.event == Event::Changed) ++changes_;
        for (const auto& one : notice.resolvedAddresses) {
            CHECK_FALSE(one.resolution.empty());
            CHECK(received.addresses.erase(one.stack + " " + one.address) == 1);
        }
        for (const auto& one : notice.openedAddresses)
            CHECK(received.addresses.insert(one.stack + " " + one.address).second);
        // The stacks show what the receiver knows.
        std::set<std::string> shown;
        for (const auto& stack : notice.stacks)
            for (const auto& one : stack.drifts)
                shown.insert(stack.stack + " " + one.drift.address);
        CHECK(shown == received.addresses);
    }

    std::mt19937 random_;
    World world_;
    std::vector<Stack> stacks_;
    std::map<std::string, std::vector<Finding>> open_;  // by stack id
    std::map<std::string, Incident> incidents_;
    std::map<std::pair<std::string, std::string>, Received> received_;  // by incident and channel
    std::set<std::string> deliveryIds_;
    int findings_ = 0;
    std::size_t changes_ = 0;
};

}  // namespace

TEST_CASE(
    "under random checks every incident is opened once, changed only by changes, and resolved "
    "once") {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        Fleet fleet(seed);
        for (int step = 0; step < 80; ++step) {
            fleet.checkOne();
            fleet.everybodyKnows();
        }
        fleet.everyStoryIsWhole(false);
        fleet.closeEverything();
        fleet.everybodyKnows();
        fleet.everyStoryIsWhole(true);
        CHECK(fleet.stories() > 10);
        CHECK(fleet.changes() > 10);
    }
}

}  // namespace lifecycle_test
