#pragma once

#include "daemon/alert/decide/incidents.hpp"

namespace driftkeeper {

// What stands in the way of the reconcilers that a stack's last look found: one trouble a stack,
// its cause the code that all share, or `several`. Without any: what closeTrouble() wants.
Trouble reconcilerTrouble(const StackStatus& status);

// Opens it when the last look found something, also a partial one; closes it when a complete one
// found nothing. A mute keeps it quiet until a look after its end.
Decision alertReconcilers(const Memory& memory, const StackStatus& status,
                          const AlertContext& context);

}  // namespace driftkeeper
