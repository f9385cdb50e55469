#pragma once

#include <vector>

#include "daemon/model/time.hpp"
#include "daemon/page/html.hpp"
#include "daemon/wording/explanation.hpp"

namespace driftkeeper::page {

// One difference as a card: what moved where, how that is known, what decided, who else depends on
// it, and the values. Its heading is an <h3>.
Html driftCard(const Explained& one, const Explanation& explanation, TimePoint now);

// Differences that a rule hides, folded up; nothing when there are none.
Html notToldList(const std::vector<NotTold>& notTold,
                 const std::map<std::string, std::string>& reasons);

// What the tool said; nothing when it said nothing.
Html diagnosticsList(const std::vector<Diagnostic>& diagnostics);

// Tool, providers, state: what the look compared with.
Html evidenceList(const Evidence& evidence);

// Chips of a drift: change, side, severity.
Html driftChips(const Drift& drift);

}  // namespace driftkeeper::page
