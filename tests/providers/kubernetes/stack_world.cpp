#include "tests/providers/kubernetes/stack_world.hpp"

namespace driftkeeper::tests {

std::string StackWorld::told(const Report& report) {
    std::string text;
    for (const Drift& drift : report.drifts) {
        text += std::string(name(drift.side)) + " " + std::string(name(drift.change)) + " " +
                drift.cause + " " + drift.address + "\n";
        for (const AttributeDrift& attribute : drift.attributes)
            text +=
                "  " + attribute.path + ": git " + attribute.git + " live " + attribute.live + "\n";
    }
    if (report.reason) text += "reason " + report.reason->code + ": " + report.reason->text + "\n";
    for (const Diagnostic& diagnostic : report.diagnostics)
        text += "diagnostic " + diagnostic.address + ": " + diagnostic.summary + "\n";
    return text;
}

}  // namespace driftkeeper::tests
