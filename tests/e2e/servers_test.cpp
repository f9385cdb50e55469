// A real Prometheus scrapes the daemon, and a real Alertmanager gets its alerts.
#include <doctest/doctest.h>

#include <optional>
#include <sstream>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace servers_test {
namespace {

const std::string servers = DRIFTKEEPER_SOURCE_DIR "/build/servers/usr/bin/";

struct Estate {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};
    DaemonWorld daemon{terraform};

    Estate() {
        terraform.write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
        terraform.apply();
        writeFile(git.path() / "examples/net/main.tf", "");  // left out, and exported as such
        git.commit("net");
        daemon.watch("infra", git.path().string());
    }
};

Json query(const std::string& url) {
    const auto answer = run({"curl", "-gsf", "-m", "5", url});
    return answer.ok() ? Json::parse(answer.out) : Json();
}

// A real Prometheus that scrapes the daemon every second and has the alert rules.
class Prometheus {
public:
    explicit Prometheus(const DaemonWorld& daemon) {
        writeFile(room_ / "prometheus.yml",
                  "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
                  "rule_files: [" DRIFTKEEPER_SOURCE_DIR
                  "/config/prometheus/driftkeeper.rules.yml]\n"
                  "scrape_configs: [ { job_name: driftkeeper, static_configs: [ { targets: ['" +
                      daemon.url().substr(7) + "'] } ] } ]\n");
        process_.emplace(
            std::vector<std::string>{servers + "prometheus",
                                     "--config.file=" + (room_ / "prometheus.yml").string(),
                                     "--storage.tsdb.path=" + (room_ / "data").string(),
                                     "--web.listen-address=127.0.0.1:" + port_},
            room_ / "log");
    }

    // The series that an expression gives; null when it is refused.
    [[nodiscard]] Json ask(const std::string& expression) const {
        const auto answer =
            run({"curl", "-sf", "-m", "5", "--data-urlencode", "query=" + expression,
                 "http://127.0.0.1:" + port_ + "/api/v1/query"});
        return answer.ok() ? Json::parse(answer.out).at("data").at("result") : Json();
    }
    [[nodiscard]] std::string value(const std::string& expression) const {
        const Json series = ask(expression);
        return series.empty() ? "" : series.at(0).at("value").at(1).get<std::string>();
    }

private:
    TempDir room_;
    std::string port_ = std::to_string(freePort());
    std::optional<BackgroundProgram> process_;
};

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

    const Prometheus prometheus(estate.daemon);
    CHECK(eventually([&] { return prometheus.value("up") == "1"; }));
    CHECK(eventually(
        [&] { return prometheus.value("driftkeeper_stack_verdict{verdict=\"in_sync\"}") == "1"; }));
    estate.terraform.set("a", "content", "\"live\"");
    CHECK(eventually(
        [&] { return prometheus.value("sum(driftkeeper_stack_drifts{side=\"live\"})") == "1"; }));
    CHECK(prometheus.value("driftkeeper_stack_last_conclusive_check_timestamp_seconds") != "");
}

TEST_CASE(
    "the document, the alert rules and the dashboard speak of what the daemon exports, and every "
    "panel shows "
    "something") {
    Estate estate;
    estate.daemon.start();
    REQUIRE(estate.daemon.awaitVerdict("infra/net", "in_sync"));
    estate.terraform.set("a", "content", "\"live\"");
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(1), estate.daemon.log());

    const std::string agreement = DRIFTKEEPER_SOURCE_DIR "/tests/prometheus/agreement.py";
    const auto scrape = estate.daemon.room() / "scrape";
    writeFile(scrape, estate.daemon.get("/metrics"));
    const Finished agreed = run({agreement, DRIFTKEEPER_SOURCE_DIR, scrape.string()});
    CHECK_MESSAGE(agreed.ok(), (agreed.out + agreed.err));

    // Every expression is one that Prometheus takes; a panel's has an answer, once rates have two
    // scrapes.
    const Prometheus prometheus(estate.daemon);
    CHECK(eventually(
        [&] { return prometheus.value("ALERTS{alertname=\"DriftkeeperWatchdog\"}") == "1"; }));
    CHECK(eventually([&] { return prometheus.value("rate(driftkeeper_checks_total[1m])") != ""; }));
    const Finished asked = run({agreement, DRIFTKEEPER_SOURCE_DIR, "--queries"});
    REQUIRE(asked.ok());
    std::istringstream lines(asked.out);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const Json one = Json::parse(line);
        const Json series = prometheus.ask(one.at("expr"));
        CHECK_MESSAGE(!series.is_null(), line);
        if (one.at("kind") == "dashboard") CHECK_MESSAGE(!series.empty(), line);
    }
    CHECK(count > 40);
    // Nothing fires on the first minutes but what always does.
    CHECK(prometheus.ask("ALERTS{alertstate=\"firing\",alertname!=\"DriftkeeperWatchdog\"}") ==
          Json::array());
}

TEST_CASE("a real Alertmanager receives, groups and resolves") {
    Estate estate;
    const TempDir room;
    HttpReceiver pager;
    const auto port = std::to_string(freePort());
    writeFile(room / "alertmanager.yml",
              "route: { receiver: pager, group_by: [repository], group_wait: 1s, group_interval: "
              "1s, repeat_interval: 1h }\n"
              "receivers:\n  - name: pager\n    webhook_configs: [ { url: '" +
                  pager.url() + "', send_resolved: true } ]\n");
    const BackgroundProgram alertmanager(
        {DRIFTKEEPER_SOURCE_DIR "/build/servers/alertmanager",
         "--config.file=" + (room / "alertmanager.yml").string(),
         "--storage.path=" + (room / "data").string(), "--web.listen-address=127.0.0.1:" + port,
         "--cluster.listen-address="},
        room / "log");
    const std::string url = "http://127.0.0.1:" + port;
    REQUIRE(eventually([&] { return run({"curl", "-sf", url + "/-/ready"}).ok(); }));
    estate.daemon.channels =
        "channels:\n  - { name: am, alertmanager: { url: \"" + url + "\" } }\n";
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
    CHECK(active.at(0).at("endsAt").get<std::string>() >
          active.at(0).at("startsAt").get<std::string>());

    estate.terraform.set("a", "content", "\"one\"");
    REQUIRE_MESSAGE(pager.waitFor(2, std::chrono::seconds(60)), estate.daemon.log());
    const Json resolved = Json::parse(pager.requests().at(1).body);
    CHECK(resolved.at("status") == "resolved");
    CHECK(resolved.at("alerts").size() == 1);
    CHECK(resolved.at("alerts").at(0).at("fingerprint") ==
          firing.at("alerts").at(0).at("fingerprint"));
}

}  // namespace servers_test
