#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/codeowners/path_pattern.hpp"

namespace driftkeeper {

// Where a repository may keep its CODEOWNERS; the first one that is there counts. GitHub asks
// .github, root, docs, and GitLab root, docs, .gitlab, each in this order.
inline constexpr std::array<const char*, 4> codeownersPlaces = {
    ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"};
inline constexpr std::size_t mostCodeownersText = 3U << 20U;  // GitHub reads no larger one

// Who owns which files: "About code owners" of GitHub's documentation (which has no version) and
// "Syntax of CODEOWNERS file" of GitLab 18.6. Whether an owner exists, and how many have to
// approve, is not asked.
struct Codeowners {
    struct Rule {
        PathPattern pattern;
        std::vector<std::string> owners;  // @name, @org/team, @@role, name@example.org
        bool excludes = false;            // GitLab's `!`
    };
    struct Section {
        std::string name;  // lower case; empty for what stands before the first heading
        std::vector<Rule> rules;
    };
    // A line that says less than it seems to.
    struct Mistake {
        std::size_t line = 1;
        std::string message;  // repeats nothing of the text
    };

    std::vector<Section> sections;
    std::vector<Mistake> mistakes;  // at most 100

    // Of each section the last rule that matches, and none when the section excludes the path.
    // Every owner once, in the order of the text, at most 100. A rule without owners takes the file
    // from its section's earlier owners.
    [[nodiscard]] std::vector<std::string> ownersOf(std::string_view path) const;
};

// `place` tells the dialect: .github is GitHub's, .gitlab is GitLab's; elsewhere a text is GitLab's
// when it has a section or an exclusion. In both, a word that starts with '#' ends its line, a line
// that cannot be understood is left out, and so is a word that is no owner. Never fails, linear in
// the text; too large a text is one mistake and no rule.
Codeowners parseCodeowners(std::string_view place, std::string_view text);

}  // namespace driftkeeper
