#pragma once

#include <string>
#include <string_view>

#include "daemon/model/time.hpp"
#include "daemon/settings/scalars.hpp"

namespace driftkeeper {

// What the judges and readers of texts take, as regular expressions of ECMA 262 for the schema.
// They may take more than the judge does (what no expression can say), and never less.

struct TextForm {
    std::string pattern;       // empty: anything
    bool takesNumbers = true;  // 5 and true are texts like others
};
TextForm formOf(Judgement (*judge)(std::string_view));

extern const std::string fileNamePattern;      // with ${CREDENTIALS_DIRECTORY}
extern const std::string inStackPattern;       // a path from the stack's folder
extern const std::string backendPattern;       // KEY=VALUE, or a path from the stack's folder
extern const std::string variableNamePattern;  // names of the environment
extern const std::string listenPattern;
extern const std::string datePattern;
extern const std::string sizePattern;             // 20GiB
std::string clockTimePattern(bool withMidnight);  // with 24:00
std::string durationPattern(Seconds least);

}  // namespace driftkeeper
