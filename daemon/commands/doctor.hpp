#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/cli/options.hpp"
#include "daemon/commands/asking.hpp"
#include "daemon/contract/stack_object.hpp"
#include "daemon/model/settings.hpp"
#include "daemon/wording/diagnosis.hpp"

// What `driftkeeper doctor` looks at. A probe may block, reaches nothing but what it names, changes
// nothing, and puts no secret into what it says.
namespace driftkeeper {

using Diagnoses = std::vector<Diagnosis>;

struct Probe {
    std::string area;
    std::function<Diagnoses(std::stop_token stop)> look;
};

// Of one installation. Held by probes that outlive their time.
struct Patient {
    Settings settings;
    std::filesystem::path settingsFile;
    std::string url;  // of its daemon
    bool online = false;
};
using SharedPatient = std::shared_ptr<const Patient>;

// The daemon of that installation, to be asked with no more patience than this.
Daemon daemonOf(const Patient& patient, std::chrono::milliseconds patience);

std::vector<Probe> fileProbes(
    const SharedPatient& patient);  // doctor_files.cpp: state, token, secrets, plugin cache
std::vector<Probe> hostProbes(
    const SharedPatient& patient);  // doctor_host.cpp: kernel, clock, systemd
std::vector<Probe> daemonProbes(
    const SharedPatient& patient);  // doctor_daemon.cpp: the address and who answers there
std::vector<Probe> stackProbes(const SharedPatient& patient);  // doctor_stacks.cpp: the daemon's
std::vector<Probe> reachProbes(
    const SharedPatient& patient);  // doctor_reach.cpp: Git, tools, channels

// How they fare: how many are conclusive, and a finding for each reason why others are not. Pure.
Diagnoses diagnoseStacks(const std::vector<StackObject>& stacks);

// Runs the probes, several at a time, and gives their findings in the order of the probes. A probe
// that takes longer than `limit` is a problem and is left behind: the process has to end without
// waiting for it.
Diagnoses runProbes(const std::vector<Probe>& probes, std::chrono::milliseconds limit);

}  // namespace driftkeeper
