#include "parsers/terraform/movement.hpp"

#include <algorithm>

#include "parsers/graph/cause.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::string_view unnamedInput =
    "what changed is not in the settings either: a value that is read at plan time, such as the "
    "time, or a file outside of the repository";

// The path of the value that is remembered: a list is one value.
struct ValuePlace {
    std::string path;
    std::size_t steps = 0;
};

ValuePlace placeOf(const AttributePath& path) {
    ValuePlace place;
    for (const auto& step : path) {
        if (step.index) break;
        if (!place.path.empty()) place.path += '.';
        place.path += step.text;
        ++place.steps;
    }
    return place;
}

const Json& valueAt(const Json& object, const AttributePath& path, std::size_t steps) {
    const Json* value = &object;
    for (std::size_t at = 0; at < steps; ++at) value = &(*value)[path[at].text];
    return *value;
}

// module.a["x"].box_item.b -> module.a
std::string moduleOf(std::string_view address) {
    const std::string plain = withoutKeys(address);
    std::size_t end = 0;
    while (plain.compare(end, 7, "module.") == 0) {
        const auto dot = plain.find('.', end + 7);
        if (dot == std::string::npos) break;
        end = dot + 1;
    }
    return plain.substr(0, end == 0 ? 0 : end - 1);
}

bool isWithin(std::string_view module, std::string_view outer) {
    return module.starts_with(outer) &&
           (module.size() == outer.size() || module[outer.size()] == '.');
}

std::string sentenceOf(const std::vector<const MovedInput*>& inputs) {
    constexpr std::size_t mostNamed = 5;
    std::string text = "changed outside of the repository: ";
    for (std::size_t at = 0; at < std::min(inputs.size(), mostNamed); ++at)
        text += (at == 0 ? "" : ", ") + inputs[at]->what;
    if (inputs.size() > mostNamed)
        text += " and " + std::to_string(inputs.size() - mostNamed) + " more";
    return text;
}

}  // namespace

// Where the object was when it was remembered; nullptr: it was not there.
const std::string* Movement::addressThen(const PlannedObject& object) const {
    const auto& entry = object.entry();
    for (const auto* address : {&entry.address, &entry.previousAddress})
        if (!address->empty() && context_.sinceClean->then.holds(*address)) return address;
    return nullptr;
}

bool Movement::isAppliedElsewhere(const PlannedObject& object, const Leaf& leaf) {
    if (object.entry().importing) return false;
    const std::string* address = isRemembered() ? addressThen(object) : nullptr;
    if (address == nullptr || leaf.difference.path.empty()) return filesAreTheSame();
    const auto& then = context_.sinceClean->then;
    const auto [path, steps] = placeOf(leaf.difference.path);
    const auto live = values_.read(object.entry().address, path);
    if (live == then.read(*address, path)) return false;  // so Git moved
    const auto& planned = object.planned;
    const auto tagAt = [&](const Json& value) {
        return RememberedValues::tagOf(valueAt(value, leaf.difference.path, steps), tags_);
    };
    // A plan may write a value otherwise than a state does: then the two cannot be compared.
    if (leaf.difference.gitUnknown || tagAt(planned.before) != live) return filesAreTheSame();
    if (tagAt(planned.after) == then.asked(*address, path)) return true;
    // Both moved: what is live may be an earlier commit, applied between two looks.
    return filesAreTheSame() && inputsBehind(object, {leaf}).empty();
}

bool Movement::isAppliedElsewhere(const PlannedObject& object, Change change) {
    if (object.entry().importing) return false;
    if (!isRemembered()) return filesAreTheSame();
    const bool wasThere = addressThen(object) != nullptr;
    return change == Change::Created ? wasThere : !wasThere;
}

Movement::Why Movement::whyAsked(const PlannedObject& object, const std::vector<Leaf>& leaves) {
    const bool isNews =
        context_.source != SourceSince::NoCleanCheck && isRemembered() && !object.entry().importing;
    if (!isNews) return {cause::unappliedCommit, {}};
    if (const auto inputs = inputsBehind(object, leaves); !inputs.empty())
        return {cause::inputsChanged, sentenceOf(inputs)};
    // A plan may read files that nobody can see in the configuration: then a commit is the cause.
    if (!filesAreTheSame() || !context_.sinceClean->isSameCommit)
        return {cause::unappliedCommit, {}};
    std::vector<const MovedInput*> all;
    for (const auto& input : context_.sinceClean->inputs) all.push_back(&input);
    return {cause::inputsChanged, all.empty() ? std::string(unnamedInput) : sentenceOf(all)};
}

void Movement::settleContent(PlannedObject& object) const {
    bool isOther = false;
    for (auto& leaf : object.leaves) {
        const auto kind = contentKindOf(object.entry().type, leaf.difference.path);
        if (leaf.verdict != LeafVerdict::Computed || kind == ContentKind::None) continue;
        if (!isNews(object, leaf, kind)) continue;
        leaf.verdict = LeafVerdict::Live;
        isOther = true;
    }
    for (auto& leaf : object.leaves)
        if (isOther && leaf.verdict == LeafVerdict::Computed &&
            isBesideContent(leaf.difference.path))
            leaf.verdict = LeafVerdict::Live;
}

// True where no look is remembered.
bool Movement::isNews(const PlannedObject& object, const Leaf& leaf, ContentKind kind) const {
    if (!isRemembered()) return true;
    const std::string* address = addressThen(object);
    const bool mayBeApply = address == nullptr || context_.sinceClean->isAppliedSince;
    if (mayBeApply && kind == ContentKind::Version) return false;
    if (address == nullptr) return true;
    const auto path = placeOf(leaf.difference.path).path;
    return values_.read(object.entry().address, path) !=
           context_.sinceClean->then.read(*address, path);
}

void Movement::rememberAsked(const PlannedObject& object, RememberedValues& values) const {
    if (object.change == nullptr) return;
    for (const auto& leaf : object.leaves) {
        const auto& difference = leaf.difference;
        if (difference.path.empty() || difference.gitUnknown ||
            sameValue(*difference.git, *difference.live))
            continue;
        const auto [path, steps] = placeOf(difference.path);
        values.addAsked(object.entry().address, path,
                        valueAt(object.planned.after, difference.path, steps), tags_);
    }
}

// The inputs that the leaves, or without any the whole block, follow from.
std::vector<const MovedInput*> Movement::inputsBehind(const PlannedObject& object,
                                                      const std::vector<Leaf>& leaves) {
    std::vector<const MovedInput*> found;
    const auto* block = configuration_.find(object.entry().address);
    const auto module = moduleOf(object.entry().address);
    if (!context_.sinceClean || context_.sinceClean->inputs.empty()) return found;
    PlannedConfiguration::Blocks used;
    const auto use = [&](const PlannedConfiguration::Blocks& more) {
        used.insert(used.end(), more.begin(), more.end());
    };
    if (block != nullptr && leaves.empty()) use(configuration_.references(*block));
    if (block != nullptr)
        for (const auto& leaf : leaves)
            if (!leaf.difference.path.empty())
                use(configuration_.references(*block, leaf.difference.path.front().text));
    for (const auto& input : context_.sinceClean->inputs) {
        const auto follows = [&](std::size_t at) {
            const auto& one = configuration_.blocks()[at];
            if (!input.module.empty()) return isWithin(one.module, input.module);
            return one.variable && (input.variable == MovedInput::anyVariable ||
                                    one.address == "var." + input.variable);
        };
        const bool isInside = !input.module.empty() && isWithin(module, input.module);
        if (isInside || std::ranges::any_of(used, follows)) found.push_back(&input);
    }
    return found;
}

}  // namespace driftkeeper::terraform
