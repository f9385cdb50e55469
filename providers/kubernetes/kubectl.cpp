#include "providers/kubernetes/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "providers/look/common_reasons.hpp"
#include "providers/look/environment.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::kubernetes {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// What kubectl's last words hold, in small letters -> code. The first that is found wins.
constexpr std::array signs = {
    Row{"context was not found", "kubeconfig"},
    Row{"error loading config file", "kubeconfig"},
    Row{"invalid configuration", "kubeconfig"},
    Row{"no configuration has been provided", "kubeconfig"},
    Row{"server localhost:8080 was refused", "kubeconfig"},
    Row{"cluster has no server defined", "kubeconfig"},
    Row{"error: stat ", "kubeconfig"},
    Row{"getting credentials", "credentials"},
    Row{"you must be logged in", "credentials"},
    Row{"(unauthorized)", "credentials"},
    Row{"the server has asked for the client to provide credentials", "credentials"},
    Row{"unknown flag", "tool_too_old"},
    Row{"unknown command", "tool_too_old"},
    Row{"failed calling webhook", "webhook"},
    Row{"does not support dry run", "webhook"},
    Row{"doesn't have a resource type", "crd_missing"},
    Row{"no matches for kind", "crd_missing"},
    Row{"could not find the requested resource", "crd_missing"},
    Row{"ensure crds are installed first", "crd_missing"},
    Row{"(forbidden)", "forbidden"},
    Row{"is forbidden: user", "forbidden"},
    Row{"error from server (notfound): namespaces ", "namespace_missing"},
    Row{"denied the request", "object_refused"},
    Row{"is invalid", "object_refused"},
    Row{"(badrequest)", "object_refused"},
    Row{"(invalid)", "object_refused"},
    Row{"field not declared in schema", "object_refused"},
    Row{"duplicate entries for key", "object_refused"},
    Row{"strict decoding error", "object_refused"},
    Row{"error parsing", "broken_configuration"},
    Row{"error converting yaml to json", "broken_configuration"},
    Row{"unable to decode", "broken_configuration"},
    Row{"is missing in", "broken_configuration"},
    Row{"unable to connect to the server", "unreachable"},
    Row{"the connection to the server", "unreachable"},
    Row{"connection refused", "unreachable"},
    Row{"no such host", "unreachable"},
    Row{"i/o timeout", "unreachable"},
    Row{"tls handshake", "unreachable"},
    Row{"x509:", "unreachable"},
    Row{"client.timeout", "unreachable"},
    Row{"context deadline exceeded", "unreachable"},
    Row{"(serviceunavailable)", "unreachable"},
    Row{"(toomanyrequests)", "unreachable"},
    Row{"the server is currently unable to handle the request", "unreachable"},
    Row{"etcdserver", "unreachable"},
};

// Code -> what happened; {} is the error. What to do stands in the table of reason codes.
constexpr std::array sentences = {
    Row{"kubeconfig", "there is no usable kubeconfig{}"},
    Row{"unreachable", "the Kubernetes API cannot be reached{}"},
    Row{"credentials", "the Kubernetes API refused the credentials{}"},
    Row{"forbidden", "the Kubernetes API does not allow it{}"},
    Row{"crd_missing", "the cluster does not know this type of object{}"},
    Row{"namespace_missing", "the namespace does not exist{}"},
    Row{"webhook", "an admission webhook made the dry run fail{}"},
    Row{"object_refused", "the Kubernetes API refuses the object that Git asks for{}"},
    Row{"broken_configuration", "the manifests cannot be read{}"},
    Row{"remote_base", "the kustomization uses what is not in the repository{}"},
    Row{"chart_in_kustomization", "the kustomization brings in a Helm chart{}"},
    Row{"nothing_to_check", "there are no manifests in this folder"},
    Row{"tool_too_old", "this version of kubectl is too old{}: 1.26 or newer is needed"},
    Row{"kubectl_failed", "kubectl failed{}"},
};

// The lines of klog ("E1123 10:53:02.1 …") repeat what the last line says.
bool isLogLine(std::string_view line) {
    return line.size() > 5 && std::string_view("EWIF").find(line[0]) != std::string_view::npos &&
           line[1] >= '0' && line[1] <= '9' && line[2] >= '0' && line[2] <= '9';
}

// What was said, without log lines, hints and warnings.
std::string lastWords(std::string_view err) {
    std::string result;
    while (!err.empty()) {
        const std::size_t end = std::min(err.find('\n'), err.size());
        const std::string_view line = err.substr(0, end);
        err.remove_prefix(std::min(end + 1, err.size()));
        if (line.empty() || isLogLine(line) || line.starts_with("Warning:") ||
            line.starts_with('#'))
            continue;
        result += (result.empty() ? "" : " ") + std::string(line);
    }
    return result;
}

// Where the API or a parser quotes what it was given, there may be a secret in it.
std::string_view withoutQuotes(std::string_view text) {
    constexpr std::array quotes = {
        std::string_view(" is missing in '"),      std::string_view("Invalid value: "),
        std::string_view("is invalid: "),          std::string_view("denied the request: "),
        std::string_view("strict decoding error"), std::string_view("parsing JSON"),
        std::string_view("cannot unmarshal"),      std::string_view("error decoding"),
        std::string_view("literal source"),        std::string_view("with config"),
        std::string_view("unable to parse")};
    for (const std::string_view quote : quotes)
        if (const std::size_t at = text.find(quote); at != std::string_view::npos)
            text = text.substr(0, at + quote.find_last_not_of(" :'") + 1);
    return text;
}

}  // namespace

Session sessionFor(const Workspace& workspace, Environment environment, Sandbox sandbox) {
    Session session;
    if (auto program = optionOf(workspace.options, "program"); !program.empty())
        session.program = std::move(program);
    session.directory = workspace.directory;
    session.kubeconfig = optionOf(workspace.options, "kubeconfig");
    session.context = optionOf(workspace.options, "context");
    session.cacheDirectory = workspace.privateDirectory / "kube-cache";
    session.environment = std::move(environment);
    session.sandbox = std::move(sandbox);
    if (!session.kubeconfig.empty()) session.sandbox.readable.push_back(session.kubeconfig);
    const std::string list = valueOf(session.environment, "KUBECONFIG");
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(':', at), list.size());
        if (end > at) session.sandbox.readable.emplace_back(list.substr(at, end - at));
        at = end + 1;
    }
    return session;
}

ToolCall kubectlCall(const Session& session, std::vector<std::string> words) {
    ToolCall call;
    call.argv = {session.program};
    if (!session.kubeconfig.empty())
        call.argv.push_back("--kubeconfig=" + session.kubeconfig.string());
    if (!session.context.empty()) call.argv.push_back("--context=" + session.context);
    call.argv.push_back("--cache-dir=" + session.cacheDirectory.string());
    call.argv.push_back(fmt::format("--request-timeout={}s", session.requestTimeout.count()));
    call.argv.insert(call.argv.end(), std::make_move_iterator(words.begin()),
                     std::make_move_iterator(words.end()));
    call.directory = session.directory;
    call.environment = session.environment;
    call.environment["KUBECTL_KUBERC"] = "false";  // nobody's aliases and defaults
    call.sandbox = session.sandbox;
    return call;
}

std::string resourceOf(const Object& object) {
    const std::size_t slash = object.apiVersion.find('/');
    if (slash == std::string::npos) return object.kind + "." + object.apiVersion + ".";
    return object.kind + "." + object.apiVersion.substr(slash + 1) + "." + object.group;
}

ToolCall listCall(const Session& session, const std::vector<std::string>& types,
                  const Scope& scope) {
    std::vector<std::string> words = {"get", fmt::format("{}", fmt::join(types, ",")), "-o", "json",
                                      "--show-managed-fields"};
    words.push_back(scope.ofNamespace.empty() ? "--all-namespaces"
                                              : "--namespace=" + scope.ofNamespace);
    if (!scope.selector.empty()) words.push_back("--selector=" + scope.selector);
    return kubectlCall(session, std::move(words));
}

ToolCall getCall(const Session& session, const std::string& type,
                 const std::vector<std::string>& names, const std::string& ofNamespace) {
    std::vector<std::string> words = {"get", type};
    words.insert(words.end(), names.begin(), names.end());
    words.insert(words.end(), {"-o", "json", "--ignore-not-found", "--show-managed-fields"});
    if (!ofNamespace.empty()) words.push_back("--namespace=" + ofNamespace);
    return kubectlCall(session, std::move(words));
}

ToolCall rawCall(const Session& session, const std::string& path) {
    return kubectlCall(session, {"get", "--raw", path});
}

ToolCall getFilesCall(const Session& session, const std::vector<std::filesystem::path>& files) {
    std::vector<std::string> words = {"get", "-o", "json", "--ignore-not-found",
                                      "--show-managed-fields"};
    for (const auto& file : files) words.push_back("--filename=" + file.string());
    return kubectlCall(session, std::move(words));
}

ToolCall dryRunCall(const Session& session, const std::vector<std::filesystem::path>& files,
                    const std::string& manager) {
    std::vector<std::string> words = {"apply",
                                      "--server-side",
                                      "--dry-run=server",
                                      "--validate=false",
                                      "--force-conflicts",
                                      "--field-manager=" + manager,
                                      "-o",
                                      "json"};
    for (const auto& file : files) words.push_back("--filename=" + file.string());
    return kubectlCall(session, std::move(words));
}

ToolCall createCall(const Session& session, const std::vector<std::filesystem::path>& files) {
    std::vector<std::string> words = {"create", "--dry-run=server", "--validate=false", "-o",
                                      "json"};
    for (const auto& file : files) words.push_back("--filename=" + file.string());
    return kubectlCall(session, std::move(words));
}

ToolCall convertCall(const Session& session, const std::vector<std::filesystem::path>& files,
                     const std::string& ofNamespace) {
    std::vector<std::string> words = {"create", "--dry-run=client", "--validate=false", "-o",
                                      "json"};
    if (!ofNamespace.empty()) words.push_back("--namespace=" + ofNamespace);
    for (const auto& file : files) words.push_back("--filename=" + file.string());
    return kubectlCall(session, std::move(words));
}

ToolCall kustomizeCall(const Session& session, const std::filesystem::path& folder,
                       LoadRestrictions restrictions) {
    std::vector<std::string> words = {"kustomize", folder.string()};
    if (restrictions == LoadRestrictions::None)
        words.emplace_back("--load-restrictor=LoadRestrictionsNone");
    ToolCall call = kubectlCall(session, std::move(words));
    // What it would fetch is known before and refused. Should something be overlooked, nobody
    // listens on this port (discard).
    for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY"})
        call.environment[name] = "http://127.0.0.1:9";
    for (const char* name : {"NO_PROXY", "no_proxy", "http_proxy", "https_proxy"})
        call.environment.erase(name);
    return call;
}

ToolCall typesCall(const Session& session, Types which) {
    std::vector<std::string> words = {"api-resources", "--verbs=list", "-o", "name"};
    if (which == Types::InNamespaces) words.emplace_back("--namespaced=true");
    return kubectlCall(session, std::move(words));
}

ToolCall serverCall(const Session& session) {
    return kubectlCall(
        session, {"config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"});
}

std::string wordsOf(const ToolResult& result, const std::vector<std::string>& secrets) {
    const std::string words = lastWords(result.err);
    return redacted(withoutQuotes(words), secrets);
}

Reason whyFailed(const ToolResult& result, const std::vector<std::string>& secrets) {
    const std::string text = flattened(result.err);
    const auto found =
        std::ranges::find_if(signs, [&](const Row& row) { return text.contains(row.first); });
    return reason(found == signs.end() ? "kubectl_failed" : found->second,
                  wordsOf(result, secrets));
}

Reason reason(std::string_view code, std::string_view said) {
    for (const auto& [known, sentence] : sentences)
        if (known == code) return {std::string(code), completed(sentence, said)};
    return commonReason(code, said, {"kubectl", "kubernetes"});
}

bool concernsAll(const Reason& reason) noexcept {
    return reason.code == "kubeconfig" || reason.code == "unreachable" ||
           reason.code == "credentials" || reason.code == "tool_too_old" ||
           reason.code == "timeout" || reason.code == "stopped" || reason.code.starts_with("tool_");
}

}  // namespace driftkeeper::kubernetes
