// The part of a look that makes terraform ready: init, workspace.
#include <fmt/format.h>

#include <algorithm>

#include "providers/look/files.hpp"
#include "providers/terraform/init.hpp"
#include "providers/terraform/look.hpp"
#include "providers/terraform/private_copy.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/session.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

}  // namespace

Outcome<void> Look::initialiseExport() {
    if (auto ready = checkVersion(); !ready) return ready;
    if (auto done = initialise(LockFileMode::MayComplete); !done) return done;
    const Result<std::string> change = lockKeeper_->keep();
    if (!change) return because(change.error(), flavour_.tool);
    if (!change->empty()) return std::unexpected(why("lock_file_changed", *change));
    const std::string fingerprint =
        initFingerprint(workspace_, session_, sources_, lockText(), tags_);
    if (auto written = writeFile(workspace_.notesDirectory / "initialised", fingerprint); !written)
        return because(written.error(), flavour_.tool);
    return {};
}

Outcome<void> Look::useOwnData() {
    session_.dataDirectory = workspace_.privateDirectory / "data";
    return initialise(LockFileMode::ReadOnly);
}

// init may write the lock file: over the tree, or in a copy.
Outcome<void> Look::useOwnLock() {
    if (!workspace_.sight.tree)
        if (auto copied = copyStack(); !copied) return copied;
    session_.dataDirectory = workspace_.privateDirectory / "data";
    versionsChosen_ = lockText().empty();
    auto done = initialise(LockFileMode::MayComplete);
    versionsChosen_ = versionsChosen_ && !lockText().empty();
    return done;
}

Outcome<void> Look::copyStack() {
    progress("copying the stack");
    std::vector<fs::path> others(sources_.folders.begin(), sources_.folders.end());
    for (const std::string& path : workspace_.closure)
        others.push_back((workspace_.root / path).lexically_normal());
    if (localState_ && localState_->isRelative) others.push_back(localState_->path);
    std::erase(others, workspace_.directory);
    const auto copied =
        copyTree(workspace_.directory, std::move(others), workspace_.privateDirectory / "copy");
    if (!copied) return because(copied.error(), flavour_.tool);
    session_.directory = *copied;
    return {};
}

Outcome<void> Look::initialise(LockFileMode lockFile) {
    progress("initialising");
    const auto result = runInit(session_, runner_, lockFile, lockText(), flavour_.tool);
    if (!result) return std::unexpected(result.error());
    initErrors_.clear();
    if (result->status == 0) return {};
    initErrors_ = diagnosticsOfText(result->err + "\n" + result->out);
    // Providers that nobody can install do without; a plan says whether anything else is missing.
    if (hasDevOverrides_) return {};
    return std::unexpected(reasonForInit(initErrors_, secrets_, flavour_.tool));
}

// Nothing is started when nothing is asked for and the usual program is there.
Outcome<void> Look::chooseProgram() {
    VersionDemand demand =
        versionDemand(workspace_.directory, workspace_.root, flavour_.versionFile,
                      sources_.requiredVersions, workspace_.sight);
    demand.requiredOfTerraform = sources_.requiredOfTerraform;
    const auto candidates = candidatesOf(workspace_, session_.program, session_.environment);
    if (demand.asksForNothing() && candidates.front().program == session_.program) return {};
    auto program = shared_.versions.choose(candidates, demand, {session_, runner_, flavour_.tool});
    if (!program) return std::unexpected(program.error());
    session_.program = *std::move(program);
    return {};
}

Outcome<void> Look::checkVersion() {
    const auto version = shared_.versions.of(session_.program, {session_, runner_, flavour_.tool});
    if (!version) return std::unexpected(version.error());
    if (*version < *versionFrom(flavour_.oldestUsable))
        return std::unexpected(why("tool_too_old", toText(*version)));
    return {};
}

}  // namespace driftkeeper::terraform
