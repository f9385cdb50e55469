#include "parsers/graph/cause.hpp"

#include <algorithm>
#include <array>

namespace driftkeeper {
namespace {

constexpr std::array causeTable = {
    Cause{.word = cause::outOfBand,
          .meaning = "Live was changed directly; Git did not ask for it.",
          .terraform = "The refreshed resource differs from the last apply, and the plan undoes "
                       "the difference.",
          .kubernetes = "The live object differs from the manifest: Git did not change since the "
                        "last clean check, or "
                        "another field manager wrote the field.",
          .flux = "Flux reports drift at the revision that it applied, or the object changed in "
                  "the cluster and not in "
                  "Git.",
          .argocd = "The Application is OutOfSync at the revision that was synced last, or its own "
                    "object changed in "
                    "the cluster and not in Git.",
          .cloudformation = "Drift detection found a difference from the deployed template, and "
                            "Git still asks for what "
                            "was deployed.",
          .advice = "Apply to undo the live change, or commit it.",
          .deletionAdvice = "Apply to create it again, or remove it from Git."},
    Cause{.word = cause::appliedElsewhere,
          .meaning = "Somebody applied code that is not in Git.",
          .terraform = "Live equals the last apply and is not what it was at the last in_sync "
                       "check, and Git asks for what it asked for then.",
          .cloudformation = "What is deployed differs from Git, and Git did not change since the "
                            "last in_sync check.",
          .advice = "Find out who applied it and from which code; merge that code, or apply what "
                    "Git holds."},
    Cause{
        .word = cause::unappliedCommit,
        .meaning = "Git asks for a change that nobody applied yet.",
        .terraform = "Live equals the last apply, and Git asks for something else than at the "
                     "last in_sync check, or there was none.",
        .kubernetes =
            "The manifest changed since it was applied, and nobody else wrote the live object.",
        .flux = "Git holds a newer revision or declaration than the one that Flux applied last.",
        .argocd = "The Application is OutOfSync at a revision that was not synced yet, or Git "
                  "declares it differently "
                  "than the cluster.",
        .cloudformation =
            "Template, parameters or tags changed in Git since the last in_sync check, and what is "
            "deployed did not.",
        .advice = "Apply the commit, or revert it."},
    Cause{.word = cause::tainted,
          .meaning =
              "The object is marked for replacement, usually by an apply that failed half-way.",
          .terraform = "The state marks the object as tainted, so the plan replaces it.",
          .advice = "Apply to replace the object, or untaint it if it is healthy."},
    Cause{
        .word = cause::conflict,
        .meaning = "Live and Git both changed, in different ways.",
        .terraform = "Live differs from the last apply, and Git asks for a third value.",
        .kubernetes = "Git changed since the last apply, and somebody else changed the object in "
                      "the cluster.",
        .flux = "The object changed in the cluster, and Git holds a change that Flux did not apply "
                "yet.",
        .argocd =
            "The object changed in the cluster, and Git holds a change that was not synced yet.",
        .cloudformation =
            "Drift detection found a live change, and Git changed the same resource since the last "
            "in_sync check.",
        .advice = "Decide which side is right before anybody applies: an apply overwrites the live "
                  "change."},
    Cause{.word = cause::perpetual,
          .meaning = "The same difference comes back after every apply.",
          .terraform = "The resource was written by an apply of the same files, and the plan asks "
                       "for the change again.",
          .advice = "Applying does not help: make the configuration match what the provider "
                    "stores, or ignore the "
                    "attribute."},
    Cause{.word = cause::providerUpgrade,
          .meaning = "Another version of the provider sees an attribute that was not there before.",
          .terraform = "The provider has another version than at the last in_sync check, and only "
                       "attributes that were "
                       "not set before differ.",
          .advice = "Apply once with the new provider version, set the attribute in Git, or pin "
                    "the old version."},
    Cause{.word = cause::inputsChanged,
          .meaning = "What Git asks for follows from a value outside of the repository, and that "
                     "value changed.",
          .terraform = "Live and the stack's files are as at the last in_sync check, and an "
                       "environment variable, a file of values, a module or another value that is "
                       "read at plan time is not.",
          .cloudformation = "What is deployed and the template are as at the last in_sync check, "
                            "and a value that the settings give is not.",
          .advice = "Apply to take in the new value, or restore the old one where it is set."},
    Cause{.word = cause::unmanaged,
          .meaning = "An object exists that Git never asked for.",
          .kubernetes = "Its namespace or its tracking label belongs to Git, and no manifest "
                        "declares the object.",
          .advice = "Add it to Git, or delete it."},

    Cause{.word = cause::converged,
          .isNoise = true,
          .meaning = "Live changed, and Git asks for exactly that.",
          .terraform = "Live differs from the last apply and equals what Git asks for now, or the "
                       "object is gone on both "
                       "sides.",
          .cloudformation = "Live differs from what was deployed and equals what Git asks for now, "
                            "or the resource is "
                            "gone on both sides.",
          .advice = "Nothing to do; the next apply records it."},
    Cause{.word = cause::ignoreChanges,
          .isNoise = true,
          .meaning = "The code ignores the change: lifecycle { ignore_changes }.",
          .terraform =
              "Live differs only in attributes that the configuration lists under ignore_changes.",
          .advice = "Nothing to do; remove the attribute from ignore_changes to have it reported."},
    Cause{.word = cause::computed,
          .isNoise = true,
          .meaning = "Only values that the provider computes have changed.",
          .terraform = "The provider's schema marks the attributes as computed, the "
                       "configuration cannot set them, and they do not identify content.",
          .advice = "Nothing to do; the next apply records the new values."},
    Cause{
        .word = cause::cosmetic,
        .isNoise = true,
        .meaning = "Git and live hold the same value in two spellings.",
        .terraform = "The values are equal once null and empty values, numbers, the order of sets, "
                     "JSON in strings "
                     "and the path of the checkout are compared by meaning.",
        .kubernetes = "The values are equal once quantities, numbers and empty values are compared "
                      "by meaning.",
        .cloudformation =
            "The values are equal once texts, numbers, JSON and the order of lists without one are "
            "compared by meaning.",
        .advice =
            "Nothing to do; write the value in Git as the provider does to remove the difference."},
    Cause{.word = cause::cascade,
          .isNoise = true,
          .meaning = "Only values differ that another change will make known.",
          .terraform = "The plan marks the values as unknown, and they come from a resource that "
                       "is about to change.",
          .advice = "Apply the change that it follows from."},
    Cause{.word = cause::outputOnly,
          .isNoise = true,
          .meaning = "An output has another value; no resource differs.",
          .terraform = "The plan changes an output of the stack and no resource behind it.",
          .cloudformation = "The outputs in Git differ from the deployed ones.",
          .advice = "Nothing to do; the next apply updates the output."},
    Cause{.word = cause::dataSource,
          .isNoise = true,
          .meaning = "A data source returns something new; no commit asks for a change.",
          .terraform =
              "The value comes from a data source whose answer changed since the last apply.",
          .advice = "Apply to take in the new value, or pin it in Git."},
    Cause{.word = cause::expired,
          .isNoise = true,
          .meaning = "Its time is over; nobody changed it.",
          .terraform = "The object lives in the state only and takes itself out of it when its "
                       "time has come, or the time that it names has passed.",
          .advice = "Apply to renew it."},
    Cause{.word = cause::checkBlock,
          .isNoise = true,
          .meaning = "A check block of the configuration fails; no resource differs.",
          .terraform = "The plan reports the check as failed; it asserts a condition and compares "
                       "nothing with Git.",
          .advice = "Fix what the check asserts, or the check itself."},
    Cause{.word = cause::moved,
          .isNoise = true,
          .meaning = "The same object has a new address.",
          .terraform = "The plan moves the object to another address and changes nothing else.",
          .advice = "Apply to record the new address."},
    Cause{.word = cause::forgotten,
          .isNoise = true,
          .meaning = "The object leaves the state and stays as it is.",
          .terraform =
              "The plan forgets the object: a removed block lets go of it without destroying it.",
          .advice = "Apply to drop it from the state."},
    Cause{.word = cause::imported,
          .isNoise = true,
          .meaning = "The object enters the state as it is.",
          .terraform = "The plan imports the object and changes nothing about it.",
          .advice = "Apply to complete the import."},
    Cause{.word = cause::deferred,
          .isNoise = true,
          .meaning = "The tool put the change off to a later plan.",
          .terraform = "The plan lists the object among its deferred changes.",
          .advice = "Apply what can be applied now; the next plan decides on the rest."},
    Cause{.word = cause::autoscaled,
          .isNoise = true,
          .meaning = "An autoscaler set the number.",
          .kubernetes =
              "A HorizontalPodAutoscaler targets the object, or a controller wrote its replicas.",
          .cloudformation = "It is the desired capacity of an Auto Scaling group, or a scalable "
                            "target of the stack "
                            "names the resource.",
          .advice =
              "Nothing to do; remove the number from Git, so that only the autoscaler sets it."},
    Cause{.word = cause::defaulted,
          .isNoise = true,
          .meaning = "The service filled in a value that Git leaves open.",
          .kubernetes = "The server's own dry run of an apply adds the field to what Git declares.",
          .cloudformation =
              "A load balancer, a target group or a settings document holds what the template does "
              "not set, beside all that it sets.",
          .advice = "Nothing to do; set the value in Git to have it watched."},
    Cause{.word = cause::injected,
          .isNoise = true,
          .meaning = "A webhook, a controller or the cloud itself added the value.",
          .kubernetes = "The dry run of an apply adds or changes the value itself, or a controller "
                        "owns the field.",
          .cloudformation = "The tag has a prefix that AWS reserves for its own services.",
          .advice = "Nothing to do; set the value in Git to have it watched."},
    Cause{.word = cause::bookkeeping,
          .isNoise = true,
          .meaning = "The server keeps notes of its own on the object.",
          .kubernetes = "The field is status, generation or revision, or a controller of "
                        "Kubernetes itself wrote it.",
          .advice = "Nothing to do."},
    Cause{.word = cause::sibling,
          .isNoise = true,
          .meaning = "Another resource of the same stack made the value.",
          .terraform = "The attribute lists what other resources of the same state declare, and "
                       "it holds nothing else that is new.",
          .advice = "Nothing to do; the next apply records it."},
    Cause{.word = cause::aggregated,
          .isNoise = true,
          .meaning = "A controller collects these rules from other roles.",
          .kubernetes = "The ClusterRole has an aggregationRule, and only its rules differ.",
          .advice = "Nothing to do; watch the roles that it aggregates."},
    Cause{.word = cause::encrypted,
          .isNoise = true,
          .meaning = "Git holds the value encrypted.",
          .kubernetes = "SOPS encrypted the value in the manifest; a value is live.",
          .advice = "Nothing to do; without the key the value cannot be compared."},
    Cause{.word = cause::random,
          .isNoise = true,
          .meaning = "Every rendering makes another value.",
          .kubernetes = "Two renderings of the chart, one after the other, differ in the field.",
          .advice = "Nothing to do; give the chart a fixed value to have it watched."},
    Cause{.word = cause::leftToOthers,
          .isNoise = true,
          .meaning = "The reconciler that applies the object was asked to leave the field alone.",
          .kubernetes = "The Kustomization (spec.ignore) or Application (ignoreDifferences) that "
                        "applies the object names the field.",
          .flux = "A Kustomization that applies the object names the field under spec.ignore.",
          .argocd = "The Application or ApplicationSet that applies the object names the field "
                    "under ignoreDifferences.",
          .advice = "Nothing to do; take the field out of that list to have it watched."},
};

std::string_view evidenceIn(const Cause& cause, std::string_view family) noexcept {
    if (family == "terraform") return cause.terraform;
    if (family == "kubernetes") return cause.kubernetes;
    if (family == "flux") return cause.flux;
    if (family == "argocd") return cause.argocd;
    if (family == "cloudformation") return cause.cloudformation;
    return {};
}

}  // namespace

std::span<const Cause> causes() noexcept {
    return causeTable;
}

const Cause* causeOf(std::string_view word) noexcept {
    const auto* const found = std::ranges::find(causeTable, word, &Cause::word);
    return found == causeTable.end() ? nullptr : found;
}

bool isNoise(std::string_view word) noexcept {
    const Cause* cause = causeOf(word);
    return cause != nullptr && cause->isNoise;
}

std::string_view howWeKnow(std::string_view word, std::string_view family) noexcept {
    const Cause* cause = causeOf(word);
    if (cause == nullptr) return {};
    const auto evidence = evidenceIn(*cause, family);
    return evidence.empty() ? cause->meaning : evidence;
}

std::string_view adviceFor(const Drift& drift) noexcept {
    const Cause* cause = causeOf(drift.cause);
    if (cause == nullptr) return "Compare what Git asks for with what is live.";
    const bool isGone = drift.change == Change::Deleted && !cause->deletionAdvice.empty();
    return isGone ? cause->deletionAdvice : cause->advice;
}

}  // namespace driftkeeper
