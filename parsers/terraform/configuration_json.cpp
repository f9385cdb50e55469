#include "parsers/terraform/configuration_json.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "parsers/hcl/lexer.hpp"
#include "parsers/json/json.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr BlockShape inTerraform[] = {{"backend", 1}, {"cloud", 0}, {"required_providers", 0}};
constexpr BlockShape inResource[] = {{"lifecycle", 0}};
constexpr BlockShape inFile[] = {
    {"terraform", 0, inTerraform},
    {"module", 1},
    {"resource", 2, inResource},
    {"data", 2, inResource},
    {"provider", 1},
    {"locals", 0},
    {"output", 1},
    {"variable", 1},
};

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += c;
        }
    }
    return out;
}

// Literal parts are escaped, templates stay as they are.
std::string quotedTemplate(std::string_view text) {
    std::string out = "\"";
    std::size_t done = 0;
    for (const auto& token : hcl::tokenize(text, hcl::StartIn::Template).list) {
        if (token.kind != hcl::TokenKind::Text || token.depth != 1) continue;
        const auto begin = static_cast<std::size_t>(token.text.data() - text.data());
        out.append(text.substr(done, begin - done)).append(escaped(token.text));
        done = begin + token.text.size();
    }
    return out.append(text.substr(done)).append("\"");
}

std::string expressionOf(const Json& value) {
    std::string out;
    switch (value.kind) {
        case Json::Kind::Null:
            return "null";
        case Json::Kind::Bool:
        case Json::Kind::Number:
            return value.text;
        case Json::Kind::String:
            return quotedTemplate(value.text);
        case Json::Kind::Array:
            for (const auto& item : value.items)
                out += (out.empty() ? "[" : ", ") + expressionOf(item);
            return out.empty() ? "[]" : out + "]";
        case Json::Kind::Object:
            for (std::size_t at = 0; at < value.items.size(); ++at) {
                out += (out.empty() ? "{ " : ", ") + quotedTemplate(value.keys[at]) + " = " +
                       expressionOf(value.items[at]);
            }
            return out.empty() ? "{}" : out + " }";
    }
    return out;
}

void readBody(hcl::Block& block, const Json& object, std::span<const BlockShape> shapes);

bool holdsAttributes(const Json& object) {
    return std::ranges::any_of(
        object.items, [](const Json& item) { return !item.isObject() && !item.isArray(); });
}

// A block is an object, or an array of them, below as many objects as it has labels.
void readBlocks(hcl::Block& parent, const Json& value, const BlockShape& shape,
                std::vector<std::string> labels) {
    if (value.isArray()) {
        for (const auto& item : value.items) readBlocks(parent, item, shape, labels);
    } else if (value.isObject() && labels.size() < shape.labels &&
               !(shape.mayLackLabels && holdsAttributes(value))) {
        for (std::size_t at = 0; at < value.items.size(); ++at) {
            labels.push_back(value.keys[at]);
            readBlocks(parent, value.items[at], shape, labels);
            labels.pop_back();
        }
    } else if (value.isObject()) {
        hcl::Block block{std::string(shape.type), std::move(labels), {}, {}};
        readBody(block, value, shape.blocks);
        parent.blocks.push_back(std::move(block));
    }
}

void readBody(hcl::Block& block, const Json& object, std::span<const BlockShape> shapes) {
    for (std::size_t at = 0; at < object.items.size(); ++at) {
        const auto& key = object.keys[at];
        if (key == "//") continue;  // the syntax's comment
        const auto shape = std::ranges::find(shapes, key, &BlockShape::type);
        if (shape != shapes.end()) {
            readBlocks(block, object.items[at], *shape, {});
        } else {
            block.attributes.push_back({key, expressionOf(object.items[at])});
        }
    }
}

}  // namespace

hcl::File readJsonConfiguration(std::string_view text) {
    return readJsonBody(text, inFile);
}

hcl::File readJsonBody(std::string_view text, std::span<const BlockShape> shapes) {
    hcl::File file;
    const auto json = readJson(text);
    file.broken = !json || !(json->isObject() || json->isArray());
    if (file.broken) return file;
    if (json->isObject()) readBody(file.body, *json, shapes);
    for (const auto& item : json->items) {
        if (json->isArray()) readBody(file.body, item, shapes);
    }
    return file;
}

}  // namespace driftkeeper::terraform
