#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/graph/report.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "tests/peers/kubernetes_cluster.hpp"
#include "tests/support/files.hpp"

namespace driftkeeper::tests {

// The CustomResourceDefinition (JSON) of a namespaced type with a status and any fields.
std::string customResource(std::string_view group, std::string_view version, std::string_view kind,
                           std::string_view plural);

// That long ago, as Kubernetes writes it.
std::string ago(std::chrono::seconds time);

// A cluster with custom resources, and a folder of Git that a provider looks at with real kubectl.
class GitopsWorld {
public:
    using MakeProvider = std::unique_ptr<Provider> (*)(ToolRunner&, const ValueTags&);

    explicit GitopsWorld(MakeProvider make);

    KubernetesCluster cluster;
    Workspace workspace;

    void write(const std::string& file, std::string_view text) const {
        writeFile(folder_ / "tree" / file, text);
    }
    void remove(const std::string& file) const {
        std::filesystem::remove_all(folder_ / "tree" / file);
    }

    // JSON objects, parted by commas, as if created: with their status and managedFields.
    void put(const std::string& objects) const {
        cluster.configure(R"({"objects":[)" + objects + "]}");
    }

    Report look(const std::optional<LastClean>& lastClean = {});

    // The look that a later one compares itself with; throws when it is not in sync.
    LastClean clean();

    // All that a report says, on lines, for messages and for canaries.
    static std::string told(const Report& report);

private:
    TempDir folder_;
    RealToolRunner runner_;
    ValueTags tags_{"test"};
    std::unique_ptr<Provider> provider_;
};

}  // namespace driftkeeper::tests
