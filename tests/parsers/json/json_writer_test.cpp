#include "parsers/json/json_writer.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "parsers/json/json_string.hpp"

using namespace driftkeeper;

TEST_CASE("commas and colons come by themselves") {
    JsonWriter json;
    json.beginObject().key("a").beginArray().endArray().key("b").beginObject().endObject();
    json.key("c")
        .beginArray()
        .text("x")
        .null()
        .flag(true)
        .number(std::uint64_t{7})
        .beginArray()
        .endArray()
        .endArray();
    json.endObject();
    CHECK(std::move(json).take() == R"({"a":[],"b":{},"c":["x",null,true,7,[]]})");
}

TEST_CASE("text is escaped and becomes valid UTF-8") {
    JsonWriter json;
    json.beginArray()
        .text("a\"\\\n\x01")
        .text("\xff|\xc3\xa4")
        .textOrNull("")
        .textOrNull("x")
        .endArray();
    CHECK(std::move(json).take() ==
          "[\"a\\\"\\\\\\n\\u0001\",\"\xef\xbf\xbd|\xc3\xa4\",null,\"x\"]");
}

TEST_CASE("numbers are the shortest that read back the same, and always JSON") {
    JsonWriter json;
    json.beginArray().number(2.41).number(2.0).number(0.1 + 0.2);
    json.number(std::numeric_limits<double>::infinity())
        .number(std::numeric_limits<std::uint64_t>::max())
        .endArray();
    CHECK(std::move(json).take() == "[2.41,2,0.30000000000000004,0,18446744073709551615]");
}

TEST_CASE("small objects and lists are made of the JSON of their parts") {
    CHECK(jsonObject({{"a", jsonString("x\"")}, {"b", jsonArray({"1", jsonObject({})})}}) ==
          R"({"a":"x\"","b":[1,{}]})");
    CHECK(jsonObject(std::vector<JsonMember>{}) == "{}");
    CHECK(jsonArray({}) == "[]");
}

TEST_CASE("a raw value is put in as it is") {
    JsonWriter json;
    json.beginObject()
        .key("n")
        .raw("12345678901234567890123")
        .key("m")
        .raw(R"({"a":1.10})")
        .endObject();
    CHECK(std::move(json).take() == R"({"n":12345678901234567890123,"m":{"a":1.10}})");
}
