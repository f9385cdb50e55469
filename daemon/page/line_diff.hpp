#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Two texts beside each other. Pure.
namespace driftkeeper::page {

// One row of the two: a line that both have, one that was replaced, or one that only one side has.
struct LinePair {
    std::optional<std::string> left;
    std::optional<std::string> right;
    bool isSame = false;
};

// By the longest common subsequence. Texts of more than 400 lines are compared from their two ends
// only.
std::vector<LinePair> pairLines(const std::vector<std::string>& left,
                                const std::vector<std::string>& right);

std::vector<std::string> linesOf(std::string_view text);

// What two lines have in common at both ends, in bytes; never splits a character.
struct Common {
    std::size_t front = 0;
    std::size_t back = 0;
};
Common commonEnds(std::string_view left, std::string_view right);

// A canonical JSON list or object with one member a line; other values and what is no JSON as it
// is.
std::string indented(std::string_view json);

}  // namespace driftkeeper::page
