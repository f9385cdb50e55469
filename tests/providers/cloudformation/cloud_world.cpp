#include "tests/providers/cloudformation/cloud_world.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tests/support/run.hpp"

namespace driftkeeper::tests {
namespace fs = std::filesystem;

std::vector<std::string> awsPrograms() {
    if (!fs::exists("/usr/bin/aws"))
        throw std::runtime_error("Debian's awscli is not installed: tests/packages.sh test");
    std::vector<std::string> all{"/usr/bin/aws"};
    std::istringstream path(getenv("PATH"));
    for (std::string folder; std::getline(path, folder, ':');) {
        const fs::path program = fs::path(folder) / "aws";
        std::error_code error;
        const bool isOther =
            fs::exists(program, error) && fs::canonical(program, error) != fs::canonical(all[0]);
        if (isOther && std::ranges::find(all, program.string()) == all.end())
            all.push_back(program.string());
    }
    return all;
}

CloudWorld::CloudWorld(const std::string& program) {
    workspace.root = room_ / "tree";
    workspace.directory = room_ / "tree/web";
    workspace.privateDirectory = room_ / "private";
    workspace.commit = "c1";
    workspace.timeout = std::chrono::minutes(4);
    workspace.options = {
        {"program", {program}}, {"region", {"eu-central-1"}}, {"endpoint_url", {peer_.url()}}};
    workspace.environment = CloudformationPeer::env();
    fs::create_directories(workspace.directory);
    fs::create_directories(workspace.privateDirectory);
    cloudformation::Pace pace{[this] { return now; }, [this](std::chrono::milliseconds time,
                                                             std::stop_token) { now += time; }};
    provider_ = makeCloudformationProvider(runner_, tags_, pace);
}

void CloudWorld::put(const std::string& stack, const nlohmann::json& state) const {
    peer_.put(stack, state);
}

void CloudWorld::behave(const nlohmann::json& how) const {
    peer_.behave(how);
}

std::vector<std::string> CloudWorld::actions() const {
    return peer_.actions();
}

void CloudWorld::write(const std::string& file, std::string_view text) const {
    writeFile(workspace.directory / file, text);
}

Report CloudWorld::look(const std::optional<LastClean>& lastClean) {
    return provider_->inspect(workspace, lastClean, {});
}

}  // namespace driftkeeper::tests
