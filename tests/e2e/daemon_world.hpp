#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/background_program.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/files.hpp"
#include "tests/support/git_world.hpp"
#include "tests/support/http_receiver.hpp"
#include "tests/support/run.hpp"
#include "tests/support/terraform_world.hpp"

namespace driftkeeper::tests {

using Json = nlohmann::json;

// The real program.
inline const std::string program = DRIFTKEEPER_PROGRAM;

// A daemon on a settings file of its own, with a webhook receiver. The destructor ends it.
class DaemonWorld {
public:
    // `settings`: repositories and whatever else; listen, state_directory and a quick pace are
    // given unless they are in it. No `channels:` in it: one webhook called hook.
    explicit DaemonWorld(const TerraformWorld& terraform);

    // Pieces of the settings, changed before start() or before a reload.
    std::string checks =
        "{ every: 2s, timeout: 60s, confirm: 2, confirm_after: 1s, unapplied_grace: 1s }";
    std::string providers;  // further ones, a line each
    std::string repositories;
    std::string channels;
    std::string more;
    Environment environment;

    void watch(const std::string& name, const std::string& url, const std::string& extra = {});
    void writeSettings() const;
    void start();               // throws when it is not ready in time
    int stop(int signal = 15);  // the exit status; 128 + signal
    void signal(int number) const;
    [[nodiscard]] int pid() const { return process_->pid(); }
    [[nodiscard]] bool endsWithin(std::chrono::milliseconds limit) {  // by itself
        return process_->endsWithin(limit);
    }

    [[nodiscard]] std::string url() const;
    [[nodiscard]] Json api(const std::string& path) const;  // throws when it is no 200
    [[nodiscard]] std::string get(const std::string& path) const;
    [[nodiscard]] Json stack(const std::string& fullName) const;
    [[nodiscard]] std::string token() const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] Finished ask(
        std::vector<std::string> words) const;  // driftkeeper WORDS --config …

    // Waits until the stack has had `count` more checks than now.
    void awaitChecks(const std::string& fullName, int count = 1) const;
    [[nodiscard]] bool awaitVerdict(const std::string& fullName, const std::string& verdict) const;

    // What the webhook got, in order; repeated ids (a delivery whose outcome was unknown) once.
    [[nodiscard]] std::vector<Json> notices() const;
    [[nodiscard]] bool awaitNotices(std::size_t count,
                                    std::chrono::seconds limit = std::chrono::seconds(60)) const;

    [[nodiscard]] const std::filesystem::path& room() const { return room_.path(); }
    [[nodiscard]] std::filesystem::path stateDirectory() const { return room_ / "state"; }
    [[nodiscard]] std::filesystem::path settingsFile() const { return room_ / "driftkeeper.yaml"; }
    HttpReceiver hook;

private:
    const TerraformWorld& terraform_;
    TempDir room_;
    std::uint16_t port_;
    std::optional<BackgroundProgram> process_;
};

// "opened infra/net box_item.a live modified" …: one notice as a line, to compare with.
std::string line(const Json& notice);

}  // namespace driftkeeper::tests
