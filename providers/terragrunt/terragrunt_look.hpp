#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "parsers/terragrunt/unit.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"
#include "providers/terraform/observer.hpp"
#include "providers/terraform/program_versions.hpp"
#include "providers/terraform/sources.hpp"
#include "providers/terragrunt/terragrunt_calls.hpp"
#include "providers/terragrunt/terragrunt_reasons.hpp"

namespace driftkeeper::terragrunt {

// One look at one unit, from top to bottom. Used once, by one thread. In the daemon terragrunt runs
// in the export of the stack, for a working tree in a private copy of what the unit depends on: it
// writes beside the unit's file.
class TerragruntLook {
public:
    TerragruntLook(terraform::ProgramVersions& versions, ToolRunner& runner, const ValueTags& tags,
                   const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop);

    Report report();

private:
    Outcome<void> prepare();
    void readUnitFiles(const std::filesystem::path& root);
    [[nodiscard]] std::filesystem::path stackThatMakesIt() const;
    Outcome<void> generate();
    Outcome<void> mocksAreReal();
    Outcome<void> copyWorkingTree();
    Outcome<void> chooseProgram();
    Report look();
    Outcome<void> initialise();
    [[nodiscard]] bool initialisesBeforehand() const;
    [[nodiscard]] Outcome<void> forgetVersions() const;
    [[nodiscard]] Outcome<void> keepFingerprint(const std::string& wanted) const;
    void findWorkPlace();
    const terraform::Session* reader();
    [[nodiscard]] std::filesystem::path downloads() const;
    [[nodiscard]] std::filesystem::path lockFile() const;
    [[nodiscard]] bool hasLockFile(const std::filesystem::path& folder) const;
    [[nodiscard]] Cut cut() const;
    [[nodiscard]] terraform::View view();
    [[nodiscard]] terraform::StatePlace place() const;
    [[nodiscard]] std::optional<std::string> stateKeyOf(const Unit& unit) const;
    [[nodiscard]] bool keepsStateInCheckout() const;
    [[nodiscard]] bool keepsStateBesideModule() const;
    [[nodiscard]] std::string fingerprint() const;
    [[nodiscard]] Report failed(const Reason& reason) const;

    terraform::ProgramVersions& versions_;
    const ValueTags& tags_;
    const Workspace& workspace_;
    const std::optional<LastClean>& lastClean_;
    TimedRunner runner_;
    terraform::Session session_;
    std::filesystem::path root_;  // of the tree that is looked at: the export, or the copy
    Unit unit_;
    Tree tree_;
    terraform::Sources sources_;  // of the module that the unit plans
    WorkPlace place_;             // where terragrunt works; empty: not known
    terraform::Session reader_;   // of the program that terragrunt runs, there
    std::vector<std::string> secrets_;
    bool mayChooseVersionsAgain_ = false;
};

}  // namespace driftkeeper::terragrunt
