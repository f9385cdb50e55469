#include "daemon/wording/check_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/daemon/contract/samples.hpp"
#include "tests/daemon/quiet.hpp"

using namespace driftkeeper;

namespace check_text_test {
namespace {

StackObject named(const std::string& name, Verdict verdict) {
    StackObject stack;
    stack.stack = name;
    stack.verdict = verdict;
    stack.complete = verdict != Verdict::Inconclusive;
    return stack;
}

std::size_t widest(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        width = std::max(width, lengthOf(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return width;
}

}  // namespace

TEST_CASE("the text of a check is worth pasting into a chat") {
    auto app = named("infra/prod/app", Verdict::InSync);
    app.resources = 12;
    app.commit = "3f2c1ab09d";
    app.started = samples::at("2026-11-22T19:07:00Z");
    app.durationSeconds = 1.96;
    app.notTold = {quiet("output.url", "output_only", "builtin/output_only")};
    auto jobs = named("infra/prod/jobs", Verdict::Unapplied);
    jobs.resources = 3;
    Drift queue;
    queue.address = "aws_sqs_queue.in[\"a\"]";
    queue.side = Side::Git;
    queue.cause = "unapplied_commit";
    queue.severity = Severity::Critical;
    queue.replace = true;
    queue.attributes = {{"fifo", "true", "false", false},
                        {"name", R"("in.fifo")", R"("in")", false}};
    jobs.drifts = {{queue, std::nullopt}};
    auto database = named("infra/prod/db", Verdict::Inconclusive);
    database.reason = Reason{"state_locked", "The state is locked by ci@host."};
    CHECK(checkText({app, samples::network(), jobs, database}, {}) ==
          R"(in sync       infra/prod/app      12 resources · 1 suppressed · 3f2c1ab · 2.0 s
drifted       infra/prod/network  1 drift · 42 resources · 3f2c1ab · 2.4 s
  ~ aws_security_group.web (sg-0ab1)  modified live · out_of_band · 3 dependents
      ingress[0].cidr_blocks[0]  10.0.0.0/8 → 0.0.0.0/0
      tags["a b"]                not set → x
      password                   (sensitive) → (sensitive)
  suppressed: 1 output_only
  warning: Deprecated attribute
unapplied     infra/prod/jobs     1 drift · 3 resources
  ± aws_sqs_queue.in["a"]  modified in Git · unapplied_commit · must be replaced · critical
      fifo  false → true
      name  in → in.fifo
inconclusive  infra/prod/db
  state_locked: The state is locked by ci@host.
    → Wait for the apply to end; if none runs, remove the stale lock with `force-unlock`.

4 stacks: 1 in sync, 1 drifted, 1 unapplied, 1 inconclusive · 2 drifts
)");
}

TEST_CASE(
    "conflicts name both values, deletions and unknown sides have words, what is first seen says "
    "since when") {
    auto stack = named("a/b", Verdict::Drifted);
    stack.complete = false;
    stack.reason = Reason{"unreadable_resources", "2 resources could not be read."};
    Drift conflict;
    conflict.address = "x.both";
    conflict.previousAddress = "x.was";
    conflict.note = "ignore rule settings/x expired on 2026-11-01";
    conflict.side = Side::Both;
    conflict.liveChange = Change::Modified;
    conflict.gitChange = Change::Deleted;
    conflict.attributes = {{"size", "1", "2", false}};
    Drift gone;
    gone.address = "x.gone";
    gone.side = Side::Live;
    gone.change = Change::Deleted;
    gone.cause = "out_of_band";
    Drift strange;
    strange.address = "x.strange";
    strange.change = Change::Created;
    strange.cause = "out_of_band";
    stack.drifts = {{conflict, std::nullopt},
                    {gone, samples::at("2026-11-22T19:00:00Z")},
                    {strange, std::nullopt}};
    stack.notTold = {quiet("a", "cascade", ""), quiet("b", "cascade", ""),
                     quiet("c", "computed", "")};
    stack.diagnostics = {{Diagnostic::Level::Error, "It failed", "x.z"}};
    CHECK(checkText({stack}, {}) == R"(drifted  a/b  3 drifts · partial
  unreadable_resources: 2 resources could not be read.
    → Grant read access to the resources that the diagnostics name.
  ~ x.both  conflict: modified live, deleted in Git
      moved from x.was
      ignore rule settings/x expired on 2026-11-01
      size  Git 1, live 2
  - x.gone  deleted live · out_of_band · since 2026-11-22T19:00:00Z
  + x.strange  created, side unknown · out_of_band
  suppressed: 2 cascade, 1 computed
  error: It failed (x.z)

1 stack: 1 drifted · 3 drifts
)");
}

TEST_CASE("who moved a thing and who else uses it stand below the drift") {
    auto stack = samples::network();
    auto& drift = stack.drifts[0].drift;
    drift.changedBy = "ada\x1b[31m, 2026-11-22T10:00:00Z";
    drift.dependentsElsewhere = {{"infra/prod/app", "aws_instance.web"},
                                 {"infra/prod/app", "aws_instance.db"}};
    const auto text = checkText({stack}, {});
    CHECK(text.find("      changed by ada\\x1b[31m, 2026-11-22T10:00:00Z\n"
                    "      also used by infra/prod/app: aws_instance.web (+1 more)\n") !=
          std::string::npos);
}

TEST_CASE("a stack in sync takes one line") {
    auto stack = named("a/b", Verdict::InSync);
    stack.notTold = {quiet("a", "cascade", "")};
    stack.diagnostics = {{Diagnostic::Level::Warning, "no lock file", ""},
                         {Diagnostic::Level::Warning, "old", ""}};
    CHECK(checkText({stack}, {}) ==
          "in sync  a/b  0 resources · 1 suppressed · 2 warnings\n\n1 stack: 1 in sync\n");
    CHECK(checkText({}, {}) == "\n0 stacks\n");
}

TEST_CASE("colour changes nothing but the look") {
    const auto plain = checkText({samples::network()}, {});
    auto coloured = checkText({samples::network()}, {.colour = true});
    CHECK(coloured.find("\x1b[31mdrifted\x1b[0m  infra") != std::string::npos);
    CHECK(coloured.find("  \x1b[33m~\x1b[0m aws_security_group.web") != std::string::npos);
    for (const std::string_view code : {"\x1b[31m", "\x1b[33m", "\x1b[0m"})
        for (auto at = coloured.find(code); at != std::string::npos; at = coloured.find(code))
            coloured.erase(at, code.size());
    CHECK(coloured == plain);
}

TEST_CASE("an ASCII terminal gets ASCII") {
    auto stack = samples::network();
    stack.drifts[0].drift.address = "aws.gr\xc3\xbc\xc3\x9f";
    stack.drifts[0].drift.replace = true;
    const auto text = checkText({stack}, {.ascii = true});
    CHECK(text.find("  +/- aws.gr?? (sg-0ab1)  modified live, out_of_band, must be replaced, 3 "
                    "dependents\n") != std::string::npos);
    CHECK(text.find("10.0.0.0/8 -> 0.0.0.0/0\n") != std::string::npos);
    for (const char c : text) CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("lines keep to the width of the terminal") {
    auto stack = samples::network();
    stack.reason =
        Reason{"unreadable", "A sentence that is much longer than forty characters, and goes on."};
    stack.notTold.assign(3, quiet("x", "cascade", ""));
    stack.drifts[0].drift.attributes.push_back({"policy", "\"" + std::string(300, 'a') + "b\"",
                                                "\"" + std::string(300, 'a') + "c and more\"",
                                                false});
    stack.drifts[0].drift.attributes.push_back(
        {"one", "\"" + std::string(300, 'x') + "\"", "null", false});
    for (const std::size_t width : {60U, 80U, 100U, 200U}) {
        const auto text = checkText({stack}, {.width = width});
        CAPTURE(text);
        CHECK(widest(text) <= width);
        // What differs is shown, not what the two have in common.
        CHECK(text.find("…aaaaaaaab → …aaaaaaaac an") != std::string::npos);
        CHECK(text.find("x… → not set\n") != std::string::npos);
    }
    CHECK(checkText({stack}, {.width = 60})
              .find("  ~ aws_security_group.web (sg-0ab1)  modified live ·\n      out_of_band · 3 "
                    "dependents\n") != std::string::npos);
    CHECK(checkText({stack}, {.width = 1}).size() > 0);
}

TEST_CASE("a path that is wider than its column gets its own line") {
    auto stack = samples::network();
    stack.drifts[0].drift.attributes = {{std::string(50, 'p'), "1", "2", false},
                                        {"q", "1", "2", false}};
    CHECK(checkText({stack}, {})
              .find("      " + std::string(50, 'p') + "\n" + std::string(48, ' ') +
                    "1 → 2\n      q" + std::string(41, ' ') + "1 → 2\n") != std::string::npos);
}

TEST_CASE("of very many attributes the first are shown and the rest is counted") {
    auto stack = samples::network();
    stack.drifts[0].drift.attributes.assign(200, {"a", "1", "2", false});
    const auto text = checkText({stack}, {});
    CHECK(text.find("      … and 180 more\n") != std::string::npos);
    CHECK(std::ranges::count(text, '\n') == 1 + 1 + 20 + 1 + 2 + 2);
}

TEST_CASE("hostile text from a repository or a plan stays text") {
    const std::string hostile = "x\n\x1b[2J\xe2\x80\xae\xff  ";
    auto stack = samples::network();
    stack.stack = stack.commit = hostile;
    stack.reason = Reason{"code", hostile};
    stack.diagnostics = {{Diagnostic::Level::Error, hostile, hostile}};
    stack.notTold = {quiet(hostile, hostile, hostile)};
    auto& drift = stack.drifts[0].drift;
    drift.address = drift.previousAddress = drift.id = drift.cause = hostile;
    drift.attributes = {{hostile, "\"\xe2\x80\xae\"", hostile, false}};
    const auto text = checkText({stack}, {});
    for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK(text.find("\xe2\x80\xae") == std::string::npos);
    CHECK(text.find('\xff') == std::string::npos);
}

}  // namespace check_text_test
