#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace crash_test {
namespace {

// Everything that belongs to check number N carries N, so that a half-written one shows.
Leaves decisionOf(const Stack& stack, int number) {
    Finding finding = findingOf(stack, "x" + std::to_string(number));
    finding.id = "finding-" + std::to_string(number);
    Incident incident = incidentAbout(stack.id, {memberOf(finding, stack)});
    incident.id = "incident-" + std::to_string(number);
    Delivery delivery = deliveryOf(incident);
    delivery.id = "delivery-" + std::to_string(number);
    return {.findings = {finding}, .incidents = {incident}, .deliveries = {delivery}};
}

// Records checks and sends notices until it is killed; writes one byte after each step that the
// store has acknowledged.
[[noreturn]] void recordForever(const std::filesystem::path& directory, int acknowledge) noexcept {
    Store store(openEngine(directory));
    const auto stack = store.stacks.keep(stackNamed("a"));
    if (!stack) ::_exit(4);
    const auto history = store.checks.history(stack->id, 1);
    if (!history) ::_exit(5);
    for (int number = history->empty() ? 1 : std::stoi(history->front().commit) + 1;; ++number) {
        Check check = checkOf(*stack, noon + Seconds(number), {driftAt("x")});
        check.id = "check-" + std::to_string(number);
        check.commit = std::to_string(number);
        if (!store.record(check, says(decisionOf(*stack, number)))) ::_exit(6);
        if (::write(acknowledge, "r", 1) != 1) ::_exit(7);
        Delivery delivery = decisionOf(*stack, number).deliveries[0];
        delivery.state = DeliveryState::Delivered;
        if (!store.deliveries.noteAttempt(delivery.id, noon) ||
            !store.deliveries.noteOutcome(delivery))
            ::_exit(8);
        if (::write(acknowledge, "d", 1) != 1) ::_exit(9);
    }
}

struct Acknowledged {
    std::size_t recorded = 0;
    std::size_t delivered = 0;

    // Reads what has arrived so far; false at the end of the pipe.
    bool read(int descriptor) {
        char buffer[64];
        const auto count = ::read(descriptor, buffer, sizeof buffer);
        for (ssize_t i = 0; i < count; ++i) ++(buffer[i] == 'r' ? recorded : delivered);
        return count > 0;
    }
};

// Lets a child write into the store and kills it at a random moment. What the child was promised is
// added to `sum`.
void killWriter(const std::filesystem::path& directory, std::mt19937& random, Acknowledged& sum) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        recordForever(directory, ends[1]);
    }
    ::close(ends[1]);
    // After some steps, and then somewhere within the next ones.
    const std::size_t steps = sum.recorded + sum.delivered + random() % 6;
    while (sum.recorded + sum.delivered < steps && sum.read(ends[0])) {
    }
    const auto moment =
        std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 3000);
    while (std::chrono::steady_clock::now() < moment) {
    }
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    while (sum.read(ends[0])) {
    }
    ::close(ends[0]);
}

// What the store holds is what some uninterrupted run could have left: whole decisions, all that
// were acknowledged, and at most the one step more that each killed writer had under way.
void checkMemory(Store& store, const Acknowledged& promised, std::size_t kills) {
    const auto stacks = must(store.stacks.list());
    if (stacks.empty()) {
        CHECK(promised.recorded == 0);
        return;
    }
    const auto history = must(store.checks.history(stacks[0].id, 99'999));
    CHECK(history.size() >= promised.recorded);
    CHECK(history.size() <= promised.recorded + kills);
    for (std::size_t i = 0; i < history.size(); ++i)
        CHECK(history[i].commit == std::to_string(history.size() - i));
    CHECK(must(store.stacks.status(stacks[0].id))->open.size() == history.size());
    const auto incidents = must(store.incidents.list(true, 99'999));
    CHECK(incidents.size() == history.size());
    for (const Incident& incident : incidents) CHECK(incident.members.size() == 1);
    const auto outbox = must(store.deliveries.list(99'999));
    CHECK(outbox.size() == history.size());
    const auto delivered = std::ranges::count(
        outbox, DeliveryState::Delivered, [](const Delivery& delivery) { return delivery.state; });
    CHECK(static_cast<std::size_t>(delivered) >= promised.delivered);
    CHECK(must(store.deliveries.due("chat", noon, 99'999)).size() +
              static_cast<std::size_t>(delivered) ==
          outbox.size());
}

}  // namespace

TEST_CASE(
    "a writer that is killed at any moment loses nothing that was acknowledged and leaves no half "
    "decision") {
    TemporaryDirectory directory;
    std::mt19937 random(20);
    Acknowledged promised;
    for (std::size_t kills = 1; kills <= 50; ++kills) {
        CAPTURE(kills);
        killWriter(directory.path(), random, promised);
        {
            Store store(openEngine(directory.path()));
            checkMemory(store, promised, kills);
        }
        CHECK(damageIn(directory.path()).empty());
    }
    CHECK(promised.recorded > 0);
}

}  // namespace crash_test
