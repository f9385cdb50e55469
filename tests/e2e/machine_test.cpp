// The real program on a machine that misbehaves: a full disk, a database that is lost or damaged.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace machine_test {
namespace {

namespace fs = std::filesystem;

struct Estate {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};

    Estate() {
        terraform.write(R"(resource "box_item" "a" {
  name    = "a"
  content = "one"
}
)");
        terraform.apply();
        git.commit("net: one item");
    }
    void drift() const { terraform.set("a", "content", "\"drifted\""); }
};

// A disk of 12 MiB for the state, as long as it lives. Only root can make one.
class SmallDisk {
public:
    explicit SmallDisk(fs::path place) : place_(std::move(place)) {
        fs::create_directories(place_);
        isThere_ = ::mount("driftkeeper-test", place_.c_str(), "tmpfs", 0, "size=12m") == 0;
    }
    ~SmallDisk() {
        if (isThere_) ::umount2(place_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;

    [[nodiscard]] bool isThere() const { return isThere_; }
    void fill() const {
        std::ofstream file(place_ / "filler", std::ios::binary);
        const std::string page(4096, 'x');
        while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
        }
    }
    void makeRoom() const { fs::remove(place_ / "filler"); }

private:
    fs::path place_;
    bool isThere_ = false;
};

std::string statusOf(const DaemonWorld& daemon, const std::string& path) {
    return run({"curl", "-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}",
                daemon.url() + path})
        .out;
}

std::size_t countOf(const std::vector<Json>& notices, const std::string& cause,
                    const std::string& event) {
    return static_cast<std::size_t>(std::ranges::count_if(notices, [&](const Json& notice) {
        return notice.at("incident").at("cause") == cause && notice.at("event") == event;
    }));
}

}  // namespace

TEST_CASE("a full disk is shown and alerted once, and forgotten when there is room again") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    const SmallDisk disk(daemon.stateDirectory());
    if (!disk.isThere()) {
        MESSAGE("only root can mount a small disk");
        CHECK(geteuid() != 0);
        return;
    }
    daemon.checks = "{ every: 1s, timeout: 60s, confirm: 1, confirm_after: 1s, stale_after: 1h }";
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));

    // The reserve is given up and filled, too.
    const bool isFull = eventually([&] {
        disk.fill();
        return statusOf(daemon, "/-/ready") == "503" &&
               daemon.stack("infra/net").at("verdict") == "inconclusive";
    });
    REQUIRE_MESSAGE(isFull, daemon.log());
    CHECK(daemon.stack("infra/net").at("reason").at("code") == "store_full");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    estate.drift();

    disk.makeRoom();
    CHECK(eventually([&] { return statusOf(daemon, "/-/ready") == "200"; }));
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "drifted"), daemon.log());
    REQUIRE_MESSAGE(daemon.awaitNotices(3), daemon.log());
    const auto notices = daemon.notices();
    CHECK(countOf(notices, "store_full", "opened") == 1);
    CHECK(countOf(notices, "store_full", "resolved") == 1);
    CHECK_MESSAGE(notices.size() == 3, daemon.log());
}

TEST_CASE("a database that is lost is an incident, and what is seen then is no baseline") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    CHECK(daemon.stop(SIGKILL) == 128 + SIGKILL);
    for (const char* file : {"driftkeeper.db", "driftkeeper.db-wal", "driftkeeper.db-shm"})
        fs::remove(daemon.stateDirectory() / file);
    estate.drift();

    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    const auto notices = daemon.notices();
    CHECK(countOf(notices, "database_replaced", "opened") == 1);
    CHECK(std::ranges::count_if(notices, [](const Json& notice) {
              return notice.at("incident").at("kind") == "drift" &&
                     notice.at("incident").at("cause").is_null();
          }) == 1);
}

TEST_CASE(
    "a damaged database ends the daemon with a status of its own, an empty token is made anew") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    const auto before = daemon.token();
    CHECK(daemon.stop() == 0);

    std::ofstream(daemon.stateDirectory() / "token").flush();
    fs::permissions(daemon.stateDirectory() / "driftkeeper.db", fs::perms::all);
    daemon.start();
    CHECK(daemon.token().size() == before.size());
    CHECK(daemon.token() != before);
    CHECK(fs::status(daemon.stateDirectory() / "driftkeeper.db").permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(daemon.stop() == 0);

    std::fstream(daemon.stateDirectory() / "driftkeeper.db", std::ios::in | std::ios::out)
        << "this is no database at all";
    const auto ended = run({program, "serve", "--config", daemon.settingsFile().string()});
    CHECK_MESSAGE(ended.status == 4, ended.err);
    CHECK(ended.err.find("store_damaged") != std::string::npos);
}

TEST_CASE("reading can want credentials on loopback") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    CHECK(statusOf(daemon, "/api/v1/stacks") == "200");
    daemon.more = "access: { anonymous_read: false }\n";
    daemon.writeSettings();
    daemon.signal(SIGHUP);
    CHECK(eventually([&] { return statusOf(daemon, "/api/v1/stacks") == "401"; }));
    CHECK(statusOf(daemon, "/metrics") == "401");
    CHECK(statusOf(daemon, "/-/healthy") == "200");
    CHECK(daemon.ask({"stacks"}).out.find("infra/net") != std::string::npos);
}

TEST_CASE("what is gone of the state is made again, and what is in its way is said") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    CHECK(daemon.stop() == 0);

    fs::remove_all(daemon.stateDirectory() / "git");
    daemon.start();
    daemon.awaitChecks("infra/net", 1);
    CHECK(daemon.stack("infra/net").at("verdict") == "in_sync");
    CHECK(daemon.stop() == 0);

    fs::remove_all(daemon.stateDirectory() / "stacks");
    std::ofstream(daemon.stateDirectory() / "stacks") << "a file";
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "inconclusive"), daemon.log());
    CHECK(daemon.stack("infra/net").at("reason").at("code") == "directory_unwritable");
}

TEST_CASE(
    "hostile names, deep folders and names that no resolver knows cost their own stack only") {
    Estate estate;
    // A byte that is no UTF-8, and a control character of C1.
    for (const char* name : {"caf\xe9",
                             "clear\xc2\x9b"
                             "2J"})
        fs::copy(estate.git.path() / "net", estate.git.path() / name, fs::copy_options::recursive);
    estate.git.commit("net: names");
    DaemonWorld daemon(estate.terraform);
    const auto programs = daemon.room() / "bin";
    fs::create_directory(programs);
    std::ofstream(programs / "terraform")
        << "#!/bin/sh\n[ \"$1\" = plan ] && (cd \"$TMPDIR\" && exec /usr/bin/python3 -c "
           "'import os\nfor i in range(100): os.mkdir(\"d\" * 99); os.chdir(\"d\" * 99)')\n"
           "PATH=${PATH#*:} exec terraform \"$@\"\n";
    fs::permissions(programs / "terraform", fs::perms(0755));
    daemon.environment["PATH"] = programs.string() + ":" + std::getenv("PATH");
    daemon.watch("infra", estate.git.path().string(), "stacks: [ { path: net } ]");
    daemon.watch("far", "https://nowhere.invalid/x.git");
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    daemon.awaitChecks("infra/net", 1);
    CHECK(daemon.stack("infra/net").at("verdict") == "in_sync");
    CHECK_MESSAGE(eventually([&] { return daemon.log().contains("git_unreachable"); }),
                  daemon.log());
    CHECK(daemon.stop() == 0);

    const auto log = daemon.log();
    CHECK_FALSE(log.contains("caf\xe9"));
    CHECK_FALSE(log.contains("\xc2\x9b"));
}

}  // namespace machine_test
