#include "tests/daemon/big_fleet.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace driftkeeper::tests {
namespace {

using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
    if (!result) std::abort();
    return *std::move(result);
}

std::string number(std::size_t value, std::size_t width = 4) {
    const auto text = std::to_string(value);
    return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}

constexpr std::array environments = {"prod", "staging", "dev"};
constexpr std::array regions = {"eu-central-1", "eu-west-1", "us-east-1", "ap-southeast-2"};
constexpr std::array parts = {"network", "database", "cluster",   "queues",
                              "dns",     "storage",  "monitoring"};
constexpr std::array owners = {"@acme/network", "@acme/platform", "@acme/data", "@acme/payments",
                               ""};

Stack stackOf(std::size_t i) {
    Stack stack;
    stack.repository = i % 3 == 0 ? "platform" : "infra";
    stack.path = std::string(environments[i % 3]) + "/" + regions[i % 4] + "/" + parts[i % 7] +
                 "-" + number(i);
    stack.name = stack.path;
    stack.provider = i % 11 == 0 ? "kubernetes" : "terraform";
    stack.owner = owners[i % 5];
    return stack;
}

enum class Kind { Clean, Drifted, Unapplied, Inconclusive };

Kind kindOf(std::size_t i) {
    if (i % 5 == 0) return Kind::Drifted;
    if (i % 23 == 1) return Kind::Unapplied;
    return i % 29 == 2 ? Kind::Inconclusive : Kind::Clean;
}

Drift driftOf(std::size_t i, std::size_t n, Side side) {
    Drift drift;
    drift.address = "module.edge.aws_security_group.service[" + std::to_string(n) + "]";
    drift.type = "aws_security_group";
    drift.id = "sg-" + number(i, 8) + number(n);
    drift.side = side;
    drift.cause = side == Side::Live ? "out_of_band" : "unapplied_commit";
    drift.severity = n % 7 == 0 ? Severity::Critical : Severity::Warning;
    drift.dependents = i % 9;
    drift.attributes = {
        {"ingress[0].cidr_blocks[0]", "\"10.0.0.0/8\"", "\"0.0.0.0/0\"", false},
        {"description", "\"service " + std::to_string(n) + "\"",
         "\"opened for a test, close it again\"", false},
        {"policy",
         R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}")",
         R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}")",
         false},
        {"password", R"({"redacted":"hmac:11"})", R"({"redacted":"hmac:22"})", true},
        {"tags.Owner", "\"network\"", "null", false}};
    return drift;
}

std::size_t driftCount(std::size_t i) {
    if (kindOf(i) != Kind::Drifted && kindOf(i) != Kind::Unapplied) return 0;
    return i % 100 == 0 ? 200 : 1 + i % 4;
}

Check checkOf(const Stack& stack, std::size_t i, std::size_t round, std::size_t drifts,
              TimePoint when) {
    Check check;
    check.id = "check-" + number(i, 6) + "-" + number(round);
    check.stackId = stack.id;
    check.commit = "3f2c" + number(round / 3, 36);
    check.sourceDigest = "digest" + std::to_string(round / 3);
    check.started = when;
    check.finished = when + 2300ms + std::chrono::milliseconds(i % 40 * 100);
    auto& report = check.report;
    if (kindOf(i) == Kind::Inconclusive || (round % 9 == 4 && driftCount(i) < 200)) {
        report = failedReport("state_locked",
                              "the state is locked by ci@runner-" + std::to_string(i % 17));
        report.diagnostics = {{Diagnostic::Level::Error, "Error acquiring the state lock", ""}};
        return check;
    }
    report.completeness = Completeness::Complete;
    report.resources = 20 + i % 200;
    report.coverage.checked = report.resources;
    report.evidence = {"1.9.8",
                       "lineage",
                       40 + round,
                       "lock",
                       {{"registry.terraform.io/hashicorp/aws", "5.80.0"}}};
    for (std::size_t n = 0; n < drifts; ++n)
        report.drifts.push_back(driftOf(i, n, kindOf(i) == Kind::Drifted ? Side::Live : Side::Git));
    auto& quiet = report.notTold.emplace_back();
    quiet.drift = driftOf(i, 900, Side::Live);
    quiet.rule = "builtin/computed";
    report.graph.add(
        {"aws_vpc.main", "aws_vpc", "vpc-" + number(i), "aws", "aws vpc-" + number(i)});
    report.graph.offer("aws_vpc.main", "tfstate:stack-" + std::to_string(i) + "#vpc");
    if (i % 10 != 0)
        report.graph.need("aws_vpc.main", "tfstate:stack-" + std::to_string(i - i % 10) + "#vpc");
    return check;
}

// What was told of the last look.
Decision toldOf(const Stack& stack, const Check& check, std::size_t i) {
    Decision decision;
    Incident incident;
    incident.id = "incident-" + number(i, 6);
    incident.subject = stack.id;
    incident.route = "default";
    incident.channels = {"chat", "oncall"};
    incident.opened = incident.announcedAt = check.finished;
    for (const auto& drift : check.report.drifts) {
        Finding finding;
        finding.id = incident.id + drift.id;
        finding.stackId = stack.id;
        finding.drift = drift;
        finding.firstSeen = check.started - std::chrono::hours(i % 300);
        finding.lastSeen = check.started;
        finding.sightings = 2;
        finding.confirmedAt = check.finished;
        incident.members.push_back({finding.id, stack.id, stack.fullName(), drift.address,
                                    drift.side, drift.change, drift.severity});
        decision.findings.push_back(std::move(finding));
    }
    if (incident.members.empty()) return decision;
    for (const char* channel : {"chat", "oncall"}) {
        Delivery delivery;
        delivery.id = incident.id + channel;
        delivery.incidentId = incident.id;
        delivery.channel = channel;
        delivery.notice = R"({"version":1,"text":")" + std::string(2000, 'x') + "\"}";
        delivery.created = delivery.nextAttempt = check.finished;
        delivery.state = i % 15 == 0 ? DeliveryState::Dead : DeliveryState::Delivered;
        delivery.attempts = 1;
        delivery.lastOutcome = i % 15 == 0 ? "bad_destination: 404 Not Found" : "accepted: 200 OK";
        decision.deliveries.push_back(std::move(delivery));
    }
    decision.incidents.push_back(std::move(incident));
    return decision;
}

// A finding that came and went.
Decision closedOf(const Stack& stack, const Check& check, std::size_t i) {
    Finding finding;
    finding.id = "closed-" + number(i, 6) + check.id;
    finding.stackId = stack.id;
    finding.drift = driftOf(i, 500, Side::Live);
    finding.firstSeen = check.started - 3h;
    finding.lastSeen = check.started - 1h;
    finding.confirmedAt = finding.firstSeen;
    finding.closed = check.started;
    finding.resolution = "in_sync";
    Decision decision;
    decision.findings.push_back(std::move(finding));
    return decision;
}

}  // namespace

void fillFleet(Store& store, std::size_t stacks, TimePoint now) {
    for (std::size_t i = 0; i < stacks; ++i) {
        const Stack stack = must(store.stacks.keep(stackOf(i)));
        if (i % 97 == 96) continue;  // never checked
        const std::size_t rounds = i % 50 == 0 ? 40 : 2;
        for (std::size_t round = 0; round < rounds; ++round) {
            const bool isLast = round + 1 == rounds;
            const auto age = std::chrono::minutes(30 * (rounds - 1 - round) + i % 30);
            const Check check = checkOf(
                stack, i, round, isLast ? driftCount(i) : std::min<std::size_t>(driftCount(i), 3),
                now - age);
            must(store.record(check, [&](const Memory&) {
                if (isLast) return toldOf(stack, check, i);
                return i % 50 == 0 ? closedOf(stack, check, i) : Decision();
            }));
        }
    }
}

void loadOverview(Store& store, Overview& overview) {
    for (const auto& status : must(store.stacks.statuses())) overview.keep(status);
}

}  // namespace driftkeeper::tests
