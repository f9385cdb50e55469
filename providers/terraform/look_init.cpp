// The part of a look that makes terraform ready: init, workspace.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "parsers/hcl/hcl.hpp"
#include "providers/terraform/files.hpp"
#include "providers/terraform/look.hpp"
#include "providers/terraform/plugin_cache_lock.hpp"
#include "providers/terraform/private_copy.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/session.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::array<int, 3> oldest = {0, 15, 3};  // the first with `plan -json`

std::array<int, 3> versionNumbers(std::string_view text) {
    std::array<int, 3> result{};
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (int& number : result) {
        at = std::from_chars(at, end, number).ptr;
        if (at == end || *at != '.') break;
        ++at;
    }
    return result;
}

}  // namespace

Outcome<void> Look::initialiseExport() {
    if (auto ready = checkVersion(); !ready) return ready;
    if (auto done = initialise(LockFileMode::MayComplete); !done) return done;
    const Result<std::string> change = lockKeeper_->keep();
    if (!change) return because(change.error());
    if (!change->empty()) return std::unexpected(reason("lock_file_changed", *change));
    const std::string fingerprint = initFingerprint(workspace_, session_, sources_, lockText(), tags_);
    if (auto written = writeFile(workspace_.privateDirectory / "initialised", fingerprint); !written)
        return because(written.error());
    return {};
}

Outcome<void> Look::useOwnData() {
    session_.dataDirectory = workspace_.privateDirectory / "data";
    return initialise(LockFileMode::ReadOnly);
}

Outcome<void> Look::useCopy() {
    progress("copying the stack");
    std::vector<fs::path> others(sources_.folders.begin(), sources_.folders.end());
    for (const std::string& path : workspace_.closure) others.push_back((workspace_.root / path).lexically_normal());
    if (localState_ && localState_->isRelative) others.push_back(localState_->path);
    std::erase(others, workspace_.directory);
    const auto copied = copyTree(workspace_.directory, std::move(others), workspace_.privateDirectory / "copy");
    if (!copied) return because(copied.error());
    session_.directory = *copied;
    session_.dataDirectory = workspace_.privateDirectory / "data";
    versionsChosen_ = lockText().empty();
    auto done = initialise(LockFileMode::MayComplete);
    versionsChosen_ = versionsChosen_ && !lockText().empty();
    return done;
}

Outcome<void> Look::initialise(LockFileMode lockFile) {
    progress("initialising");
    const auto turn = lockPluginCache(session_.pluginCache, runner_);
    if (!turn) return std::unexpected(turn.error());
    const auto result = runner_.run(initCall(session_, lockFile));
    if (!result) return std::unexpected(result.error());
    initErrors_.clear();
    if (result->status == 0) return {};
    initErrors_ = diagnosticsOfText(result->err + "\n" + result->out);
    return std::unexpected(reasonForInit(initErrors_, secrets_));
}

Outcome<void> Look::checkVersion() {
    const auto result = runner_.run(versionCall(session_));
    if (!result) return std::unexpected(result.error());
    const std::vector<std::string> words = hcl::strings(result->out);
    const auto at = std::ranges::find(words, "terraform_version");
    if (result->status != 0 || at == words.end() || at + 1 == words.end())
        return std::unexpected(reason("tool_too_old", "it does not say its version as JSON"));
    if (versionNumbers(*(at + 1)) < oldest) return std::unexpected(reason("tool_too_old", *(at + 1)));
    return {};
}

Outcome<void> Look::checkWorkspace() {
    if (session_.workspace.empty() || session_.workspace == "default") return {};
    const auto result = runner_.run(workspaceListCall(session_));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) {
        const auto errors = diagnosticsOfText(result->err + "\n" + result->out);
        if (needsInit(errors)) return {};  // the plan says so too, and then it is done
        return std::unexpected(reasonFor(errors, false, secrets_));
    }
    std::string_view text = result->out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.size() > 2 && line.substr(2) == session_.workspace) return {};
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::unexpected(reason("workspace_missing", session_.workspace));
}

}  // namespace driftkeeper::terraform
