#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/store.hpp"
#include "tests/daemon/store/engine.hpp"

// What the tests of the store share: a place, a time, and short ways to say what happens.
namespace driftkeeper::testing {

using namespace std::chrono_literals;

inline constexpr TimePoint noon{1'790'000'000'000'000us};
inline constexpr std::chrono::days day{1};

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "driftkeeper-store-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path database() const { return path_ / "driftkeeper.db"; }

private:
    std::filesystem::path path_;
};

// The value, or a failed test that says why there is none.
template <class T>
T must(Result<T> result) {
    if (!result) FAIL(result.error().code << ": " << result.error().message);
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

template <class T>
std::string codeOf(const Result<T>& result) {
    return result ? "" : result.error().code;
}

inline Stack stackNamed(std::string name, std::string repository = "infra") {
    Stack stack;
    stack.provider = "terraform";
    stack.repository = std::move(repository);
    stack.path = name;
    stack.name = std::move(name);
    return stack;
}

inline Drift driftAt(std::string address) {
    Drift drift;
    drift.address = std::move(address);
    drift.side = Side::Live;
    drift.cause = "out_of_band";
    drift.attributes = {{"size", "1", "2.0", false}};
    return drift;
}

// Ids count up, also as texts: unlike uuids, they say what a failed test is about.
inline std::string freshId(const std::string& of) {
    static int count = 1'000'000;
    return of + "-" + std::to_string(++count);
}

inline Check checkOf(const Stack& stack, TimePoint when = noon, std::vector<Drift> drifts = {}) {
    Check check;
    check.id = freshId("check");
    check.stackId = stack.id;
    check.commit = "3f2c";
    check.sourceDigest = "digest";
    check.started = when - 2s;
    check.finished = when;
    check.report.completeness = Completeness::Complete;
    check.report.resources = 3;
    check.report.coverage.checked = 3;
    check.report.drifts = std::move(drifts);
    check.report.evidence = {
        "1.9.0", "lineage", 7, "lock", {{"registry.terraform.io/a/b", "1.2.3"}}};
    return check;
}

inline Check failedCheckOf(const Stack& stack, TimePoint when = noon) {
    Check check = checkOf(stack, when);
    check.report = failedReport("state_locked", "the state is locked");
    return check;
}

inline Finding findingOf(const Stack& stack, std::string address, bool told = true) {
    Finding finding;
    finding.id = freshId("finding");
    finding.stackId = stack.id;
    finding.drift = driftAt(std::move(address));
    finding.firstSeen = noon - 60s;
    finding.lastSeen = noon;
    finding.sightings = 2;
    if (told) finding.confirmedAt = noon;
    return finding;
}

inline Member memberOf(const Finding& finding, const Stack& stack) {
    return {finding.id,
            stack.id,
            stack.fullName(),
            finding.drift.address,
            finding.drift.side,
            finding.drift.change,
            finding.drift.severity};
}

inline Incident incidentAbout(std::string subject, std::vector<Member> members = {}) {
    Incident incident;
    incident.id = freshId("incident");
    incident.subject = std::move(subject);
    incident.route = "default";
    incident.channels = {"chat", "on call"};
    incident.opened = noon;
    incident.members = std::move(members);
    return incident;
}

inline Delivery deliveryOf(const Incident& incident, std::string channel = "chat",
                           TimePoint when = noon) {
    Delivery delivery;
    delivery.id = freshId("delivery");
    delivery.incidentId = incident.id;
    delivery.channel = std::move(channel);
    delivery.notice = R"({"version":1})";
    delivery.created = when;
    delivery.nextAttempt = when;
    return delivery;
}

// A decision of which a test names only the parts that it is about.
struct Leaves {
    std::vector<Finding> findings = {};
    std::vector<Incident> incidents = {};
    std::vector<Delivery> deliveries = {};
};

inline Decide says(Leaves leaves) {
    return [leaves = std::move(leaves)](const Memory&) {
        return Decision{leaves.findings, leaves.incidents, leaves.deliveries};
    };
}

inline const Decide nothing = [](const Memory&) { return Decision{}; };

// A store in a directory of its own.
struct Home {
    TemporaryDirectory directory;
    std::unique_ptr<Store> store = open();

    Store* operator->() const noexcept { return store.get(); }
    [[nodiscard]] Stack stack(std::string name, std::string repository = "infra") const {
        return must(store->stacks.keep(stackNamed(std::move(name), std::move(repository))));
    }
    void remember(const Stack& stack, Leaves leaves) const {
        must(store->decide(IncidentKind::Drift, stack.id, says(std::move(leaves))));
    }
    // What a decision about the subject would start from.
    [[nodiscard]] Memory memory(const std::string& subject,
                                IncidentKind kind = IncidentKind::Drift) const {
        Memory seen;
        must(store->decide(kind, subject, [&](const Memory& memory) {
            seen = memory;
            return Decision{};
        }));
        return seen;
    }
    void reopen() {
        store.reset();
        store = open();
    }
    // Beside the store: what is in its tables.
    [[nodiscard]] sql::Connection connect() const { return connectTo(directory.path()); }

private:
    [[nodiscard]] std::unique_ptr<Store> open() const {
        return std::make_unique<Store>(openEngine(directory.path()));
    }
};

template <class T, class Name>
std::vector<std::string> namesOf(const std::vector<T>& list, Name name) {
    std::vector<std::string> names;
    for (const T& each : list) names.push_back(std::invoke(name, each));
    return names;
}

using Names = std::vector<std::string>;

}  // namespace driftkeeper::testing
