#include "parsers/codeowners/path_pattern.hpp"

#include <algorithm>

namespace driftkeeper {
namespace {

constexpr std::string_view anyParts = "**";

std::string_view takePart(std::string_view& path) noexcept {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    return part;
}

std::size_t bytesOfFirst(std::string_view text) noexcept {
    std::size_t end = 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    return end;
}

// One character of the text by one of the pattern that is no star. False: they differ, and nothing
// was taken.
bool takeOne(std::string_view& pattern, std::string_view& text) noexcept {
    if (pattern.empty() || text.empty()) return false;
    if (pattern[0] == '?') {
        pattern.remove_prefix(1);
        text.remove_prefix(bytesOfFirst(text));
        return true;
    }
    const std::size_t escape = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
    if (pattern[escape] != text[0]) return false;
    pattern.remove_prefix(escape + 1);
    text.remove_prefix(1);
    return true;
}

// Goes back to the last star only, which is enough.
bool partMatches(std::string_view pattern, std::string_view text) noexcept {
    std::string_view afterStar;
    std::string_view retry;
    bool starred = false;
    while (!pattern.empty() || !text.empty()) {
        if (pattern.starts_with('*')) {
            pattern.remove_prefix(1);
            afterStar = pattern;
            retry = text;
            starred = true;
        } else if (!takeOne(pattern, text)) {
            if (!starred || retry.empty()) return false;
            retry.remove_prefix(1);
            pattern = afterStar;
            text = retry;
        }
    }
    return true;
}

}  // namespace

// Whatever the dialect says without a word (anywhere, all below) becomes a `**` here.
PathPattern::PathPattern(std::string_view text, CodeownersDialect dialect) {
    const bool isGitHub = dialect == CodeownersDialect::GitHub;
    if (isGitHub && text == "/") return;
    const bool isFolder = text.ends_with('/');
    const bool isRooted = text.starts_with('/');
    if (isFolder) text.remove_suffix(1);
    if (isRooted && !text.empty()) text.remove_prefix(1);
    const bool staysAtRoot = isRooted || (isGitHub && text.find('/') != std::string_view::npos);
    if (!staysAtRoot) parts_.emplace_back(anyParts);
    while (!text.empty()) parts_.emplace_back(takePart(text));

    const bool endsInAny = !parts_.empty() && parts_.back() == anyParts;
    const bool endsInStar = !parts_.empty() && parts_.back() == "*";
    if (isFolder) {
        parts_.emplace_back(anyParts);
        parts_.emplace_back("*");
    } else if (endsInAny && isGitHub) {
        parts_.emplace_back("*");
    } else if (endsInAny) {
        parts_.back().assign(1, '*');
    } else if (isGitHub && !endsInStar) {
        parts_.emplace_back(anyParts);
    }
}

bool PathPattern::matches(std::string_view path) const noexcept {
    std::size_t part = 0;
    std::size_t retryPart = 0;  // behind the last `**`; 0: none yet
    std::string_view retry;     // where it may go on
    while (!path.empty()) {
        std::string_view rest = path;
        if (part < parts_.size() && parts_[part] == anyParts) {
            retryPart = ++part;
            retry = path;
        } else if (part < parts_.size() && partMatches(parts_[part], takePart(rest))) {
            ++part;
            path = rest;
        } else {
            if (retryPart == 0) return false;
            takePart(retry);
            path = retry;
            part = retryPart;
        }
    }
    while (part < parts_.size() && parts_[part] == anyParts) ++part;
    return !parts_.empty() && part == parts_.size();
}

}  // namespace driftkeeper
