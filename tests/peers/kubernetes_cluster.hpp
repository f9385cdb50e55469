#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/files.hpp"
#include "tests/support/run.hpp"

namespace driftkeeper::tests {

// A Kubernetes API peer (kubernetes_api.py, where its words are told) and real kubectl for it.
// Objects are set up by what people use: kubectl as the user admin. Throws std::runtime_error, also
// when tests/kubernetes_tools.sh did not run.
class KubernetesCluster {
public:
    explicit KubernetesCluster(std::string_view configuration = "{}");
    ~KubernetesCluster();
    KubernetesCluster(const KubernetesCluster&) = delete;
    KubernetesCluster& operator=(const KubernetesCluster&) = delete;

    // host:port, as resources are identified by.
    std::string server() const { return "127.0.0.1:" + std::to_string(port_); }
    // Of the user driftkeeper, context `peer`.
    std::filesystem::path kubeconfig() const { return room_ / "kubeconfig"; }

    static std::filesystem::path kubectlProgram();
    static std::filesystem::path helmProgram();

    // kubectl as admin; stdin is `input`. Throws when it fails.
    std::string kubectl(std::vector<std::string> arguments, std::string input = {}) const;
    // `kubectl apply` (client side) of a text as admin.
    std::string apply(std::string manifests, std::vector<std::string> more = {}) const;
    // POST /peer.
    void configure(std::string_view document) const;
    // Requests of the user driftkeeper that were no dry runs and no reads: must be none.
    int writes() const;

    // How many requests of the user driftkeeper there were so far, by method and whatever the path
    // holds.
    int requests(std::string_view method, std::string_view path = "") const;

    Environment env()
        const;  // KUBECONFIG and HOME of the user driftkeeper, PATH with kubectl and helm

private:
    TempDir room_;
    std::uint16_t port_ = 0;
    std::uint16_t adminPort_ = 0;
    int pid_ = 0;
    int stdin_ = -1;
};

}  // namespace driftkeeper::tests
