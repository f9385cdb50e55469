#pragma once

#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/git_world.hpp"
#include "tests/support/run.hpp"
#include "tests/support/terraform_world.hpp"

namespace driftkeeper::tests {

// The folder of the programs that tests/real/build.sh makes.
std::filesystem::path realPrograms();

// Whether one of them is not there: the condition of doctest::skip.
bool isMissing(std::string_view program);

// A repository, and the cloud of the test provider, for real programs that are first on PATH.
class RealWorld {
public:
    RealWorld();

    // In the environment of all that runs from now on.
    void setVariable(const std::string& name, std::string value) { own_[name] = std::move(value); }

    [[nodiscard]] const GitWorld& git() const { return git_; }
    void write(const std::filesystem::path& file, std::string_view text) const {
        git_.write(file, text);
    }
    void commit() { git_.commit("change"); }
    // Required provider and provider block of the box, with this version in a .tf file.
    [[nodiscard]] std::string box() const;
    // terraform { backend "local" } with this expression as path.
    static std::string localBackend(const std::string& path);
    // A folder that is not in the tree.
    [[nodiscard]] std::filesystem::path room() const { return room_.path(); }
    // Not in the tree.
    [[nodiscard]] std::string state(const std::string& name) const;
    [[nodiscard]] const TerraformWorld& cloud() const { return cloud_; }

    // In a folder of the repository. Throws when it fails.
    void must(const std::vector<std::string>& words, const std::string& folder = ".") const;
    [[nodiscard]] Finished run(const std::vector<std::string>& words,
                               const std::string& folder = ".") const;
    // `driftkeeper check` of a folder; all that it says is kept for failures.
    [[nodiscard]] Finished check(const std::string& folder, Environment more = {}) const;

private:
    [[nodiscard]] Environment environment() const;

    Environment own_;
    GitWorld git_;
    TempDir room_;
    TerraformWorld cloud_;
};

// "prod/app drifted box_item.a live out_of_band; …" for each stack: one line to compare with.
std::string said(const Finished& checked);

// "drifted; box_item.a modified live out_of_band content,labels.a" of the only stack; a reason's
// code follows the verdict.
std::string told(const Finished& checked);
// The same of what is suppressed, one after the other.
std::string suppressed(const Finished& checked);

}  // namespace driftkeeper::tests
