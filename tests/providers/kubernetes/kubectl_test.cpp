#include "providers/kubernetes/kubectl.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace kubectl_test {
namespace {

Session session() {
    Session result;
    result.directory = "/stack";
    result.kubeconfig = "/etc/kubeconfig";
    result.context = "prod";
    result.cacheDirectory = "/private/cache";
    return result;
}

Reason why(std::string err) {
    ToolResult result;
    result.status = 1;
    result.err = std::move(err);
    return whyFailed(result, {"hunter22"});
}

bool has(const ToolCall& call, std::string_view word) {
    return std::ranges::find(call.argv, word) != call.argv.end();
}

}  // namespace

TEST_CASE("every call names the cluster, a private cache and a time") {
    const ToolCall call = rawCall(session(), "/version");
    CHECK(call.argv == std::vector<std::string>{"kubectl", "--kubeconfig=/etc/kubeconfig",
                                                "--context=prod", "--cache-dir=/private/cache",
                                                "--request-timeout=30s", "get", "--raw",
                                                "/version"});
    CHECK(call.directory == "/stack");
    CHECK(rawCall({}, "/version").argv[1].starts_with("--cache-dir="));
}

TEST_CASE("a dry run is one of the server, forced, by the manager that applies") {
    const ToolCall call = dryRunCall(session(), {"/a.json", "/b.json"}, "helm");
    for (const char* word : {"apply", "--server-side", "--dry-run=server", "--force-conflicts",
                             "--field-manager=helm", "--filename=/a.json", "--filename=/b.json"})
        CHECK_MESSAGE(has(call, word), word);
}

TEST_CASE("objects are listed in one namespace or in all") {
    CHECK(has(listCall(session(), {"pods", "services"}, {"n", "a=b"}), "pods,services"));
    CHECK(has(listCall(session(), {"pods"}, {"n", "a=b"}), "--namespace=n"));
    CHECK(has(listCall(session(), {"pods"}, {"n", "a=b"}), "--selector=a=b"));
    CHECK(has(listCall(session(), {"pods"}, {}), "--all-namespaces"));
    CHECK(has(getCall(session(), "Deployment.apps", {"a", "b"}, "n"), "--ignore-not-found"));
}

// What kubectl 1.35.2 says.
TEST_CASE("what kubectl says has a code") {
    for (const auto& [said, code] : {
             std::pair("E1123 10:53:02.1   1 memcache.go:265] \"Unhandled Error\" err=\"connection "
                       "refused\"\n"
                       "The connection to the server 127.0.0.1:1 was refused - did you specify the "
                       "right host or port?\n",
                       "unreachable"),
             {"Unable to connect to the server: net/http: request canceled (Client.Timeout "
              "exceeded while awaiting "
              "headers)\n",
              "unreachable"},
             {"Unable to connect to the server: tls: failed to verify certificate: x509: "
              "certificate signed by unknown "
              "authority\n",
              "unreachable"},
             {"error: stat none.kubeconfig: no such file or directory\n", "kubeconfig"},
             {"Error in configuration: context was not found for specified context: nope\n",
              "kubeconfig"},
             {"error: error loading config file \"bad\": yaml: line 1: did not find expected ',' "
              "or '}'\n",
              "kubeconfig"},
             {"The connection to the server localhost:8080 was refused - did you specify the right "
              "host or port?\n",
              "kubeconfig"},
             {"error: You must be logged in to the server (Unauthorized)\n", "credentials"},
             {"Unable to connect to the server: getting credentials: exec: executable aws not "
              "found\n",
              "credentials"},
             {"Error from server (Forbidden): deployments.apps \"web\" is forbidden: User \"d\" "
              "cannot patch resource "
              "\"deployments\" in API group \"apps\" in the namespace \"default\"\n",
              "forbidden"},
             {"error: the server doesn't have a resource type \"kustomizations\"\n", "crd_missing"},
             {"error: resource mapping not found for name: \"ok\" namespace: \"\" from \"a.yaml\": "
              "no matches for kind "
              "\"Foo\" in "
              "version \"foo.io/v1\"\nensure CRDs are installed first\n",
              "crd_missing"},
             {"Error from server (NotFound): namespaces \"zzz\" not found\n", "namespace_missing"},
             {"The Deployment \"d\" is invalid: spec.selector: Invalid value: {}: field is "
              "immutable\n",
              "object_refused"},
             {"Error from server: failed to create typed patch object (default/web; apps/v1, "
              "Kind=Deployment): "
              ".spec.foo: field "
              "not declared in schema\n",
              "object_refused"},
             {"Error from server (BadRequest): admission webhook \"h\" does not support dry run\n",
              "webhook"},
             {"Error from server (InternalError): Internal error occurred: failed calling webhook "
              "\"h\": failed to "
              "call webhook\n",
              "webhook"},
             {"error: error parsing a.yaml: error converting YAML to JSON: yaml: line 1: did not "
              "find expected node "
              "content\n",
              "broken_configuration"},
             {"error: unknown flag: --server-side\n", "tool_too_old"},
             {"something new\n", "kubectl_failed"},
         }) {
        CAPTURE(said);
        const Reason reason = why(said);
        CHECK(reason.code == code);
        CHECK(reason.text.find('{') == std::string::npos);
        CHECK_FALSE(reason.text.contains("memcache"));
    }
}

TEST_CASE("what is quoted of an object is not told, nor is a secret of the environment") {
    CHECK_FALSE(why("error: unable to decode \"a.yaml\": Object 'Kind' is missing in "
                    "'{\"p\":\"canary\"}'\n")
                    .text.contains("canary"));
    CHECK_FALSE(why("The Secret \"s\" is invalid: data[p]: Invalid value: \"canary\"\n")
                    .text.contains("canary"));
    CHECK_FALSE(
        why("Error from server: admission webhook \"h\" denied the request: canary is bad\n")
            .text.contains("canary"));
    CHECK_FALSE(
        why("error: invalid literal source canary, expected key=value\n").text.contains("canary"));
    CHECK_FALSE(why("error: trouble configuring builtin PatchTransformer with config: `\npatch: "
                    "'canary'\n`: unable to parse\n")
                    .text.contains("canary"));
    CHECK_FALSE(
        why("error: json: cannot unmarshal string canary into Go value\n").text.contains("canary"));
    CHECK_FALSE(
        why("Unable to connect to the server: proxy refused hunter22\n").text.contains("hunter22"));
}

TEST_CASE("some reasons concern every object") {
    for (const char* code : {"kubeconfig", "unreachable", "credentials", "timeout", "tool_missing"})
        CHECK_MESSAGE(concernsAll({code, ""}), code);
    for (const char* code : {"forbidden", "crd_missing", "object_refused", "webhook"})
        CHECK_MESSAGE(!concernsAll({code, ""}), code);
}

TEST_CASE("the files of KUBECONFIG may be read, whatever hides them") {
    Workspace workspace;
    workspace.options["context"] = {"prod"};
    const Session made = sessionFor(workspace, {{"KUBECONFIG", "/a/one:/b/two"}}, {});
    CHECK(made.context == "prod");
    CHECK(made.sandbox.readable == std::vector<std::filesystem::path>{"/a/one", "/b/two"});
}

}  // namespace kubectl_test
