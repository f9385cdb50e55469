// `driftkeeper check DIR` of folders that were applied by `kubectl apply`.
#include <doctest/doctest.h>

#include "tests/peers/kubernetes_cluster.hpp"
#include "tests/support/files.hpp"
#include "tests/support/run.hpp"

using namespace driftkeeper::tests;

namespace check_program_test {
namespace {

Finished check(const KubernetesCluster& cluster, const std::filesystem::path& folder) {
    RunOptions options;
    options.env = cluster.env();
    return run({DRIFTKEEPER_PROGRAM, "check", folder.string(), "--format", "json"}, options);
}

}  // namespace

TEST_CASE(
    "check DIR finds the manifests, compares them with KUBECONFIG's cluster, and shows no secret") {
    const KubernetesCluster cluster;
    const TempDir folder;
    writeFile(folder / "app/web.yaml",
              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {mode: fast}\n---\n"
              "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: canary-one}\n");
    cluster.kubectl({"apply", "-f", (folder / "app").string()});
    const Finished same = check(cluster, folder.path());
    CHECK_MESSAGE(same.status == 0, same.out << same.err);
    CHECK(same.out.contains("\"provider\":\"kubernetes\""));

    cluster.kubectl({"patch", "configmap", "a", "-p", R"({"data":{"mode":"slow"}})"});
    cluster.kubectl({"patch", "secret", "s", "-p", R"({"stringData":{"p":"canary-two"}})"});
    const Finished drifted = check(cluster, folder / "app");
    CHECK_MESSAGE(drifted.status == 1, drifted.out << drifted.err);
    CHECK(drifted.out.contains("\"address\":\"ConfigMap/default/a\""));
    CHECK(drifted.out.contains("\"address\":\"Secret/default/s\""));
    CHECK_FALSE((drifted.out + drifted.err).contains("canary"));

    cluster.configure(R"({"refuse_credentials": true})");
    CHECK(check(cluster, folder / "app").status == 3);
}

}  // namespace check_program_test
