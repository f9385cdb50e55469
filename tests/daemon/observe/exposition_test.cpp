#include "daemon/observe/exposition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/daemon/last_check.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace exposition_test {
namespace {

Scrape scrapeOf(const Overview& overview) {
    return {.overview = overview, .counts = {}, .queue = {}, .channels = {}, .stateDirectory = {}};
}

StackStatus stackNamed(const std::string& name) {
    StackStatus status;
    status.stack.id = "id-" + name;
    status.stack.repository = "infra";
    status.stack.provider = "terraform";
    status.stack.name = name;
    return status;
}

bool has(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

// The name of a family or a series: up to its labels or its value.
std::string nameIn(const std::string& text) {
    return text.substr(0, text.find_first_of("{ "));
}

}  // namespace

TEST_CASE("every family is announced once, and its series follow it, no one twice") {
    Overview overview;
    for (const char* name : {"a", "b"}) overview.keep(stackNamed(name));
    overview.synced("infra", TimePoint(1000s), "3f2c");
    std::istringstream lines(exposition(scrapeOf(overview)));
    std::set<std::string> families;
    std::set<std::string> series;
    std::string family;
    std::string before;
    for (std::string line; std::getline(lines, line); before = line) {
        CAPTURE(line);
        if (line.starts_with("# HELP ")) {
            family = nameIn(line.substr(7));
            CHECK(families.insert(family).second);
        } else if (line.starts_with("# TYPE ")) {
            CHECK(before.starts_with("# HELP " + family + " "));
            CHECK(nameIn(line.substr(7)) == family);
            CHECK((line.ends_with(" gauge") || line.ends_with(" counter")));
        } else {
            CHECK(nameIn(line) == family);
            CHECK(series.insert(line.substr(0, line.rfind(' '))).second);
        }
    }
    CHECK(families.size() > 20);
}

TEST_CASE("a stack that was never checked is inconclusive, and has no times") {
    Overview overview;
    overview.keep(stackNamed("net"));
    const auto text = exposition(scrapeOf(overview));
    CHECK(has(text, R"(driftkeeper_stack_verdict{repository="infra",stack="infra/net",)"
                    R"(provider="terraform",verdict="inconclusive"} 1)"));
    CHECK(has(text, R"(driftkeeper_stacks{provider="terraform",verdict="inconclusive"} 1)"));
    CHECK(text.find("driftkeeper_stack_last_conclusive_check_timestamp_seconds{") ==
          std::string::npos);
    CHECK(text.find("driftkeeper_stack_oldest_drift_timestamp_seconds{") == std::string::npos);
}

TEST_CASE("a repository shows its last sync, its failures and what is left out") {
    Overview overview;
    overview.syncFailed("shop");
    overview.syncFailed("shop");
    overview.synced("infra", TimePoint(1'790'000'000s + 250ms), "3f2c");
    overview.leftOut("infra", {{"a", "symlink"}, {"b", "symlink"}});
    const auto text = exposition(scrapeOf(overview));
    CHECK(has(text, R"(driftkeeper_repository_last_sync_timestamp_seconds{repository="infra"} )"
                    "1790000000.25"));
    CHECK(has(text, R"(driftkeeper_repository_sync_failures_total{repository="infra"} 0)"));
    CHECK(has(text, R"(driftkeeper_repository_sync_failures_total{repository="shop"} 2)"));
    CHECK(text.find(R"(last_sync_timestamp_seconds{repository="shop"})") == std::string::npos);
    CHECK(has(text, R"(driftkeeper_sources_skipped{repository="infra",reason="symlink"} 2)"));
}

TEST_CASE("every kind of incident that can stay open has its series, also at 0") {
    const Overview overview;
    auto scrape = scrapeOf(overview);
    scrape.counts.incidentsOpen = {{"stale", 3}};
    const auto text = exposition(scrape);
    CHECK(has(text, R"(driftkeeper_incidents_open{kind="stale"} 3)"));
    for (const std::string kind :
         {"drift", "repository", "channel", "ownership", "reconciler", "orphaned", "overload"})
        CHECK_MESSAGE(has(text, "driftkeeper_incidents_open{kind=\"" + kind + "\"} 0"), kind);
    CHECK(text.find("kind=\"digest\"") == std::string::npos);
}

TEST_CASE("the outbox shows what waits, also for a channel that the settings no longer name") {
    const Overview overview;
    auto scrape = scrapeOf(overview);
    scrape.channels = {"chat"};
    scrape.counts.outboxPending = {{"gone", 2}};
    CHECK(has(exposition(scrape), "driftkeeper_outbox_oldest_pending_timestamp_seconds 0"));
    scrape.counts.oldestPending = TimePoint(1000s);
    const auto text = exposition(scrape);
    CHECK(has(text, R"(driftkeeper_outbox_pending{channel="chat"} 0)"));
    CHECK(has(text, R"(driftkeeper_outbox_pending{channel="gone"} 2)"));
    CHECK(has(text, "driftkeeper_outbox_oldest_pending_timestamp_seconds 1000"));
}

TEST_CASE("the size of the store is that of the database and its log") {
    const tests::TempDir folder;
    const Overview overview;
    auto scrape = scrapeOf(overview);
    scrape.stateDirectory = folder.path();
    CHECK(has(exposition(scrape), "driftkeeper_store_size_bytes 0"));
    tests::writeFile(folder / "driftkeeper.db", std::string(4096, 'x'));
    tests::writeFile(folder / "driftkeeper.db-wal", std::string(100, 'x'));
    CHECK(has(exposition(scrape), "driftkeeper_store_size_bytes 4196"));
}

}  // namespace exposition_test
