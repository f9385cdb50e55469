#include "parsers/terraform/lock_file.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::terraform;

namespace lock_file_test {
namespace {

constexpr auto text = R"(# This file is maintained automatically by "terraform init".
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.31.0"
  constraints = "~> 5.0"
  hashes = [
    "zh:02",
    "h1:01", # ours
  ]
}

provider "registry.terraform.io/hashicorp/null" {
  version = "3.2.2"
}
)";

}  // namespace

TEST_CASE("a lock file gives each provider's version and hashes") {
    const auto locked = readLockFile(text);
    REQUIRE(locked.size() == 2);
    const auto& aws = locked.at("registry.terraform.io/hashicorp/aws");
    CHECK(aws.version == "5.31.0");
    CHECK(aws.hashes == std::vector<std::string>{"h1:01", "zh:02"});
    CHECK(locked.at("registry.terraform.io/hashicorp/null").hashes.empty());
}

TEST_CASE("a broken lock file gives what could be read") {
    CHECK(readLockFile("").empty());
    CHECK(readLockFile("provider {\n}\n").empty());
    CHECK(readLockFile("junk ]\nprovider \"a/b/c\" {\n version = \"1\"\n").at("a/b/c").version ==
          "1");
}

TEST_CASE("a change of the selections is one sentence, new hashes are none") {
    const auto before = readLockFile(text);
    auto after = before;
    CHECK(selectionChange(before, after).empty());
    after.begin()->second.hashes.push_back("h1:other");
    CHECK(selectionChange(before, after).empty());
    after.begin()->second.version = "5.32.0";
    CHECK(selectionChange(before, after) ==
          "provider registry.terraform.io/hashicorp/aws was locked at 5.31.0 and is now 5.32.0");
    after = before;
    after["x/y/z"].version = "1.0.0";
    CHECK(selectionChange(before, after) == "provider x/y/z 1.0.0 was added");
    CHECK(selectionChange(after, before) == "provider x/y/z is no longer locked");
}

}  // namespace lock_file_test
