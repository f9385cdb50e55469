#include "tests/providers/gitops/gitops_world.hpp"

#include <ctime>
#include <stdexcept>

namespace driftkeeper::tests {

std::string customResource(std::string_view group, std::string_view version, std::string_view kind,
                           std::string_view plural) {
    const std::string name = std::string(plural) + "." + std::string(group);
    return R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":")" +
           name + R"("},"spec":{"group":")" + std::string(group) +
           R"(","scope":"Namespaced","names":{"kind":")" + std::string(kind) + R"(","plural":")" +
           std::string(plural) + R"("},"versions":[{"name":")" + std::string(version) +
           R"(","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":)"
           R"({"type":"object","properties":{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true},)"
           R"("status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}},)"
           R"("x-kubernetes-preserve-unknown-fields":true}}}]}})";
}

std::string ago(std::chrono::seconds time) {
    const std::time_t then =
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - time);
    std::tm parts{};
    gmtime_r(&then, &parts);
    char text[sizeof "2026-11-22T10:00:00Z"];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

GitopsWorld::GitopsWorld(MakeProvider make) : provider_(make(runner_, tags_)) {
    workspace.root = folder_ / "tree";
    workspace.directory = folder_ / "tree/stack";
    workspace.privateDirectory = folder_ / "private";
    workspace.environment = cluster.env();
    std::filesystem::create_directories(workspace.privateDirectory);
    std::filesystem::create_directories(workspace.directory);
}

Report GitopsWorld::look(const std::optional<LastClean>& lastClean) {
    workspace.options.try_emplace("program",
                                  std::vector<std::string>{KubernetesCluster::kubectlProgram()});
    return provider_->inspect(workspace, lastClean, {});
}

LastClean GitopsWorld::clean() {
    const Report report = look();
    if (verdictOf(report) != Verdict::InSync)
        throw std::runtime_error("not in sync: " + told(report));
    return {"", "", report.evidence};
}

std::string GitopsWorld::told(const Report& report) {
    std::string text;
    for (const Drift& drift : report.drifts) {
        text += std::string(name(drift.side)) + " " + std::string(name(drift.change)) + " " +
                drift.cause + " " + drift.address + " " + drift.changedBy + " (" + drift.note +
                ")\n";
        for (const AttributeDrift& attribute : drift.attributes)
            text +=
                "  " + attribute.path + ": git " + attribute.git + " live " + attribute.live + "\n";
    }
    if (report.reason) text += "reason " + report.reason->code + ": " + report.reason->text + "\n";
    for (const auto& diagnostic : report.diagnostics)
        text += "diagnostic " + diagnostic.address + ": " + diagnostic.summary + "\n";
    for (const auto& trouble : report.reconcilers)
        text += "reconciler " + trouble.code + " " + trouble.name + ": " + trouble.text + "\n";
    for (const auto& resource : report.graph.resources())
        text += "resource " + resource.address + " " + resource.id + " " + resource.identity + "\n";
    for (const auto& [address, tag] : report.evidence.rendered)
        text += "rendered " + address + " " + tag + "\n";
    return text;
}

}  // namespace driftkeeper::tests
