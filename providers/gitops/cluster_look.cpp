#include "providers/gitops/cluster_look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/gitops/folders.hpp"
#include "parsers/text/ascii.hpp"
#include "providers/gitops/manifests.hpp"
#include "providers/look/environment.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::gitops {
namespace {

kubernetes::Session sessionOf(const Workspace& workspace) {
    Environment environment = lookEnvironment(workspace, callerEnvironment());
    Sandbox sandbox = lookSandbox(workspace, environment);
    return kubernetes::sessionFor(workspace, std::move(environment), std::move(sandbox));
}

Reason broken(std::size_t documents) {
    return kubernetes::reason("broken_configuration", fmt::format("documents: {}", documents));
}

}  // namespace

ClusterLook::ClusterLook(ToolRunner& runner, const Workspace& workspace, std::stop_token stop,
                         std::string_view provider)
    : workspace_(workspace),
      provider_(provider),
      runner_(runner, workspace.timeout, std::move(stop), {"kubectl", provider_}),
      session_(sessionOf(workspace)),
      secrets_(secretsIn(session_.environment)) {}

Outcome<void> ClusterLook::prepare() {
    for (const char* name : {"home", "kube-cache"})
        if (auto made = makeFolder(workspace_.privateDirectory / name); !made)
            return because(made.error(), {"kubectl", provider_});
    return {};
}

void ClusterLook::progress(std::string_view phrase) const {
    if (workspace_.progress) workspace_.progress(phrase);
}

Reason ClusterLook::whyFailed(const ToolResult& result) const {
    return kubernetes::whyFailed(result, secrets_);
}

Outcome<std::string> ClusterLook::build(const std::string& folder) {
    // kustomize-controller builds without load restrictions, Argo CD with them.
    const auto restrictions = provider_ == "flux" ? kubernetes::LoadRestrictions::None
                                                  : kubernetes::LoadRestrictions::Kept;
    auto built = run(kubernetes::kustomizeCall(session_, workspace_.root / folder, restrictions));
    if (!built) return std::unexpected(built.error());
    if (built->status != 0) return std::unexpected(whyFailed(*built));
    return std::move(built->out);
}

Outcome<Declared> ClusterLook::declared(const Wanted& wanted) {
    progress("reading the manifests");
    const auto files = readManifests(workspace_);
    const auto sources = sourcesOf(folderIn(workspace_), files);
    Declared result;
    std::size_t brokenDocuments = 0;
    const auto add = [&](std::string_view text) {
        Documents documents = documentsOf(text, wanted);
        brokenDocuments += documents.mistakes.size();
        std::ranges::move(documents.objects, std::back_inserter(result.objects));
    };
    for (const auto& file : files)
        if (std::ranges::binary_search(sources.files, file.path)) add(file.text);
    for (const auto& folder : sources.kustomizations) {
        if (const auto remotes = remotesOf(folder, files); !remotes.empty()) {
            result.notRead = kubernetes::reason("remote_base", remotes.front());
            continue;
        }
        const auto built = build(folder);
        if (built)
            add(*built);
        else if (kubernetes::concernsAll(built.error()))
            return std::unexpected(built.error());
        else
            result.notRead = built.error();
    }
    if (brokenDocuments > 0) result.notRead = broken(brokenDocuments);
    return result;
}

Outcome<Listed> ClusterLook::list(const std::vector<std::string>& types,
                                  const std::vector<std::string>& namespaces) {
    Listed listed;
    const std::vector<std::string> everywhere = {""};
    for (const auto& type : types) {
        progress("reading " + type.substr(0, type.find('.')));
        for (const auto& space : namespaces.empty() ? everywhere : namespaces) {
            const auto result = run(kubernetes::listCall(session_, {type}, {space, ""}));
            if (!result) return std::unexpected(result.error());
            Reason why = result->status == 0 ? Reason{} : whyFailed(*result);
            if (kubernetes::concernsAll(why)) return std::unexpected(why);
            auto objects =
                result->status == 0 ? objectsOf(result->out) : Result<std::vector<Json>>();
            if (!objects) why = kubernetes::reason(objects.error().code, objects.error().message);
            if (!why.code.empty()) listed.failed.emplace(type, std::move(why));
            if (objects) std::ranges::move(*objects, std::back_inserter(listed.objects));
        }
    }
    return listed;
}

Outcome<std::string> ClusterLook::server() {
    auto answer = run(kubernetes::serverCall(session_));
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != 0) return std::string();
    return std::string(trimmed(answer->out));
}

}  // namespace driftkeeper::gitops
