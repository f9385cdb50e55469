#include "daemon/model/attribute_pattern.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("an attribute pattern covers an attribute and everything below it") {
    struct Row {
        std::string_view pattern;
        std::string_view path;
        bool covers;
    };
    for (const auto& [pattern, path, expected] :
         {Row{"tags", "tags", true},
          Row{"tags", "tags.Owner", true},
          Row{"tags", "tagset", false},
          Row{"tags.Owner", "tags.Owner", true},
          Row{"tags.Owner", "tags.Owner.x", true},
          Row{"tags.Owner", "tags", false},
          Row{"tags.Owner", "tags.owner", false},
          Row{"tags.*", "tags.Owner", true},
          Row{"tags.*", "tags", false},
          Row{"tags.Own*", "tags.Owner", true},
          Row{"tags.*er", "tags.Owned", false},
          Row{"*", "tags.Owner", true},
          Row{"rule[*].port", "rule[12].port", true},
          Row{"rule[*].port", "rule[12].ports", false},
          Row{"rule[*].port", "rule.port", false},
          Row{"rule[0].port", "rule[0].port", true},
          Row{"rule[0].port", "rule[1].port", false},
          Row{"rule.0.port", "rule[0].port", true},
          Row{"rule[*]", "rule[3].port[1]", true},
          Row{"a[*][1]", "a[0][1].b", true},
          Row{"tags[\"a b\"]", "tags[\"a b\"]", true},
          Row{"tags[\"a b\"]", "tags[\"a c\"]", false},
          Row{"tags[\"Owner\"]", "tags.Owner", true},
          Row{"tags.Owner", "tags[\"Owner\"]", true},
          Row{"tags[\"*\"]", "tags.Owner", false},
          Row{"tags[\"*\"]", "tags[\"*\"]", true},
          Row{"tags[\"a]b\"].x", "tags[\"a]b\"].x", true},
          Row{"tags[\"a\\\"b\"]", "tags[\"a\\\"b\"]", true},
          Row{"/rule/*/port", "rule[12].port", true},
          Row{"/rule/*/port", "rule[12].protocol", false},
          Row{"/rule/0", "rule[0].port", true},
          Row{"/tags/a b", "tags[\"a b\"]", true},
          Row{"/tags/a~1b", "tags[\"a/b\"]", true},
          Row{"/tags/a~0b", "tags[\"a~b\"]", true},
          Row{"/tags/a~01b", "tags[\"a~1b\"]", true},
          Row{"/tags/kubernetes.io~1*", "tags[\"kubernetes.io/name\"]", true},
          Row{"/tags/", "tags[\"\"]", true}}) {
        CAPTURE(pattern);
        CAPTURE(path);
        const auto wanted = attributeSteps(pattern);
        const auto steps = attributeSteps(path);
        REQUIRE(wanted.has_value());
        REQUIRE(steps.has_value());
        CHECK(covers(*wanted, *steps) == expected);
    }
}

TEST_CASE("what is no attribute pattern") {
    for (const auto* text : {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[0", "a[\"x]", "a[\"x\"y]",
                             "a]b", "a[0]b", "a\"b", "/a~", "/a~2", "a[[0]]"}) {
        CAPTURE(text);
        CHECK_FALSE(attributeSteps(text).has_value());
    }
}
