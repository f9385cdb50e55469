#include "tests/provider/value.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;
using namespace driftkeeper::box;
using namespace std::string_literals;

TEST_CASE("msgpack values are read in all their sizes") {
    const struct {
        std::string bytes;
        Value value;
    } table[] = {
        {"\xc0", {}},
        {"\xc2", Value::boolean(false)},
        {"\xc3", Value::boolean(true)},
        {"\x07", Value::number("7")},
        {"\xff", Value::number("-1")},
        {"\xcc\xff", Value::number("255")},
        {"\xcd\x01\x00"s, Value::number("256")},
        {"\xd0\x80", Value::number("-128")},
        {"\xd1\xff\x00"s, Value::number("-256")},
        {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", Value::number("18446744073709551615")},
        {"\xcb\x3f\xf8\0\0\0\0\0\0"s, Value::number("1.5")},
        {"\xca\x3f\x00\x00\x00"s, Value::number("0.5")},
        {"\xa2hi", Value::string("hi")},
        {"\xd9\x02hi", Value::string("hi")},
        {"\xd4\x00\x00"s, Value::unknown()},
        {"\xc7\x03\x0cxyz"s, Value::unknown()},
        {"\x90", Value::array()},
        {"\x80", Value::object()},
    };
    for (const auto& row : table) CHECK(fromMsgpack(row.bytes) == row.value);
}

TEST_CASE("what is written as msgpack reads back, big and fractional numbers as their text") {
    Value object = Value::object();
    object.fields["list"] = Value::array();
    object.fields["list"].items = {Value::string("a"), Value(), Value::unknown(),
                                   Value::number("-42")};
    object.fields["flag"] = Value::boolean(true);
    CHECK(fromMsgpack(toMsgpack(object)) == object);
    CHECK(fromMsgpack(toMsgpack(Value::number("12345678901234567890123"))) ==
          Value::string("12345678901234567890123"));
    CHECK(fromMsgpack(toMsgpack(Value::number("0.1"))) == Value::string("0.1"));
}

TEST_CASE("msgpack that is cut off or goes on is refused") {
    for (const std::string& bytes : {""s, "\xa5hi"s, "\x91"s, "\xc1"s, "\xc0\xc0"s}) {
        CHECK_THROWS_AS(fromMsgpack(bytes), BadValue);
    }
}

TEST_CASE("JSON keeps the digits of every number") {
    const std::string text = R"({
  "big": 12345678901234567890123,
  "list": [
    1e-9,
    80.25,
    -3
  ],
  "none": null,
  "text": "a\"b\n"
}
)";
    CHECK(toJson(fromJson(text)) == text);
}

TEST_CASE("text that is no JSON is refused") {
    for (const char* text : {"", "{", "[1,]", "{} {}"}) CHECK_THROWS_AS(fromJson(text), BadValue);
}
