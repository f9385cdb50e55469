#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/mute.hpp"
#include "daemon/model/stack_line.hpp"
#include "daemon/page/frame.hpp"

namespace driftkeeper::page {

inline constexpr std::size_t silencesPerPage = 50;

// What somebody typed: shown again as it was, right or wrong.
struct SilenceForm {
    std::string matcher;  // words with blanks between them
    std::string length;   // 2h
    std::string reason;
    [[nodiscard]] bool isEmpty() const noexcept {
        return matcher.empty() && length.empty() && reason.empty();
    }
};

// What a silence would keep quiet now.
struct SilencePreview {
    std::size_t stacks = 0;        // that match
    std::size_t drifts = 0;        // open ones in them that match
    std::vector<StackLine> first;  // of the stacks, those with drifts before the others
    bool isWhole = true;           // false: there were too many drifted stacks to look at each
};

struct SilencesView {
    std::vector<Silence> silences;  // one screen, those that are on first, newest first
    std::size_t on = 0;             // of all
    std::size_t total = 0;
    std::size_t page = 1;
    std::vector<MuteWindow> windows;
    SilenceForm form;
    std::optional<SilencePreview>
        preview;  // set: the form is right, and waits for its confirmation
};
std::string silencesPage(const Frame& frame, const SilencesView& view);

}  // namespace driftkeeper::page
