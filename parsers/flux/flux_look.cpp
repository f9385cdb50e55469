#include "parsers/flux/flux_look.hpp"

#include <algorithm>

#include "parsers/flux/flux_graph.hpp"
#include "parsers/flux/flux_kinds.hpp"
#include "parsers/flux/reconciler_state.hpp"
#include "parsers/flux/revisions.hpp"
#include "parsers/gitops/declared_fields.hpp"
#include "parsers/gitops/message.hpp"
#include "parsers/gitops/two_sides.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper::flux {
namespace {

using gitops::Divergence;
using gitops::ObjectName;

// What a parent does to the objects it applies, beyond what Git shows.
bool isRewritten(const Json* parent) {
    if (parent == nullptr) return false;
    const Json& spec = (*parent)["spec"];
    return std::ranges::any_of(
        std::initializer_list<const char*>{"patches", "components", "namePrefix", "nameSuffix",
                                           "targetNamespace", "commonMetadata"},
        [&](const char* member) { return !spec[member].isNull(); });
}

class Reading {
public:
    Reading(const FluxLook& look, const ValueTags& tags)
        : look_(look),
          tags_(tags),
          sides_(look.declared, look.live, fluxObjects, look.defaultNamespace,
                 look.lastClean == nullptr ? nullptr : &look.lastClean->rendered) {}

    Report report() {
        report_.completeness = look_.notRead ? Completeness::Partial : Completeness::Complete;
        report_.reason = look_.notRead;
        for (const auto& [name, object] : sides_.declared) compareWithGit(name, *object);
        for (const auto& [name, object] : sides_.live) {
            if (isJudged(name))
                judge(name, *object);
            else if (isUsed(name))
                addTroubles(stateOf(*object, name, look_.now));
        }
        report_.graph = graphOf(shown(), look_.cluster);
        report_.drifts = divergences_.drifts(report_.graph);
        return std::move(report_);
    }

private:
    [[nodiscard]] bool isJudged(const ObjectName& name) const {
        return look_.all || !look_.namespaces.empty() || sides_.declared.contains(name) ||
               sides_.isRemembered(name);
    }

    // The source of something that is judged: when it fails, nothing new arrives.
    [[nodiscard]] bool isUsed(const ObjectName& name) const {
        return std::ranges::any_of(sides_.live, [&](const auto& entry) {
            return isJudged(entry.first) && sourceOf(*entry.second) == name;
        });
    }

    [[nodiscard]] std::vector<const Json*> shown() const {
        std::vector<const Json*> objects;
        for (const auto& [name, object] : sides_.live)
            if (isJudged(name) || isUsed(name)) objects.push_back(object);
        return objects;
    }

    void unreadable(const Reason& reason, const std::string& address) {
        ++report_.coverage.unreadable;
        report_.completeness = Completeness::Partial;
        if (!report_.reason) report_.reason = reason;
        report_.diagnostics.push_back({Diagnostic::Level::Warning, reason.text, address});
    }

    void addTroubles(const ReconcilerState& state) {
        for (const ReconcilerTrouble& trouble : state.troubles) {
            report_.reconcilers.push_back(trouble);
            report_.diagnostics.push_back({Diagnostic::Level::Warning, trouble.text, ""});
        }
    }

    void compareWithGit(const ObjectName& name, const Json& declared) {
        if (name.address().find("${") != std::string::npos) return addUnnamed(name);
        report_.evidence.rendered[name.address()] = gitops::digestOf(declared, tags_);
        const Json* live = sides_.liveOf(name);
        if (live == nullptr) ++report_.resources;
        if (live == nullptr && whyNotListed(name))
            return unreadable(*whyNotListed(name), name.address());
        if (live == nullptr) ++report_.coverage.checked;
        const Json* parent = live == nullptr ? nullptr : parentOf(*live);
        if (isRewritten(parent)) return compareRewritten(name, declared, *live);
        gitops::IgnoreRules ignored;
        if (parent != nullptr) ignored.add(*parent, name);
        gitops::compareDeclared(declared, live, name, sides_.lastClean, tags_, divergences_,
                                ignored);
    }

    // Its name is known only once Flux has replaced what stands in ${…}.
    void addUnnamed(const ObjectName& name) {
        ++report_.resources;
        ++report_.coverage.unsupported;
        report_.diagnostics.push_back(
            {Diagnostic::Level::Warning,
             name.forPeople() + " is named by a substitution: it cannot be compared with Git",
             name.address()});
    }

    // What applies it changes it on the way: a difference proves nothing, equality does.
    void compareRewritten(const ObjectName& name, const Json& declared, const Json& live) {
        if (gitops::differencesOf(declared, live, tags_).empty()) return;
        report_.diagnostics.push_back(
            {Diagnostic::Level::Warning,
             name.forPeople() + " is changed by the Kustomization that applies it: its fields "
                                "cannot be compared with Git",
             name.address()});
        notCompared_.insert(name);
    }

    [[nodiscard]] const Json* parentOf(const Json& live) const {
        return sides_.liveOf(
            {"Kustomization", std::string(kustomizeGroup),
             std::string(gitops::labelOf(live, "kustomize.toolkit.fluxcd.io/namespace")),
             std::string(gitops::labelOf(live, "kustomize.toolkit.fluxcd.io/name"))});
    }

    [[nodiscard]] std::optional<Reason> whyNotListed(const ObjectName& name) const {
        if (const auto at = look_.notListed.find(name.type()); at != look_.notListed.end())
            return at->second;
        if (look_.namespaces.empty() || look_.namespaces.contains(name.space)) return std::nullopt;
        return Reason{"not_listed", name.forPeople() +
                                        " is needed, and its namespace is not one of `namespaces`"};
    }

    void judge(const ObjectName& name, const Json& object) {
        ++report_.resources;
        if (sides_.isRemembered(name) && !sides_.declared.contains(name) && !look_.notRead)
            divergences_.add(
                name,
                {Side::Git, Change::Deleted, {}, name.forPeople() + " is not in Git any more"});
        const ReconcilerState state = stateOf(object, name, look_.now);
        addTroubles(state);
        const bool moved = addDivergences(name, object);
        const auto why = state.unreadable ? state.unreadable : whyNoArtifact(name, object);
        if (why && !(moved && state.failed))
            unreadable(*why, name.address());
        else if (state.suspended || notCompared_.contains(name) || !isAnswered(name, object))
            ++report_.coverage.unsupported;
        else
            ++report_.coverage.checked;
    }

    // Without the artifact of its source nobody knows whether a Kustomization has the newest one.
    [[nodiscard]] std::optional<Reason> whyNoArtifact(const ObjectName& name,
                                                      const Json& object) const {
        const ObjectName source = sourceOf(object);
        if (name.kind != "Kustomization" || !isFlux(source) || !artifactOf(source).empty())
            return std::nullopt;
        if (sides_.liveOf(source) == nullptr && whyNotListed(source)) return whyNotListed(source);
        return Reason{"source_unknown",
                      name.forPeople() + " takes its content from " + source.forPeople() +
                          (sides_.liveOf(source) == nullptr ? ", which is not in the cluster"
                                                            : ", which has fetched nothing yet")};
    }

    // A release that nobody compares with the cluster says nothing about it, nor do sources of
    // other kinds.
    [[nodiscard]] static bool isAnswered(const ObjectName& name, const Json& object) {
        if (name.kind == "Kustomization") return isFlux(sourceOf(object));
        return name.kind != "HelmRelease" || detectsDrift(object);
    }

    bool addDivergences(const ObjectName& name, const Json& object) {
        const auto found = divergencesOf(name, object);
        for (const auto& divergence : found) divergences_.add(name, divergence);
        return !found.empty();
    }

    [[nodiscard]] std::vector<Divergence> divergencesOf(const ObjectName& name,
                                                        const Json& object) const {
        if (name.kind == "Kustomization")
            return unappliedRevision(object, artifactOf(sourceOf(object)));
        if (name.kind == "HelmRelease") return releaseDivergences(object);
        if (name.kind != "GitRepository" || look_.repositoryUrl.empty()) return {};
        if (!sameRepository(object["spec"]["url"].string(), look_.repositoryUrl)) return {};
        return unfetchedCommit(object, look_.branch, look_.commit);
    }

    [[nodiscard]] std::string_view artifactOf(const ObjectName& source) const {
        const Json* object = sides_.liveOf(source);
        return object == nullptr ? std::string_view()
                                 : (*object)["status"]["artifact"]["revision"].string();
    }

    const FluxLook& look_;
    const ValueTags& tags_;
    gitops::TwoSides sides_;
    std::set<ObjectName> notCompared_;
    gitops::Divergences divergences_;
    Report report_;
};

// "ssh://git@Example.com:22/a/b.git" and "git@example.com:a/b" -> "example.com/a/b"
std::string repositoryName(std::string_view url) {
    const bool hasScheme = url.find("://") != std::string_view::npos;
    std::string name = withoutUrlSecrets(url, "");
    if (const auto at = name.find("://"); at != std::string::npos) name = name.substr(at + 3);
    if (const auto user = name.find('@'); user < name.find('/')) name.erase(0, user + 1);
    if (const auto colon = name.find(':'); !hasScheme && colon < name.find('/')) name[colon] = '/';
    const auto slash = std::min(name.find('/'), name.size());
    for (std::size_t i = 0; i < slash; ++i) name[i] = lowered(name[i]);
    for (const std::string_view port : {":22/", ":80/", ":443/"})
        if (const auto at = name.find(port); at != std::string::npos && at < slash)
            name.erase(at, port.size() - 1);
    while (name.ends_with('/')) name.pop_back();
    if (name.ends_with(".git")) name.resize(name.size() - 4);
    return name;
}

}  // namespace

bool sameRepository(std::string_view one, std::string_view other) {
    return !one.empty() && repositoryName(one) == repositoryName(other);
}

Report readFlux(const FluxLook& look, const ValueTags& tags) {
    return Reading(look, tags).report();
}

}  // namespace driftkeeper::flux
