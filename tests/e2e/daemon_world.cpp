#include "tests/e2e/daemon_world.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace driftkeeper::tests {
namespace {

std::vector<std::string> environmentWith(const Environment& more) {
    Environment all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        all[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
    }
    for (const auto& [name, value] : more) all[name] = value;
    std::vector<std::string> list;
    for (const auto& [name, value] : all) list.push_back(name + "=" + value);
    return list;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

std::string segment(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '/' ? "%2F" : c == '@' ? "%40" : std::string(1, c);
    return out;
}

}  // namespace

bool eventually(const std::function<bool()>& done, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        if (done()) return true;
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

DaemonWorld::DaemonWorld(const TerraformWorld& terraform) : terraform_(terraform), port_(freePort()) {}

DaemonWorld::~DaemonWorld() {
    if (running()) stop(SIGKILL);
}

void DaemonWorld::watch(const std::string& name, const std::string& url, const std::string& extra) {
    repositories += "  - { name: " + name + ", url: \"" + url + "\", ref: main, poll: 1s" +
                    (extra.empty() ? "" : ", " + extra) + " }\n";
}

void DaemonWorld::writeSettings() const {
    std::string text = "state_directory: " + stateDirectory().string() +
                       "\nlisten: 127.0.0.1:" + std::to_string(port_) + "\nchecks: " + checks +
                       "\nproviders:\n  terraform: { cli_config_file: " + terraform_.cliConfigFile().string() +
                       " }\nrepositories:\n" + repositories;
    text += channels.empty() ? "channels:\n  - { name: hook, webhook: { url: \"" + hook.url() + "\" } }\n" : channels;
    writeFile(settingsFile(), text + more);
}

void DaemonWorld::start() {
    writeSettings();
    std::vector<std::string> words = {program, "serve", "--config", settingsFile().string()};
    auto variables = environmentWith(environment);
    auto argv = pointers(words);
    auto envp = pointers(variables);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const std::string logFile = (room_ / "log").string();
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, logFile.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    const int failed = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("the daemon cannot be started");
    const bool ready = eventually([&] {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = 0;
            throw std::runtime_error("the daemon ended at once:\n" + log());
        }
        return run({"curl", "-sf", "-m", "2", url() + "/-/ready"}).ok();
    });
    if (!ready) throw std::runtime_error("the daemon is not ready:\n" + log());
}

int DaemonWorld::stop(int number) {
    kill(pid_, number);
    int status = 0;
    const bool ended = eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; });
    if (!ended) {
        kill(pid_, SIGKILL);
        waitpid(pid_, &status, 0);
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void DaemonWorld::signal(int number) const {
    kill(pid_, number);
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
            return answer.ok() ? Json::parse(answer.out).at("stacks").at(0).value("started", Json()).dump() : "none";
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
    out << notice.at("event").get<std::string>() << ' ' << notice.at("incident").at("kind").get<std::string>();
    for (const auto& one : notice.at("opened"))
        out << " +" << one.at("stack").get<std::string>() << ":" << one.at("address").get<std::string>();
    for (const auto& one : notice.at("resolved"))
        out << " -" << one.at("stack").get<std::string>() << ":" << one.at("address").get<std::string>() << "("
            << one.at("resolution").get<std::string>() << ")";
    return out.str();
}

}  // namespace driftkeeper::tests
