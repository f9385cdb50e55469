#include "daemon/store/stack_store.hpp"

#include <algorithm>

#include "tests/daemon/quiet.hpp"
#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace stack_rows_test {
namespace {

Stack fullStack() {
    Stack stack = stackNamed("prod/net@blue");
    stack.path = "prod/net";
    stack.provider = "opentofu";
    stack.options["workspace"] = {"blue"};
    stack.options["variable_files"] = {"prod.tfvars"};
    stack.every = 600s;
    stack.timeout = 90s;
    stack.staleAfter = 1801s;
    stack.owner = "@org/net";
    stack.codeOwners = {"@org/cloud", "ops@example.org"};
    stack.closure = {"modules/net", "prod/net"};
    return stack;
}

Check inSync(const Stack& stack, TimePoint when) {
    return checkOf(stack, when);
}

}  // namespace

TEST_CASE("a stack keeps its properties and its id") {
    Home home;
    Stack stack = must(home->stacks.keep(fullStack()));
    CHECK(stack.id.size() == 36);
    CHECK(must(home->stacks.list()) == std::vector{stack});
    CHECK(must(home->stacks.keep(fullStack())).id == stack.id);
    stack.owner = "@org/other";
    must(home->stacks.keep(stack));
    stack.codeOwners = {};
    must(home->stacks.keep(stack));
    home.reopen();
    CHECK(must(home->stacks.list()) == std::vector{stack});
}

TEST_CASE("what may be secret of a stack is in the answer and never in the file") {
    Home home;
    Stack stack = stackNamed("a");
    stack.environment = {{"TOKEN", "canary-environment"}};
    stack.secretOptions["backend_config"] = {"password=canary-backend"};
    const Stack kept = must(home->stacks.keep(stack));
    CHECK(kept.environment == stack.environment);
    CHECK(kept.secretOptions == stack.secretOptions);
    CHECK(must(home->stacks.list()).at(0).environment.empty());
    CHECK(must(home->stacks.list()).at(0).secretOptions.empty());
}

TEST_CASE("identity is repository and name") {
    Home home;
    CHECK(home.stack("a", "one").id != home.stack("a", "two").id);
    CHECK(home.stack("a", "one").id != home.stack("b", "one").id);
}

TEST_CASE("a renamed stack keeps its id and its history, by its short or its full name") {
    for (const char* before : {"old", "infra/old"}) {
        CAPTURE(before);
        Home home;
        const Stack old = home.stack("old");
        must(home->record(checkOf(old), nothing));
        Stack renamed = stackNamed("new");
        renamed.renamedFrom = before;
        CHECK(must(home->stacks.keep(renamed)).id == old.id);
        CHECK(must(home->stacks.keep(renamed)).id == old.id);
        CHECK(must(home->checks.history(old.id, 9)).size() == 1);
        CHECK(namesOf(must(home->stacks.list()), &Stack::name) == Names{"new"});
    }
}

TEST_CASE("a rename prefers the stack of the same repository") {
    Home home;
    must(home->stacks.keep(stackNamed("b", "a")));  // full name a/b
    const Stack own = home.stack("a/b", "z");
    Stack renamed = stackNamed("c", "z");
    renamed.renamedFrom = "a/b";
    CHECK(must(home->stacks.keep(renamed)).id == own.id);
}

TEST_CASE("a renamed_from that nobody knows is a new stack") {
    Home home;
    Stack stack = stackNamed("new");
    stack.renamedFrom = "never";
    CHECK(!must(home->stacks.keep(stack)).id.empty());
}

TEST_CASE(
    "a removed stack is gone from the list, answers by its id, and comes back with its history") {
    Home home;
    const Stack stack = home.stack("a");
    must(home->record(checkOf(stack), nothing));
    must(home->stacks.remove(stack.id, noon));
    CHECK(must(home->stacks.list()).empty());
    CHECK(must(home->stacks.statuses()).empty());
    CHECK(must(home->stacks.status(stack.id)).has_value());
    CHECK(home.stack("a").id == stack.id);
    CHECK(must(home->stacks.statuses()).at(0).last != nullptr);
}

TEST_CASE("a check comes back as it was, without its graph") {
    Home home;
    const Stack stack = home.stack("a");
    Check check = checkOf(stack, noon, {driftAt("x")});
    check.report.notTold = {quiet("y", "computed", "builtin/computed")};
    check.report.graph.add({"x", "t", "", ""});
    check.log = {{std::chrono::milliseconds(0), "preparing"},
                 {std::chrono::milliseconds(1250), "3 \"resources\" read"}};
    must(home->record(check, nothing));
    const Check back = must(home->checks.history(stack.id, 9)).at(0);
    CHECK(back.id == check.id);
    CHECK(back.stackId == stack.id);
    CHECK(back.commit == check.commit);
    CHECK(back.sourceDigest == check.sourceDigest);
    CHECK(back.started == check.started);
    CHECK(back.finished == check.finished);
    CHECK(back.report.drifts == check.report.drifts);
    CHECK(back.report.notTold == check.report.notTold);
    CHECK(back.report.graph.resources().empty());
    CHECK(back.log == check.log);
}

TEST_CASE("history is newest first and no longer than asked for") {
    Home home;
    const Stack stack = home.stack("a");
    Names ids;
    for (int i = 0; i < 5; ++i) {
        const Check check = checkOf(stack, noon + Seconds(i), {driftAt("x" + std::to_string(i))});
        must(home->record(check, nothing));
        ids.insert(ids.begin(), check.id);
    }
    CHECK(namesOf(must(home->checks.history(stack.id, 9)), &Check::id) == ids);
    ids.resize(2);
    CHECK(namesOf(must(home->checks.history(stack.id, 2)), &Check::id) == ids);
}

TEST_CASE("a check of a stack that nobody knows is refused") {
    Home home;
    Stack stranger = stackNamed("a");
    stranger.id = "stranger";
    CHECK(codeOf(home->record(checkOf(stranger), nothing)) == "store_failed");
}

TEST_CASE("a stack counts the checks in a row that were not complete") {
    Home home;
    const Stack stack = home.stack("a");
    const auto failures = [&] { return must(home->stacks.status(stack.id))->failures; };
    CHECK(failures() == 0);
    must(home->record(failedCheckOf(stack), nothing));
    Check partial = checkOf(stack);
    partial.report.completeness = Completeness::Partial;
    must(home->record(partial, nothing));
    CHECK(failures() == 2);
    must(home->record(checkOf(stack), nothing));
    CHECK(failures() == 0);
}

TEST_CASE("the last conclusive check is the last complete one, whatever failed since") {
    Home home;
    const Stack stack = home.stack("a");
    CHECK(!must(home->stacks.status(stack.id))->lastConclusive);
    must(home->record(checkOf(stack, noon, {driftAt("x")}), nothing));
    must(home->record(failedCheckOf(stack, noon + 9s), nothing));
    const StackStatus status = *must(home->stacks.status(stack.id));
    REQUIRE(status.lastConclusive);
    CHECK(status.lastConclusive->verdict == Verdict::Drifted);
    CHECK(status.lastConclusive->commit == "3f2c");
    CHECK(status.lastConclusive->finished == noon);
    CHECK(status.last->report.reason->code == "state_locked");
}

TEST_CASE("the last clean check is the last in_sync one, with what it knew") {
    Home home;
    const Stack stack = home.stack("a");
    CHECK(!must(home->checks.lastClean(stack.id)));
    const Check clean = inSync(stack, noon);
    must(home->record(clean, nothing));
    must(home->record(checkOf(stack, noon + 9s, {driftAt("x")}), nothing));
    Check empty = checkOf(stack, noon + 10s);
    empty.report.completeness = Completeness::Partial;  // no drift, and no proof that there is none
    must(home->record(empty, nothing));
    const auto back = must(home->checks.lastClean(stack.id));
    REQUIRE(back);
    CHECK(back->commit == clean.commit);
    CHECK(back->sourceDigest == clean.sourceDigest);
    CHECK(back->evidence == clean.report.evidence);
    CHECK(back->finished == noon);
}

TEST_CASE("of equal in_sync checks the first and the last stay") {
    Home home;
    const Stack stack = home.stack("a");
    Names ids;
    for (int i = 0; i < 6; ++i) {
        const Check check = inSync(stack, noon + Seconds(i));
        must(home->record(check, nothing));
        if (i == 0 || i == 5) ids.insert(ids.begin(), check.id);
    }
    CHECK(namesOf(must(home->checks.history(stack.id, 9)), &Check::id) == ids);
}

TEST_CASE("in_sync checks that saw something else stay, and so does every other check") {
    struct Row {
        const char* what;
        void (*edit)(Check&);
        std::size_t stay;
    };
    const Row rows[] = {
        {"nothing", [](Check&) {}, 2},
        {"commit", [](Check& c) { c.commit = "other"; }, 4},
        {"source", [](Check& c) { c.sourceDigest = "other"; }, 4},
        {"evidence", [](Check& c) { c.report.evidence.stateSerial = 8; }, 4},
        {"not told",
         [](Check& c) { c.report.notTold = {quiet("y", "computed", "builtin/computed")}; }, 4},
        {"drift", [](Check& c) { c.report.drifts = {driftAt("x")}; }, 4},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Home home;
        const Stack stack = home.stack("a");
        for (int i = 0; i < 4; ++i) {
            Check check = inSync(stack, noon + Seconds(i));
            if (i == 2) row.edit(check);
            must(home->record(check, nothing));
        }
        CHECK(must(home->checks.history(stack.id, 9)).size() == row.stay);
    }
}

TEST_CASE("the graph of the last check that saw one is kept") {
    Home home;
    const Stack stack = home.stack("a");
    CHECK(!must(home->estate.graph(stack.id)));
    for (const char* address : {"old", "new"}) {
        Check check = checkOf(stack);
        check.report.graph.add({address, "t", "id", "p"});
        must(home->record(check, nothing));
    }
    must(home->record(failedCheckOf(stack), nothing));
    const auto graph = must(home->estate.graph(stack.id));
    REQUIRE(graph);
    CHECK(namesOf(graph->resources(), &Resource::address) == Names{"new"});
}

TEST_CASE("statuses come by full name, each with its last check and the findings that were told") {
    Home home;
    const Stack b = home.stack("b");
    const Stack a = home.stack("a");
    must(home->stacks.keep(stackNamed("c", "another")));
    must(home->record(checkOf(b), nothing));
    const Check last = checkOf(b, noon + 5s, {driftAt("x")});
    must(home->record(last, says({.findings = {findingOf(b, "z"), findingOf(b, "x"),
                                               findingOf(b, "waits", false)}})));
    const auto statuses = must(home->stacks.statuses());
    CHECK(namesOf(statuses, [](const StackStatus& s) { return s.stack.fullName(); }) ==
          Names{"another/c", "infra/a", "infra/b"});
    CHECK(!statuses[1].last);
    CHECK(statuses[2].last->id == last.id);
    CHECK(namesOf(statuses[2].open, [](const Finding& f) { return f.drift.address; }) ==
          Names{"x", "z"});
    CHECK(!must(home->stacks.status("nobody")));
}

}  // namespace stack_rows_test
