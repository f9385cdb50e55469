#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::flux {

// All that a look at a stack of Flux knows.
struct FluxLook {
    std::vector<Json> declared;  // what Git holds
    std::vector<Json> live;      // what the cluster listed, with managedFields where it tells them
    std::map<std::string, Reason> notListed{};  // Kind.group -> why its objects could not be listed
    std::optional<Reason> notRead{};            // why a part of what Git holds could not be read
    bool all = false;                    // judge every live object, not only what Git declares
    std::set<std::string> namespaces{};  // the only ones that were listed; empty: all
    std::string defaultNamespace = "default";  // of what is declared without one
    std::string cluster{};                     // URL of the API server; empty: not known
    std::string commit{};                      // Git's head; empty: not known
    std::string repositoryUrl{};               // of this repository; empty: not known
    std::string branch{};                      // that is looked at; empty: not known
    std::chrono::sys_seconds now{};
    const Evidence* lastClean = nullptr;  // of the last look that found everything in sync
};

// Drifts, reconcilers, graph and evidence. Partial when an object could not be judged; the first
// reason is the report's. Messages leave as summaries, values that may be secret as tags.
Report readFlux(const FluxLook& look, const ValueTags& tags);

// Whether two addresses name the same repository: without scheme, user, port of the scheme and
// `.git`; case of the host does not count; host:path is ssh's way to write it.
bool sameRepository(std::string_view one, std::string_view other);

}  // namespace driftkeeper::flux
