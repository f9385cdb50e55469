#include "providers/kubernetes/look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsers/kubernetes/ownership.hpp"
#include "parsers/kubernetes/relations.hpp"
#include "providers/look/environment.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper::kubernetes {
namespace {

namespace fs = std::filesystem;

}  // namespace

Look::Look(ToolRunner& runner, const ValueTags& tags, const Workspace& workspace,
           const std::optional<LastClean>& lastClean, std::stop_token stop)
    : tags_(tags),
      workspace_(workspace),
      lastClean_(lastClean),
      runner_(runner, workspace.timeout, std::move(stop), kubectlTool),
      runDirectory_(workspace.privateDirectory / "run") {
    Environment environment = lookEnvironment(workspace, callerEnvironment());
    Sandbox sandbox = lookSandbox(workspace, environment);
    session_ = sessionFor(workspace, std::move(environment), std::move(sandbox));
    session_.environment["TMPDIR"] = (runDirectory_ / "tmp").string();
    secrets_ = secretsIn(session_.environment);
}

Report Look::report() {
    auto seen = observe();
    // What Git asks for lies there in clear, with its secrets: it goes at once.
    removeTree(runDirectory_);
    return seen ? finished() : failed(seen.error());
}

Outcome<void> Look::observe() {
    if (auto ready = prepare(); !ready) return ready;
    if (auto found = findServer(); !found) return found;
    progress("rendering");
    auto sources = readSources(workspace_, session_, runner_, secrets_);
    if (!sources) return std::unexpected(sources.error());
    if (auto converted = convert(*sources); !converted) return converted;
    progress("reading the cluster");
    if (auto read = readLive(); !read) return read;
    if (auto found = findRandom(*sources); !found) return found;
    if (auto asked = dryRun(); !asked) return asked;
    if (auto found = findRemoved(); !found) return found;
    if (auto found = findUnmanaged(); !found) return found;
    if (auto found = findAutoscalers(); !found) return found;
    if (auto found = findDefaults(); !found) return found;
    if (auto found = findIgnored(); !found) return found;
    judge();
    judgeUndefined();
    return {};
}

Outcome<void> Look::prepare() {
    for (const fs::path& folder :
         {runDirectory_, runDirectory_ / "tmp", runDirectory_ / "manifests",
          runDirectory_ / "objects", runDirectory_ / "new", session_.cacheDirectory})
        if (auto made = emptyFolder(folder); !made) return because(made.error(), kubectlTool);
    for (const char* name : {"home", "helm"})
        if (auto made = makeFolder(workspace_.privateDirectory / name); !made)
            return because(made.error(), kubectlTool);
    return {};
}

Outcome<void> Look::findServer() {
    auto said = runner_.run(serverCall(session_));
    if (!said) return std::unexpected(said.error());
    server_ = said->out;
    // In a pod there is no kubeconfig: kubectl goes by what the kubelet put into the environment.
    const std::string host = valueOf(session_.environment, "KUBERNETES_SERVICE_HOST");
    if (server_.empty() && !host.empty())
        server_ =
            "https://" + host + ":" + valueOf(session_.environment, "KUBERNETES_SERVICE_PORT");
    if (server_.empty()) return std::unexpected(reason("kubeconfig", wordsOf(*said, secrets_)));
    return {};
}

// The side of Git: unchanged only when the rendered object is what it was when all was well.
GitSince Look::gitSince(const Object& git) const {
    if (!lastClean_ || lastClean_->evidence.rendered.empty()) return GitSince::Unknown;
    const auto& rendered = lastClean_->evidence.rendered;
    const auto then = rendered.find(git.address());
    return then != rendered.end() && then->second == renderedTag(git, tags_) ? GitSince::Unchanged
                                                                             : GitSince::Changed;
}

bool Look::wasThere(const Object& git) const {
    return lastClean_ && lastClean_->evidence.rendered.contains(git.address());
}

std::string Look::managerOf(const Wanted& one) const {
    return applierOf(*one.live, one.git.body, optionOf(workspace_.options, "field_manager"));
}

// One that is there.
std::vector<Drift> Look::driftsOf(const Wanted& one) const {
    const Object& live = *one.live;
    if (isLeaving(live)) return {leaving(live)};
    return compare(
        {one.git, live, one.applied ? &*one.applied : nullptr, managerOf(one), gitSince(one.git),
         autoscaled_.contains(addressOf(live.kind, live.space, live.name)),
         one.created ? &*one.created : nullptr, &one.ignored},
        tags_);
}

void Look::judge() {
    for (const Wanted& one : wanted_) {
        report_.evidence.rendered[one.git.address()] = renderedTag(one.git, tags_);
        if (one.isUnreadable) continue;
        if (!one.isRefused) ++report_.coverage.checked;
        if (one.live)
            std::ranges::move(driftsOf(one), std::back_inserter(report_.drifts));
        else
            report_.drifts.push_back(missing(one.git, wasThere(one.git), gitSince(one.git)));
    }
    for (const Object& object : removed_) report_.drifts.push_back(removedFromGit(object));
    for (const Object& object : unmanaged_) report_.drifts.push_back(kubernetes::unmanaged(object));
}

// A type that the cluster does not know: when Git brings its definition along, both wait to be
// applied.
void Look::judgeUndefined() {
    const auto isDefinedHere = [&](const Object& object) {
        return std::ranges::any_of(wanted_, [&](const Wanted& one) {
            const Json& spec = one.git.body["spec"];
            return one.git.kind == "CustomResourceDefinition" && !one.live && !one.isUnreadable &&
                   spec["group"].string() == object.group &&
                   spec["names"]["kind"].string() == object.kind;
        });
    };
    for (const Object& object : undefined_) {
        report_.evidence.rendered[object.address()] = renderedTag(object, tags_);
        if (!isDefinedHere(object)) {
            unreadable(whyUndefined_.at(object.address()), object.address());
            continue;
        }
        ++report_.coverage.checked;
        report_.drifts.push_back(missing(object, wasThere(object), gitSince(object)));
    }
}

Report Look::finished() {
    std::vector<Object> there;
    report_.resources = static_cast<std::size_t>(
        std::ranges::count_if(wanted_, [](const Wanted& one) { return one.live.has_value(); }));
    for (Wanted& one : wanted_)
        there.push_back(one.live ? std::move(*one.live) : std::move(one.git));
    report_.graph = graphOf(there, server_);
    report_.coverage.unreadable = unreadable_.size();
    for (Drift& drift : report_.drifts)
        drift.dependents = report_.graph.countDependents(drift.address);
    std::ranges::stable_sort(report_.drifts, {}, &Drift::address);
    report_.completeness = unreadable_.empty() ? Completeness::Complete : Completeness::Partial;
    if (unreadable_.empty()) return std::move(report_);
    const bool isOneCode = std::ranges::all_of(
        unreadable_, [&](const Reason& one) { return one.code == unreadable_.front().code; });
    report_.reason = unreadable_.front();
    if (!isOneCode) report_.reason->code = "unreadable_resources";
    if (unreadable_.size() > 1)
        report_.reason->text += fmt::format("; and {} more of {}", unreadable_.size() - 1,
                                            unreadable_.size() + report_.coverage.checked);
    // Nothing at all could be seen: that is no look.
    if (report_.coverage.checked == 0 && report_.drifts.empty())
        report_.completeness = Completeness::Failed;
    return std::move(report_);
}

Report Look::failed(const Reason& why) {
    Report report = failedReport(why.code, why.text);
    report.diagnostics = std::move(report_.diagnostics);
    return report;
}

void Look::unreadable(const Reason& why, const std::string& address, const std::string& origin) {
    unreadable_.push_back(why);
    const std::string where = origin.empty() ? "" : origin + ": ";
    if (report_.diagnostics.size() < 100)
        report_.diagnostics.push_back({Diagnostic::Level::Error, where + why.text, address});
}

void Look::warn(std::string summary, std::string address) {
    const Diagnostic diagnostic{Diagnostic::Level::Warning, std::move(summary), std::move(address)};
    if (report_.diagnostics.size() < 100 &&
        std::ranges::find(report_.diagnostics, diagnostic) == report_.diagnostics.end())
        report_.diagnostics.push_back(diagnostic);
}

void Look::progress(std::string_view phrase) const {
    if (workspace_.progress) workspace_.progress(phrase);
}

Look::Wanted* Look::wantedFrom(const fs::path& file) {
    const auto found = std::ranges::find(wanted_, file, &Wanted::file);
    return found == wanted_.end() ? nullptr : &*found;
}

Look::Wanted* Look::wantedAt(const std::string& address) {
    const auto found = byAddress_.find(address);
    return found == byAddress_.end() ? nullptr : &wanted_[found->second];
}

bool Look::isWanted(const std::string& address) const {
    return byAddress_.contains(address) || whyUndefined_.contains(address);
}

}  // namespace driftkeeper::kubernetes
