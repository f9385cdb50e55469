#include "parsers/cloudformation/functions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "parsers/cloudformation/values.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::cloudformation {
namespace {

constexpr int deepest = 100;

Json split(std::string_view text, std::string_view by) {
    std::vector<Json> parts;
    for (std::size_t at = by.empty() ? std::string_view::npos : text.find(by);
         at != std::string_view::npos; at = text.find(by)) {
        parts.push_back(textValue(text.substr(0, at)));
        text.remove_prefix(at + by.size());
    }
    parts.push_back(textValue(text));
    return listOf(std::move(parts));
}

Json commaList(std::string_view text) {
    Json list = split(text, ",");
    for (auto& item : list.items) item.text = trimmed(item.text, " ");
    return list;
}

// One ${name} of a Fn::Sub, or the text between two. ${!x} is the text ${x}.
template <class OnText, class OnName>
void walkSub(std::string_view text, OnText onText, OnName onName) {
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${")) {
        const auto end = text.find('}', at);
        if (end == std::string_view::npos) break;
        onText(text.substr(0, at));
        const auto name = text.substr(at + 2, end - at - 2);
        if (name.starts_with('!')) {
            onText("${");
            onText(name.substr(1));
            onText("}");
        } else {
            onName(name);
        }
        text.remove_prefix(end + 1);
    }
    onText(text);
}

Json join(const Json& argument) {
    const Json& items = argument.at(1);
    if (!items.isArray() || !std::ranges::all_of(items.items, &Json::isScalar))
        return objectOf({{"Fn::Join", argument}});
    std::string text;
    for (std::size_t i = 0; i < items.items.size(); ++i) {
        if (i > 0) text += argument.at(0).text;
        text += items.items[i].text;
    }
    return textValue(text);
}

Json select(const Json& argument) {
    std::size_t index = 0;
    const auto& word = argument.at(0).text;
    const bool isIndex =
        std::from_chars(word.data(), word.data() + word.size(), index).ec == std::errc{};
    const Json& list = argument.at(1);
    if (!isIndex || !list.isArray() || index >= list.items.size() ||
        !functionName(list.items[index]).empty())
        return objectOf({{"Fn::Select", argument}});
    return list.items[index];
}

class Names {
public:
    explicit Names(const Json& conditions) : conditions_(conditions) {}

    void collect(const Json& value) {
        if (const auto function = functionName(value); !function.empty())
            add(function, value.items.front());
        for (const auto& item : value.items) collect(item);
    }

    std::set<std::string> found;

private:
    void add(std::string_view function, const Json& argument) {
        const auto first = argument.isArray() ? argument.at(0).string() : argument.string();
        if (function == "Ref" || function == "Fn::GetAtt") found.emplace(first);
        if (function == "Fn::Sub")
            walkSub(
                first, [](std::string_view) {},
                [&](std::string_view name) { found.emplace(name.substr(0, name.find('.'))); });
        const bool isCondition = function == "Fn::If" || function == "Condition";
        if (isCondition && seen_.emplace(first).second) collect(conditions_[first]);
    }

    const Json& conditions_;
    std::set<std::string> seen_;
};

void collectImports(const Json& value, std::vector<Json>& imports) {
    if (functionName(value) == "Fn::ImportValue") imports.push_back(value.items.front());
    for (const auto& item : value.items) collectImports(item, imports);
}

}  // namespace

std::string_view arnPart(std::string_view arn, std::size_t index) noexcept {
    if (!arn.starts_with("arn:")) return {};
    for (; index > 0; --index) {
        const auto colon = arn.find(':');
        if (colon == std::string_view::npos) return {};
        arn.remove_prefix(colon + 1);
    }
    return arn.substr(0, arn.find(':'));
}

std::optional<std::string> Functions::pseudo(std::string_view name) const {
    const auto partition = arnPart(around_.stackId, 1);
    if (name == "AWS::StackName") return around_.stackName;
    if (name == "AWS::StackId") return around_.stackId;
    if (name == "AWS::Partition") return std::string(partition);
    if (name == "AWS::Region") return std::string(arnPart(around_.stackId, 3));
    if (name == "AWS::AccountId") return std::string(arnPart(around_.stackId, 4));
    if (name == "AWS::URLSuffix")
        return partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    return std::nullopt;
}

std::optional<Json> Functions::reference(std::string_view name) const {
    if (name == "AWS::NoValue") return Json();
    if (const auto value = pseudo(name); value && !value->empty()) return textValue(*value);
    if (const auto given = around_.parameters.find(std::string(name));
        given != around_.parameters.end()) {
        const auto declared = template_.parameters.find(given->first);
        const bool isList = declared != template_.parameters.end() && declared->second.isList();
        return isList ? commaList(given->second) : textValue(given->second);
    }
    if (template_.parameters.contains(std::string(name))) return std::nullopt;
    const auto physical = around_.physicalIds.find(std::string(name));
    if (physical == around_.physicalIds.end() || physical->second.empty()) return std::nullopt;
    return textValue(physical->second);
}

Json Functions::resolve(const Json& value, int depth) const {
    if (depth > deepest || value.items.empty()) return value;
    if (const auto function = functionName(value); !function.empty())
        return call(function, value.items.front(), depth);
    Json result{value.kind, value.text, {}, {}};
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        Json item = resolve(value.items[i], depth + 1);
        if (item.isNull()) continue;  // AWS::NoValue
        if (value.isObject()) result.keys.push_back(value.keys[i]);
        result.items.push_back(std::move(item));
    }
    return result;
}

Json Functions::call(std::string_view function, const Json& written, int depth) const {
    const auto asWritten = [&](Json argument) {
        return objectOf({{std::string(function), std::move(argument)}});
    };
    if (function == "Ref") return reference(written.string()).value_or(asWritten(written));
    if (function == "Fn::Sub") return substitute(written, depth);
    if (function == "Fn::If") return choose(written, depth);
    Json argument = resolve(written, depth + 1);
    if (function == "Fn::Join") return join(argument);
    if (function == "Fn::Select") return select(argument);
    if (function == "Fn::Split" && argument.at(1).isScalar())
        return split(argument.at(1).text, argument.at(0).text);
    if (function == "Fn::Base64" && argument.isScalar()) return textValue(base64(argument.text));
    if (function == "Fn::FindInMap") {
        const Json& found =
            template_.mappings[argument.at(0).text][argument.at(1).text][argument.at(2).text];
        if (!found.isNull()) return found;
    }
    return asWritten(std::move(argument));
}

Json Functions::substitute(const Json& argument, int depth) const {
    const Json values = resolve(argument.at(1), depth + 1);
    std::string text;
    bool isWhole = true;
    const auto onName = [&](std::string_view name) {
        const Json& given = values[name];
        const auto value = given.isNull() ? reference(name) : std::optional<Json>(given);
        const bool isKnown = value && value->isScalar();
        isWhole = isWhole && isKnown;
        text += isKnown ? value->text : "${" + std::string(name) + "}";
    };
    walkSub(
        argument.isArray() ? argument.at(0).string() : argument.string(),
        [&](std::string_view part) { text += part; }, onName);
    if (isWhole) return textValue(text);
    return objectOf(
        {{"Fn::Sub", values.isNull() ? textValue(text) : listOf({textValue(text), values})}});
}

Json Functions::choose(const Json& argument, int depth) const {
    const auto decided = named(argument.at(0).string(), depth + 1);
    if (decided) return resolve(argument.at(*decided ? 1 : 2), depth + 1);
    std::vector<Json> parts{argument.at(0)};
    for (const std::size_t i : {std::size_t{1}, std::size_t{2}})
        parts.push_back(resolve(argument.at(i), depth + 1));
    return objectOf({{"Fn::If", listOf(std::move(parts))}});
}

std::optional<bool> Functions::named(std::string_view name, int depth) const {
    if (name.empty()) return true;
    if (const auto known = decided_.find(name); known != decided_.end()) return known->second;
    decided_.emplace(name, std::nullopt);  // a condition within itself
    const auto result = decide(template_.conditions[name], depth + 1);
    decided_.insert_or_assign(std::string(name), result);
    return result;
}

std::optional<bool> Functions::decide(const Json& condition, int depth) const {
    const auto function = functionName(condition);
    if (depth > deepest || function.empty()) return std::nullopt;
    const Json& argument = condition.items.front();
    if (function == "Condition") return named(argument.string(), depth);
    if (function == "Fn::And") return decideAll(argument, true, depth);
    if (function == "Fn::Or") return decideAll(argument, false, depth);
    if (function == "Fn::Not") {
        const auto inner = decide(argument.at(0), depth + 1);
        return inner ? std::optional(!*inner) : std::nullopt;
    }
    if (function != "Fn::Equals") return std::nullopt;
    const Json left = resolve(argument.at(0), depth + 1);
    const Json right = resolve(argument.at(1), depth + 1);
    if (!left.isScalar() || !right.isScalar()) return std::nullopt;
    return left.text == right.text;
}

// And: one false decides. Or: one true does.
std::optional<bool> Functions::decideAll(const Json& list, bool neutral, int depth) const {
    bool isKnown = list.isArray();
    for (const auto& item : list.items) {
        const auto one = decide(item, depth + 1);
        if (one && *one != neutral) return !neutral;
        isKnown = isKnown && one.has_value();
    }
    return isKnown ? std::optional(neutral) : std::nullopt;
}

std::set<std::string> namesIn(const Json& value, const Json& conditions) {
    Names names(conditions);
    names.collect(value);
    names.found.erase("");
    return std::move(names.found);
}

std::vector<Json> importsIn(const Json& value) {
    std::vector<Json> imports;
    collectImports(value, imports);
    return imports;
}

}  // namespace driftkeeper::cloudformation
