#include "providers/terragrunt/terragrunt_look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsers/terraform/backend.hpp"
#include "parsers/terragrunt/discovery.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/terraform/init.hpp"
#include "providers/terraform/private_copy.hpp"
#include "providers/terraform/session.hpp"
#include "providers/terragrunt/terragrunt_calls.hpp"
#include "providers/terragrunt/terragrunt_reasons.hpp"

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
    if (auto made = makeFolder(workspace_.privateDirectory / "terragrunt"); !made)
        return because(made.error(), terragruntTool);
    readUnitFiles();
    secrets_ = terraform::secretsOf(session_, sources_);
    if (auto told = mocksAreTold(); !told) return told;
    if (workspace_.workingTree && !workspace_.sight.tree)
        if (auto copied = copyWorkingTree(); !copied) return copied;
    // It copies its lock file, and generates what `generate` says, beside the files of the unit and
    // of its dependencies.
    if (!session_.sandbox.tree) session_.sandbox.writable.push_back(root_);
    return chooseProgram();
}

void TerragruntLook::readUnitFiles() {
    tree_ = treeBelow(workspace_.root, workspace_.sight);
    unit_ = readUnit(folderIn(workspace_.root, workspace_.directory), tree_);
    const auto module =
        unit_.sourceFolder.empty() ? workspace_.directory : workspace_.root / unit_.sourceFolder;
    const bool isElsewhere = unit_.hasSource && unit_.sourceFolder.empty();
    if (!isElsewhere)
        sources_ = terraform::readSources(module.lexically_normal(), terraform::Language::OpenTofu,
                                          workspace_.sight);
}

// Outputs that are mixed into real ones are never told in the log.
Outcome<void> TerragruntLook::mocksAreTold() const {
    const auto mixed = std::ranges::find_if(unit_.dependencies, &Dependency::mayMixIn);
    if (mixed == unit_.dependencies.end()) return {};
    return std::unexpected(
        reason("mock_outputs", "dependency " + mixed->name + " mixes them into real ones"));
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
    bool isReady = fileText(workspace_.notesDirectory / "initialised") == wanted;
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (!isReady)
            if (auto done = initialise(wanted); !done) return failed(done.error());
        findWorkingDirectory();
        terraform::Observer observer(view());
        if (auto workspace = observer.checkWorkspace(); !workspace)
            return failed(workspace.error());
        if (auto report = observer.observe()) {
            const bool isEmpty = report->evidence.stateSerial == 0 && report->resources == 0;
            if (report->completeness != Completeness::Failed && isEmpty && keepsStateInCheckout())
                return failed(reason("no_state_in_checkout"));
            return *std::move(report);
        }
        isReady = false;
    }
    return failed(reason("init_failed", "terragrunt still asks for init"));
}

Outcome<void> TerragruntLook::initialise(const std::string& wanted) {
    const auto result = terraform::runInit(
        session_, runner_, terraform::LockFileMode::MayComplete,
        fileText(workspace_.sight.onHost(session_.directory / ".terraform.lock.hcl")).value_or(""),
        terragruntTool);
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) return std::unexpected(reasonFor(*result, secrets_));
    const auto info = runner_.run(infoCall(session_));
    if (!info) return std::unexpected(info.error());
    const auto directory = info->status == 0 ? workingDirectoryIn(info->out) : std::nullopt;
    for (const auto& [name, text] :
         {std::pair{"working_directory", directory.value_or("")}, std::pair{"initialised", wanted}})
        if (auto written = writeFile(workspace_.notesDirectory / name, text); !written)
            return because(written.error(), terragruntTool);
    return {};
}

// There lies the module as it is planned, wherever it came from.
void TerragruntLook::findWorkingDirectory() {
    working_ = fileText(workspace_.notesDirectory / "working_directory").value_or("");
    // The tool said so: only where it works can it be.
    if (!isWithin(workspace_.privateDirectory, working_) && !isWithin(root_, working_))
        working_.clear();
    std::error_code error;
    const Sight& sight = workspace_.sight;
    if (working_.empty() || !fs::is_directory(sight.onHost(working_), error)) return;
    sources_ = terraform::readSources(working_, terraform::Language::OpenTofu, sight);
    terraform::addInstalledModules(sources_, working_, working_ / ".terraform",
                                   terraform::Language::OpenTofu, sight);
}

terraform::View TerragruntLook::view() {
    const auto own = working_ / ".terraform.lock.hcl";
    std::error_code error;
    const bool hasOwn = !working_.empty() && fs::exists(workspace_.sight.onHost(own), error);
    return {runner_,
            session_,
            sources_,
            workspace_,
            lastClean_,
            tags_,
            secrets_,
            terragruntTool,
            hasOwn ? own : session_.directory / ".terraform.lock.hcl",
            std::nullopt,
            place(),
            [this](const ToolResult& ended, const terraform::PlanStream& stream) {
                return objectionTo(ended, stream, secrets_);
            }};
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

// Git does not hold a state: where it would lie in the checkout, an empty one says nothing.
bool TerragruntLook::keepsStateInCheckout() const {
    if (workspace_.workingTree || unit_.backend == "?") return false;
    const auto path = unit_.backendSettings.find("path");
    if (path != unit_.backendSettings.end() && path->second.starts_with(inTree)) return true;
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
