#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/kubernetes/object.hpp"
#include "providers/look/common_reasons.hpp"
#include "providers/look/environment.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

// kubectl (1.26 to 1.35) as pure values: which command, and what its ending means. Nothing here
// changes a cluster: what can write is a dry run of the server.
namespace driftkeeper::kubernetes {

constexpr ToolName kubectlTool{"kubectl", "kubernetes"};

// What all calls of one look share.
struct Session {
    std::string program = "kubectl";
    std::filesystem::path directory;   // where it runs
    std::filesystem::path kubeconfig;  // empty: what the environment says (KUBECONFIG, then HOME)
    std::string context;               // empty: the current one
    std::filesystem::path cacheDirectory;  // --cache-dir: what it learnt of the server's types
    std::chrono::seconds requestTimeout{30};
    Environment environment;
    Sandbox sandbox;
};

// By the workspace and its options `kubeconfig` and `context`; the cache below the private
// directory. `environment` and `sandbox`: those of the look.
Session sessionFor(const Workspace& workspace, Environment environment, Sandbox sandbox);

// Where to look for objects.
struct Scope {
    std::string ofNamespace;  // empty: all of them
    std::string selector;     // labels; empty: all
};

// `kubectl WORDS…` with what the session says.
ToolCall kubectlCall(const Session& session, std::vector<std::string> words);

// A type as kubectl takes it, with its version: Deployment.v1.apps, ConfigMap.v1.
std::string resourceOf(const Object& object);

// All objects of these types ("deployments.apps", "Kustomization.kustomize.toolkit.fluxcd.io"),
// with managed fields, as one List. Types that the server does not have make it fail
// (`crd_missing`); others that may not be listed do, too, and the rest is printed nevertheless.
ToolCall listCall(const Session& session, const std::vector<std::string>& types,
                  const Scope& scope);

// These objects of one type and namespace, without those that are missing. One that is there is
// printed alone, several as a List, none as nothing.
ToolCall getCall(const Session& session, const std::string& type,
                 const std::vector<std::string>& names, const std::string& ofNamespace);

// A path of the API, printed as the server says it.
ToolCall rawCall(const Session& session, const std::string& path);

// The live objects that the files name: as getCall.
ToolCall getFilesCall(const Session& session, const std::vector<std::filesystem::path>& files);

// What the server would make of the files if `manager` applied them now: a server-side dry run,
// conflicts forced.
ToolCall dryRunCall(const Session& session, const std::vector<std::filesystem::path>& files,
                    const std::string& manager);

// What the server would make of the files if somebody created what they hold now: a server-side dry
// run.
ToolCall createCall(const Session& session, const std::vector<std::filesystem::path>& files);

// The manifests in files as JSON objects one after the other, namespaces filled in: `ofNamespace`,
// which they must not contradict then, or the context's when it is empty.
ToolCall convertCall(const Session& session, const std::vector<std::filesystem::path>& files,
                     const std::string& ofNamespace);

// A kustomization, built. Reads nothing but files: of its own folder and what it builds on, or, as
// Flux does it, from anywhere in the tree.
enum class LoadRestrictions { Kept, None };
ToolCall kustomizeCall(const Session& session, const std::filesystem::path& folder,
                       LoadRestrictions restrictions = LoadRestrictions::Kept);

// The names of the types that can be listed, one a line (deployments.apps): those of objects in
// namespaces, or all.
enum class Types { InNamespaces, All };
ToolCall typesCall(const Session& session, Types which);

// The URL of the server that the session talks to, without anything else of the kubeconfig.
ToolCall serverCall(const Session& session);

// Why a call failed, from what it said: kubeconfig, unreachable, credentials, forbidden,
// crd_missing, namespace_missing, webhook, object_refused, broken_configuration, tool_too_old, else
// kubectl_failed. `secrets` are cut out of the text, and so is everything that quotes an object.
Reason whyFailed(const ToolResult& result, const std::vector<std::string>& secrets);

// What a call said in the end, fit to be told: the same cuts.
std::string wordsOf(const ToolResult& result, const std::vector<std::string>& secrets);

// The sentence for one of those codes (and remote_base, nothing_to_check, …), with what was said
// where that helps.
Reason reason(std::string_view code, std::string_view said = {});

// True for what makes every other call fail, too: kubeconfig, unreachable, credentials,
// tool_too_old.
bool concernsAll(const Reason& reason) noexcept;

}  // namespace driftkeeper::kubernetes
