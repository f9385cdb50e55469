#include "parsers/terraform/schema.hpp"

#include <algorithm>

#include "parsers/json/json.hpp"
#include "parsers/json/json_cursor.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/text/utf8.hpp"

namespace driftkeeper::terraform {
namespace {

using Attributes = std::map<std::string, AttributeFlags>;

std::unexpected<Error> invalid() {
    return failure(Remedy::Report, "invalid_schema",
                   "the provider schemas are no valid JSON, or they are cut off");
}

// Nested ones are kept as block.attribute.
void readBlock(const Json& block, const std::string& prefix, Attributes& into) {
    const auto& attributes = block["attributes"];
    for (std::size_t i = 0; i < attributes.keys.size(); ++i) {
        const auto& one = attributes.items[i];
        const auto name = prefix + attributes.keys[i];
        into[name] = {one["optional"].isTrue(), one["required"].isTrue(), one["computed"].isTrue(),
                      one["sensitive"].isTrue(),
                      one["type"].at(0).string() == "set" ||
                          one["nested_type"]["nesting_mode"].string() == "set"};
        if (one["nested_type"].isObject()) readBlock(one["nested_type"], name + '.', into);
    }
    const auto& blocks = block["block_types"];
    for (std::size_t i = 0; i < blocks.keys.size(); ++i) {
        const auto name = prefix + blocks.keys[i];
        into[name] = {.optional = true, .set = blocks.items[i]["nesting_mode"].string() == "set"};
        readBlock(blocks.items[i]["block"], name + '.', into);
    }
}

class SchemaReader {
public:
    SchemaReader(const std::vector<std::string>& types, ResourceSchemas& schemas)
        : types_(types), schemas_(schemas) {}

    void readProviders(JsonCursor& cursor) {
        cursor.enterObject();
        for (std::string_view address; cursor.nextKey(address);) {
            cursor.enterObject();
            for (std::string_view key; cursor.nextKey(key);) {
                if (key == "resource_schemas" && cursor.peek() == '{') {
                    readTypes(cursor);
                } else {
                    cursor.skip();
                }
            }
        }
    }

    [[nodiscard]] bool good() const noexcept { return good_; }

private:
    void readTypes(JsonCursor& cursor) {
        cursor.enterObject();
        for (std::string_view type; cursor.nextKey(type);) {
            const auto raw = cursor.skip();
            if (std::ranges::find(types_, type) == types_.end()) continue;
            const auto schema = readJson(raw);
            if (!schema) {
                good_ = false;
                continue;
            }
            readBlock((*schema)["block"], "", schemas_[std::string(type)]);
        }
    }

    const std::vector<std::string>& types_;
    ResourceSchemas& schemas_;
    bool good_ = true;
};

std::string toText(const AttributeFlags& flags) {
    std::string out;
    if (flags.optional) out += 'o';
    if (flags.required) out += 'r';
    if (flags.computed) out += 'c';
    if (flags.sensitive) out += 's';
    if (flags.set) out += 'u';
    return out;
}

AttributeFlags flagsFrom(std::string_view text) noexcept {
    const auto has = [&](char c) { return text.find(c) != std::string_view::npos; };
    return {has('o'), has('r'), has('c'), has('s'), has('u')};
}

}  // namespace

Result<ResourceSchemas> parseSchemas(std::string_view text, const std::vector<std::string>& types) {
    if (!isUtf8(text)) return invalid();
    ResourceSchemas schemas;
    SchemaReader reader(types, schemas);
    JsonCursor cursor(text);
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        if (key == "provider_schemas" && cursor.peek() == '{') {
            reader.readProviders(cursor);
        } else {
            cursor.skip();
        }
    }
    if (!cursor.finished() || !reader.good()) return invalid();
    return schemas;
}

// {"TYPE":{"ATTRIBUTE":"oc"}}, a letter a flag.
std::string toText(const ResourceSchemas& schemas) {
    std::string out = "{";
    for (const auto& [type, attributes] : schemas) {
        if (out.size() > 1) out += ',';
        out += jsonString(type) + ":{";
        for (const auto& [name, flags] : attributes) {
            if (out.back() != '{') out += ',';
            out += jsonString(name) + ":\"" + toText(flags) + '"';
        }
        out += '}';
    }
    return out + '}';
}

Result<ResourceSchemas> schemasFromText(std::string_view text) {
    const auto json = readJson(text);
    if (!json || !json->isObject()) return invalid();
    ResourceSchemas schemas;
    for (std::size_t i = 0; i < json->keys.size(); ++i) {
        const auto& attributes = json->items[i];
        if (!attributes.isObject()) return invalid();
        auto& into = schemas[json->keys[i]];
        for (std::size_t j = 0; j < attributes.keys.size(); ++j)
            into[attributes.keys[j]] = flagsFrom(attributes.items[j].string());
    }
    return schemas;
}

}  // namespace driftkeeper::terraform
