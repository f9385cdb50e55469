#include "parsers/graph/reason_code.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/parsers/graph/sentence.hpp"

using namespace driftkeeper;

TEST_CASE("every reason code has its sentences, in words that people use") {
    std::set<std::string_view> codes;
    for (const ReasonCode& one : reasonCodes()) {
        CAPTURE(one.code);
        CHECK(codes.insert(one.code).second);
        CHECK(tests::whyNoSentence(one.meaning) == "");
        CHECK(tests::whyNoSentence(one.advice) == "");
    }
    CHECK(codes.size() > 100);
}

TEST_CASE("codes are grouped by where they arise") {
    std::set<ReasonCode::Area> seen;
    for (const ReasonCode* last = nullptr; const ReasonCode& one : reasonCodes()) {
        if (last == nullptr || last->area != one.area)
            CHECK_MESSAGE(seen.insert(one.area).second, one.code);
        last = &one;
    }
}

TEST_CASE("a code that is not known gets a general advice") {
    CHECK(adviceForReason("state_locked") == reasonCodeOf("state_locked")->advice);
    CHECK(reasonCodeOf("from_tomorrow") == nullptr);
    CHECK(tests::whyNoSentence(adviceForReason("from_tomorrow")) == "");
}
