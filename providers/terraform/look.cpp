#include "providers/terraform/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "parsers/terraform/beside_configuration.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/session.hpp"
#include "providers/terraform/terraform_options.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

bool isMissing(const fs::path& path) {
    std::error_code error;
    return !fs::exists(path, error);
}

std::string firstWord(const std::string& text) {
    return text.substr(0, text.find_first_of(" \t\r\n"));
}

}  // namespace

Look::Look(const Flavour& flavour, Shared& shared, ToolRunner& runner, const ValueTags& tags,
           const Workspace& workspace, const std::optional<LastClean>& lastClean,
           std::stop_token stop)
    : flavour_(flavour),
      shared_(shared),
      tags_(tags),
      workspace_(workspace),
      lastClean_(lastClean),
      runner_(runner, workspace.timeout, std::move(stop), flavour.tool),
      session_(sessionFor(workspace, callerEnvironment(), flavour)) {}

Report Look::report() {
    return look([](Observer& observer) { return observer.observe(); });
}

Report Look::takeInventory() {
    plans_ = false;
    return look([](Observer& observer) -> std::optional<Report> {
        Report report = observer.takeInventory();
        if (report.completeness == Completeness::Failed && needsInit(observer.errors()))
            return std::nullopt;
        return report;
    });
}

Report Look::look(const See& see) {
    if (auto ready = prepare(); !ready) return failed(ready.error());
    Report report = tryInOrder(workspace_.workingTree ? waysInWorkingTree() : waysInDaemon(), see);
    removeFolders(session_);  // what a kill leaves goes when the next look prepares
    return report;
}

Outcome<void> Look::prepare() {
    if (auto made = makeFolders(session_, workspace_, flavour_.tool); !made) return made;
    sources_ = readSources(workspace_.directory, flavour_.language, workspace_.sight);
    if (workspace_.workingTree && session_.backendConfig.empty())
        session_.backendConfig = backendConfigOfInit(sources_.root, ownData());
    secrets_ = secretsOf(session_, sources_);
    session_.mayRunElsewhere = sources_.root.cloud || sources_.root.backend == "remote";
    // A `cloud` block names its workspace itself and takes none called default.
    if (sources_.root.cloud && session_.workspace == "default") session_.workspace.clear();
    if (workspace_.workingTree && session_.workspace.empty())
        session_.workspace = firstWord(fileText(ownData() / "environment").value_or(""));
    // In the daemon not those of its HOME, where a plan may have put some.
    hasDevOverrides_ = haveDevOverrides(
        workspace_.workingTree ? cliSettingsOf(session_.environment, flavour_)
                               : fs::path(valueOf(session_.environment, "TF_CLI_CONFIG_FILE")));
    if (auto found = findLocalState(); !found) return found;
    return chooseProgram();
}

Outcome<void> Look::findLocalState() {
    localState_ = localStateOf(sources_.root, workspace_.directory, session_.workspace,
                               session_.backendConfig, workspace_.sight);
    const bool isDefault =
        session_.workspace.empty() || session_.workspace == "default";  // others are looked up
    if (!workspace_.workingTree && isDefault && localState_ && localState_->isRelative &&
        isMissing(localState_->path))
        return std::unexpected(why("no_state_in_checkout"));
    if (!localState_ || localState_->isInTree) return {};
    if (workspace_.workingTree) {
        session_.sandbox.readable.push_back(localState_->path);
    } else if (!isMissing(localState_->path) &&
               !runner_.shows(session_.sandbox, localState_->path)) {
        // To the tool it would not exist: nothing would be in it, and nothing in sync.
        return std::unexpected(why("state_unreadable",
                                   "a local state that `sandbox: { readable: … }` does not show: " +
                                       localState_->path.string()));
    }
    return {};
}

Report Look::tryInOrder(const std::vector<Way>& ways, const See& see) {
    Report last = failed(why("init_failed"));
    for (const Way& way : ways) {
        if (auto seen = tryOne(way, see, last)) return *std::move(seen);
        if (last.reason && (last.reason->code == "timeout" || last.reason->code == "stopped"))
            return last;
    }
    if (mayChooseVersionsAgain() && needsNewerProvider(initErrors_)) {
        lockKeeper_->forget();
        if (auto seen = tryOne([this] { return initialiseExport(); }, see, last))
            return *std::move(seen);
    }
    return last;
}

std::optional<Report> Look::tryOne(const Way& way, const See& see, Report& last) {
    if (auto ready = way(); !ready) {
        last = failed(ready.error(), initErrors_);
        return std::nullopt;
    }
    addInstalledModules(sources_, session_.directory, session_.dataDirectory, flavour_.language,
                        workspace_.sight);
    if (!sources_.root.openBackendAttributes.empty()) {
        takeInitialisedBackend(sources_.root, session_.dataDirectory);
        if (auto found = findLocalState(); !found) return failed(found.error());
    }
    Observer observer(view());
    if (auto workspace = observer.checkWorkspace(); !workspace) return failed(workspace.error());
    if (auto seen = see(observer)) {
        addLockWarning(*seen);
        return seen;
    }
    initErrors_ = observer.errors();
    last = failed(needsInit(initErrors_)
                      ? why("init_failed", std::string(flavour_.tool.tool) + " still asks for init")
                      : reasonFor(initErrors_, false, secrets_, flavour_.tool),
                  initErrors_);
    return std::nullopt;
}

// Git has no lock file: what was chosen once is kept until somebody applied with a newer provider.
bool Look::mayChooseVersionsAgain() const {
    return lockKeeper_ && !lockKeeper_->inGit();
}

View Look::view() {
    StatePlace place{stateKeyOf(sources_.root, workspace_.directory, session_.workspace,
                                session_.backendConfig, workspace_.sight),
                     session_.workspace, workspace_.directory.string()};
    return {runner_,
            session_,
            sources_,
            workspace_,
            lastClean_,
            tags_,
            secrets_,
            flavour_.tool,
            lockFile(),
            localState_,
            std::move(place),
            {},
            mayChooseVersionsAgain()};
}

std::vector<Look::Way> Look::waysInDaemon() {
    lockKeeper_.emplace(lockFile(), workspace_.notesDirectory / "lock", workspace_.sight, tags_);
    const Way initialised = [this] { return initialiseExport(); };
    if (auto placed = lockKeeper_->place(); !placed)
        return {[this, error = placed.error()] {
            return Outcome<void>(because(error, flavour_.tool));
        }};
    const Way asItIs = [] { return Outcome<void>(); };
    if (hasDevOverrides_) return {asItIs, initialised};
    const auto before = fileText(workspace_.notesDirectory / "initialised");
    // init keeps the modules that are there, also when it runs for another reason.
    const bool haveMoved = dropMovedModules();
    if (haveMoved || before != initFingerprint(workspace_, session_, sources_, lockText(), tags_))
        return {initialised};
    return {asItIs, initialised};
}

// init keeps what its manifest lists: without it, everything is fetched once more, as a pipeline
// does it.
bool Look::dropMovedModules() {
    const auto modules = installedModules(session_.dataDirectory);
    if (!plans_ || !shared_.modules.haveMoved(modules, session_, runner_, workspace_.interval))
        return false;
    return removeTree(session_.dataDirectory / "modules");
}

std::vector<Look::Way> Look::waysInWorkingTree() {
    std::vector<Way> ways;
    if (!isMissing(ownData()))
        ways.emplace_back([this] {
            session_.dataDirectory = ownData();
            return Outcome<void>();
        });
    else if (hasDevOverrides_)
        ways.emplace_back([] { return Outcome<void>(); });
    if (!isMissing(workspace_.directory / lockFileName))
        ways.emplace_back([this] { return useOwnData(); });
    ways.emplace_back([this] { return useOwnLock(); });
    return ways;
}

// Where the owner of a working tree initialised the stack.
fs::path Look::ownData() const {
    const std::string named = terraformOptionsOf(workspace_).dataDirectory;
    return workspace_.directory / (named.empty() ? ".terraform" : named);
}

fs::path Look::lockFile() const {
    return session_.directory / lockFileName;
}

std::string Look::lockText() const {
    return fileText(workspace_.sight.onHost(lockFile())).value_or("");
}

Reason Look::why(std::string_view code, std::string_view said) const {
    return reason(code, said, flavour_.tool);
}

Report Look::failed(const Reason& why, const std::vector<ToolDiagnostic>& diagnostics) const {
    Report report = failedReport(why.code, redacted(why.text, secrets_));
    report.diagnostics = told(diagnostics, secrets_);
    addLockWarning(report);
    return report;
}

void Look::addLockWarning(Report& report) const {
    if (lockKeeper_ ? lockKeeper_->inGit() || lockText().empty() : !versionsChosen_) return;
    report.diagnostics.push_back(
        {Diagnostic::Level::Warning,
         workspace_.workingTree
             ? "no dependency lock file: the provider versions that init chooses now were used"
             : "no dependency lock file in Git: provider versions were chosen once and are kept",
         ""});
}

void Look::progress(std::string_view phrase) const {
    if (workspace_.progress) workspace_.progress(phrase);
}

}  // namespace driftkeeper::terraform
