#include "parsers/gitops/declared_fields.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/gitops/instant.hpp"
#include "parsers/json/secrets.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/secret_names.hpp"

namespace driftkeeper::gitops {
namespace {

constexpr std::array<std::string_view, 12> secretPlaces = {
    "values",          "valuesObject",
    "parameters",      "fileParameters",
    "patches",         "patchesStrategicMerge",
    "patchesJson6902", "postBuild",
    "postRenderers",   "env",
    "plugin",          "extVars"};

bool isFreeForm(std::string_view key) {
    return std::ranges::find(secretPlaces, key) != secretPlaces.end();
}

bool holdsSecrets(std::string_view key) {
    return isFreeForm(key) || looksSecret(key);
}

// At any depth: a whole object that Git leaves open is shown as one value. What only looks secret
// by its name is hidden within it.
bool hasFreeForm(const Json& value) {
    const auto isFree = [](const std::string& key) { return isFreeForm(key); };
    return std::ranges::any_of(value.keys, isFree) || std::ranges::any_of(value.items, hasFreeForm);
}

bool isPlainKey(std::string_view key) {
    const auto isWord = [](char c) { return isLetterOrDigit(c) || c == '_' || c == '-'; };
    return !key.empty() && std::ranges::all_of(key, isWord);
}

std::string below(const std::string& path, std::string_view key) {
    if (!isPlainKey(key))
        return path + "[" + canonicalText(Json{Json::Kind::String, std::string(key), {}, {}}) + "]";
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

// Switched on or off: no secret, whatever it is called.
bool isFlag(const Json& value) {
    return value.isNull() || value.kind == Json::Kind::Bool;
}

bool isSubstituted(const Json& declared) {
    return declared.string().find("${") != std::string_view::npos;
}

bool sameText(std::string_view a, std::string_view b) {
    if (a == b) return true;
    const auto first = durationFrom(a);
    return first && first == durationFrom(b);
}

bool sameScalar(const Json& declared, const Json& live) {
    if (declared.kind == Json::Kind::String && live.kind == Json::Kind::String)
        return sameText(declared.text, live.text);
    return sameValue(declared, live);
}

// What Flux and Argo CD do as labels or annotations of an object say; not what asks for a single
// run (reconcile.fluxcd.io/requestedAt, argocd.argoproj.io/refresh), nor marks.
bool isInstruction(std::string_view key) {
    constexpr std::array<std::string_view, 11> keys = {
        "kustomize.toolkit.fluxcd.io/reconcile",     "kustomize.toolkit.fluxcd.io/ssa",
        "kustomize.toolkit.fluxcd.io/prune",         "kustomize.toolkit.fluxcd.io/force",
        "kustomize.toolkit.fluxcd.io/substitute",    "helm.toolkit.fluxcd.io/driftDetection",
        "argocd.argoproj.io/skip-reconcile",         "argocd.argoproj.io/compare-options",
        "argocd.argoproj.io/sync-options",           "argocd.argoproj.io/ignore-healthcheck",
        "argocd.argoproj.io/ignore-resource-updates"};
    return std::ranges::find(keys, key) != keys.end();
}

// Walks what is declared beside what is live.
class Walk {
public:
    Walk(const ValueTags& tags, std::vector<FieldDifference>& found) : tags_(tags), found_(found) {}

    void compare(const Json& declared, const Json& live, const std::string& path, bool secret) {
        if (isSubstituted(declared)) return;
        if (declared.isObject() && live.isObject())
            members(declared, live, path, secret);
        else if (declared.isArray() && live.isArray() && declared.items.size() == live.items.size())
            elements(declared, live, path, secret);
        else if (!sameScalar(declared, live))
            tell(declared, live, path, secret);
    }

    // metadata.labels or metadata.annotations.
    void part(const Json& declared, const Json& live, std::string_view name) {
        steps_ = {"metadata", std::string(name)};
        members(declared["metadata"][name], live["metadata"][name], "metadata." + steps_.back(),
                false);
        steps_.clear();
    }

    // What Git does not say at all.
    void open(const Json& declared, const Json& live, const std::string& path, bool secret) {
        if (isSubstituted(declared)) return;
        for (std::size_t i = 0; i < live.keys.size(); ++i) {
            const auto& key = live.keys[i];
            const bool isHidden = secret || holdsSecrets(key) || isSecretPlace(live, i);
            steps_.push_back(key);
            if (declared[key].isNull())
                openField(live.items[i], below(path, key), isHidden);
            else
                openBelow(declared[key], live.items[i], below(path, key), isHidden);
            steps_.pop_back();
        }
    }

    void openPart(const Json& declared, const Json& live, std::string_view name) {
        const Json& there = live["metadata"][name];
        for (std::size_t i = 0; i < there.keys.size(); ++i) {
            const auto& key = there.keys[i];
            if (!isInstruction(key) || declared["metadata"][name].has(key)) continue;
            steps_ = {"metadata", std::string(name), key};
            openField(there.items[i], below("metadata." + steps_[1], key), false);
        }
        steps_.clear();
    }

    void openSpec(const Json& declared, const Json& live) {
        steps_ = {"spec"};
        open(declared, live, "spec", false);
        steps_.clear();
    }

    void enter(const Json& declared, const Json& live, const std::string& key,
               const std::string& path, bool secret) {
        steps_.push_back(key);
        compare(declared, live, path, secret);
        steps_.pop_back();
    }

private:
    void members(const Json& declared, const Json& live, const std::string& path, bool secret) {
        for (std::size_t i = 0; i < declared.keys.size(); ++i) {
            const auto& key = declared.keys[i];
            enter(declared.items[i], live[key], key, below(path, key),
                  secret || holdsSecrets(key) || isSecretPlace(declared, i));
        }
    }

    void elements(const Json& declared, const Json& live, const std::string& path, bool secret) {
        for (std::size_t i = 0; i < declared.items.size(); ++i)
            enter(declared.items[i], live.items[i], "", path + "[" + std::to_string(i) + "]",
                  secret || isSecretPlace(declared, i) || isSecretPlace(live, i));
    }

    // Inside of what both have. Lists of another length are told as wholes.
    void openBelow(const Json& declared, const Json& live, const std::string& path, bool secret) {
        if (declared.isObject() && live.isObject()) open(declared, live, path, secret);
        if (!declared.isArray() || !live.isArray() || declared.items.size() != live.items.size())
            return;
        for (std::size_t i = 0; i < declared.items.size(); ++i) {
            steps_.emplace_back();
            openBelow(declared.items[i], live.items[i], path + "[" + std::to_string(i) + "]",
                      secret || isSecretPlace(live, i));
            steps_.pop_back();
        }
    }

    // {} is something: automated: {} switches a sync on, clusters: {} takes every cluster.
    void openField(const Json& live, const std::string& path, bool secret) {
        const bool isOff = live.kind == Json::Kind::Bool && !live.isTrue();
        const bool isUsual = isOff && steps_.back() != "enabled";  // that one is on by itself
        const bool isNothing = live.isNull() || (live.isArray() && live.items.empty());
        if (!isUsual && !isNothing) tell(Json::absent(), live, path, secret);
    }

    void tell(const Json& declared, const Json& live, const std::string& path, bool secret) {
        const bool isSwitch = isFlag(declared) && isFlag(live);
        const bool hidden = (secret && !isSwitch) || isSecret(declared) || isSecret(live) ||
                            hasFreeForm(declared) || hasFreeForm(live);
        AttributeDrift attribute;
        attribute.path = path;
        attribute.git = shown(declared, hidden);
        attribute.live = shown(live, hidden);
        attribute.sensitive = hidden;
        found_.push_back({steps_, std::move(attribute)});
    }

    [[nodiscard]] std::string shown(const Json& value, bool hidden) const {
        return hidden ? tags_.redacted(value) : tags_.shown(value);
    }

    const ValueTags& tags_;
    std::vector<FieldDifference>& found_;
    FieldPath steps_;
};

constexpr std::array<std::string_view, 2> metadataParts = {"annotations", "labels"};

}  // namespace

std::vector<FieldDifference> differencesOf(const Json& declared, const Json& live,
                                           const ValueTags& tags) {
    std::vector<FieldDifference> found;
    Walk walk(tags, found);
    for (const auto part : metadataParts) walk.part(declared, live, part);
    walk.enter(declared["spec"], live["spec"], "spec", "spec", false);
    return found;
}

std::vector<FieldDifference> openFieldsOf(const Json& declared, const Json& live,
                                          const ValueTags& tags) {
    std::vector<FieldDifference> found;
    Walk walk(tags, found);
    for (const auto part : metadataParts) walk.openPart(declared, live, part);
    walk.openSpec(declared["spec"], live["spec"]);
    return found;
}

std::string digestOf(const Json& declared, const ValueTags& tags) {
    std::string text = canonicalText(declared["spec"]);
    for (const auto part : metadataParts) text += "\n" + canonicalText(declared["metadata"][part]);
    return tags.tag(text);
}

}  // namespace driftkeeper::gitops
