#pragma once

#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
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

    [[nodiscard]] const GitWorld& git() const { return git_; }
    void write(const std::filesystem::path& file, std::string_view text) const {
        git_.write(file, text);
    }
    void commit() { git_.commit("change"); }
    // Required provider and provider block of the box, with this version in a .tf file.
    [[nodiscard]] std::string box() const;
    // terraform { backend "local" } with this expression as path.
    static std::string localBackend(const std::string& path);
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

    GitWorld git_;
    TempDir room_;
    TerraformWorld cloud_;
};

// "prod/app drifted box_item.a live out_of_band; …" for each stack: one line to compare with.
std::string said(const Finished& checked);

}  // namespace driftkeeper::tests
