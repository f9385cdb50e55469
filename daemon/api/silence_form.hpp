#pragma once

#include <string>
#include <vector>

#include "daemon/model/time.hpp"
#include "daemon/page/silences.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// What a form asks for, in words that Mutes::add takes.
struct AskedSilence {
    std::vector<std::string> matcher;
    Seconds length{0};
    std::string reason;
};

// Fails with `bad_silence` (FixSetup) and a sentence for who filled it in. The matcher is not
// looked at.
Result<AskedSilence> silenceOf(const page::SilenceForm& form);

}  // namespace driftkeeper
