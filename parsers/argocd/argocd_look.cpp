#include "parsers/argocd/argocd_look.hpp"

#include <algorithm>

#include "parsers/argocd/application.hpp"
#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/gitops/declared_fields.hpp"
#include "parsers/gitops/two_sides.hpp"
#include "parsers/graph/identity.hpp"

namespace driftkeeper::argocd {
namespace {

using gitops::Divergence;
using gitops::ObjectName;

std::string orNothing(const std::string& revision) {
    return revision.empty() ? "nothing" : revision;
}

class Reading {
public:
    Reading(const ArgoLook& look, const ValueTags& tags)
        : look_(look),
          tags_(tags),
          sides_(look.declared, look.live, argoObjects, look.defaultNamespace,
                 look.lastClean == nullptr ? nullptr : &look.lastClean->rendered) {}

    Report report() {
        report_.completeness = look_.notRead ? Completeness::Partial : Completeness::Complete;
        report_.reason = look_.notRead;
        for (const auto& [name, object] : sides_.declared) compareWithGit(name, *object);
        for (const auto& [name, object] : sides_.live)
            if (!isApplication(name))
                judgeOther(name);
            else if (isJudged(name, *object))
                judge(name, *object);
        report_.drifts = divergences_.drifts(report_.graph);
        return std::move(report_);
    }

private:
    [[nodiscard]] bool isGenerated(const ObjectName& name, const Json& object) const {
        return std::ranges::any_of(
            object["metadata"]["ownerReferences"].items, [&](const Json& owner) {
                return owner["kind"].string() == "ApplicationSet" &&
                       sides_.declared.contains({"ApplicationSet", std::string(argoGroup),
                                                 name.space, std::string(owner["name"].string())});
            });
    }

    [[nodiscard]] bool isJudged(const ObjectName& name, const Json& object) const {
        return look_.all || sides_.declared.contains(name) || sides_.isRemembered(name) ||
               isGenerated(name, object);
    }

    void addNode(const ObjectName& name, const std::string& address, std::string_view cluster) {
        ++report_.resources;
        report_.graph.add(
            {address, name.type(), name.space.empty() ? name.name : name.space + "/" + name.name,
             "argocd", kubernetesIdentity(cluster, name.group, name.kind, name.space, name.name)});
    }

    void compareWithGit(const ObjectName& name, const Json& declared) {
        const auto failed = look_.notListed.find(name.kind);
        if (!isApplication(name)) addNode(name, name.address(), look_.cluster);
        if (failed != look_.notListed.end()) return addUnreadable(failed->second, name, 1);
        if (!look_.kinds.contains(name.kind)) {  // recorded, not judged
            ++report_.coverage.unsupported;
            return;
        }
        report_.evidence.rendered[name.address()] = gitops::digestOf(declared, tags_);
        const Json* live = sides_.liveOf(name);
        if (live == nullptr || !isApplication(name)) ++report_.coverage.checked;
        if (live == nullptr && isApplication(name)) ++report_.resources;
        gitops::IgnoreRules ignored;
        for (const Json* parent : parentsOf(name)) ignored.add(*parent, name);
        gitops::compareDeclared(declared, live, name, sides_.lastClean, tags_, divergences_,
                                ignored);
    }

    // The Applications that apply the object.
    [[nodiscard]] std::vector<const Json*> parentsOf(const ObjectName& name) const {
        std::vector<const Json*> parents;
        for (const auto& [other, object] : sides_.live)
            if (isApplication(other) &&
                std::ranges::any_of((*object)["status"]["resources"].items, [&](const Json& one) {
                    return one["kind"].string() == name.kind && one["name"].string() == name.name &&
                           one["namespace"].string() == name.space &&
                           one["group"].string() == name.group;
                }))
                parents.push_back(object);
        return parents;
    }

    // An AppProject or ApplicationSet that Git asked for once.
    void judgeOther(const ObjectName& name) {
        if (!sides_.isRemembered(name) || sides_.declared.contains(name) || look_.notRead) return;
        addNode(name, name.address(), look_.cluster);
        divergences_.add(name, {Side::Git, Change::Deleted, {}, notInGit(name)});
    }

    [[nodiscard]] static std::string notInGit(const ObjectName& name) {
        return name.forPeople() + " is not in Git any more";
    }

    void judge(const ObjectName& name, const Json& object) {
        const Application application = applicationOf(object, look_.now, look_.timeout);
        addNode(name, name.address(), look_.cluster);
        if (sides_.isRemembered(name) && !sides_.declared.contains(name) &&
            !isGenerated(name, object) && !look_.notRead)
            divergences_.add(name, {Side::Git, Change::Deleted, {}, notInGit(name)});
        for (const auto& resource : application.resources) addResource(application, resource);
        for (const ReconcilerTrouble& trouble : application.troubles) {
            report_.reconcilers.push_back(trouble);
            report_.diagnostics.push_back({Diagnostic::Level::Warning, trouble.text, ""});
        }
        report_.diagnostics.insert(report_.diagnostics.end(), application.diagnostics.begin(),
                                   application.diagnostics.end());
        const auto seen = application.resources.size() + 1;
        if (application.unreadable)
            addUnreadable(*application.unreadable, name, seen);
        else
            report_.coverage.checked += seen;
        if (application.sync == Sync::OutOfSync) addDrifts(application);
    }

    void addResource(const Application& application, const ArgoResource& resource) {
        addNode(resource.name, resource.address,
                application.destination.empty() ? std::string_view(look_.cluster)
                                                : std::string_view(application.destination));
        report_.graph.link(resource.address, application.name.address());
        report_.evidence.rendered[resource.address] = tags_.tag(application.source);
    }

    void addUnreadable(const Reason& reason, const ObjectName& name, std::size_t count) {
        report_.coverage.unreadable += count;
        report_.completeness = Completeness::Partial;
        if (!report_.reason) report_.reason = reason;
        report_.diagnostics.push_back({Diagnostic::Level::Warning, reason.text, name.address()});
    }

    void addDrifts(const Application& application) {
        bool explained = false;
        for (const auto& resource : application.resources) {
            if (!resource.outOfSync) continue;
            explained = true;
            // A child Application that was compared with Git here is known better than its parent
            // knows it.
            if (!divergences_.contains(resource.address)) addDrift(application, resource);
        }
        if (!explained && !application.unreadable)
            addUnreadable({"comparison_failed",
                           application.name.forPeople() + " is OutOfSync and names no resource"},
                          application.name, 0);
    }

    void addDrift(const Application& application, const ArgoResource& resource) {
        const bool live = isLive(application, resource);
        const std::string note = application.name.forPeople() + " is OutOfSync at " +
                                 orNothing(application.revision) + ", last synced " +
                                 orNothing(application.synced);
        if (resource.requiresPruning)
            divergences_.add(resource.name, resource.address,
                             {Side::Git, Change::Deleted, {}, note});
        else if (live)
            divergences_.add(
                resource.name, resource.address,
                {Side::Live, resource.missing ? Change::Deleted : Change::Modified, {}, note});
        else
            divergences_.add(
                resource.name, resource.address,
                {Side::Git, resource.missing ? Change::Created : Change::Modified, {}, note});
    }

    // Git asks for what was synced last, or for what was in sync at the last clean look: revisions
    // move without a sync when commits touch something else.
    [[nodiscard]] bool isLive(const Application& application, const ArgoResource& resource) const {
        if (!application.revision.empty() && application.revision == application.synced &&
            application.sameSource)
            return true;
        if (sides_.lastClean == nullptr) return false;
        const auto before = sides_.lastClean->find(resource.address);
        return before != sides_.lastClean->end() && before->second == tags_.tag(application.source);
    }

    const ArgoLook& look_;
    const ValueTags& tags_;
    gitops::TwoSides sides_;
    gitops::Divergences divergences_;
    Report report_;
};

}  // namespace

Report readArgo(const ArgoLook& look, const ValueTags& tags) {
    return Reading(look, tags).report();
}

}  // namespace driftkeeper::argocd
