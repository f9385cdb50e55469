#include "providers/terragrunt/terragrunt_look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsers/terraform/backend.hpp"
#include "parsers/terraform/beside_configuration.hpp"
#include "parsers/terraform/source_path.hpp"
#include "parsers/terragrunt/discovery.hpp"
#include "parsers/terragrunt/mixed_outputs.hpp"
#include "parsers/terragrunt/stack_file.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/terraform/init.hpp"
#include "providers/terraform/private_copy.hpp"
#include "providers/terraform/session.hpp"

namespace driftkeeper::terragrunt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestFile = std::size_t{4} << 20;
constexpr std::string_view inTree = "${tree}";  // as readUnit() has it

Tree treeBelow(const fs::path& root, const Sight& sight) {
    return {[root, sight](const std::string& path) {
                return fileText(sight.onHost(root / path), largestFile);
            },
            [root, sight](const std::string& path) {
                std::error_code error;
                return fs::is_directory(sight.onHost(root / path), error);
            }};
}

std::string folderIn(const fs::path& root, const fs::path& directory) {
    const auto folder = directory.lexically_relative(root).generic_string();
    return folder.empty() ? "." : folder;
}

bool isWithin(const fs::path& folder, const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    const fs::path top = fs::weakly_canonical(folder, error);
    return !error && !path.empty() &&
           std::mismatch(top.begin(), top.end(), real.begin(), real.end()).first == top.end();
}

}  // namespace

TerragruntLook::TerragruntLook(terraform::ProgramVersions& versions, ToolRunner& runner,
                               const ValueTags& tags, const Workspace& workspace,
                               const std::optional<LastClean>& lastClean, std::stop_token stop)
    : versions_(versions),
      tags_(tags),
      workspace_(workspace),
      lastClean_(lastClean),
      runner_(runner, workspace.timeout, std::move(stop), terragruntTool),
      session_(sessionFor(workspace, callerEnvironment())),
      root_(workspace.root) {}

Report TerragruntLook::report() {
    const auto ready = prepare();
    Report report = ready ? look() : failed(ready.error());
    terraform::removeFolders(session_);
    return report;
}

Outcome<void> TerragruntLook::prepare() {
    if (auto made = terraform::makeFolders(session_, workspace_, terragruntTool); !made)
        return made;
    if (auto made = makeFolder(downloads()); !made) return because(made.error(), terragruntTool);
    readUnitFiles(workspace_.root);
    secrets_ = terraform::secretsOf(session_, sources_);
    mayChooseVersionsAgain_ = !workspace_.workingTree && !hasLockFile(workspace_.directory) &&
                              !hasLockFile(root_ / unit_.sourceFolder);
    // Where it lies in the folder that terragrunt works in, that must be the tree's own.
    if (workspace_.workingTree && keepsStateBesideModule())
        session_.environment.erase("TG_DOWNLOAD_DIR");
    if (workspace_.workingTree && !workspace_.sight.tree)
        if (auto copied = copyWorkingTree(); !copied) return copied;
    // It copies its lock file, and generates what `generate` says, beside the files of the unit and
    // of its dependencies.
    if (!session_.sandbox.tree) session_.sandbox.writable.push_back(root_);
    if (auto made = generate(); !made) return made;
    if (auto chosen = chooseProgram(); !chosen) return chosen;
    return mocksAreReal();
}

// The folder above with the stack's file of which the unit is made; empty: it is there.
fs::path TerragruntLook::stackThatMakesIt() const {
    if (unitFileIn(unit_.folder, tree_)) return {};
    fs::path found;
    for (std::string folder = unit_.folder; folder != ".";) {
        folder = terraform::folderOf(folder);
        const auto file = terraform::resolved(folder, stackFile);
        if (file && tree_.read(*file)) found = folder;
    }
    return found;
}

// Units of a stack are made anew for every look: Git does not hold them.
Outcome<void> TerragruntLook::generate() {
    const auto stack = stackThatMakesIt();
    if (stack.empty()) return {};
    const auto made = runner_.run(generateCall(session_, (root_ / stack).lexically_normal()));
    if (!made) return std::unexpected(made.error());
    if (made->status != 0) return std::unexpected(reasonFor(*made, cut()));
    readUnitFiles(root_);
    return {};
}

void TerragruntLook::readUnitFiles(const fs::path& root) {
    const auto folder = folderIn(workspace_.root, workspace_.directory);
    tree_ = treeBelow(root, workspace_.sight);
    unit_ = readUnit(folder, tree_);
    const auto module = root / (unit_.sourceFolder.empty() ? folder : unit_.sourceFolder);
    const bool isElsewhere = unit_.hasSource && unit_.sourceFolder.empty();
    if (!isElsewhere)
        sources_ = terraform::readSources(module.lexically_normal(), terraform::Language::OpenTofu,
                                          workspace_.sight);
}

// Outputs that are mixed into real ones are never told in the log: the real ones say whether any
// was.
Outcome<void> TerragruntLook::mocksAreReal() {
    for (const Dependency& one : unit_.dependencies) {
        if (!one.mayMixIn) continue;
        const auto why =
            reason("mock_outputs", "dependency " + one.name + " mixes them into real ones");
        if (one.folder.empty()) return std::unexpected(why);
        const auto outputs = runner_.run(outputsCall(session_, root_ / one.folder));
        if (!outputs) return std::unexpected(outputs.error());
        if (outputs->status != 0) return std::unexpected(reasonFor(*outputs, cut()));
        if (!areAllReal(one.mocks, outputs->out)) return std::unexpected(why);
    }
    return {};
}

Outcome<void> TerragruntLook::copyWorkingTree() {
    std::vector<fs::path> others(sources_.folders.begin(), sources_.folders.end());
    for (const auto& path : closureIn(tree_, unit_.folder))
        others.push_back((root_ / path).lexically_normal());
    for (const auto& path : workspace_.closure) others.push_back((root_ / path).lexically_normal());
    std::erase(others, workspace_.directory);
    others.push_back(
        root_ /
        ".terragrunt-root");  // is not there: paths in the copy are those from the tree's root
    const auto target = workspace_.privateDirectory / "copy";
    const auto copied = terraform::copyTree(workspace_.directory, std::move(others), target);
    if (!copied) return because(copied.error(), terragruntTool);
    session_.directory = *copied;
    root_ = target;
    return {};
}

// Terragrunt takes tofu or terraform, whichever it finds, unless somebody asks for a version.
Outcome<void> TerragruntLook::chooseProgram() {
    std::string program = optionOf(workspace_.options, "tf_program");
    auto demand =
        terraform::versionDemand(workspace_.directory, workspace_.root, ".opentofu-version",
                                 sources_.requiredVersions, workspace_.sight);
    const bool isTofu = demand.request.has_value();
    if (!isTofu)
        demand =
            terraform::versionDemand(workspace_.directory, workspace_.root, ".terraform-version",
                                     sources_.requiredVersions, workspace_.sight);
    if (!demand.request && listOf(workspace_.options, "programs").empty()) demand.required.clear();
    if (!demand.asksForNothing()) {
        if (program.empty()) program = isTofu ? "tofu" : "terraform";
        terraform::Session plain = session_;
        plain.prefix.clear();
        const auto chosen =
            versions_.choose(terraform::candidatesOf(workspace_, program, session_.environment),
                             demand, {plain, runner_, terragruntTool});
        if (!chosen) return std::unexpected(chosen.error());
        program = *chosen;
    }
    useProgram(session_, program);
    return {};
}

Report TerragruntLook::look() {
    const auto wanted = fingerprint();
    const bool isReady = fileText(workspace_.notesDirectory / "initialised") == wanted;
    bool initialises = !isReady && initialisesBeforehand();
    Report last = failed(reason("init_failed", "terragrunt still asks for init"));
    for (int attempt = 0; attempt < 2; ++attempt, initialises = true) {
        if (initialises)
            if (auto done = initialise(); !done) return failed(done.error());
        terraform::Observer observer(view());
        if (auto workspace = observer.checkWorkspace(); !workspace)
            return failed(workspace.error());
        auto report = observer.observe();
        if (!report && !terraform::needsNewerProvider(observer.errors())) continue;
        if (!report) {
            last = failed(terraform::reasonFor(observer.errors(), false, secrets_, terragruntTool));
            if (auto forgotten = forgetVersions(); !forgotten) return failed(forgotten.error());
            continue;
        }
        last = *std::move(report);
        // What terragrunt initialises by itself knows no other backend than the one before.
        const bool mayBeBackend = !initialises && last.reason && last.reason->code == "init_failed";
        if (last.completeness == Completeness::Failed && mayBeBackend) continue;
        if (last.completeness == Completeness::Failed) return last;
        if (!isReady)
            if (auto kept = keepFingerprint(wanted); !kept) return failed(kept.error());
        const bool isEmpty = last.evidence.stateSerial == 0 && last.resources == 0;
        return isEmpty && keepsStateInCheckout() ? failed(reason("no_state_in_checkout")) : last;
    }
    return last;
}

// A plan initialises what it needs by itself, and mock outputs that are allowed for plans only
// would not do for anything else. Settings for init need one of its own.
bool TerragruntLook::initialisesBeforehand() const {
    return !session_.pluginCache.empty() || !session_.backendConfig.empty();
}

Outcome<void> TerragruntLook::initialise() {
    const auto lock = workspace_.sight.onHost(lockFile());
    const auto result = terraform::runInit(session_, runner_, terraform::LockFileMode::MayComplete,
                                           fileText(lock).value_or(""), terragruntTool);
    if (!result) return std::unexpected(result.error());
    if (result->status == 0) return {};
    auto why = reasonFor(*result, cut());
    const bool hasMocks = std::ranges::any_of(unit_.dependencies, &Dependency::hasMocks);
    if (why.code == "dependency_unapplied" && hasMocks) return {};  // a plan may take the mocks
    return std::unexpected(std::move(why));
}

// Git has no lock file, and somebody applied with a newer provider than was chosen here: all is
// fetched once more.
Outcome<void> TerragruntLook::forgetVersions() const {
    std::error_code error;
    fs::remove(workspace_.sight.onHost(lockFile()), error);
    removeTree(downloads());
    auto made = makeFolder(downloads());
    return made ? Outcome<void>() : because(made.error(), terragruntTool);
}

Outcome<void> TerragruntLook::keepFingerprint(const std::string& wanted) const {
    auto written = writeFile(workspace_.notesDirectory / "initialised", wanted);
    return written ? Outcome<void>() : because(written.error(), terragruntTool);
}

// There lies the module as it is planned, wherever it came from.
void TerragruntLook::findWorkPlace() {
    const auto info = runner_.run(infoCall(session_));
    if (!info || info->status != 0) return;
    auto place = workPlaceIn(info->out);
    // The tool said so: only where it works can it be.
    if (!place || (!isWithin(workspace_.privateDirectory, place->directory) &&
                   !isWithin(root_, place->directory)))
        return;
    std::error_code error;
    const Sight& sight = workspace_.sight;
    if (!fs::is_directory(sight.onHost(place->directory), error)) return;
    place_ = *std::move(place);
    const fs::path directory = place_.directory;
    sources_ = terraform::readSources(directory, terraform::Language::OpenTofu, sight);
    terraform::addInstalledModules(sources_, directory, directory / ".terraform",
                                   terraform::Language::OpenTofu, sight);
}

// What a plan left is read by the program itself: nothing else prints there, and no dependency is
// asked for its outputs again.
const terraform::Session* TerragruntLook::reader() {
    findWorkPlace();
    if (place_.directory.empty() || place_.program.empty()) return nullptr;
    reader_ = withoutTerragrunt(session_, place_);
    return &reader_;
}

// As the session has it.
fs::path TerragruntLook::downloads() const {
    return workspace_.privateDirectory / "terragrunt";
}

// Where terragrunt copies the module's.
fs::path TerragruntLook::lockFile() const {
    return session_.directory / terraform::lockFileName;
}

bool TerragruntLook::hasLockFile(const fs::path& folder) const {
    std::error_code error;
    return fs::exists(workspace_.sight.onHost(folder / terraform::lockFileName), error);
}

Cut TerragruntLook::cut() const {
    return {secrets_, root_.string(), downloads()};
}

terraform::View TerragruntLook::view() {
    return {runner_,
            session_,
            sources_,
            workspace_,
            lastClean_,
            tags_,
            secrets_,
            terragruntTool,
            lockFile(),
            std::nullopt,
            place(),
            [this](const ToolResult& ended, const terraform::PlanStream& stream) {
                return objectionTo(ended, stream, cut());
            },
            mayChooseVersionsAgain_,
            [this] { return reader(); },
            false};
}

terraform::StatePlace TerragruntLook::place() const {
    terraform::StatePlace place{stateKeyOf(unit_), session_.workspace,
                                workspace_.directory.string()};
    place.arguments = unit_.inputs;
    for (const auto& dependency : unit_.dependencies) {
        if (dependency.folder.empty()) continue;
        if (auto key = stateKeyOf(readUnit(dependency.folder, tree_)))
            place.dependencies[dependency.name] = *std::move(key);
    }
    return place;
}

std::optional<std::string> TerragruntLook::stateKeyOf(const Unit& unit) const {
    terraform::BackendSettings settings = unit.backendSettings;
    for (auto& [name, value] : settings)
        if (value.starts_with(inTree))
            value = workspace_.root.string() + value.substr(inTree.size());
    // A relative path is one of the folder that terragrunt works in, which nobody else knows.
    const auto path = settings.find("path");
    if (unit.backend == "local" && (path == settings.end() || !path->second.starts_with('/')))
        return std::nullopt;
    return terraform::backendKey(unit.backend, settings, session_.workspace, "/");
}

// Git does not hold a state: where it would lie in the checkout, an empty one says nothing. Neither
// does a copy of a working tree.
bool TerragruntLook::keepsStateInCheckout() const {
    const bool isWhole = workspace_.workingTree && workspace_.sight.tree;
    if (isWhole || unit_.backend == "?") return false;
    const auto path = unit_.backendSettings.find("path");
    if (path != unit_.backendSettings.end() && path->second.starts_with(inTree)) return true;
    return keepsStateBesideModule();
}

// A local one without a path, or with a relative one.
bool TerragruntLook::keepsStateBesideModule() const {
    const auto backend =
        !unit_.backend.empty() ? unit_.backend : sources_.root.backend.value_or("local");
    return backend == "local" && !stateKeyOf(unit_);
}

std::string TerragruntLook::fingerprint() const {
    std::string text = sources_.setupText;
    for (const auto& file : unit_.files) text += file + "\n" + tree_.read(file).value_or("") + "\n";
    const auto tf = valueOf(session_.environment, "TG_TF_PATH");
    for (const auto& program : {session_.program, tf.empty() ? std::string("tofu") : tf})
        text += terraform::buildOf(program, session_.environment, session_.directory) + "\n";
    for (const auto& setting : session_.backendConfig)
        text += setting + "\n" + fileText(workspace_.sight.onHost(setting)).value_or("") + "\n";
    for (const auto& [name, value] : workspace_.environment) text += name + "=" + value + "\n";
    text += session_.workspace + "\n" + session_.pluginCache.string() + "\n" +
            session_.directory.string();
    return tags_.tag(text);
}

Report TerragruntLook::failed(const Reason& why) const {
    return failedReport(why.code, redacted(why.text, secrets_));
}

}  // namespace driftkeeper::terragrunt
