#include "daemon/model/glob.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

TEST_CASE("a glob matches as it reads") {
    struct Row {
        std::string_view glob;
        std::string_view text;
        bool matches;
    };
    for (const auto& [glob, text, matches] : {Row{"infra/prod/network", "infra/prod/network", true},
                                              {"infra/prod/network", "infra/prod/networks", false},
                                              {"infra/prod/*", "infra/prod/network", true},
                                              {"infra/prod/*", "infra/prod/network/eu", false},
                                              {"infra/prod/*", "infra/prod", false},
                                              {"infra/prod/**", "infra/prod/network", true},
                                              {"infra/prod/**", "infra/prod/network/eu", true},
                                              {"infra/prod/**", "infra/prod", true},
                                              {"infra/prod/**", "infra/production", false},
                                              {"**", "", true},
                                              {"**", "a/b/c", true},
                                              {"*", "a", true},
                                              {"*", "a/b", false},
                                              {"**/network", "network", true},
                                              {"**/network", "infra/prod/network", true},
                                              {"**/network", "infra/prod/network/eu", false},
                                              {"infra/**/eu", "infra/eu", true},
                                              {"infra/**/eu", "infra/a/b/eu", true},
                                              {"infra/**/eu/**/x", "infra/eu/eu/y/x", true},
                                              {"infra/**/eu/**/x", "infra/eu/y", false},
                                              {"**/a/**/a/**", "a/b/c/a", true},
                                              {"**/a/**/a/**", "a/b/c", false},
                                              {"**/**", "a", true},
                                              {"infra/pr*d/n?twork", "infra/prod/network", true},
                                              {"a*b*c", "aXbXbXc", true},
                                              {"a*b*c", "aXbXb", false},
                                              {"a**c", "abc", true},
                                              {"a**c", "a/c", false},
                                              {"?", "ä", true},
                                              {"?", "ab", false},
                                              {"?", "", false},
                                              {"a?b", "a/b", false},
                                              {"*ä", "xxä", true},
                                              {"aws_*", "aws_instance", true},
                                              {"", "", true},
                                              {"", "a", false},
                                              {"a/", "a", false},
                                              {"a", "a/", false},
                                              {"*", "*", true},
                                              {"infra/x@*", "infra/x@blue", true}}) {
        CAPTURE(glob);
        CAPTURE(text);
        CHECK(globMatches(glob, text) == matches);
    }
}

TEST_CASE("no pattern makes matching slow") {
    std::string stars;
    std::string parts;
    for (int i = 0; i < 200; ++i) {
        stars += "a*";
        parts += "**/a/";
    }
    CHECK_FALSE(globMatches(stars + "b", std::string(5000, 'a')));
    CHECK_FALSE(wildcardMatches(stars + "b", std::string(5000, 'a')));
    std::string path;
    for (int i = 0; i < 1000; ++i) path += "a/";
    CHECK_FALSE(globMatches(parts + "b", path));
}

TEST_CASE("a wildcard runs over everything") {
    struct Row {
        std::string_view pattern;
        std::string_view text;
        bool matches;
    };
    for (const auto& [pattern, text, matches] :
         {Row{"box.a", "box.a", true}, Row{"box.a", "box.ab", false},
          Row{"module.*.box.a[*]", "module.x[\"a/b\"].module.y.box.a[3]", true},
          Row{"module.*.box.a[*]", "module.x.box.a", false}, Row{"*", "a/b.c[0]", true},
          Row{"*", "", true}, Row{"**", "a/b", true}, Row{"a?c", "a/c", true},
          Row{"a?c", "ac", false}, Row{"[ab]", "a", false}, Row{"", "", true},
          Row{"", "a", false}}) {
        CAPTURE(pattern);
        CAPTURE(text);
        CHECK(wildcardMatches(pattern, text) == matches);
    }
}
