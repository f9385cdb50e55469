// A real Prometheus scrapes the daemon, and a real Alertmanager gets its alerts.
#include <doctest/doctest.h>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace {

const std::string servers = DRIFTKEEPER_SOURCE_DIR "/build/servers/usr/bin/";

struct Estate {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};
    DaemonWorld daemon{terraform};

    Estate() {
        terraform.write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
        terraform.apply();
        git.commit("net");
        daemon.watch("infra", git.path().string());
    }
};

Json query(const std::string& url) {
    const auto answer = run({"curl", "-gsf", "-m", "5", url});
    return answer.ok() ? Json::parse(answer.out) : Json();
}

}  // namespace

TEST_CASE("promtool has nothing to say about the metrics, and a real Prometheus scrapes them") {
    Estate estate;
    estate.daemon.start();
    REQUIRE(estate.daemon.awaitVerdict("infra/net", "in_sync"));

    RunOptions options;
    options.input = estate.daemon.get("/metrics");
    const Finished lint = run({servers + "promtool", "check", "metrics"}, options);
    CHECK_MESSAGE(lint.status == 0, (lint.out + lint.err));
    CHECK(lint.out + lint.err == "");

    const TempDir room;
    const auto port = std::to_string(freePort());
    writeFile(room / "prometheus.yml",
              "global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: driftkeeper\n    static_configs:\n      "
              "- targets: ['" +
                  estate.daemon.url().substr(7) + "']\n");
    const BackgroundProgram prometheus(
        {servers + "prometheus", "--config.file=" + (room / "prometheus.yml").string(),
         "--storage.tsdb.path=" + (room / "data").string(), "--web.listen-address=127.0.0.1:" + port},
        room / "log");
    const std::string api = "http://127.0.0.1:" + port + "/api/v1/query?query=";
    const auto value = [&](const std::string& expression) -> std::string {
        const Json answer = query(api + expression);
        if (answer.is_null() || answer.at("data").at("result").empty()) return "";
        return answer.at("data").at("result").at(0).at("value").at(1);
    };
    CHECK(eventually([&] { return value("up") == "1"; }));
    CHECK(eventually([&] { return value("driftkeeper_stack_verdict{verdict=%22in_sync%22}") == "1"; }));
    estate.terraform.set("a", "content", "\"live\"");
    CHECK(eventually([&] { return value("sum(driftkeeper_stack_drifts{side=%22live%22})") == "1"; }));
    CHECK(value("driftkeeper_stack_last_conclusive_check_timestamp_seconds") != "");
}

TEST_CASE("a real Alertmanager receives, groups and resolves") {
    Estate estate;
    const TempDir room;
    HttpReceiver pager;
    const auto port = std::to_string(freePort());
    writeFile(
        room / "alertmanager.yml",
        "route: { receiver: pager, group_by: [repository], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }\n"
        "receivers:\n  - name: pager\n    webhook_configs: [ { url: '" +
            pager.url() + "', send_resolved: true } ]\n");
    const BackgroundProgram alertmanager(
        {DRIFTKEEPER_SOURCE_DIR "/build/servers/alertmanager", "--config.file=" + (room / "alertmanager.yml").string(),
         "--storage.path=" + (room / "data").string(), "--web.listen-address=127.0.0.1:" + port,
         "--cluster.listen-address="},
        room / "log");
    const std::string url = "http://127.0.0.1:" + port;
    REQUIRE(eventually([&] { return run({"curl", "-sf", url + "/-/ready"}).ok(); }));
    estate.daemon.channels = "channels:\n  - { name: am, alertmanager: { url: \"" + url + "\" } }\n";
    estate.daemon.start();
    REQUIRE(estate.daemon.awaitVerdict("infra/net", "in_sync"));

    estate.terraform.set("a", "content", "\"live\"");
    REQUIRE_MESSAGE(pager.waitFor(1, std::chrono::seconds(60)), estate.daemon.log());
    const Json firing = Json::parse(pager.requests().at(0).body);
    CHECK(firing.at("status") == "firing");
    CHECK(firing.at("groupLabels").at("repository") == "infra");
    const Json labels = firing.at("alerts").at(0).at("labels");
    CHECK(labels.at("stack") == "infra/net");
    CHECK(labels.at("severity") == "warning");
    CHECK(firing.at("alerts").at(0).at("endsAt") == "0001-01-01T00:00:00Z");
    const Json active = query(url + "/api/v2/alerts");
    REQUIRE(active.size() == 1);
    CHECK(active.at(0).at("endsAt").get<std::string>() > active.at(0).at("startsAt").get<std::string>());

    estate.terraform.set("a", "content", "\"one\"");
    REQUIRE_MESSAGE(pager.waitFor(2, std::chrono::seconds(60)), estate.daemon.log());
    const Json resolved = Json::parse(pager.requests().at(1).body);
    CHECK(resolved.at("status") == "resolved");
    CHECK(resolved.at("alerts").size() == 1);
    CHECK(resolved.at("alerts").at(0).at("fingerprint") == firing.at("alerts").at(0).at("fingerprint"));
}
