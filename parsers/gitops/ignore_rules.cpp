#include "parsers/gitops/ignore_rules.hpp"

#include <algorithm>

namespace driftkeeper::gitops {
namespace {

// A word of a rule: not given, or "*", is any. One star stands for any text, as does Flux' ".*".
bool allows(const Json& word, std::string_view value) {
    std::string text(word.string());
    if (text.empty() || text == "*") return true;
    if (const auto dot = text.find(".*"); dot != std::string::npos) text.erase(dot, 1);
    const auto star = text.find('*');
    if (star == std::string::npos) return text == value;
    return value.size() >= text.size() - 1 && value.starts_with(text.substr(0, star)) &&
           value.ends_with(text.substr(star + 1));
}

// Selectors of labels are not evaluated: such a rule is for nobody.
bool isFor(const Json& rule, const ObjectName& name) {
    const bool isSelecting =
        !rule["labelSelector"].isNull() || !rule["annotationSelector"].isNull();
    return !isSelecting && allows(rule["group"], name.group) && allows(rule["kind"], name.kind) &&
           allows(rule["name"], name.name) && allows(rule["namespace"], name.space);
}

// RFC 6901: ~1 is '/', ~0 is '~'.
std::string unescaped(std::string_view step) {
    std::string text;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const bool isEscape = step[i] == '~' && i + 1 < step.size();
        if (!isEscape)
            text += step[i];
        else
            text += step[++i] == '1' ? '/' : '~';
    }
    return text;
}

bool isIndex(std::string_view step) {
    return step == "*" || step == "-" ||
           (!step.empty() && step.find_first_not_of("0123456789") == std::string_view::npos);
}

bool isBelow(const FieldPath& field, const FieldPath& path) {
    return field.size() <= path.size() &&
           std::equal(field.begin(), field.end(), path.begin(),
                      [](const std::string& wanted, const std::string& step) {
                          return wanted == step || (step.empty() && isIndex(wanted));
                      });
}

}  // namespace

void IgnoreRules::addPointer(std::string_view pointer) {
    FieldPath field;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const auto step = pointer.substr(0, pointer.find('/'));
        field.push_back(unescaped(step));
        pointer.remove_prefix(step.size());
    }
    if (!field.empty()) fields_.push_back(std::move(field));
}

// Of jq's language what names a field: .spec.a."b c".d[]; a filter inside of it ends the path
// there.
void IgnoreRules::addExpression(std::string_view expression) {
    FieldPath field;
    while (expression.starts_with('.') || expression.starts_with('[')) {
        if (expression.starts_with('[')) {
            const auto end = expression.find(']');
            if (end == std::string_view::npos) return;
            const auto inside = expression.substr(1, end - 1);
            const bool isName = inside.size() > 2 && inside.starts_with('"');
            if (!isName && !inside.empty() && !isIndex(inside)) return;
            field.push_back(isName ? std::string(inside.substr(1, inside.size() - 2)) : "*");
            expression.remove_prefix(end + 1);
            continue;
        }
        expression.remove_prefix(1);
        if (expression.starts_with('[')) continue;
        const bool isQuoted = expression.starts_with('"');
        if (isQuoted) expression.remove_prefix(1);
        const auto end =
            std::min(expression.find_first_of(isQuoted ? "\"" : ".[ |?"), expression.size());
        field.emplace_back(expression.substr(0, end));
        expression.remove_prefix(std::min(end + (isQuoted ? 1U : 0U), expression.size()));
    }
    const bool isWhole = expression.empty() || expression == "?";
    if (isWhole && !field.empty()) fields_.push_back(std::move(field));
}

void IgnoreRules::add(const Json& reconciler, const ObjectName& name) {
    const Json& spec = reconciler["spec"];
    for (const Json* rules : {&spec["ignore"], &spec["driftDetection"]["ignore"]})
        for (const Json& rule : rules->items)
            if (isFor(rule["target"], name))
                for (const Json& path : rule["paths"].items) addPointer(path.string());
    for (const char* member : {"ignoreDifferences", "ignoreApplicationDifferences"})
        for (const Json& rule : spec[member].items) {
            if (!isFor(rule, name)) continue;
            for (const Json& pointer : rule["jsonPointers"].items) addPointer(pointer.string());
            for (const Json& expression : rule["jqPathExpressions"].items)
                addExpression(expression.string());
            for (const Json& manager : rule["managedFieldsManagers"].items)
                managers_.emplace_back(manager.string());
        }
}

bool IgnoreRules::covers(const FieldPath& path) const {
    return std::ranges::any_of(fields_,
                               [&](const FieldPath& field) { return isBelow(field, path); });
}

bool IgnoreRules::coversManager(std::string_view manager) const {
    return std::ranges::find(managers_, manager) != managers_.end();
}

bool IgnoreRules::covers(const FieldPath& path, const Json& object) const {
    if (covers(path)) return true;
    if (managers_.empty()) return false;
    const auto owner = ownerOf(object, path);
    return owner && coversManager(owner->manager);
}

}  // namespace driftkeeper::gitops
