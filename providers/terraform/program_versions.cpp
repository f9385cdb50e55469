#include "providers/terraform/program_versions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>

#include "parsers/hcl/hcl.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/process/find_program.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/terraform_options.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestVersionFile = 4096;

// The last folder is `root`, or the root of the file system.
std::vector<fs::path> foldersUp(const fs::path& directory, const fs::path& root) {
    std::vector<fs::path> folders;
    for (fs::path folder = directory;; folder = folder.parent_path()) {
        folders.push_back(folder);
        if (folder == root || folder == folder.parent_path()) return folders;
    }
}

struct Known {
    std::string program;
    Version version;
    bool isTrusted;  // the settings say so, nobody asked
};

std::unexpected<Reason> noneFits(const std::vector<Known>& there, const VersionDemand& demand,
                                 ToolName tool) {
    std::vector<std::string> versions;
    for (const Known& one : there) versions.push_back(toText(one.version));
    const auto said =
        fmt::format("asked for: {}; there: {}", demand.text(), fmt::join(versions, ", "));
    return std::unexpected(reason("no_fitting_version", said, tool));
}

Outcome<Version> ask(const std::string& program, const Asking& asking) {
    Session session = asking.session;
    session.program = program;
    const auto result = asking.runner.run(versionCall(session));
    if (!result) return std::unexpected(result.error());
    // {"terraform_version": "1.9.0", …}, also of OpenTofu; what lies beside it is not looked at.
    const std::vector<std::string> words = hcl::strings(result->out);
    const auto at = std::ranges::find(words, "terraform_version");
    const bool isSaid = result->status == 0 && at != words.end() && at + 1 != words.end();
    const auto version = isSaid ? versionFrom(*(at + 1)) : std::nullopt;
    // Status 1 is how a program refuses words that it does not know; above, it could not run.
    if (!version && result->status > 1)
        return std::unexpected(
            reason("tool_crashed",
                   fmt::format("asked for its version it ended with status {}: {}", result->status,
                               redacted(result->err, {})),
                   asking.tool));
    if (!version)
        return std::unexpected(
            reason("tool_too_old", "it does not print its version as JSON", asking.tool));
    return *version;
}

}  // namespace

std::string buildOf(const std::string& program, const Environment& environment,
                    const fs::path& directory) {
    const auto found = findProgram(program, valueOf(environment, "PATH"), directory);
    struct stat about {};
    if (!found || ::stat(found->c_str(), &about) != 0) return program;
    return fmt::format("{} {} {} {}.{}", found->string(), about.st_ino, about.st_size,
                       about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
}

VersionDemand versionDemand(const fs::path& directory, const fs::path& root,
                            std::string_view versionFile, std::vector<std::string> required,
                            const Sight& sight) {
    VersionDemand demand{std::nullopt, std::move(required), std::string(versionFile), {}};
    for (const fs::path& folder : foldersUp(directory, root)) {
        const auto text = fileText(sight.onHost(folder / versionFile), largestVersionFile);
        if (!text) continue;
        demand.request = VersionRequest::fromFile(*text);
        break;
    }
    return demand;
}

std::vector<Candidate> candidatesOf(const Workspace& workspace, const std::string& program,
                                    const Environment& environment) {
    std::vector<Candidate> candidates;
    const bool isThere =
        findProgram(program, valueOf(environment, "PATH"), workspace.directory).has_value();
    const auto programs = terraformOptionsOf(workspace).programs;
    if (isThere || programs.empty()) candidates.push_back({program, ""});
    for (const auto& [path, version] : programs) candidates.push_back({path, version});
    return candidates;
}

// Two looks may ask at once: both get the same answer.
Outcome<Version> ProgramVersions::of(const std::string& program, const Asking& asking) {
    const auto build = buildOf(program, asking.session.environment, asking.session.directory);
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = known_.find(build); found != known_.end()) return found->second;
    }
    auto version = ask(program, asking);
    if (!version) return version;
    const std::scoped_lock lock(mutex_);
    known_.insert_or_assign(build, *version);
    return version;
}

Outcome<std::string> ProgramVersions::choose(const std::vector<Candidate>& candidates,
                                             const VersionDemand& demand, const Asking& asking) {
    std::vector<Known> there;
    Reason lastFailure = reason("tool_missing", {}, asking.tool);
    for (const Candidate& one : candidates) {
        auto version = versionFrom(one.version);
        const bool isTrusted = version.has_value();
        if (!isTrusted) {
            auto asked = of(one.program, asking);
            if (asked) version = *std::move(asked);
            if (!asked) lastFailure = asked.error();
        }
        if (version) there.push_back({one.program, *std::move(version), isTrusted});
    }
    while (!there.empty()) {
        std::vector<Version> versions;
        for (const Known& one : there) versions.push_back(one.version);
        const auto chosen = chooseVersion(versions, demand);
        if (!chosen) return noneFits(there, demand, asking.tool);
        Known& one = there[*chosen];
        if (!one.isTrusted) return one.program;
        const auto asked = of(one.program, asking);
        one.isTrusted = false;
        if (asked && *asked == one.version) return one.program;
        if (asked) {
            one.version = *asked;
        } else {
            lastFailure = asked.error();
            there.erase(there.begin() + static_cast<std::ptrdiff_t>(*chosen));
        }
    }
    return std::unexpected(lastFailure);
}

}  // namespace driftkeeper::terraform
