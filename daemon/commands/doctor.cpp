// `driftkeeper doctor`: what is wrong with an installation, and what to do.
#include "daemon/commands/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/cli/columns.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/settings/config_file.hpp"

namespace driftkeeper {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t atATime = 8;                     // probes mostly wait for disks and networks
constexpr std::chrono::milliseconds mostTime{12'000};  // what a probe gives itself is less

// Shared with probes that may never end.
struct Rounds {
    std::vector<Probe> probes;
    std::vector<std::optional<Diagnoses>> findings;
    std::vector<std::optional<SteadyClock::time_point>> started;
    std::size_t next = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::stop_source stop;
};

void work(const std::shared_ptr<Rounds>& rounds) {
    std::unique_lock lock(rounds->mutex);
    while (rounds->next < rounds->probes.size()) {
        const std::size_t mine = rounds->next++;
        rounds->started[mine] = SteadyClock::now();
        lock.unlock();
        Diagnoses found = rounds->probes[mine].look(rounds->stop.get_token());
        lock.lock();
        if (!rounds->findings[mine]) rounds->findings[mine] = std::move(found);
        rounds->changed.notify_all();
    }
}

void startWorker(const std::shared_ptr<Rounds>& rounds) {
    std::thread(work, rounds).detach();
}

// Gives up what takes too long, with a fresh worker in the place of the one that is stuck.
bool isOver(const std::shared_ptr<Rounds>& rounds, std::chrono::milliseconds limit) {
    bool over = true;
    for (std::size_t i = 0; i < rounds->probes.size(); ++i) {
        if (rounds->findings[i]) continue;
        over = false;
        if (!rounds->started[i] || SteadyClock::now() - *rounds->started[i] < limit) continue;
        rounds->findings[i] = {{rounds->probes[i].area, Diagnosis::Level::Problem,
                                "no answer within " + std::to_string(limit.count() / 1000) + " s",
                                "check for a file system or a name server that hangs"}};
        startWorker(rounds);
    }
    return over;
}

Diagnoses settingsFindings(const std::filesystem::path& file, const LoadedSettings& loaded) {
    if (loaded.mistakes.empty())
        return {{"settings", Diagnosis::Level::Ok, file.string() + " has no mistakes", {}}};
    Diagnoses findings;
    for (const auto& mistake : loaded.mistakes)
        findings.push_back({"settings",
                            Diagnosis::Level::Problem,
                            mistake.file + ":" + std::to_string(mistake.position.line) + ":" +
                                std::to_string(mistake.position.column) + ": " + mistake.message,
                            {}});
    findings.back().fix = "list them: driftkeeper config check " + file.string();
    return findings;
}

}  // namespace

Daemon daemonOf(const Patient& patient, std::chrono::milliseconds patience) {
    Options options;
    options.configFile = patient.settingsFile.string();
    Daemon daemon = daemonOf(options);
    daemon.patience = patience;
    return daemon;
}

Diagnoses runProbes(const std::vector<Probe>& probes, std::chrono::milliseconds limit) {
    const auto rounds = std::make_shared<Rounds>();
    rounds->probes = probes;
    rounds->findings.resize(probes.size());
    rounds->started.resize(probes.size());
    for (std::size_t i = 0; i < std::min(atATime, probes.size()); ++i) startWorker(rounds);
    std::unique_lock lock(rounds->mutex);
    while (!isOver(rounds, limit)) rounds->changed.wait_for(lock, std::chrono::milliseconds(100));
    rounds->stop.request_stop();
    Diagnoses all;
    for (auto& findings : rounds->findings)
        all.insert(all.end(), findings->begin(), findings->end());
    return all;
}

int doctor(const Options& options) {
    const auto file = configFileOf(options.configFile);
    const auto loaded = loadSettings(file);
    Diagnoses findings = settingsFindings(file, loaded);
    const bool usable = loaded.mistakes.empty();
    const auto patient = std::make_shared<const Patient>(
        Patient{loaded.settings, file, usable ? daemonUrl(loaded.settings) : std::string(),
                options.online});

    std::vector<Probe> probes;
    const auto add = [&](std::vector<Probe> more) {
        std::ranges::move(more, std::back_inserter(probes));
    };
    if (usable) add(fileProbes(patient));
    if (usable) add(daemonProbes(patient));
    if (usable) add(stackProbes(patient));
    if (usable) add(reachProbes(patient));
    add(hostProbes(patient));
    std::ranges::move(runProbes(probes, mostTime), std::back_inserter(findings));

    const std::string text =
        options.json ? diagnosisJson(findings) + "\n" : diagnosisText(findings, wantsColour());
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    _exit(hasProblem(findings) ? 2 : 0);  // what is stuck is not waited for
}

}  // namespace driftkeeper
