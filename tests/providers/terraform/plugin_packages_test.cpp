#include "providers/terraform/plugin_packages.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

namespace plugin_packages_test {
namespace {

namespace fs = std::filesystem;

const std::string box = "registry.terraform.io/driftkeeper/box";
const std::string place = box + "/1.0.0/linux_amd64";

struct Packages {
    Scratch scratch;
    fs::path own = scratch.path() / "own";
    fs::path cache = scratch.folder("cache");

    Packages() {
        scratch.write("own/" + place + "/terraform-provider-box", "the program");
        scratch.write("own/" + place + "/LICENSE", "the license");
    }
    [[nodiscard]] LockFile locked(const std::string& hash) const {
        return {{box, {"1.0.0", {hash, "zh:0000"}}}};
    }
    [[nodiscard]] LockFile locked() const { return locked(packageHash(own / place)); }
    [[nodiscard]] bool isShared() const {
        return fs::exists(cache / place / "terraform-provider-box") && fs::is_symlink(own / place);
    }
};

}  // namespace

TEST_CASE("the hash of a package is that of the lock file") {
    // dirhash: h1 of the list of "SHA-256  NAME" by name
    const Packages packages;
    CHECK(packageHash(packages.own / place) == "h1:DaeeYc8uomzAcpf7EWLVTDU87jPxLWmuu3yZr6cp8Xw=");
}

TEST_CASE("what init downloaded is shared when the lock file knows it, and linked for the next") {
    const Packages packages;
    const LockFile locked = packages.locked();
    sharePackages(packages.own, packages.cache, locked);
    CHECK(packages.isShared());
    CHECK(packages.scratch.read("cache/" + place + "/LICENSE") == "the license");

    const fs::path other = packages.scratch.path() / "other";
    REQUIRE(linkPackages(other, packages.cache, locked));
    CHECK(fs::read_symlink(other / place) == packages.cache / place);
    REQUIRE(linkPackages(other, packages.cache, {{box, {"2.0.0", {}}}}));
    CHECK(fs::is_empty(other));
}

TEST_CASE("what the lock file does not know stays the stack's own") {
    const Packages packages;
    sharePackages(packages.own, packages.cache, packages.locked("h1:another"));
    CHECK_FALSE(packages.isShared());
    CHECK(fs::is_empty(packages.cache));
}

TEST_CASE("a package that holds more than plain files is not shared") {
    const Packages packages;
    const LockFile locked = packages.locked();
    SUBCASE("a link") {
        fs::create_symlink("/etc/passwd", packages.own / place / "link");
    }
    SUBCASE("a file with a second name outside") {
        fs::create_hard_link(packages.own / place / "LICENSE", packages.scratch.path() / "second");
    }
    SUBCASE("a FIFO") {
        REQUIRE(::mkfifo((packages.own / place / "fifo").c_str(), 0600) == 0);
    }
    SUBCASE("one more file") {
        packages.scratch.write("own/" + place + "/more", "more");
    }
    sharePackages(packages.own, packages.cache, locked);
    CHECK(fs::is_empty(packages.cache));
}

TEST_CASE("what another stack shared is never replaced") {
    const Packages packages;
    packages.scratch.write("cache/" + place + "/terraform-provider-box", "of another");
    sharePackages(packages.own, packages.cache, packages.locked());
    CHECK(packages.scratch.read("cache/" + place + "/terraform-provider-box") == "of another");
    CHECK_FALSE(fs::is_symlink(packages.own / place));
}

TEST_CASE("addresses and links lead nowhere else") {
    const Packages packages;
    packages.scratch.write("victim/1.0.0/linux_amd64/file", "text");
    const std::string hash = packageHash(packages.scratch.path() / "victim/1.0.0/linux_amd64");
    sharePackages(packages.own, packages.cache, {{"../victim", {"1.0.0", {hash}}}});
    fs::create_directory_symlink(packages.scratch.path() / "victim", packages.own / "linked");
    sharePackages(packages.own, packages.cache, {{"linked", {"1.0.0", {hash}}}});
    CHECK(packages.scratch.read("victim/1.0.0/linux_amd64/file") == "text");
    CHECK(fs::is_empty(packages.cache));
}

}  // namespace plugin_packages_test
