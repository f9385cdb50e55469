#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// Whose rules a CODEOWNERS file follows. They differ in what a pattern means:
//   docs/net   GitHub: from the root, and all below it     GitLab: anywhere, that file alone
//   docs/**    GitHub: all below docs                      GitLab: what lies in docs itself
//   /          GitHub: nothing                             GitLab: everything
enum class CodeownersDialect { GitHub, GitLab };

// A pattern of CODEOWNERS. GitHub: gitignore(5) of Git 2.39, except that a last part `*` does not
// reach into folders. GitLab: Ruby's File.fnmatch with FNM_PATHNAME and FNM_DOTMATCH. `*` and `?`
// stay within a part, `**` is any number of folders, a backslash takes the next character as it is,
// letters count as they are written. No ranges in brackets.
class PathPattern {
public:
    PathPattern(std::string_view text, CodeownersDialect dialect);

    // `path`: of a file, from the root, parts joined by '/'. Never more steps than pattern × path ×
    // parts of the path.
    [[nodiscard]] bool matches(std::string_view path) const noexcept;

private:
    std::vector<std::string> parts_;  // `**`: any number of parts, also none
};

}  // namespace driftkeeper
