#include "parsers/terraform/planned_configuration.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "parsers/json/json_cursor.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/terraform/spelling.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr int deepestNesting = 100;

using Text = std::string_view;

// Reads an object whose members are told apart by `member`, which consumes the value.
template <class Member>
bool readObject(Text text, const Member& member) {
    JsonCursor cursor(text);
    cursor.enterObject();
    for (Text key; cursor.nextKey(key);) member(cursor, key);
    return cursor.finished();
}

Text memberOf(Text object, std::string_view name) {
    Text found;
    if (!object.starts_with('{')) return found;
    readObject(object, [&](JsonCursor& cursor, Text key) {
        const auto value = cursor.skip();
        if (key == name) found = value;
    });
    return found;
}

// module.a.module.b + lab_file.x; the root is empty.
std::string within(const std::string& module, std::string_view name) {
    return module.empty() ? std::string(name) : module + '.' + std::string(name);
}

// Calls `use` for every string of every "references" list at any depth.
template <class Use>
void forEachReference(JsonCursor& cursor, int depth, const Use& use) {
    const char first = cursor.peek();
    if (depth > deepestNesting || (first != '{' && first != '[')) {
        cursor.skip();
        return;
    }
    if (first == '[') {
        for (cursor.enterArray(); cursor.nextElement();) {
            if (depth > 0 && cursor.peek() == '"') {
                use(cursor.skip());
            } else {
                forEachReference(cursor, depth + 1, use);
            }
        }
        return;
    }
    cursor.enterObject();
    for (Text key; cursor.nextKey(key);) {
        if (key == "constant_value") {
            cursor.skip();
        } else {
            forEachReference(cursor, depth + 1, use);
        }
    }
}

// A reference's first parts without instance keys: {"module","a","out"}, {"var","x"},
// {"data","t","n"}.
struct Parts {
    std::array<Text, 3> parts;
    std::size_t size = 0;

    explicit Parts(Text reference) {
        while (!reference.empty() && size < parts.size()) {
            const auto end = std::min(reference.find('.'), reference.size());
            parts[size++] = reference.substr(0, end);
            reference.remove_prefix(std::min(end + 1, reference.size()));
        }
    }
    Text operator[](std::size_t i) const { return parts[i]; }
};

void keepEachOnce(PlannedConfiguration::Blocks& blocks) {
    if (blocks.size() < 2) return;
    std::ranges::sort(blocks);
    blocks.erase(std::ranges::unique(blocks).begin(), blocks.end());
}

bool isExpression(const Json& json) {
    return json.isObject() && std::ranges::all_of(json.keys, [](const std::string& key) {
               return key == "constant_value" || key == "references";
           });
}

bool setsBelow(const Json& json, std::span<const PathStep> path) {
    if (json.isArray())
        return std::ranges::any_of(json.items,
                                   [&](const Json& block) { return setsBelow(block, path); });
    if (!json.isObject()) return false;
    if (isExpression(json)) {
        const bool isNull = json.keys == std::vector<std::string>{"constant_value"} &&
                            json["constant_value"].isNull();
        return !isNull;
    }
    while (!path.empty() && path.front().index) path = path.subspan(1);
    if (path.empty()) return true;
    // A nested block that is a map has a key before its attributes.
    if (!std::ranges::binary_search(json.keys, path.front().text)) return false;
    return setsBelow(json[path.front().text], path.subspan(1));
}

bool setsNonZeroBelow(const Json& json, std::span<const PathStep> path) {
    if (json.isArray())
        return std::ranges::any_of(
            json.items, [&](const Json& block) { return setsNonZeroBelow(block, path); });
    if (!json.isObject()) return false;
    if (!isExpression(json)) {
        while (!path.empty() && path.front().index) path = path.subspan(1);
        return path.empty() || setsNonZeroBelow(json[path.front().text], path.subspan(1));
    }
    const Json* value = &json["constant_value"];
    for (const auto& step : path)  // an index that is no number cannot be in a list
        value = step.index ? &value->at(std::strtoull(step.text.c_str(), nullptr, 10))
                           : &(*value)[step.text];
    return !isZero(*value);
}

}  // namespace

bool setsNonZero(const Json& expressions, const AttributePath& path) {
    return !path.empty() &&
           setsNonZeroBelow(expressions[path.front().text], std::span(path).subspan(1));
}

bool sets(const Json& expressions, const AttributePath& path) {
    return !path.empty() && setsBelow(expressions[path.front().text], std::span(path).subspan(1));
}

bool mayBeSet(const Json& expressions, const AttributePath& path) {
    const bool isInBlock = path.size() > 1 && path[1].index;
    return (isInBlock && expressions[path.front().text].isNull()) || sets(expressions, path);
}

bool PlannedConfiguration::read(std::string_view text, const Locals& locals) {
    locals_ = &locals;
    if (text.empty() || text == "null") return true;
    const auto root = memberOf(text, "root_module");
    return root.empty() || readModule(root, "", 0);
}

bool PlannedConfiguration::readModule(std::string_view text, const std::string& path, int depth) {
    if (depth > deepestNesting) return false;
    bool good = true;
    const bool whole = readObject(text, [&](JsonCursor& cursor, Text key) {
        const auto value = cursor.skip();
        if (key == "resources") {
            good = readResources(value, path) && good;
        } else if (key == "module_calls") {
            good = readCalls(value, path, depth) && good;
        } else if (key == "variables" && path.empty() && value.starts_with('{')) {
            readObject(value, [&](JsonCursor& variables, Text name) {
                variables.skip();
                ConfiguredBlock block;
                block.address = "var." + unescaped(name);
                block.managed = false;
                block.variable = true;
                add(std::move(block));
            });
        } else if (key == "outputs" && value.starts_with('{')) {
            readObject(value, [&](JsonCursor& outputs, Text name) {
                modules_[path].outputs.emplace(unescaped(name), outputs.skip());
            });
        }
    });
    return good && whole;
}

bool PlannedConfiguration::readResources(std::string_view text, const std::string& path) {
    JsonCursor cursor(text);
    for (cursor.enterArray(); cursor.nextElement();) {
        ConfiguredBlock block;
        block.module = path;
        cursor.enterObject();
        for (Text key; cursor.nextKey(key);) {
            if (key == "address") {
                block.address = within(path, cursor.string());
            } else if (key == "mode") {
                block.managed = cursor.skip() != "\"data\"";
            } else if (key == "expressions") {
                block.expressions = cursor.skip();
            } else if (key == "count_expression") {
                block.count = cursor.skip();
            } else if (key == "for_each_expression") {
                block.forEach = cursor.skip();
            } else if (key == "depends_on") {
                block.dependsOn = cursor.skip();
            } else {
                cursor.skip();
            }
        }
        add(std::move(block));
    }
    return cursor.finished();
}

void PlannedConfiguration::add(ConfiguredBlock block) {
    blocks_.push_back(std::move(block));
    index_.try_emplace(blocks_.back().address, blocks_.size() - 1);
}

bool PlannedConfiguration::readCalls(std::string_view text, const std::string& path, int depth) {
    bool good = true;
    const bool whole = readObject(text, [&](JsonCursor& calls, Text name) {
        Call call;
        Text module;
        calls.enterObject();
        for (Text key; calls.nextKey(key);) {
            const auto value = calls.skip();
            if (key == "expressions") call.expressions = value;
            if (key == "count_expression") call.count = value;
            if (key == "for_each_expression") call.forEach = value;
            if (key == "module") module = value;
        }
        const auto plainName = unescaped(name);
        modules_[path].calls.emplace(plainName, call);
        if (!module.empty())
            good = readModule(module, within(path, "module." + plainName), depth + 1) && good;
    });
    return good && whole;
}

const ConfiguredBlock* PlannedConfiguration::find(std::string_view address) const {
    const auto index = indexOf(address);
    return index ? &blocks_[*index] : nullptr;
}

std::optional<std::size_t> PlannedConfiguration::indexOf(std::string_view address) const {
    const bool plain = address.find('[') == Text::npos;
    const auto it = plain ? index_.find(address) : index_.find(withoutKeys(address));
    if (it == index_.end()) return std::nullopt;
    return it->second;
}

PlannedConfiguration::Blocks PlannedConfiguration::references(const ConfiguredBlock& block,
                                                              std::string_view attribute) {
    Blocks found;
    const auto expression = memberOf(block.expressions, attribute);
    follow(expression, block.module, found, 0);
    if (expression.find("\"each.") != Text::npos) follow(block.forEach, block.module, found, 0);
    keepEachOnce(found);
    return found;
}

PlannedConfiguration::Blocks PlannedConfiguration::references(const ConfiguredBlock& block) {
    Blocks found;
    for (const auto text : {block.expressions, block.count, block.forEach})
        follow(text, block.module, found, 0);
    JsonCursor cursor(block.dependsOn);
    if (!block.dependsOn.empty())
        for (cursor.enterArray(); cursor.nextElement();)
            followReference(cursor.string(), block.module, found, 0);
    keepEachOnce(found);
    return found;
}

void PlannedConfiguration::follow(std::string_view expression, const std::string& module,
                                  Blocks& found, int depth) {
    if (expression.empty()) return;
    JsonCursor cursor(expression);
    Text before;
    forEachReference(cursor, 0, [&](Text raw) {
        // The most specific comes first: module.a.out, module.a. What follows from it says less.
        if (raw.size() < 2) return;
        const auto reference = raw.substr(1, raw.size() - 2);
        const bool repeats = before.size() > reference.size() && before.starts_with(reference) &&
                             (before[reference.size()] == '.' || before[reference.size()] == '[');
        if (!repeats) {
            if (reference.find('\\') == Text::npos) {
                followReference(reference, module, found, depth);
            } else {
                followReference(unescaped(reference), module, found, depth);
            }
            before = reference;
        }
    });
}

void PlannedConfiguration::followReference(std::string_view reference, const std::string& module,
                                           Blocks& found, int depth) {
    std::string withKeysGone;
    Text plain = reference;
    if (reference.find('[') != Text::npos) plain = withKeysGone = withoutKeys(reference);
    const Parts parts(plain);
    const auto add = [&](const Blocks& more) {
        found.insert(found.end(), more.begin(), more.end());
    };
    if (parts.size < 2 || depth > deepestNesting) return;
    if (parts[0] == "var" && module.empty()) {
        if (const auto it = index_.find(plain.substr(0, parts[0].size() + 1 + parts[1].size()));
            it != index_.end())
            found.push_back(it->second);
    } else if (parts[0] == "var" || parts[0] == "local") {
        add(resolve(parts[0], parts[1], module, depth));
    } else if (parts[0] == "module") {
        const auto inner = within(module, "module." + std::string(parts[1]));
        if (parts.size == 3) return add(resolve("output", parts[2], inner, depth));
        std::vector<std::string> outputs;
        if (const auto it = modules_.find(inner); it != modules_.end())
            for (const auto& [name, expression] : it->second.outputs) outputs.push_back(name);
        for (const auto& name : outputs) add(resolve("output", name, inner, depth));
    } else {
        const bool data = parts[0] == "data" && parts.size == 3;
        const Text last = parts[data ? 2 : 1];
        const auto address =
            plain.substr(0, static_cast<std::size_t>(last.data() + last.size() - plain.data()));
        const auto it =
            module.empty() ? index_.find(address) : index_.find(within(module, address));
        if (it != index_.end()) found.push_back(it->second);
    }
}

// What a variable, a local or an output stands for; remembered, and empty while it is being
// resolved (cycles).
PlannedConfiguration::Blocks PlannedConfiguration::resolve(std::string_view kind,
                                                           std::string_view name,
                                                           const std::string& module, int depth) {
    const auto key = module + '|' + std::string(kind) + '.' + std::string(name);
    if (const auto [it, added] = resolved_.try_emplace(key); !added) return it->second;
    Blocks found;
    if (kind == "local") {
        const auto scope = locals_->find(module);
        if (scope != locals_->end())
            if (const auto it = scope->second.find(std::string(name)); it != scope->second.end())
                for (const auto& reference : it->second)
                    followReference(reference, module, found, depth + 1);
    } else if (kind == "output") {
        const auto it = modules_.find(module);
        if (it != modules_.end())
            if (const auto output = it->second.outputs.find(std::string(name));
                output != it->second.outputs.end())
                follow(output->second, module, found, depth + 1);
    } else if (const auto cut = module.rfind("module."); cut != std::string::npos) {
        const auto parent = module.substr(0, cut == 0 ? 0 : cut - 1);
        const auto it = modules_.find(parent);
        if (it != modules_.end())
            if (const auto call = it->second.calls.find(module.substr(cut + 7));
                call != it->second.calls.end()) {
                const auto expression = memberOf(call->second.expressions, name);
                follow(expression, parent, found, depth + 1);
                if (expression.find("\"each.") != Text::npos)
                    follow(call->second.forEach, parent, found, depth + 1);
            }
    }
    keepEachOnce(found);
    resolved_[key] = found;
    return found;
}

}  // namespace driftkeeper::terraform
