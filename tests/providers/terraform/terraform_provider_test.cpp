#include "providers/terraform/terraform_provider.hpp"

#include <doctest/doctest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "parsers/graph/cause.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "providers/state/state_provider.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/files.hpp"
#include "tests/support/terraform_world.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using tests::TerraformWorld;
using tests::writeFile;
namespace fs = std::filesystem;

namespace terraform_provider_test {
namespace {

// The real runner, and the words of what it ran.
class NotedRunner final : public ToolRunner {
public:
    Result<ToolResult> run(const ToolCall& call, std::stop_token stop) override {
        commands.push_back(call.argv[1]);
        return real_.run(call, std::move(stop));
    }
    [[nodiscard]] bool shows(const Sandbox& sandbox, const fs::path& file) const override {
        return real_.shows(sandbox, file);
    }
    std::vector<std::string> commands;

private:
    RealToolRunner real_;
};

struct Room {
    TerraformWorld world;
    tests::TempDir own;
    NotedRunner runner;
    ValueTags tags{"key"};
    std::unique_ptr<Provider> provider = makeTerraformProvider(runner, tags);
    Workspace workspace;

    explicit Room(const std::string& text =
                      "resource \"box_item\" \"a\" {\n  name = \"a\"\n  size = 2.5\n}\n",
                  TerraformWorld::Mirror mirror = TerraformWorld::Mirror::Unpacked)
        : world({}, mirror) {
        world.write(text);
        workspace.root = workspace.directory = world.stack();
        workspace.privateDirectory = own / "private";
        workspace.notesDirectory = own / "notes";
        workspace.options["plugin_cache"] = {own / "cache"};
        workspace.options["cli_config_file"] = {world.cliConfigFile()};
        workspace.commit = "c1";
    }
    Report inspect() { return provider->inspect(workspace, {}, {}); }
    void apply() const {
        world.apply();
        // Git's export has the lock file only when a test says so.
        fs::remove(world.stack() / ".terraform.lock.hcl");
    }
};

std::string codeOf(const Report& report) {
    return report.reason ? report.reason->code + ": " + report.reason->text : "";
}

bool startsWith(const Report& report, std::string_view code) {
    return codeOf(report).starts_with(code);
}

bool runs(const std::string& marker) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "environ", std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        if (text.find(marker) != std::string::npos) return true;
    }
    return false;
}

bool hasDiagnostic(const Report& report, const std::string& summary) {
    return std::ranges::any_of(report.diagnostics, [&](const Diagnostic& one) {
        return one.summary.find(summary) != std::string::npos;
    });
}

std::vector<std::string> listing(const fs::path& folder) {
    std::vector<std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        result.push_back(entry.path().string());
    std::ranges::sort(result);
    return result;
}

}  // namespace

TEST_CASE("in sync, then drifted, then in sync again; init runs once") {
    Room room;
    room.apply();
    Report report = room.inspect();
    CAPTURE(codeOf(report));
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.resources == 1);
    CHECK(report.evidence.toolVersion == "1.11.4");
    CHECK(report.evidence.stateSerial > 0);
    CHECK(hasDiagnostic(report, "no dependency lock file in Git"));
    room.world.set("a", "size", "3");
    report = room.inspect();
    CHECK(verdictOf(report) == Verdict::Drifted);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "box_item.a");
    room.world.set("a", "size", "2.5");
    CHECK(verdictOf(room.inspect()) == Verdict::InSync);
    CHECK(room.runner.commands ==
          std::vector<std::string>{"version", "init", "plan", "plan", "show", "plan"});
    CHECK(listing(room.workspace.directory).size() == 2);  // main.tf, stack.tf: as Git has it
    CHECK_FALSE(fs::exists(room.workspace.privateDirectory / "run"));
}

TEST_CASE("a provider that is slower than the deadline leaves no process") {
    Room room;
    room.apply();
    (void)room.inspect();
    room.world.behave(R"({"slow_read_ms": 60000})");
    room.workspace.timeout = 3s;
    room.workspace.environment = {{"DRIFTKEEPER_TEST_MARK", room.own.path().string()}};
    const auto before = std::chrono::steady_clock::now();
    const Report report = room.inspect();
    CHECK_MESSAGE(startsWith(report, "timeout"), codeOf(report));
    CHECK(std::chrono::steady_clock::now() - before < 40s);
    CHECK_FALSE(runs("DRIFTKEEPER_TEST_MARK=" + room.own.path().string()));
    CHECK_FALSE(fs::exists(room.workspace.privateDirectory / "run"));
}

TEST_CASE(
    "a provider's process that left the group and keeps its pipes is gone after the deadline") {
    Room room;
    room.apply();
    (void)room.inspect();
    // terraform itself waits for whoever holds the pipes of a plugin.
    room.world.behave(R"({"spawn_daemon": true})");
    room.workspace.timeout = 4s;
    room.workspace.environment = {{"DRIFTKEEPER_TEST_MARK", room.own.path().string()}};
    const auto before = std::chrono::steady_clock::now();
    const Report report = room.inspect();
    CHECK_MESSAGE(startsWith(report, "timeout"), codeOf(report));
    CHECK(std::chrono::steady_clock::now() - before < 40s);
    CHECK_FALSE(runs("DRIFTKEEPER_TEST_MARK=" + room.own.path().string()));
}

TEST_CASE("a provider that crashes is told as such") {
    Room room;
    room.apply();
    room.world.behave(R"({"crash_on_read": ["a"]})");
    const Report report = room.inspect();
    CHECK_MESSAGE(startsWith(report, "provider_crashed"), codeOf(report));
    CHECK(verdictOf(report) == Verdict::Inconclusive);
}

TEST_CASE("an unreadable resource beside a drifted one is a partial report") {
    Room room(
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n}\nresource \"box_item\" \"b\" {\n  name = "
        "\"b\"\n  content = "
        "\"x\"\n}\n");
    room.apply();
    room.world.set("b", "content", "\"y\"");
    room.world.behave(R"({"fail_read": ["a"]})");
    const Report report = room.inspect();
    CHECK(report.completeness == Completeness::Partial);
    CHECK_MESSAGE(startsWith(report, "unreadable_resources"), codeOf(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "box_item.b");
}

TEST_CASE("a state that a running apply has locked is not judged") {
    Room room;
    room.apply();
    room.world.behave(R"({"slow_read_ms": 20000})");
    const std::string directory = room.world.stack().string();
    std::vector<std::string> environment;
    for (const auto& [name, value] : room.world.env()) environment.push_back(name + "=" + value);
    environment.push_back(std::string("PATH=") + std::getenv("PATH"));
    room.world.init();
    std::vector<char*> env;
    for (std::string& entry : environment) env.push_back(entry.data());
    env.push_back(nullptr);
    std::string script =
        "cd " + directory + " && exec terraform apply -auto-approve -input=false >/dev/null 2>&1";
    char* const argv[] = {const_cast<char*>("sh"), const_cast<char*>("-c"), script.data(), nullptr};
    pid_t pid = 0;
    posix_spawnattr_t group;
    ::posix_spawnattr_init(&group);
    ::posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
    const int error = ::posix_spawn(&pid, "/bin/sh", nullptr, &group, argv, env.data());
    ::posix_spawnattr_destroy(&group);
    REQUIRE(error == 0);
    const fs::path info = room.world.stateFile().parent_path() / ".terraform.tfstate.lock.info";
    REQUIRE(tests::eventually([&] { return fs::exists(info); }));
    const Report report = room.inspect();
    CHECK_MESSAGE(startsWith(report, "state_locked"), codeOf(report));
    CHECK(codeOf(report).find("apply by ") != std::string::npos);
    ::kill(-pid, SIGKILL);  // its provider too
    ::waitpid(pid, nullptr, 0);
    room.world.behave("{}");
    CHECK(fs::exists(info));  // what the killed apply left behind
    fs::remove(room.world.stack() / ".terraform.lock.hcl");
    const Report after = room.inspect();
    CHECK_MESSAGE(verdictOf(after) == Verdict::InSync, codeOf(after));
}

TEST_CASE("a lock file written on another platform is completed and kept") {
    Room room("resource \"box_item\" \"a\" {\n  name = \"a\"\n}\n", TerraformWorld::Mirror::Packed);
    room.apply();
    // As a registry gives it: the checksums of every platform's package, the content's hash of the
    // author's platform.
    const fs::path package =
        room.world.cliConfigFile().parent_path() /
        "registry.terraform.io/driftkeeper/box/terraform-provider-box_1.0.0_linux_amd64.zip";
    const std::string sum = tests::run({"sha256sum", package.string()}).out.substr(0, 64);
    const std::string foreign =
        "provider \"registry.terraform.io/driftkeeper/box\" {\n  version     = \"1.0.0\"\n  "
        "constraints = \">= 1.0.0, "
        "< "
        "1.1.0\"\n  hashes = [\n    \"h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\n    "
        "\"zh:" +
        sum + "\",\n  ]\n}\n";
    writeFile(room.world.stack() / ".terraform.lock.hcl", foreign);
    for (int check = 0; check < 2; ++check) {
        const Report report = room.inspect();
        CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, codeOf(report));
        CHECK_FALSE(hasDiagnostic(report, "no dependency lock file"));
        // What is completed lies in the look's own tree; nothing of Git's is taken out of it.
        const std::string seen = tests::readFile(room.world.stack() / ".terraform.lock.hcl");
        CHECK(seen.contains("h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        CHECK(seen.contains("zh:" + sum));
    }
    CHECK(std::ranges::count(room.runner.commands, "init") == 1);
}

TEST_CASE("a lock file that does not satisfy the configuration is not changed behind Git's back") {
    Room room;
    room.apply();
    writeFile(
        room.world.stack() / ".terraform.lock.hcl",
        "provider \"registry.terraform.io/driftkeeper/elsewhere\" {\n  version = \"1.0.0\"\n}\n");
    const Report report = room.inspect();
    CHECK_MESSAGE(startsWith(report, "lock_file_changed"), codeOf(report));
}

TEST_CASE("a workspace that does not exist is inconclusive, and is not made") {
    Room room;
    room.apply();
    room.workspace.options["workspace"] = {"green"};
    const Report report = room.inspect();
    CHECK_MESSAGE(startsWith(report, "workspace_missing"), codeOf(report));
    CHECK_FALSE(fs::exists(room.world.stack() / "terraform.tfstate.d"));
}

TEST_CASE("broken configurations and missing variables have their reasons") {
    Room broken;
    broken.apply();
    (void)broken.inspect();
    broken.world.write("resource \"box_item\" \"b\" {\n", "b.tf");
    const Report first = broken.inspect();
    CHECK_MESSAGE(startsWith(first, "broken_configuration"), codeOf(first));

    Room missing;
    missing.apply();
    (void)missing.inspect();
    missing.world.write("variable \"who\" {}\noutput \"who\" {\n  value = var.who\n}\n", "b.tf");
    const Report second = missing.inspect();
    CHECK_MESSAGE(startsWith(second, "missing_variable"), codeOf(second));

    writeFile(missing.world.stack() / "prod.tfvars", "who = \"me\"\n");
    missing.workspace.options["variable_files"] = {"prod.tfvars"};
    const Report third = missing.inspect();
    CHECK_MESSAGE(third.completeness == Completeness::Complete, codeOf(third));
    REQUIRE(third.drifts.size() == 1);  // the output is new
    CHECK(third.drifts[0].cause == cause::outputOnly);
}

TEST_CASE("a working tree is looked at and not written to") {
    Room room;
    room.apply();
    room.workspace.workingTree = true;
    room.workspace.commit.clear();
    // No .terraform and no lock file: a private copy.
    const auto before = listing(room.world.stack());
    Report report = room.inspect();
    CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, codeOf(report));
    CHECK(listing(room.world.stack()) == before);
    // With the lock file alone: private data.
    room.world.apply();
    report = room.inspect();
    CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, codeOf(report));
    // Initialised in place: as it is.
    tests::run({"terraform", "init", "-input=false"},
               {.cwd = room.world.stack(),
                .env = {{"TF_CLI_CONFIG_FILE", room.world.cliConfigFile().string()}}});
    REQUIRE(fs::exists(room.world.stack() / ".terraform"));
    const auto initialised = listing(room.world.stack());
    room.world.set("a", "size", "7");
    room.runner.commands.clear();
    report = room.inspect();
    CHECK_MESSAGE(verdictOf(report) == Verdict::Drifted, codeOf(report));
    CHECK(room.runner.commands == std::vector<std::string>{"plan", "show"});
    CHECK(listing(room.world.stack()) == initialised);
}

TEST_CASE("a provider reaches nothing that the sandbox hides and writes nothing of its own accord" *
          doctest::skip(landlockVersion() == 0)) {
    tests::TempDir state;
    writeFile(state / "driftkeeper.db", "secret");
    writeFile(state / "token", "secret");
    writeFile(state / "stacks/other/main.tf", "secret");
    Room room;
    room.apply();
    room.workspace.privateDirectory = state / "stacks/mine/private";
    room.workspace.notesDirectory = state / "stacks/mine/notes";
    room.workspace.hidden = {state.path()};
    const auto quoted = [&](const char* name) { return "\"" + (state / name).string() + "\""; };
    room.world.behave("{\"probe_read\": [" + quoted("driftkeeper.db") + "," + quoted("token") +
                      "," + quoted("stacks/other") + "], \"probe_write\": [" + quoted("new") +
                      ",\"" + (room.world.stack() / "main.tf").string() + "\",\"" +
                      (room.own / "new").string() + "\"], \"probe_env\": [\"" +
                      std::to_string(::getpid()) + ":PATH\"]}");
    const Report report = room.inspect();
    CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, codeOf(report));
    std::size_t denied = 0;
    for (const Diagnostic& one : report.diagnostics) {
        CAPTURE(one.summary);
        CHECK(one.summary.find("allowed") == std::string::npos);
        CHECK(one.summary.find("present") == std::string::npos);
        if (one.summary.find("denied") != std::string::npos) ++denied;
    }
    CHECK(denied >= 6);
}

namespace {

// A program that is real terraform and says that it is another version.
fs::path wrapper(const tests::TempDir& folder, const std::string& name,
                 const std::string& version) {
    const auto path = folder / name;
    writeFile(path, "#!/bin/sh\nif [ \"$1\" = version ]; then\n  echo '{\"terraform_version\": \"" +
                        version + "\"}'\n  exit 0\nfi\nexec terraform \"$@\"\n");
    fs::permissions(path, fs::perms::owner_all);
    return path;
}

bool has(const std::vector<Tie>& ties, const Tie& tie) {
    return std::ranges::find(ties, tie) != ties.end();
}

}  // namespace

TEST_CASE("the version that a stack asks for chooses among real programs") {
    Room room;
    room.apply();
    const auto old = wrapper(room.own, "terraform-1.5.7", "1.5.7");
    const auto newer = wrapper(room.own, "terraform-1.9.8", "1.9.8");
    room.workspace.options["programs"] = {"=" + old.string(), "1.9.8=" + newer.string()};
    writeFile(room.world.stack() / ".terraform-version", "latest:^1.9\n");
    const Report report = room.inspect();
    CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, codeOf(report));
    writeFile(room.world.stack() / ".terraform-version", "1.6.0\n");
    const Report none = room.inspect();
    CHECK_MESSAGE(startsWith(none, "no_fitting_version"), codeOf(none));
    CHECK(codeOf(none).contains("1.5.7"));
    CHECK(codeOf(none).contains("asked for: 1.6.0 (.terraform-version)"));
}

// The wrapper is real terraform by another name: the real tofu was not run.
TEST_CASE("a program named tofu looks at OpenTofu's files as OpenTofu's provider") {
    Room room;
    room.apply();
    const auto program = wrapper(room.own, "tofu", "1.9.0");
    const auto provider = makeOpenTofuProvider(room.runner, room.tags);
    room.workspace.options["program"] = {program.string()};
    Report report = provider->inspect(room.workspace, {}, {});
    CHECK_MESSAGE(verdictOf(report) == Verdict::InSync, codeOf(report));
    room.world.set("a", "size", "3");
    report = provider->inspect(room.workspace, {}, {});
    CHECK_MESSAGE(verdictOf(report) == Verdict::Drifted, codeOf(report));
    CHECK(provider->name() == "opentofu");
}

TEST_CASE("a stack that reads the state of another one is tied to it, drifted or not") {
    Room net(
        "resource \"box_item\" \"net\" {\n  name = \"net\"\n}\noutput \"net_id\" {\n  value = "
        "box_item.net.id\n}\n");
    net.apply();
    const std::string key = "tfstate:local:" + net.world.stateFile().string();
    const Report offering = net.inspect();
    CHECK_MESSAGE(verdictOf(offering) == Verdict::InSync, codeOf(offering));
    CHECK(has(offering.graph.offers(), {"box_item.net", key + "#net_id"}));
    CHECK(offering.graph.resources().at(0).identity == "driftkeeper/box box_item net");

    Room app(
        "data \"terraform_remote_state\" \"net\" {\n  backend = \"local\"\n  config  = { path = "
        "\"" +
        net.world.stateFile().string() +
        "\" }\n}\nlocals {\n  net = data.terraform_remote_state.net.outputs.net_id\n}\n"
        "resource \"box_item\" \"app\" {\n  name    = \"app\"\n  content = \"in "
        "${local.net}\"\n}\n");
    app.apply();
    Report needing = app.inspect();
    CHECK_MESSAGE(verdictOf(needing) == Verdict::InSync, codeOf(needing));
    CHECK(has(needing.graph.needs(), {"box_item.app", key + "#net_id"}));
    app.world.set("app", "content", "\"elsewhere\"");
    needing = app.inspect();
    CHECK_MESSAGE(verdictOf(needing) == Verdict::Drifted, codeOf(needing));
    CHECK(has(needing.graph.needs(), {"box_item.app", key + "#net_id"}));
    CHECK(needing.graph.resources().at(0).identity == "driftkeeper/box box_item app");
}

TEST_CASE("a real state is read without planning, from its file and through its backend") {
    Room room;
    room.apply();
    const auto provider = makeStateProvider(room.runner, room.tags);
    room.workspace.options["file"] = {room.world.stateFile().string()};
    const Report read = provider->inspect(room.workspace, {}, {});
    CHECK_MESSAGE(startsWith(read, "not_compared"), codeOf(read));
    CHECK(read.graph.contains("box_item.a"));
    CHECK(room.runner.commands.empty());
    room.workspace.options.erase("file");
    room.workspace.options["pull"] = {"true"};
    const Report pulled = provider->inspect(room.workspace, {}, {});
    CHECK_MESSAGE(startsWith(pulled, "not_compared"), codeOf(pulled));
    CHECK(pulled.graph.resources() == read.graph.resources());
    CHECK(pulled.evidence.stateSerial == read.evidence.stateSerial);
    CHECK(room.runner.commands == std::vector<std::string>{"version", "init", "state"});
    CHECK(verdictOf(pulled) == Verdict::Inconclusive);
}

}  // namespace terraform_provider_test
