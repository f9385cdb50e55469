// A daemon without its checks: opens, changes and closes one drift on each of COUNT stacks, and
// delivers what is told of it with the real store and the real outbox. Killed at any moment, it
// goes on where the store says; it ends when everything was told.
//   tests_alerter SETTINGS COUNT
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "daemon/alert/outbox.hpp"
#include "daemon/base/random.hpp"
#include "daemon/settings/settings_file.hpp"
#include "tests/support/eventually.hpp"

using namespace driftkeeper;

namespace {

Stack stackOf(int number) {
    Stack stack;
    stack.repository = "infra";
    stack.name = stack.path = "s" + std::to_string(number);
    stack.provider = "terraform";
    return stack;
}

Drift driftOf(bool deleted) {
    Drift drift;
    drift.address = "box_item.a";
    drift.type = "box_item";
    drift.side = Side::Live;
    drift.change = deleted ? Change::Deleted : Change::Modified;
    drift.cause = "out_of_band";
    if (!deleted) drift.attributes = {{"content", R"("asked for")", R"("by hand")", false}};
    return drift;
}

enum Stage { Opening, Changing, Closing, Done };

// The next check of the stack and what people hear of it, in one transaction.
bool take(Store& store, const Alerter& alerter, const Stack& stack, Stage stage) {
    Check check;
    check.id = makeUuid();
    check.stackId = stack.id;
    check.commit = "3f2c9b1e5a";
    check.started = check.finished = SystemClock().now();
    check.report.completeness = Completeness::Complete;
    if (stage != Closing) check.report.drifts = {driftOf(stage == Changing)};

    Finding finding;
    finding.id = "finding of " + stack.id;
    finding.stackId = stack.id;
    finding.drift = driftOf(stage != Opening);
    finding.firstSeen = finding.lastSeen = check.finished;
    finding.confirmedAt = check.finished;
    if (stage == Closing) finding.closed = check.finished, finding.resolution = "in_sync";

    StackStatus status;
    status.stack = stack;
    status.last = std::make_shared<const Check>(check);
    if (stage != Closing) status.open = {finding};
    const Step step = stage == Opening    ? Step::Opened
                      : stage == Changing ? Step::Changed
                                          : Step::Closed;
    const auto decided = store.record(check, [&](const Memory& memory) {
        return alerter.with([&](const AlertContext& context) {
            return alertDrifts(memory, {{{step, finding}}, std::nullopt}, status, context);
        });
    });
    if (!decided) std::fprintf(stderr, "%s\n", decided.error().message.c_str());
    return decided.has_value();
}

struct Progress {
    Stack stack;
    Stage next;
};

// Every stack with what an earlier run has not done yet.
std::vector<Progress> fleetOf(Store& store, int count) {
    std::vector<Progress> fleet;
    for (int i = 0; i < count; ++i) {
        const auto stack = store.stacks.keep(stackOf(i)).value();
        fleet.push_back(
            {stack, static_cast<Stage>(store.checks.history(stack.id, Done).value().size())});
    }
    return fleet;
}

bool isEmpty(Store& store) {
    const auto counts = store.counts();
    return counts && !counts->oldestPending;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return 2;
    const auto loaded = loadSettings(words[1]);
    if (!loaded.mistakes.empty()) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        return 2;
    }
    const CurrentSettings settings(loaded.settings);
    auto store = Store::open(loaded.settings.stateDirectory);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().message.c_str());
        return 1;
    }
    const SystemClock clock;
    const Overview overview;
    Metrics metrics("test");
    const RuleBook rules(settings);
    const Mutes mutes(settings, **store);
    std::function<void()> wake = [] {};
    Alerter alerter(settings, **store, overview, mutes, rules, clock, [&] { wake(); });
    Outbox outbox(settings, **store, alerter, metrics, clock, "http://127.0.0.1:9743");
    wake = [&] { outbox.wake(); };
    outbox.restart();

    using namespace std::chrono_literals;
    for (auto& [stack, next] : fleetOf(**store, std::atoi(words[2])))
        for (; next != Done; next = static_cast<Stage>(next + 1)) {
            if (!take(**store, alerter, stack, next)) return 1;
            std::this_thread::sleep_for(5ms);  // the pace at which things drift
        }
    const bool isDone = tests::eventually([&] { return isEmpty(**store); }, 1h);
    outbox.stop();
    return isDone ? 0 : 1;
}
