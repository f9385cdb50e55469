#include "providers/terraform/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "providers/terraform/files.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/session.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longestTemporaryDirectory = 88;  // plugins make sockets there, and their paths end at 107 bytes

bool isMissing(const fs::path& path) {
    std::error_code error;
    return !fs::exists(path, error);
}

std::string firstWord(const std::string& text) {
    return text.substr(0, text.find_first_of(" \t\r\n"));
}

}  // namespace

Look::Look(ToolRunner& runner, const ValueTags& tags, const Workspace& workspace,
           const std::optional<LastClean>& lastClean, std::stop_token stop)
    : tags_(tags),
      workspace_(workspace),
      lastClean_(lastClean),
      runner_(runner, workspace.timeout, std::move(stop)),
      session_(sessionFor(workspace, callerEnvironment())) {}

Report Look::report() {
    if (auto ready = prepare(); !ready) return failed(ready.error());
    Report report = tryInOrder(workspace_.workingTree ? waysInWorkingTree() : waysInDaemon());
    // A plan file holds secrets in clear: it goes at once. What a kill leaves goes when the next look prepares.
    std::error_code error;
    fs::remove_all(session_.runDirectory, error);
    fs::remove_all(session_.temporaryDirectory, error);
    return report;
}

// A private directory far down the tree has no room for sockets: then they lie in a short folder of their own.
Outcome<void> Look::placeTemporaryDirectory() {
    if (session_.temporaryDirectory.native().size() <= longestTemporaryDirectory) return {};
    std::string pattern = "/tmp/driftkeeper-" + std::string(6, 'X');
    if (mkdtemp(pattern.data()) == nullptr)
        return std::unexpected(reason("private_directory", "its path is too long for the sockets of plugins"));
    session_.temporaryDirectory = pattern;
    session_.sandbox.writable.emplace_back(pattern);
    return {};
}

Outcome<void> Look::prepare() {
    if (auto placed = placeTemporaryDirectory(); !placed) return placed;
    for (const fs::path& folder : {session_.runDirectory, session_.temporaryDirectory})
        if (auto made = emptyFolder(folder); !made) return because(made.error());
    for (const char* name : {"home", "data", "lock", "schemas"})
        if (auto made = makeFolder(workspace_.privateDirectory / name); !made) return because(made.error());
    sources_ = readSources(workspace_.directory);
    secrets_ = secretsOf(workspace_, session_, sources_);
    if (workspace_.workingTree && session_.workspace.empty())
        session_.workspace = firstWord(readFile(workspace_.directory / ".terraform/environment").value_or(""));
    return checkBackend();
}

Outcome<void> Look::checkBackend() {
    if (sources_.root.cloud || sources_.root.backend == "remote") return std::unexpected(reason("remote_execution"));
    localState_ = localStateOf(sources_.root, workspace_.directory, session_.workspace, workspace_.backendConfig);
    const bool isDefault = session_.workspace.empty() || session_.workspace == "default";  // others are looked up
    if (!workspace_.workingTree && isDefault && localState_ && localState_->isRelative && isMissing(localState_->path))
        return std::unexpected(reason("no_state_in_checkout"));
    return {};
}

Report Look::tryInOrder(const std::vector<Way>& ways) {
    Report last = failed(reason("init_failed"));
    for (const Way& way : ways) {
        if (auto ready = way(); !ready) {
            last = failed(ready.error(), initErrors_);
            if (ready.error().code == "timeout" || ready.error().code == "stopped") return last;
            continue;
        }
        if (auto workspace = checkWorkspace(); !workspace) return failed(workspace.error());
        if (auto seen = observe()) return *std::move(seen);
        last = failed(reason("init_failed", "terraform still asks for init"), initErrors_);
    }
    return last;
}

std::vector<Look::Way> Look::waysInDaemon() {
    lockKeeper_.emplace(workspace_.directory, workspace_.privateDirectory / "lock", workspace_.commit, tags_);
    const Way initialised = [this] { return initialiseExport(); };
    if (auto placed = lockKeeper_->place(); !placed)
        return {[error = placed.error()] { return Outcome<void>(because(error)); }};
    const auto before = readFile(workspace_.privateDirectory / "initialised");
    if (before != initFingerprint(workspace_, session_, sources_, lockText(), tags_)) return {initialised};
    return {[] { return Outcome<void>(); }, initialised};
}

std::vector<Look::Way> Look::waysInWorkingTree() {
    std::vector<Way> ways;
    if (!isMissing(workspace_.directory / ".terraform"))
        ways.emplace_back([this] {
            session_.dataDirectory = workspace_.directory / ".terraform";
            return Outcome<void>();
        });
    if (!isMissing(workspace_.directory / ".terraform.lock.hcl")) ways.emplace_back([this] { return useOwnData(); });
    ways.emplace_back([this] { return useCopy(); });
    return ways;
}

SourceSince Look::sourceSince() const {
    if (!lastClean_) return SourceSince::NoCleanCheck;
    const bool isSame = workspace_.sourceDigest.empty() || lastClean_->sourceDigest.empty()
                            ? !workspace_.commit.empty() && workspace_.commit == lastClean_->commit
                            : workspace_.sourceDigest == lastClean_->sourceDigest;
    return isSame ? SourceSince::Unchanged : SourceSince::Changed;
}

std::optional<std::string> Look::stateHolder() const {
    return localState_ ? lockHolder(localState_->path) : std::nullopt;
}

std::string Look::lockText() const {
    return readFile(session_.directory / ".terraform.lock.hcl").value_or("");
}

std::string Look::lockDigest() const {
    const std::string text = lockText();
    return text.empty() ? "" : tags_.tag(text);
}

Report Look::failed(const Reason& why, const std::vector<ToolDiagnostic>& diagnostics) const {
    Report report = failedReport(why.code, redacted(why.text, secrets_));
    addDiagnostics(report, diagnostics);
    return report;
}

void Look::addDiagnostics(Report& report, const std::vector<ToolDiagnostic>& diagnostics) const {
    report.diagnostics = told(diagnostics, secrets_);
    if (lockKeeper_ ? lockKeeper_->inGit() || lockText().empty() : !versionsChosen_) return;
    report.diagnostics.push_back(
        {Diagnostic::Level::Warning,
         workspace_.workingTree ? "no dependency lock file: the provider versions that init chooses now were used"
                                : "no dependency lock file in Git: provider versions were chosen once and are kept",
         ""});
}

void Look::progress(std::string_view phrase) const {
    if (workspace_.progress) workspace_.progress(phrase);
}

}  // namespace driftkeeper::terraform
