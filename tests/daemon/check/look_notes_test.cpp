#include "daemon/check/look_notes.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace look_notes_test {

TEST_CASE("a look that failed names the hosts that its tools were refused, each once") {
    Workspace workspace;
    workspace.network.emplace();
    RefusedHosts refused;
    refused.watch(workspace);
    Report report;
    report.reason = Reason{"init_failed", "terraform init failed"};
    refused.nameIn(report);
    CHECK(report.reason->text == "terraform init failed");

    for (const char* host : {"registry.example", "state.example", "registry.example"})
        workspace.network->refused(host, 443);
    refused.nameIn(report);
    CHECK(report.reason->text ==
          "terraform init failed; network.allow does not name registry.example:443, "
          "state.example:443");
    CHECK(report.reason->code == "init_failed");
}

TEST_CASE("what a tool calls a host is shown as text, and of many hosts a few") {
    Workspace workspace;
    workspace.network.emplace();
    RefusedHosts refused;
    refused.watch(workspace);
    workspace.network->refused("a\x1b[2J\n.example", 443);
    for (const char* host : {"b", "c", "d"}) workspace.network->refused(host, 443);
    Report report;
    report.reason = Reason{"init_failed", "failed"};
    refused.nameIn(report);
    CHECK_FALSE(report.reason->text.contains('\x1b'));
    CHECK_FALSE(report.reason->text.contains('\n'));
    CHECK(report.reason->text.contains("b:443, c:443"));
    CHECK_FALSE(report.reason->text.contains("d:443"));
}

TEST_CASE("a look that needed none of the refused hosts does not name them") {
    Workspace workspace;
    workspace.network.emplace();
    RefusedHosts refused;
    refused.watch(workspace);
    workspace.network->refused("telemetry.example", 443);
    Report report;
    refused.nameIn(report);
    CHECK_FALSE(report.reason.has_value());
}

TEST_CASE("a look whose tools reach what their caller does is not watched") {
    Workspace workspace;
    RefusedHosts().watch(workspace);
    CHECK_FALSE(workspace.network.has_value());
}

}  // namespace look_notes_test
