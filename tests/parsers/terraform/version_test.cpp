#include "parsers/terraform/version.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::terraform;

namespace version_test {
namespace {

Version version(const std::string& text) {
    const auto read = versionFrom(text);
    REQUIRE_MESSAGE(read, text);
    return *read;
}

std::vector<Version> versions(const std::vector<std::string>& texts) {
    std::vector<Version> all;
    for (const auto& text : texts) all.push_back(version(text));
    return all;
}

}  // namespace

TEST_CASE("what a version is, and what is none") {
    struct Row {
        const char* written;
        const char* text;
    };
    for (const Row& row :
         {Row{"1.5.7", "1.5.7"}, Row{"v1.5", "1.5.0"}, Row{"2", "2.0.0"}, Row{"1.2.3.4", "1.2.3.4"},
          Row{"1.6.0-beta1", "1.6.0-beta1"}, Row{"1.6.0-rc.1+build.7", "1.6.0-rc.1"},
          Row{"1.6.0beta1", "1.6.0-beta1"}, Row{"01.02.3", "1.2.3"}}) {
        CAPTURE(row.written);
        CHECK(toText(version(row.written)) == row.text);
    }
    for (const char* text : {"", "v", "a.b.c", "1.", ".1", "1..2", "1.2.3-", "1.2.3+", "1.2.3-a..b",
                             " 1.2", "1.2 ", "99999999999999999999", "1.2.3-ä"}) {
        CAPTURE(text);
        CHECK_FALSE(versionFrom(text));
    }
    CHECK_FALSE(versionFrom(std::string(300, '1')));
}

TEST_CASE("versions in their order, prereleases before their release") {
    const char* ordered[] = {"0.15.3",     "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
                             "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                             "1.0.0",      "1.0.0.1",      "1.2",           "1.10.0"};
    for (std::size_t i = 0; i + 1 < std::size(ordered); ++i) {
        CAPTURE(ordered[i]);
        CHECK(version(ordered[i]) < version(ordered[i + 1]));
        CHECK(version(ordered[i + 1]) > version(ordered[i]));
    }
    CHECK(version("1.2") == version("v1.2.0"));
    CHECK(version("1.2.0.0") == version("1.2"));
    CHECK(version("1.2.0+a") == version("1.2.0+b"));
}

TEST_CASE("constraints allow what hashicorp/go-version allows") {
    struct Row {
        const char* constraints;
        const char* version;
        bool isAllowed;
    };
    // The first rows are those of go-version's own test table.
    for (const Row& row : {Row{">= 1.0, < 1.2", "1.1.5", true},
                           Row{"< 1.0, < 1.2", "1.1.5", false},
                           Row{"= 1.0", "1.1.5", false},
                           Row{"= 1.0", "1.0.0", true},
                           Row{"1.0", "1.0.0", true},
                           Row{"~> 1.0", "2.0", false},
                           Row{"~> 1.0", "1.1", true},
                           Row{"~> 1.0", "1.2.3", true},
                           Row{"~> 1.0.0", "1.2.3", false},
                           Row{"~> 1.0.0", "1.0.7", true},
                           Row{"~> 1.0.7", "1.0.4", false},
                           Row{"~> 1.0.7", "1.0.8", true},
                           Row{"~> 1.0.9.5", "1.0.9.6", true},
                           Row{"~> 1.0.9.5", "1.0.9.4", false},
                           Row{"~> 1.0.9.5", "1.0.10", false},
                           Row{"~> 1.0", "1.0.7-beta", false},
                           Row{"~> 2.0.1-alpha", "2.0.1-alpha.2", true},
                           Row{"~> 2.1.0-a", "2.1.0", false},
                           Row{"~> 2.1.0-a", "2.1.1-beta", false},
                           Row{"> 2.0", "2.1.0-beta", false},
                           Row{">= 2.1.0-a", "2.1.0-beta", true},
                           Row{">= 2.1.0-a", "2.1.1-beta", false},
                           Row{">= 2.0.0", "2.1.0-beta", false},
                           Row{">= 2.1.0-a", "2.1.1", true},
                           Row{"= 2.1.0-a", "2.1.0-a", true},
                           Row{"!= 1.2.0", "1.2.0", false},
                           Row{"!= 1.2.0", "1.3.0-beta", true},
                           Row{">1.2,<=1.5.7", "1.5.7", true},
                           Row{"  >=  v1.5 ", "1.5.0", true},
                           Row{"~> 1", "2.3.0", true},  // as it is: nothing is left that must stay
                           Row{"<= 1.5", "1.5.1", false}}) {
        CAPTURE(row.constraints);
        CAPTURE(row.version);
        const auto constraints = constraintsFrom(row.constraints);
        REQUIRE(constraints);
        CHECK(constraints->allow(version(row.version)) == row.isAllowed);
    }
    for (const char* text :
         {"", ",", ">= ", ">= 1.0,", "=> 1.0", "^1.0", "1.0 || 2.0", ">= a", "1.x"}) {
        CAPTURE(text);
        CHECK_FALSE(constraintsFrom(text));
    }
}

TEST_CASE("what a version file asks for, by the forms of tfenv and tenv") {
    struct Row {
        const char* file;
        const char* version;
        bool fits;
    };
    for (const Row& row :
         {Row{"1.5.7\n", "1.5.7", true}, Row{"v1.5.7", "1.5.7", true}, Row{"1.5.7", "1.5.8", false},
          Row{"# why\n\n  1.6.0-beta1  # for now\n", "1.6.0-beta1", true},
          Row{"1.6.0", "1.6.0-beta1", false}, Row{"latest", "1.9.0", true},
          Row{"latest", "1.9.0-rc1", false}, Row{"latest:^1.5", "1.5.7", true},
          Row{"latest:^1.5", "1.6.0", false}, Row{"latest:^1\\.[56]\\.", "1.6.0", true},
          Row{"latest:^1\\.[56]\\.", "1.16.0", false}, Row{"latest:-rc[0-9]+$", "1.9.0-rc12", true},
          Row{"~> 1.5.0", "1.5.7", true}, Row{"min-required", "1.2.0", true},
          Row{"latest-allowed", "1.2.0", true}, Row{"one dot five", "1.5.0", false}}) {
        CAPTURE(row.file);
        CAPTURE(row.version);
        const auto request = VersionRequest::fromFile(row.file);
        REQUIRE(request);
        CHECK(request->fits(version(row.version)) == row.fits);
    }
    for (const char* nothing : {"", "\n \n", "# later\n"})
        CHECK_FALSE(VersionRequest::fromFile(nothing));
}

TEST_CASE("patterns are found in linear time") {
    struct Row {
        const char* pattern;
        const char* text;
        bool isFound;
    };
    for (const Row& row :
         {Row{"", "x", true}, Row{"^$", "", true}, Row{"^$", "x", false}, Row{"b", "abc", true},
          Row{"^b", "abc", false}, Row{"c$", "abc", true}, Row{"a.c", "abc", true},
          Row{"ab*c", "ac", true}, Row{"ab+c", "ac", false}, Row{"ab+c", "abbc", true},
          Row{"ab?c", "abbc", false}, Row{"[^0-9]", "123", false}, Row{"[]x]", "]", true},
          Row{"a\\.b", "a.b", true}, Row{"a\\.b", "axb", false}, Row{"[0-9", "7", true},
          Row{"a$b", "a$b", true}, Row{"\\", "\\", true}}) {
        CAPTURE(row.pattern);
        CAPTURE(row.text);
        CHECK(matchesPattern(row.text, row.pattern) == row.isFound);
    }
    CHECK_FALSE(matchesPattern(std::string(100'000, 'a') + "b", "a*a*a*a*a*a*a*a*a*a*c"));
    CHECK_FALSE(matchesPattern("a", std::string(100, 'a')));
    CHECK_FALSE(matchesPattern("a", std::string(60, 'a') + "+b+c+d+e+"));
}

TEST_CASE("the newest that fits is chosen, for min-required the oldest") {
    const auto there = versions({"1.5.7", "1.11.4", "1.6.0", "1.12.0-rc1", "1.6.0"});
    struct Row {
        const char* file;
        std::vector<std::string> required;
        std::optional<std::size_t> chosen;
    };
    for (const Row& row :
         {Row{"", {}, 3}, Row{"latest", {}, 1}, Row{"1.5.7", {}, 0}, Row{"1.6.0", {}, 2},
          Row{"", {"< 1.11"}, 2},
          Row{"", {">= 1.12"}, 3},  // required_version sees a prerelease as its release
          Row{"min-required", {">= 1.6"}, 2}, Row{"latest-allowed", {"~> 1.5.0"}, 0},
          Row{"1.5.7", {">= 1.6"}, std::nullopt}, Row{"1.5.6", {}, std::nullopt},
          Row{"", {">= 1.6", "< 1.7"}, 2}, Row{"", {"var.x", ">= 1.0.0-beta"}, 3}}) {
        CAPTURE(row.file);
        VersionDemand demand{VersionRequest::fromFile(row.file), row.required,
                             ".terraform-version"};
        CHECK(chooseVersion(there, demand) == row.chosen);
    }
}

TEST_CASE("a demand says what is asked for, and by whom") {
    const VersionDemand demand{VersionRequest::fromFile("1.5.7"), {"~> 1.5"}, ".terraform-version"};
    CHECK(demand.text() == "1.5.7 (.terraform-version), ~> 1.5 (required_version)");
    CHECK_FALSE(demand.asksForNothing());
    CHECK(VersionDemand{}.asksForNothing());
}

TEST_CASE("what .tf files require of OpenTofu counts before 1.12 only") {
    VersionDemand demand;
    demand.requiredOfTerraform = {"~> 1.5.0"};
    CHECK(demand.asksForNothing());
    CHECK(demand.allows(*versionFrom("1.5.7")));
    CHECK_FALSE(demand.allows(*versionFrom("1.11.2")));
    CHECK(demand.allows(*versionFrom("1.12.0-rc1")));
    CHECK(demand.allows(*versionFrom("1.13.0")));
}

}  // namespace version_test
