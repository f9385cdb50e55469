#pragma once

#include <string>
#include <string_view>

namespace driftkeeper::gitops {

// What may be shown of a controller's message: its first line, at most 200 bytes. It ends ("…")
// where values begin: at a dumped object, at what an API server says about an invalid value, behind
// a name that looks secret. Secrets leave URLs; words that look like keys or
// tokens are replaced.
std::string summaryOf(std::string_view message);

}  // namespace driftkeeper::gitops
