#include "tests/peers/cloudformation_peer.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/support/eventually.hpp"

namespace driftkeeper::tests {
namespace {

namespace fs = std::filesystem;

// The peer writes its port when it listens.
std::string portIn(const fs::path& file) {
    if (!eventually([&] { return fs::exists(file); }))
        throw std::runtime_error("the CloudFormation peer does not start");
    return readFile(file);
}

}  // namespace

CloudformationPeer::CloudformationPeer() {
    const fs::path port = room_ / "port";
    peer_ = std::make_unique<BackgroundProgram>(
        std::vector<std::string>{"python3", DRIFTKEEPER_SOURCE_DIR "/tests/peers/cloudformation.py",
                                 port.string()},
        room_ / "peer.log");
    url_ = "http://127.0.0.1:" + portIn(port);
}

Environment CloudformationPeer::env() {
    return {{"AWS_ACCESS_KEY_ID", "AKIDTEST"},
            {"AWS_SECRET_ACCESS_KEY", "canary-access-key"},
            {"AWS_EC2_METADATA_DISABLED", "true"},
            {"AWS_MAX_ATTEMPTS", "1"}};
}

void CloudformationPeer::control(const std::string& method, const std::string& path,
                                 const std::string& body) const {
    RunOptions options;
    options.input = body;
    outputOf({"curl", "-sf", "-X", method, "--data-binary", "@-", url_ + "/control/" + path},
             options);
}

void CloudformationPeer::put(const std::string& stack, const nlohmann::json& state) const {
    control("PUT", "stacks/" + stack, state.dump());
}

void CloudformationPeer::behave(const nlohmann::json& how) const {
    control("POST", "behave", how.dump());
}

std::vector<std::string> CloudformationPeer::actions() const {
    std::vector<std::string> all;
    const auto answer = nlohmann::json::parse(outputOf({"curl", "-sf", url_ + "/control/calls"}));
    for (const auto& call : answer["calls"]) all.push_back(call["action"]);
    return all;
}

}  // namespace driftkeeper::tests
