#pragma once

#include <string>
#include <vector>

#include "tests/provider/value.hpp"

namespace driftkeeper::box {

enum class Type { String, Number, Bool, StringList, StringSet, StringMap };
enum class Nesting { List, Set };

struct Attribute {
    std::string name;
    Type type = Type::String;
    bool required = false;
    bool optional = false;
    bool computed = false;
    bool sensitive = false;
    bool replaces = false;  // a new value needs a new object
};

struct Block {
    struct Nested;
    std::vector<Attribute> attributes;
    std::vector<Nested> blocks;
};

struct Block::Nested {
    std::string name;
    Nesting nesting = Nesting::List;
    Block block;
};

const Block& providerSettings();
const Block& itemSchema();  // resource box_item; version 2 knows one attribute more: tier,
                            // "standard" when not said
// box_bundle, an object whose content only its digest shows; aws_elb and aws_elb_attachment, a
// collection that is filled by resources beside it; box_item. Throws BadValue for any other type.
const Block& resourceSchema(const std::string& type);
const Block& lookupSchema();  // data source box_lookup

// The value with exactly one field for every attribute and nested block, numbers as numbers: what
// core insists on. Null and unknown objects stay what they are. Throws BadValue where a field has
// another type.
Value conform(const Value& value, const Block& block);

// The members of every set in one order, whatever order they came in. Keys that the block does not
// know stay.
Value withSortedSets(Value value, const Block& block);

// Optional attributes that are null become "", 0, false or empty, as old providers read them back.
Value withZeros(Value value, const Block& block);

// The planned value keeps such a zero of the prior value where it asks for null: what old providers
// do in a plan.
Value keepZeros(Value planned, const Value& prior, const Block& block);

}  // namespace driftkeeper::box
