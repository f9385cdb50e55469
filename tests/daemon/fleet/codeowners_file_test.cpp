#include "daemon/fleet/codeowners_file.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace driftkeeper;

namespace codeowners_file_test {
namespace {

using Tree = std::map<std::string, std::string>;

CodeownersFile readIn(const Tree& tree) {
    return readCodeowners([&](const std::string& path) -> Result<std::optional<std::string>> {
        const auto file = tree.find(path);
        if (file == tree.end()) return std::optional<std::string>();
        if (file->second == "huge")
            return failure(Remedy::Report, "git_huge_file", "it is too large");
        return file->second;
    });
}

}  // namespace

TEST_CASE("the first place that has a CODEOWNERS counts") {
    Tree tree;
    CHECK(readIn(tree).codeowners.ownersOf("a").empty());
    CHECK(readIn(tree).mistake.empty());
    for (const std::string place :
         {".gitlab/CODEOWNERS", "docs/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"}) {
        CAPTURE(place);
        tree[place] = "* " + place.substr(0, place.find('/')) + "@example.org";
        CHECK(readIn(tree).codeowners.ownersOf("a") ==
              std::vector<std::string>{place.substr(0, place.find('/')) + "@example.org"});
    }
    tree[".github/CODEOWNERS"] = "";
    CHECK(readIn(tree).codeowners.ownersOf("a").empty());
}

TEST_CASE("what is wrong with a CODEOWNERS is said with its place, and the rest of it counts") {
    const auto broken = readIn({{"docs/CODEOWNERS", "* @all\n*.[tf] @x\n* bob"}});
    CHECK(broken.codeowners.ownersOf("a") == std::vector<std::string>{"@all"});
    CHECK(broken.mistake.starts_with("docs/CODEOWNERS:2: "));
    CHECK(broken.mistake.ends_with(" (and 1 more lines)"));
    const auto huge = readIn({{"CODEOWNERS", "huge"}, {"docs/CODEOWNERS", "* @all"}});
    CHECK(huge.codeowners.ownersOf("a").empty());
    CHECK(huge.mistake == "CODEOWNERS: it is too large");
}

}  // namespace codeowners_file_test
