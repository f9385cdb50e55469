#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "parsers/graph/cause.hpp"
#include "parsers/graph/report.hpp"
#include "providers/kubernetes/kubernetes_provider.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "tests/peers/kubernetes_cluster.hpp"
#include "tests/support/files.hpp"

namespace driftkeeper::tests {

// A cluster and a folder of manifests that driftkeeper's provider looks at.
class StackWorld {
public:
    explicit StackWorld(std::string_view configuration = "{}") : cluster(configuration) {}

    KubernetesCluster cluster;
    Workspace workspace;

    void write(const std::string& file, std::string_view text) const {
        writeFile(folder_ / "stack" / file, text);
    }
    void remove(const std::string& file) const {
        std::filesystem::remove_all(folder_ / "stack" / file);
    }
    // What people do: kubectl apply -f FOLDER.
    void apply(std::vector<std::string> more = {}) const {
        std::vector<std::string> words = {"apply", "-f", (folder_ / "stack").string()};
        words.insert(words.end(), more.begin(), more.end());
        cluster.kubectl(words);
    }

    Report look(const std::optional<LastClean>& lastClean = {}) {
        workspace.root = folder_.path();
        workspace.directory = folder_ / "stack";
        workspace.privateDirectory = folder_ / "private";
        std::filesystem::create_directories(workspace.privateDirectory);
        workspace.options["program"] = {KubernetesCluster::kubectlProgram()};
        workspace.environment = cluster.env();
        workspace.options["helm"] = {KubernetesCluster::helmProgram().string()};
        return provider_->inspect(workspace, lastClean, {});
    }

    // The look that a later one compares itself with.
    LastClean clean() {
        const Report report = look();
        if (verdictOf(withoutNoise(report)) != Verdict::InSync)
            throw std::runtime_error("not in sync: " + told(report));
        return {"", "", report.evidence};
    }

    // What the daemon's rules leave.
    static Report withoutNoise(Report report) {
        std::erase_if(report.drifts, [](const Drift& drift) { return isNoise(drift.cause); });
        return report;
    }

    // One line for each drift and attribute.
    static std::string told(const Report& report);

private:
    TempDir folder_;
    RealToolRunner runner_;
    ValueTags tags_{"test"};
    std::unique_ptr<Provider> provider_ = makeKubernetesProvider(runner_, tags_);
};

}  // namespace driftkeeper::tests
