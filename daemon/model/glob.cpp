#include "daemon/model/glob.hpp"

#include <optional>
#include <tuple>
#include <utility>

namespace driftkeeper {
namespace {

std::string_view firstCharacter(std::string_view text) noexcept {
    std::size_t end = 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    return text.substr(0, end);
}

// The parts of a text between its slashes, one after the other.
class Parts {
public:
    explicit Parts(std::string_view text) noexcept : rest_(text) {}
    [[nodiscard]] bool atEnd() const noexcept { return atEnd_; }
    [[nodiscard]] std::string_view part() const noexcept {
        return rest_.substr(0, rest_.find('/'));
    }
    void next() noexcept {
        const auto slash = rest_.find('/');
        atEnd_ = slash == std::string_view::npos;
        if (!atEnd_) rest_.remove_prefix(slash + 1);
    }

private:
    std::string_view rest_;
    bool atEnd_ = false;
};

bool isAnyParts(const Parts& glob) noexcept {
    return !glob.atEnd() && glob.part() == "**";
}

}  // namespace

// Goes back to the last star only, which is enough: pattern × text steps at most.
bool wildcardMatches(std::string_view pattern, std::string_view text) noexcept {
    std::string_view afterStar;
    std::string_view retry;
    bool starred = false;
    for (;;) {
        if (!pattern.empty() && pattern[0] == '*') {
            pattern.remove_prefix(1);
            afterStar = pattern;
            retry = text;
            starred = true;
        } else if (!pattern.empty() && !text.empty() &&
                   (pattern[0] == '?' || pattern[0] == text[0])) {
            text.remove_prefix(pattern[0] == '?' ? firstCharacter(text).size() : 1);
            pattern.remove_prefix(1);
        } else if (pattern.empty() && text.empty()) {
            return true;
        } else {
            if (!starred || retry.empty()) return false;
            retry.remove_prefix(1);
            pattern = afterStar;
            text = retry;
        }
    }
}

bool globMatches(std::string_view glob, std::string_view text) noexcept {
    Parts globs(glob);
    Parts parts(text);
    std::optional<std::pair<Parts, Parts>> retry;  // behind the last `**`, and where it may go on
    while (!parts.atEnd()) {
        if (isAnyParts(globs)) {
            globs.next();
            retry.emplace(globs, parts);
        } else if (!globs.atEnd() && wildcardMatches(globs.part(), parts.part())) {
            globs.next();
            parts.next();
        } else {
            if (!retry) return false;
            retry->second.next();
            std::tie(globs, parts) = *retry;
        }
    }
    while (isAnyParts(globs)) globs.next();
    return globs.atEnd();
}

}  // namespace driftkeeper
