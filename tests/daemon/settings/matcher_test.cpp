#include "daemon/settings/matcher.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using Texts = std::vector<std::string>;

TEST_CASE("a matcher is read from words and written back") {
    struct Row {
        Texts words;
        std::string text;
    };
    const Row rows[] = {
        {{"infra/prod/**"}, "stack=infra/prod/**"},
        {{"stack=infra/prod/**", "infra/dev"}, "stack=infra/prod/** stack=infra/dev"},
        {{"stack=a=b"}, "stack=a=b"},
        {{"side=live"}, "side=live"},
        {{"side=live,both", "severity=critical"}, "side=live side=both severity=critical"},
        {{"kind=stale", "repository=infra"}, "repository=infra kind=stale"},
        {{"type=aws_*", "owner=@org/net work", "change=deleted", "provider=terraform"},
         "provider=terraform change=deleted owner=@org/net work type=aws_*"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto match = parseMatcher(row.words);
        REQUIRE(match.has_value());
        CHECK(matcherText(*match) == row.text);
        CHECK(parseMatcher(matcherWords(*match)).value() == *match);
    }
    const auto match = parseMatcher({"side=live,both", "kind=drift", "a/**"}).value();
    CHECK(match.side == std::vector<Side>{Side::Live, Side::Both});
    CHECK(match.kind == Texts{"drift"});
    CHECK(match.stack == Texts{"a/**"});
    CHECK(matcherText({}).empty());
}

TEST_CASE("what is no matcher is refused with a guess") {
    struct Row {
        Texts words;
        std::string message;
    };
    const Row rows[] = {
        {{}, "give a matcher: stack=infra/prod/**, side=live …; stack=** is everything"},
        {{"side=livee"}, "matcher, word 1: unknown word; did you mean live?"},
        {{"a", "side="}, "matcher, word 2: unknown word; one of: live, git, both, unknown"},
        {{"side=live,"}, "matcher, word 1: unknown word; one of: live, git, both, unknown"},
        {{"stak=a"}, "matcher, word 1: unknown key; did you mean stack?"},
        {{"stack="}, "matcher, word 1: the pattern is empty"},
        {{""}, "matcher, word 1: the pattern is empty"},
        {{"owner=a\nb"}, "matcher, word 1: this text holds a control character"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.message);
        const auto match = parseMatcher(row.words);
        REQUIRE_FALSE(match.has_value());
        CHECK(match.error().code == "bad_matcher");
        CHECK(match.error().message == row.message);
    }
}
