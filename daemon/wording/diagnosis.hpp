#pragma once

#include <string>
#include <vector>

namespace driftkeeper {

// One thing that was looked at, for whoever installs: how it is, in a sentence, and the way out of
// what is wrong.
struct Diagnosis {
    enum class Level { Ok, Warning, Problem };
    std::string area;  // settings, token, git infra, …
    Level level = Level::Ok;
    std::string text;
    std::string fix;  // empty where nothing has to be done
    bool operator==(const Diagnosis&) const = default;
};

// A line each, what to do on a line of its own, and a closing line of totals. Printable.
std::string diagnosisText(const std::vector<Diagnosis>& all, bool colour);

// {"version":1,"ok":…,"warnings":…,"problems":…,"checks":[{"area","level","text","fix"}]}, one
// line.
std::string diagnosisJson(const std::vector<Diagnosis>& all);

bool hasProblem(const std::vector<Diagnosis>& all);

}  // namespace driftkeeper
