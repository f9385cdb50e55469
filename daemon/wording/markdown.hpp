#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/contract/stack_object.hpp"

namespace driftkeeper {

// What a comment on GitHub can hold, in characters; GitLab takes more.
inline constexpr std::size_t mostComment = 65'536;

// What `check` found, as a comment on a pull request, in GitHub's Markdown (github.github.com/gfm
// 0.29): a table of the stacks, then of each one that differs its drifts with their attributes,
// folded. At most `most` bytes: what does not fit is counted at the end. Names and values stand in
// code spans and cannot end them.
std::string checkMarkdown(const std::vector<StackObject>& stacks, std::size_t most = mostComment);

// A code span that stays one, also in a cell of a table.
std::string markdownCode(std::string_view text);

}  // namespace driftkeeper
