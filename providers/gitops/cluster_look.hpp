#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/gitops/documents.hpp"
#include "providers/kubernetes/kubectl.hpp"
#include "providers/look/timed_runner.hpp"

// What looks at Flux and at Argo CD have in common: the objects that Git declares, and those that a
// cluster has, by kubectl. Used by one thread, within the time of one look.
namespace driftkeeper::gitops {

// What a folder of Git declares.
struct Declared {
    std::vector<Json> objects;
    std::optional<Reason> notRead{};  // why a part of it is missing
};

// What a cluster lists. Types whose listing failed are in `failed`, by the name they were asked
// for.
struct Listed {
    std::vector<Json> objects;
    std::map<std::string, Reason> failed;
};

class ClusterLook {
public:
    // `provider`: whose settings a sentence names.
    ClusterLook(ToolRunner& runner, const Workspace& workspace, std::stop_token stop,
                std::string_view provider);

    Outcome<void> prepare();

    // Files as they are, kustomizations as `kubectl kustomize` builds them. One that needs
    // something from elsewhere is not built: a look fetches nothing.
    Outcome<Declared> declared(const Wanted& wanted);

    // Every type (gitrepositories.source.toolkit.fluxcd.io, …) by a call of its own in every
    // namespace (none: all of them). What concerns all calls is the outcome's reason.
    Outcome<Listed> list(const std::vector<std::string>& types,
                         const std::vector<std::string>& namespaces);

    // URL of the API server; empty when the kubeconfig does not say it.
    Outcome<std::string> server();

    void progress(std::string_view phrase) const;

    // What any other tool of the look gets.
    [[nodiscard]] const kubernetes::Session& session() const noexcept { return session_; }
    [[nodiscard]] std::chrono::milliseconds left() const { return runner_.left(); }

private:
    Outcome<ToolResult> run(ToolCall call) { return runner_.run(std::move(call)); }
    [[nodiscard]] Reason whyFailed(const ToolResult& result) const;
    Outcome<std::string> build(const std::string& folder);

    const Workspace& workspace_;
    std::string provider_;
    TimedRunner runner_;
    kubernetes::Session session_;
    std::vector<std::string> secrets_;
};

}  // namespace driftkeeper::gitops
