#include "daemon/store/report_json.hpp"
#include "tests/daemon/quiet.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace report_json_test {
namespace {

Drift fullDrift() {
    Drift drift;
    drift.address = "module.a[\"x y\"].b.c";
    drift.previousAddress = "b.c";
    drift.type = "b";
    drift.id = "id-1";
    drift.side = Side::Both;
    drift.change = Change::Deleted;
    drift.liveChange = Change::Deleted;
    drift.gitChange = Change::Created;
    drift.cause = "conflict";
    drift.replace = true;
    drift.severity = Severity::Critical;
    drift.dependents = 12;
    drift.changedBy = "kubectl-edit, 2026-11-22T10:00:00Z";
    drift.dependentsElsewhere = {{"infra/app", "a.b"}, {"infra/whole", ""}};
    drift.attributes = {{"size", "12345678901234567890123", "1.10", false},
                        {"secret", R"({"redacted":"hmac:1f3a"})", "null", true}};
    return drift;
}

Report fullReport() {
    Report report;
    report.completeness = Completeness::Partial;
    report.reason = Reason{"unreadable", "one resource could not be read"};
    report.resources = 42;
    report.coverage = {40, 1, 1};
    report.drifts = {fullDrift(), Drift{}};
    report.notTold = {quiet("d.e", "computed", "builtin/computed")};
    report.diagnostics = {{Diagnostic::Level::Error, "cannot read", "f.g"},
                          {Diagnostic::Level::Warning, "old", ""}};
    report.evidence = {"1.9.0", "lineage",          18446744073709551615U,
                       "lock",  {{"a/b/c", "1.0"}}, {{"Deployment.apps/prod/web", "hmac:1f3a"}}};
    report.reconcilers = {
        {"Kustomization flux-system/apps", "suspended", "It was suspended on purpose."}};
    return report;
}

}  // namespace

TEST_CASE("a drift comes back as it was, every number with its token") {
    for (const Drift& drift : {fullDrift(), Drift{}}) {
        const auto back = driftFromJson(driftJson(drift));
        REQUIRE(back);
        CHECK(*back == drift);
    }
}

TEST_CASE("a report comes back as it was, except for its graph") {
    for (const Report& report : {fullReport(), Report{}, failedReport("timeout", "too slow")}) {
        const auto back = reportFromJson(reportJson(report));
        REQUIRE(back);
        CHECK(back->completeness == report.completeness);
        CHECK(back->reason == report.reason);
        CHECK(back->resources == report.resources);
        CHECK(back->coverage == report.coverage);
        CHECK(back->drifts == report.drifts);
        CHECK(back->notTold == report.notTold);
        CHECK(back->diagnostics == report.diagnostics);
        CHECK(back->evidence == report.evidence);
        CHECK(back->reconcilers == report.reconcilers);
    }
}

TEST_CASE("evidence comes back as it was, also when nothing is known") {
    Evidence whole = fullReport().evidence;
    whole.inputs = {{"environment variable TF_VAR_x", "hmac:1"}};
    whole.remembered = "AAAA";
    for (const Evidence& evidence : {whole, Evidence{}})
        CHECK(evidenceFromJson(evidenceJson(evidence)) == evidence);
    // Of a check it is not kept: it may be large.
    Report report;
    report.evidence = whole;
    CHECK(reportJson(report).find("AAAA") == std::string::npos);
}

TEST_CASE("a graph comes back with its resources and with what depends on what") {
    ResourceGraph graph;
    graph.add({"a", "t", "id-a", "p", "aws vpc-0ab1"});
    graph.add({"b", "t", "", ""});
    graph.add({"c", "u", "", ""});
    graph.link("b", "a");
    graph.link("c", "b");
    graph.link("a", "c");
    graph.offer("a", "tfstate:x#y");
    graph.offer("", "tfstate:x");
    graph.need("b", "cfn-export:r:n");
    const auto back = graphFromJson(graphJson(graph));
    REQUIRE(back);
    CHECK(back->resources() == graph.resources());
    for (const char* address : {"a", "b", "c"})
        CHECK(back->dependentsOf(address) == graph.dependentsOf(address));
    CHECK(back->offers() == graph.offers());
    CHECK(back->needs() == graph.needs());
    CHECK(graphFromJson(graphJson({}))->resources().empty());
}

TEST_CASE("a graph from before there were identities is read without them") {
    const auto graph = graphFromJson(R"([["a","t","id-a","p","b"],["b","t","",""]])");
    REQUIRE(graph);
    CHECK(graph->resources() == std::vector<Resource>{{"a", "t", "id-a", "p"}, {"b", "t", "", ""}});
    CHECK(graph->dependentsOf("a") == std::vector<std::string>{"b"});
}

TEST_CASE("a list comes back as it was") {
    for (const auto& list : {std::vector<std::string>{}, {"", "a\nb", "ü", "\"\\"}})
        CHECK(listFromJson(listJson(list)) == list);
}

TEST_CASE("invalid UTF-8 is replaced, never thrown over") {
    Drift drift = fullDrift();
    drift.id = "a\xff";
    const auto back = driftFromJson(driftJson(drift));
    REQUIRE(back);
    CHECK(back->id == "a\xef\xbf\xbd");
}

TEST_CASE("text that nothing here wrote is no value") {
    for (const char* text :
         {"", "{", "null", "[]", "7", "{}", R"({"completeness":"mostly"})", R"({"address":1})"}) {
        CAPTURE(text);
        CHECK(!reportFromJson(text));
        CHECK(!driftFromJson(text));
    }
    for (const char* text : {"", "[", "[1]", "{\"a\":1}"}) CHECK(!listFromJson(text));
    for (const char* text : {"", "[1]", "[[1]]", R"([["a"]])", "{}", R"({"resources":[["a"]]})"})
        CHECK(!graphFromJson(text));
    for (const char* text : {"", "[1]", "[[1]]", R"([["a","b"]])", "{\"a\":1}"})
        CHECK(!logFromJson(text));
    for (const char* text : {"", "[]", "null", R"({"serial":"x"})"}) CHECK(!evidenceFromJson(text));
}

TEST_CASE("a report of an earlier version that lacks members is readable") {
    const auto report = reportFromJson(R"({"completeness":"complete"})");
    REQUIRE(report);
    CHECK(report->completeness == Completeness::Complete);
    CHECK(report->drifts.empty());
}

}  // namespace report_json_test
