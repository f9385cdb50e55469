#include "providers/process/room.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "providers/process/real_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;

namespace room_test {
namespace {

namespace fs = std::filesystem;

ToolResult runIn(const Sandbox& sandbox, const fs::path& directory, const std::string& command,
                 const SandboxPolicy& policy = {}) {
    RealToolRunner runner(policy);
    ToolCall call;
    call.argv = {"sh", "-c", command};
    call.directory = directory;
    call.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    call.sandbox = sandbox;
    const auto result = runner.run(call, {});
    if (!result) FAIL(result.error().message);
    return *result;
}

std::string saidIn(const Sandbox& sandbox, const fs::path& directory, const std::string& command) {
    const ToolResult result = runIn(sandbox, directory, command);
    return result.out + result.err;
}

bool canOverlay() {
    const Scratch scratch;
    return sandboxCanOverlay(scratch.path());
}

// A host without what a test is about does not run it, and so cannot pass it.
const auto needsOverlay = doctest::skip(!canOverlay());
const auto needsRoom = doctest::skip(!sandboxRefusal().empty());

}  // namespace

TEST_CASE("this host gives rooms, or says what it refuses") {
    INFO(sandboxRefusal());
    CHECK((strongestSandbox() == SandboxMode::Strict) == sandboxRefusal().empty());
}

TEST_CASE("a tree is seen at its path, what is written stays in its scratch for the next call" *
          needsOverlay) {
    const Scratch scratch;
    scratch.write("state/checkout/main.tf", "as in Git");
    scratch.write("state/checkout/old/file", "as in Git");
    Sandbox sandbox;
    sandbox.hidden = {scratch.path() / "state"};
    sandbox.tree = {scratch.path() / "state/checkout", scratch.path() / "state/stable/tree",
                    scratch.path() / "state/mine"};
    const fs::path tree = sandbox.tree->at;
    CHECK(saidIn(sandbox, tree, "pwd; cat main.tf; ls ../.. 2>/dev/null || echo no") ==
          tree.string() + "\nas in Gitno\n");
    CHECK(saidIn(sandbox, tree,
                 "echo new > lock; echo changed > main.tf; rm -r old; mkdir old; ls -A old") == "");
    CHECK(saidIn(sandbox, tree, "cat lock main.tf; ls") == "new\nchanged\nlock\nmain.tf\nold\n");
    CHECK(scratch.read("state/checkout/main.tf") == "as in Git");
    CHECK(scratch.read("state/mine/upper/lock") == "new\n");
    CHECK_FALSE(fs::exists(tree));

    sandbox.tree->scratch.clear();
    CHECK(saidIn(sandbox, tree, "cat main.tf; echo x 2>/dev/null > main.tf || echo no") ==
          "as in Gitno\n");
}

TEST_CASE("what people keep outside of the system's folders can be read, what is hidden cannot" *
          needsRoom) {
    std::string name = "/var/tmp/driftkeeper-room-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    const fs::path place = name;
    std::ofstream(place / "terraform.tfstate") << "state";
    std::ofstream(place / "secret") << "canary";
    Sandbox sandbox;
    sandbox.hidden = {place / "secret"};
    const std::string said = saidIn(sandbox, "/", "cd " + name + "; cat terraform.tfstate secret");
    CHECK(said.starts_with("state"));
    CHECK_FALSE(said.contains("canary"));
    CHECK(saidIn(sandbox, "/", "echo x 2>/dev/null > " + name + "/new || echo no") == "no\n");
    CHECK(saidIn(sandbox, "/", "[ -e /run ] || echo none") == "none\n");
    fs::remove_all(place);
}

}  // namespace room_test
