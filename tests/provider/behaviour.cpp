#include "tests/provider/behaviour.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

namespace driftkeeper::box {
namespace {

std::string outcome(bool allowed) {
    return allowed ? "allowed" : fmt::format("denied ({})", std::strerror(errno));
}

bool canList(const std::string& path) {
    DIR* folder = opendir(path.c_str());
    if (folder == nullptr) return false;
    errno = 0;
    readdir(folder);
    const bool listed = errno == 0;
    closedir(folder);
    return listed;
}

bool canRead(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char byte = 0;
    const bool done = read(file, &byte, 1) >= 0;
    const bool isFolder = !done && errno == EISDIR;
    close(file);
    return isFolder ? canList(path) : done;
}

bool canWrite(const std::string& path) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return false;
    const bool done = write(file, "probe\n", 6) == 6;
    close(file);
    return done;
}

// NAME is looked up in this process, PID:NAME in that one.
std::string environmentOutcome(const std::string& asked) {
    const std::size_t colon = asked.find(':');
    if (colon == std::string::npos)
        return std::getenv(asked.c_str()) != nullptr ? "present" : "absent";
    const std::string path = "/proc/" + asked.substr(0, colon) + "/environ";
    if (!canRead(path)) return outcome(false);
    const std::string variables = '\0' + readFile(path).value_or("");
    return variables.find('\0' + asked.substr(colon + 1) + '=') == std::string::npos ? "absent"
                                                                                     : "present";
}

}  // namespace

Behaviour::Behaviour(Value settings, const LiveObjects& objects) : settings_(std::move(settings)) {
    const auto text = readFile(objects.directory() / "behaviour.json");
    if (!text) return;
    for (auto& [name, value] : fromJson(*text).fields) settings_.fields[name] = value;
}

bool Behaviour::isOn(const std::string& name) const {
    return settings_.at(name).truth;
}

std::vector<std::string> Behaviour::list(const std::string& name) const {
    std::vector<std::string> texts;
    for (const Value& item : settings_.at(name).items) texts.push_back(item.text);
    return texts;
}

bool Behaviour::names(const std::string& name, const std::string& id) const {
    const std::vector<std::string> ids = list(name);
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::string Behaviour::text(const std::string& name) const {
    return settings_.at(name).text;
}

std::string Behaviour::beforeRead(const std::string& id) const {
    const std::string slow = text("slow_read_ms");
    if (!slow.empty() && (settings_.at("slow_reads_of").isNull() || names("slow_reads_of", id))) {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::atol(slow.c_str())));
    }
    if (names("crash_on_read", id)) std::abort();
    if (names("fail_read", id)) return fmt::format("cannot read {}: the box does not answer", id);
    return {};
}

std::vector<std::string> probe(const Behaviour& behaviour) {
    std::vector<std::string> sentences;
    for (const std::string& path : behaviour.list("probe_read")) {
        sentences.push_back(fmt::format("probe read {}: {}", path, outcome(canRead(path))));
    }
    for (const std::string& path : behaviour.list("probe_write")) {
        sentences.push_back(fmt::format("probe write {}: {}", path, outcome(canWrite(path))));
    }
    for (const std::string& asked : behaviour.list("probe_env")) {
        sentences.push_back(fmt::format("probe env {}: {}", asked, environmentOutcome(asked)));
    }
    return sentences;
}

void spawnDaemon(const LiveObjects& objects) {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    char name[] = "sleep", duration[] = "300";
    char* const arguments[] = {name, duration, nullptr};
    pid_t pid = 0;
    const int error = posix_spawn(&pid, "/bin/sleep", nullptr, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (error == 0)
        std::ofstream(objects.directory() / "spawned.pid", std::ios::app) << pid << '\n';
}

}  // namespace driftkeeper::box
