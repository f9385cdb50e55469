#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::box {

// A value of Terraform's type system. Numbers keep their decimal text, so nothing is rounded.
struct Value {
    enum class Kind { Null, Unknown, Bool, Number, String, Array, Object };

    Kind kind = Kind::Null;
    bool truth = false;
    std::string text;  // of a string or a number
    std::vector<Value> items;
    std::map<std::string, Value> fields;

    static Value unknown();
    static Value boolean(bool truth);
    static Value number(std::string text);
    static Value string(std::string text);
    static Value array();
    static Value object();

    bool isNull() const { return kind == Kind::Null; }
    bool isUnknown() const { return kind == Kind::Unknown; }
    // The field, or null when there is none.
    const Value& at(const std::string& name) const;

    bool operator==(const Value&) const = default;
};

struct BadValue : std::runtime_error {
    using runtime_error::runtime_error;
};

// Both forms throw BadValue on text that is not theirs. A number that msgpack carries as a string
// stays a string: only a schema can tell (see conform in schema.hpp).
Value fromMsgpack(std::string_view bytes);
std::string toMsgpack(const Value& value);
Value fromJson(std::string_view text);
std::string toJson(const Value& value);  // pretty, keys sorted, ends with a newline

}  // namespace driftkeeper::box
