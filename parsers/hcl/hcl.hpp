#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::hcl {

// An attribute of a block: NAME = EXPRESSION, the expression as its source text without comments at
// its ends.
struct Attribute {
    std::string name;
    std::string expression;
};

struct Block {
    std::string type;
    std::vector<std::string> labels;
    std::vector<Attribute> attributes;
    std::vector<Block> blocks;

    [[nodiscard]] const Attribute* attribute(
        std::string_view name) const noexcept;  // nullptr: absent
    [[nodiscard]] const Block* block(
        std::string_view type) const noexcept;  // the first of that type
};

struct File {
    Block body;           // type and labels are empty
    bool broken = false;  // something could not be read; `body` holds what could
};

// Finds blocks, attributes and literals of HCL native syntax (hcl/hclsyntax/spec.md); evaluates
// nothing. Handles comments, strings with templates, heredocs, nesting (deeper than 256: broken).
// Never fails, linear in the text.
File read(std::string_view text);

// The value of an expression that is one plain string without templates; nullopt otherwise.
bool stringLiteral(std::string_view expression, std::string& value);

// The traversals (aws_x.y.z, data.a.b, var.c, local.d, module.e.f) that an expression mentions, in
// order, no duplicates, also inside templates; object keys and function names are not among them.
std::vector<std::string> traversals(std::string_view expression);

// The elements of a tuple expression [a, b["x"], c[0].d] as source texts; empty when it is none.
std::vector<std::string> tupleElements(std::string_view expression);

// The members of an object expression { a = x, "b" : y } with keys that are names or plain strings;
// empty when it is none.
std::vector<Attribute> objectMembers(std::string_view expression);

// Every string literal in the text (quoted templates included, unescaped, "${…}" left as written).
std::vector<std::string> strings(std::string_view text);

}  // namespace driftkeeper::hcl
