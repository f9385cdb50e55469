#include "tests/e2e/daemon_world.hpp"

#include <signal.h>

#include <set>
#include <sstream>
#include <stdexcept>

namespace driftkeeper::tests {
namespace {

std::string segment(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '/' ? "%2F" : c == '@' ? "%40" : std::string(1, c);
    return out;
}

}  // namespace

DaemonWorld::DaemonWorld(const TerraformWorld& terraform)
    : terraform_(terraform), port_(freePort()) {}

void DaemonWorld::watch(const std::string& name, const std::string& url, const std::string& extra) {
    repositories += "  - { name: " + name + ", url: \"" + url + "\", ref: main, poll: 1s" +
                    (extra.empty() ? "" : ", " + extra) + " }\n";
}

void DaemonWorld::writeSettings() const {
    std::string text =
        "state_directory: " + stateDirectory().string() +
        "\nlisten: 127.0.0.1:" + std::to_string(port_) + "\nchecks: " + checks +
        "\nproviders:\n  terraform: { cli_config_file: " + terraform_.cliConfigFile().string() +
        " }\n" + providers + "repositories:\n" + repositories;
    text += channels.empty()
                ? "channels:\n  - { name: hook, webhook: { url: \"" + hook.url() + "\" } }\n"
                : channels;
    writeFile(settingsFile(), text + more);
}

void DaemonWorld::start() {
    writeSettings();
    process_.emplace(
        std::vector<std::string>{program, "serve", "--config", settingsFile().string()},
        room_ / "log", environment);
    const bool ready = eventually([&] {
        if (!process_->running()) throw std::runtime_error("the daemon ended at once:\n" + log());
        return run({"curl", "-sf", "-m", "2", url() + "/-/ready"}).ok();
    });
    if (!ready) throw std::runtime_error("the daemon is not ready:\n" + log());
}

int DaemonWorld::stop(int number) {
    const int status = process_->end(number);
    process_.reset();
    return status;
}

void DaemonWorld::signal(int number) const {
    kill(process_->pid(), number);
}

std::string DaemonWorld::url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
}

std::string DaemonWorld::get(const std::string& path) const {
    return outputOf({"curl", "-sf", "-m", "20", url() + path});
}

Json DaemonWorld::api(const std::string& path) const {
    return Json::parse(get("/api/v1/" + path));
}

Json DaemonWorld::stack(const std::string& fullName) const {
    return api("stacks/" + segment(fullName)).at("stacks").at(0);
}

std::string DaemonWorld::token() const {
    std::string text = readFile(stateDirectory() / "token");
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string DaemonWorld::log() const {
    try {
        return readFile(room_ / "log");
    } catch (const std::exception&) {
        return {};
    }
}

Finished DaemonWorld::ask(std::vector<std::string> words) const {
    words.insert(words.begin(), program);
    words.insert(words.end(), {"--config", settingsFile().string()});
    return run(words);
}

void DaemonWorld::awaitChecks(const std::string& fullName, int count) const {
    for (int i = 0; i < count; ++i) {
        const auto started = [&] {
            const auto answer = run({"curl", "-sf", url() + "/api/v1/stacks/" + segment(fullName)});
            return answer.ok()
                       ? Json::parse(answer.out).at("stacks").at(0).value("started", Json()).dump()
                       : "none";
        };
        const std::string before = started();
        if (!eventually([&] { return started() != before; }))
            throw std::runtime_error("no check of " + fullName + " came:\n" + log());
    }
}

bool DaemonWorld::awaitVerdict(const std::string& fullName, const std::string& verdict) const {
    return eventually([&] {
        const auto answer = run({"curl", "-sf", url() + "/api/v1/stacks/" + segment(fullName)});
        return answer.ok() && Json::parse(answer.out).at("stacks").at(0).at("verdict") == verdict;
    });
}

std::vector<Json> DaemonWorld::notices() const {
    std::vector<Json> all;
    std::set<std::string> seen;
    for (const auto& request : hook.requests()) {
        Json notice = Json::parse(request.body);
        if (seen.insert(notice.at("id")).second) all.push_back(std::move(notice));
    }
    return all;
}

bool DaemonWorld::awaitNotices(std::size_t count, std::chrono::seconds limit) const {
    return eventually([&] { return notices().size() >= count; }, limit);
}

std::string line(const Json& notice) {
    std::ostringstream out;
    out << notice.at("event").get<std::string>() << ' '
        << notice.at("incident").at("kind").get<std::string>();
    for (const auto& one : notice.at("opened"))
        out << " +" << one.at("stack").get<std::string>() << ":"
            << one.at("address").get<std::string>();
    for (const auto& one : notice.at("resolved"))
        out << " -" << one.at("stack").get<std::string>() << ":"
            << one.at("address").get<std::string>() << "("
            << one.at("resolution").get<std::string>() << ")";
    return out.str();
}

}  // namespace driftkeeper::tests
