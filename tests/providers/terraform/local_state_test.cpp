#include "providers/terraform/local_state.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

TEST_CASE("where a local backend keeps its state") {
    const Scratch scratch;
    scratch.write("backend.hcl", "path = \"from-file.tfstate\"\n");
    struct Row {
        std::optional<std::string> backend;
        std::map<std::string, std::string> attributes;
        std::vector<std::string> settings;
        std::string workspace;
        std::string path;  // from the stack's folder, or absolute
        bool isRelative;
    };
    for (const Row& row : {
             Row{{}, {}, {}, "", "terraform.tfstate", true},
             Row{"local", {}, {}, "default", "terraform.tfstate", true},
             Row{"local", {{"path", "../s/a.tfstate"}}, {}, "", "../s/a.tfstate", true},
             Row{"local", {{"path", "/s/a.tfstate"}}, {}, "", "/s/a.tfstate", false},
             Row{"local", {{"path", "a"}}, {"path=/b"}, "", "/b", false},
             Row{"local", {}, {"backend.hcl"}, "", "from-file.tfstate", true},
             Row{"local", {}, {}, "blue", "terraform.tfstate.d/blue/terraform.tfstate", true},
             Row{"local",
                 {{"workspace_dir", "/w"}},
                 {},
                 "blue",
                 "/w/blue/terraform.tfstate",
                 false},
         }) {
        Configuration configuration;
        configuration.backend = row.backend;
        configuration.backendAttributes = row.attributes;
        const auto state = localStateOf(configuration, scratch.path(), row.workspace, row.settings);
        REQUIRE(state);
        CHECK(state->path == (scratch.path() / row.path).lexically_normal());
        CHECK(state->isRelative == row.isRelative);
    }
    Configuration remote;
    remote.backend = "s3";
    CHECK_FALSE(localStateOf(remote, scratch.path(), "", {}));
}

TEST_CASE("what an earlier init was given fills what the backend block leaves open") {
    const Scratch scratch;
    scratch.write("data/terraform.tfstate",
                  R"({"version":3,"backend":{"type":"s3","config":{"bucket":"b","encrypt":true,)"
                  R"("key":"of-then","region":null},"hash":1}})");
    Configuration configuration;
    configuration.backend = "s3";
    configuration.backendAttributes = {{"key", "of-now"}};
    using Words = std::vector<std::string>;
    CHECK(backendConfigOfInit(configuration, scratch.path() / "data") ==
          Words{"bucket=b", "encrypt=true"});
    CHECK(backendConfigOfInit(configuration, scratch.path() / "elsewhere").empty());
    configuration.backend = "gcs";
    CHECK(backendConfigOfInit(configuration, scratch.path() / "data").empty());
}

TEST_CASE("a place that only the tool can tell is what init found, and not guessed before") {
    const Scratch scratch;
    Configuration configuration;
    configuration.backend = "local";
    configuration.openBackendAttributes = {"path"};
    CHECK_FALSE(localStateOf(configuration, scratch.path(), "", {}));
    CHECK_FALSE(stateKeyOf(configuration, scratch.path(), "", {}));
    CHECK(localStateOf(configuration, scratch.path(), "", {"path=/given"})->path == "/given");
    takeInitialisedBackend(configuration, scratch.path());
    CHECK_FALSE(localStateOf(configuration, scratch.path(), "", {}));
    scratch.write("terraform.tfstate",
                  R"({"version":3,"backend":{"type":"local","config":{"path":"/s/prod.tfstate",)"
                  R"("workspace_dir":null},"hash":1}})");
    takeInitialisedBackend(configuration, scratch.path());
    CHECK(localStateOf(configuration, scratch.path(), "", {})->path == "/s/prod.tfstate");
}

TEST_CASE("a lock is a live process, not what a killed one left behind") {
    const Scratch scratch;
    const auto state = scratch.write("terraform.tfstate", "{}");
    scratch.write(
        ".terraform.tfstate.lock.info",
        R"({"ID":"1","Operation":"OperationTypeApply","Info":"","Who":"ci@host","Version":"1.11.4"})");
    CHECK_FALSE(lockHolder(state));
    CHECK_FALSE(lockHolder(scratch.path() / "nothing"));
    const int fd = ::open(state.c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    REQUIRE(::fcntl(fd, F_OFD_SETLK, &lock) == 0);
    CHECK(lockHolder(state) == "apply by ci@host");
    ::close(fd);
    CHECK_FALSE(lockHolder(state));
}
