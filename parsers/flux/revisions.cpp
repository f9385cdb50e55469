#include "parsers/flux/revisions.hpp"

#include <algorithm>
#include <array>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/gitops/message.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper::flux {
namespace {

using gitops::Divergence;

constexpr std::size_t mostLines = 10;

AttributeDrift attribute(std::string path, std::string_view git, std::string_view live) {
    AttributeDrift result;
    result.path = std::move(path);
    if (!git.empty()) result.git = jsonString(git);
    if (!live.empty()) result.live = jsonString(live);
    return result;
}

Divergence waits(AttributeDrift difference, std::string note) {
    return {Side::Git, Change::Modified, {std::move(difference)}, std::move(note)};
}

std::string orNothing(std::string_view revision) {
    return revision.empty() ? "nothing" : std::string(revision);
}

// "Deployment/ns/name changed (0 additions, 1 changes, 0 removals)": the lines that name objects,
// and nothing else.
bool namesObject(std::string_view line) {
    constexpr std::array<std::string_view, 3> endings = {" removed", " excluded", ")"};
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./:";
    const auto space = line.find(' ');
    if (space == std::string_view::npos || line.size() > 400) return false;
    const auto object = line.substr(0, space);
    const auto rest = line.substr(space);
    const bool counts =
        rest.starts_with(" changed (") &&
        rest.find_first_not_of("0123456789 (),changedtiosrmvl") == std::string_view::npos;
    return object.find_first_not_of(allowed) == std::string_view::npos &&
           std::ranges::count(object, '/') >= 1 &&
           (counts || rest == endings[0] || rest == endings[1]);
}

std::string changedObjects(std::string_view message) {
    std::string result;
    std::size_t lines = 0;
    while (!message.empty()) {
        const auto line = message.substr(0, message.find('\n'));
        message.remove_prefix(std::min(message.size(), line.size() + 1));
        if (!namesObject(line)) continue;
        if (++lines > mostLines) return result + ", …";
        result += (result.empty() ? "" : ", ") + std::string(line);
    }
    return result;
}

// Build metadata does not count: helm-controller adds a digest there.
std::string_view plainVersion(std::string_view version) {
    return version.substr(0, version.find('+'));
}

// spec.ref names a branch and nothing that goes before it; master where it names nothing.
bool follows(const Json& gitRepository, std::string_view branch) {
    const Json& ref = gitRepository["spec"]["ref"];
    for (const char* other : {"tag", "semver", "commit"})
        if (!ref[other].string().empty()) return false;
    const auto name = ref["name"].string();
    if (!name.empty()) return name == "refs/heads/" + std::string(branch);
    const auto given = ref["branch"].string();
    return (given.empty() ? "master" : given) == branch;
}

}  // namespace

std::vector<Divergence> unappliedRevision(const Json& kustomization, std::string_view artifact) {
    const Json& status = kustomization["status"];
    const auto applied = status["lastAppliedRevision"].string();
    const auto attempted = status["lastAttemptedRevision"].string();
    const bool isNew = !artifact.empty() && artifact != applied;
    if (!isNew && (attempted.empty() || attempted == applied)) return {};
    const auto wanted = isNew ? artifact : attempted;
    return {waits(attribute("status.lastAppliedRevision", wanted, applied),
                  "Flux has applied " + orNothing(applied) + ", and " +
                      (isNew ? "its source holds " : "tried ") + std::string(wanted))};
}

std::vector<Divergence> releaseDivergences(const Json& helmRelease) {
    std::vector<Divergence> found;
    const Json& status = helmRelease["status"];
    const Json& deployed = status["history"].at(0);
    const auto version = deployed["chartVersion"].string();
    const auto attempted = status["lastAttemptedRevision"].string();
    if (!attempted.empty() && plainVersion(attempted) != plainVersion(version))
        found.push_back(waits(attribute("status.history[0].chartVersion", attempted, version),
                              "the release has chart " + orNothing(version) + ", and Flux tried " +
                                  std::string(attempted)));
    const auto values = status["lastAttemptedConfigDigest"].string();
    const auto used = deployed["configDigest"].string();
    if (!values.empty() && !used.empty() && values != used)
        found.push_back(waits(attribute("status.history[0].configDigest", values, used),
                              "new values are not released"));
    const auto drifted = gitops::conditionOf(helmRelease, "Drifted");
    if (drifted.is("True")) {
        const std::string objects = changedObjects(drifted.message);
        found.push_back({Side::Live,
                         Change::Modified,
                         {},
                         objects.empty() ? gitops::summaryOf(drifted.message) : objects});
    }
    return found;
}

bool detectsDrift(const Json& helmRelease) {
    const auto mode = helmRelease["spec"]["driftDetection"]["mode"].string();
    return (mode == "enabled" || mode == "warn") &&
           !gitops::conditionOf(helmRelease, "Drifted").status.empty();
}

std::vector<Divergence> unfetchedCommit(const Json& gitRepository, std::string_view branch,
                                        std::string_view commit) {
    const auto revision = gitRepository["status"]["artifact"]["revision"].string();
    const auto colon = revision.rfind(':');
    if (commit.empty() || branch.empty() || colon == std::string_view::npos ||
        !follows(gitRepository, branch))
        return {};
    if (revision.substr(colon + 1) == commit) return {};
    const std::string head = std::string(revision.substr(0, colon + 1)) + std::string(commit);
    return {waits(
        attribute("status.artifact.revision", head, revision),
        "Flux has fetched " + std::string(revision) + ", and Git is at " + std::string(commit))};
}

}  // namespace driftkeeper::flux
