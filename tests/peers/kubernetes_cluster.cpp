#include "tests/peers/kubernetes_cluster.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace driftkeeper::tests {
namespace fs = std::filesystem;
namespace {

fs::path tool(const char* name) {
    const fs::path path = fs::path(DRIFTKEEPER_SOURCE_DIR) / "build/servers/kubernetes" / name;
    if (!fs::exists(path))
        throw std::runtime_error(path.string() + " is missing: run tests/kubernetes_tools.sh");
    return path;
}

std::string kubeconfigOf(std::uint16_t port, const std::string& context) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: " + context +
           "\nclusters: [{name: peer, cluster: {server: \"http://127.0.0.1:" +
           std::to_string(port) +
           "\"}}]\nusers: [{name: user, user: {}}]\ncontexts: [{name: " + context +
           ", context: {cluster: peer, user: user}}]\n";
}

std::string firstLineOf(int fd) {
    std::string line;
    char letter = 0;
    while (::read(fd, &letter, 1) == 1 && letter != '\n') line += letter;
    return line;
}

}  // namespace

fs::path KubernetesCluster::kubectlProgram() {
    return tool("kubectl");
}

fs::path KubernetesCluster::helmProgram() {
    return tool("helm");
}

KubernetesCluster::KubernetesCluster(std::string_view configuration) {
    writeFile(room_ / "peer.json", configuration);
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipes");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<std::string> words = {"python3",
                                      DRIFTKEEPER_SOURCE_DIR "/tests/peers/kubernetes_api.py",
                                      "--config", (room_ / "peer.json").string()};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
    const int error = ::posix_spawnp(&pid_, "python3", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    if (error != 0) throw std::runtime_error("python3 cannot be started");
    const std::string ports = firstLineOf(out[0]);
    ::close(out[0]);
    if (ports.find(' ') == std::string::npos)
        throw std::runtime_error("kubernetes_api.py did not start");
    port_ = static_cast<std::uint16_t>(std::stoi(ports));
    adminPort_ = static_cast<std::uint16_t>(std::stoi(ports.substr(ports.find(' '))));
    writeFile(kubeconfig(), kubeconfigOf(port_, "peer"));
    writeFile(room_ / "admin", kubeconfigOf(adminPort_, "admin"));
}

KubernetesCluster::~KubernetesCluster() {
    ::close(stdin_);
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

std::string KubernetesCluster::kubectl(std::vector<std::string> arguments,
                                       std::string input) const {
    arguments.insert(arguments.begin(),
                     {kubectlProgram().string(), "--kubeconfig", (room_ / "admin").string(),
                      "--cache-dir", (room_ / "admin-cache").string()});
    RunOptions options;
    options.input = std::move(input);
    options.env = {{"HOME", room_.path().string()}};
    return outputOf(arguments, options);
}

std::string KubernetesCluster::apply(std::string manifests, std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"apply", "-f", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return kubectl(arguments, std::move(manifests));
}

void KubernetesCluster::configure(std::string_view document) const {
    kubectl({"create", "--raw", "/peer", "-f", "-"}, std::string(document));
}

int KubernetesCluster::writes() const {
    return nlohmann::json::parse(kubectl({"get", "--raw", "/peer"}))["writes"].get<int>();
}

int KubernetesCluster::requests(std::string_view method, std::string_view path) const {
    int count = 0;
    const auto peer = nlohmann::json::parse(kubectl({"get", "--raw", "/peer"}));
    for (const auto& one : peer["requests"])
        count += one["user"] == "driftkeeper" && one["method"] == method &&
                 one["path"].get<std::string>().contains(path);
    return count;
}

Environment KubernetesCluster::env() const {
    const char* path = std::getenv("PATH");
    return {{"KUBECONFIG", kubeconfig().string()},
            {"HOME", room_.path().string()},
            {"PATH", kubectlProgram().parent_path().string() + ":" +
                         (path == nullptr ? "/usr/bin:/bin" : path)}};
}

}  // namespace driftkeeper::tests
