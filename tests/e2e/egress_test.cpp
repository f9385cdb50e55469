// Tools that connect to named hosts only, with real terraform and its HTTP backend.
#include <doctest/doctest.h>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace egress_test {
namespace {

// A state behind HTTP, at a host that only a proxy can find.
std::string stackAt(const std::string& host) {
    return "terraform {\n  backend \"http\" {\n    address = \"http://" + host +
           "/state\"\n    retry_max = 0\n  }\n}\n" +
           R"(resource "box_item" "a" {
  name    = "a"
  content = "one"
}
)";
}

}  // namespace

TEST_CASE(
    "a tool asks for a host that the settings do not name: it is refused, logged and counted") {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};
    terraform.write(stackAt("evil.example"));
    git.commit("net: a state somewhere else");
    DaemonWorld daemon(terraform);
    HttpReceiver upstream;  // the proxy that the host itself needs: no DNS in a test
    upstream.answerUsually({404, {}, ""});
    daemon.environment["HTTP_PROXY"] = upstream.url("");
    daemon.watch("infra", git.path().string(), "network: { allow: [\"*.fine.example:80\"] }");
    daemon.start();
    CHECK(
        eventually([&] { return daemon.log().find("host=evil.example:80") != std::string::npos; }));
    REQUIRE(daemon.awaitVerdict("infra/net", "inconclusive"));
    CHECK(eventually([&] {
        return daemon.stack("infra/net")
            .at("reason")
            .at("text")
            .get<std::string>()
            .contains("network.allow does not name evil.example:80");
    }));
    CHECK(upstream.requests().empty());
    const std::string metrics = daemon.get("/metrics");
    CHECK(metrics.find(R"(driftkeeper_tool_connections_total{host="",result="refused"})") !=
          std::string::npos);

    terraform.write(stackAt("state.fine.example"));
    git.commit("net: a state where it may be");
    REQUIRE(upstream.waitFor(1, std::chrono::seconds(60)));
    CHECK(upstream.requests().front().target == "http://state.fine.example/state");
    CHECK(eventually([&] {
        return daemon.get("/metrics").find(R"({host="*.fine.example",result="allowed"})") !=
               std::string::npos;
    }));
}

}  // namespace egress_test
