#include "tests/provider/schema.hpp"

#include <algorithm>
#include <filesystem>

namespace driftkeeper::box {
namespace {

Attribute required(std::string name, Type type = Type::String) {
    return {.name = std::move(name), .type = type, .required = true};
}

Attribute optional(std::string name, Type type = Type::String) {
    return {.name = std::move(name), .type = type, .optional = true};
}

Attribute secret(std::string name) {
    return {.name = std::move(name), .optional = true, .sensitive = true};
}

Attribute computed(std::string name) {
    return {.name = std::move(name), .computed = true};
}

Value zero(Type type) {
    switch (type) {
        case Type::String:
            return Value::string("");
        case Type::Number:
            return Value::number("0");
        case Type::Bool:
            return Value::boolean(false);
        case Type::StringMap:
            return Value::object();
        case Type::StringList:
        case Type::StringSet:
            break;
    }
    return Value::array();
}

Value::Kind kindOf(Type type) {
    return zero(type).kind;
}

void sort(std::vector<Value>& items) {
    std::ranges::sort(items, {}, toJson);
}

Value conformed(const Value& value, const Attribute& attribute) {
    if (value.isNull() || value.isUnknown()) return value;
    if (attribute.type == Type::Number && value.kind == Value::Kind::String)
        return Value::number(value.text);
    if (value.kind != kindOf(attribute.type))
        throw BadValue("attribute " + attribute.name + " has another type");
    return value;
}

// The next version of this provider is the same program under another name.
bool isNextVersion() {
    static const bool is =
        std::filesystem::read_symlink("/proc/self/exe").filename().string().find("_v2.") !=
        std::string::npos;
    return is;
}

Block withNews(Block item) {
    if (isNextVersion())
        item.attributes.push_back({.name = "tier", .optional = true, .computed = true});
    return item;
}

}  // namespace

const Block& providerSettings() {
    static const Block block{
        .attributes =
            {
                required("directory"),
                secret("token"),
                optional("slow_read_ms", Type::Number),
                optional("slow_reads_of", Type::StringList),
                optional("fail_read", Type::StringList),
                optional("crash_on_read", Type::StringList),
                optional("fail_delete", Type::StringList),
                optional("churn_private", Type::Bool),
                optional("zero_for_null", Type::Bool),
                optional("never_converge", Type::StringList),
                optional("warn"),
                optional("probe_read", Type::StringList),
                optional("probe_write", Type::StringList),
                optional("probe_env", Type::StringList),
                optional("spawn_daemon", Type::Bool),
            },
        .blocks = {},
    };
    return block;
}

const Block& itemSchema() {
    static const Block rule{
        .attributes = {optional("port", Type::Number), optional("cidrs", Type::StringList),
                       optional("note"), secret("secret")},
        .blocks = {},
    };
    static const Block grant{
        .attributes = {required("principal"), optional("actions", Type::StringSet)},
        .blocks = {},
    };
    static const Block item = withNews({
        .attributes =
            {
                computed("id"),
                {.name = "name", .required = true, .replaces = true},
                optional("size", Type::Number),
                optional("enabled", Type::Bool),
                optional("labels", Type::StringMap),
                optional("zones", Type::StringList),
                optional("members", Type::StringSet),
                optional("content"),
                optional("policy"),
                optional("depends"),
                secret("secret"),
                {.name = "owner", .optional = true, .computed = true},
                computed("fingerprint"),
            },
        .blocks = {{"rule", Nesting::List, rule}, {"grant", Nesting::Set, grant}},
    });
    return item;
}

const Block& resourceSchema(const std::string& type) {
    static const Attribute name{.name = "name", .required = true, .replaces = true};
    static const Block bundle{
        .attributes = {computed("id"), name, optional("note"), computed("digest")}, .blocks = {}};
    static const Block balancer{.attributes = {computed("id"),
                                               name,
                                               {.name = "instances",
                                                .type = Type::StringSet,
                                                .optional = true,
                                                .computed = true}},
                                .blocks = {}};
    static const Block attachment{
        .attributes = {computed("id"), name, required("elb"), required("instance")}, .blocks = {}};
    if (type == "box_item") return itemSchema();
    if (type == "box_bundle") return bundle;
    if (type == "aws_elb") return balancer;
    if (type == "aws_elb_attachment") return attachment;
    throw BadValue("no such resource: " + type);
}

const Block& lookupSchema() {
    static const Block block{.attributes = {required("key"), computed("value")}, .blocks = {}};
    return block;
}

Value conform(const Value& value, const Block& block) {
    if (value.isNull() || value.isUnknown()) return value;
    if (value.kind != Value::Kind::Object) throw BadValue("an object is needed");
    Value result = Value::object();
    for (const Attribute& attribute : block.attributes) {
        result.fields[attribute.name] = conformed(value.at(attribute.name), attribute);
    }
    for (const Block::Nested& nested : block.blocks) {
        const Value& given = value.at(nested.name);
        if (given.isUnknown()) {
            result.fields[nested.name] = given;
            continue;
        }
        Value& blocks = result.fields[nested.name] = Value::array();
        for (const Value& item : given.items) blocks.items.push_back(conform(item, nested.block));
    }
    return result;
}

Value withSortedSets(Value value, const Block& block) {
    for (const Attribute& attribute : block.attributes) {
        const auto field = value.fields.find(attribute.name);
        if (attribute.type == Type::StringSet && field != value.fields.end())
            sort(field->second.items);
    }
    for (const Block::Nested& nested : block.blocks) {
        const auto field = value.fields.find(nested.name);
        if (field == value.fields.end()) continue;
        for (Value& item : field->second.items)
            item = withSortedSets(std::move(item), nested.block);
        if (nested.nesting == Nesting::Set) sort(field->second.items);
    }
    return value;
}

Value withZeros(Value value, const Block& block) {
    for (const Attribute& attribute : block.attributes) {
        Value& field = value.fields[attribute.name];
        if (field.isNull() && !attribute.computed) field = zero(attribute.type);
    }
    for (const Block::Nested& nested : block.blocks) {
        for (Value& item : value.fields[nested.name].items)
            item = withZeros(std::move(item), nested.block);
    }
    return value;
}

Value keepZeros(Value planned, const Value& prior, const Block& block) {
    for (const Attribute& attribute : block.attributes) {
        Value& field = planned.fields[attribute.name];
        if (field.isNull() && prior.at(attribute.name) == zero(attribute.type))
            field = prior.at(attribute.name);
    }
    for (const Block::Nested& nested : block.blocks) {
        const std::vector<Value>& before = prior.at(nested.name).items;
        std::vector<Value>& after = planned.fields[nested.name].items;
        for (std::size_t i = 0; i < after.size() && i < before.size(); ++i) {
            after[i] = keepZeros(std::move(after[i]), before[i], nested.block);
        }
    }
    return planned;
}

}  // namespace driftkeeper::box
