#include "parsers/graph/cause.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>

#include "tests/parsers/graph/sentence.hpp"

using namespace driftkeeper;

namespace {

constexpr std::array<std::string_view, 5> families = {"terraform", "kubernetes", "flux", "argocd",
                                                      "cloudformation"};

Drift by(std::string_view cause, Change change = Change::Modified) {
    Drift drift;
    drift.cause = cause;
    drift.change = change;
    return drift;
}

}  // namespace

TEST_CASE("every cause has its sentences, in words that people use") {
    std::set<std::string_view> words;
    std::set<std::string_view> meanings;
    for (const Cause& cause : causes()) {
        CAPTURE(cause.word);
        CHECK(words.insert(cause.word).second);
        CHECK(meanings.insert(cause.meaning).second);
        CHECK(tests::whyNoSentence(cause.meaning) == "");
        CHECK(tests::whyNoSentence(cause.advice) == "");
        for (const auto text : {cause.terraform, cause.kubernetes, cause.flux, cause.argocd,
                                cause.cloudformation, cause.deletionAdvice})
            if (!text.empty()) CHECK(tests::whyNoSentence(text) == "");
    }
    CHECK(words.size() == 31);
}

TEST_CASE(
    "every cause is known in some way by some family, and a family without evidence of it gets "
    "what happened") {
    for (const Cause& cause : causes()) {
        CAPTURE(cause.word);
        std::size_t knowing = 0;
        for (const auto family : families) {
            CHECK_FALSE(howWeKnow(cause.word, family).empty());
            knowing += howWeKnow(cause.word, family) == cause.meaning ? 0U : 1U;
        }
        CHECK(knowing > 0);
        CHECK(howWeKnow(cause.word, "") == cause.meaning);
    }
    CHECK(howWeKnow(cause::tainted, "kubernetes") == causeOf(cause::tainted)->meaning);
    CHECK(howWeKnow("no_cause", "terraform").empty());
}

TEST_CASE("a live change is known by each family's own evidence: only Terraform has plans") {
    std::set<std::string_view> sentences;
    for (const auto family : families) {
        CAPTURE(family);
        for (const auto word : {cause::outOfBand, cause::unappliedCommit, cause::conflict}) {
            const auto known = howWeKnow(word, family);
            CHECK(sentences.insert(known).second);
            if (family == "terraform") continue;
            for (const auto term : {"state", "plan", "refresh"})
                CHECK(known.find(term) == std::string_view::npos);
        }
    }
}

TEST_CASE("a cause is noise when a built-in rule suppresses it") {
    for (const auto word :
         {"converged", "ignore_changes", "computed", "cosmetic", "cascade", "output_only",
          "data_source", "check_block", "moved", "forgotten", "import", "deferred", "autoscaled",
          "encrypted", "random", "left_to_others"})
        CHECK(isNoise(word));
    for (const auto word :
         {"out_of_band", "applied_elsewhere", "unapplied_commit", "tainted", "conflict",
          "perpetual", "provider_upgrade", "unmanaged", "", "Converged"})
        CHECK_FALSE(isNoise(word));
}

TEST_CASE(
    "the advice fits what happened to the object, and a word of another version gets a general "
    "one") {
    CHECK(adviceFor(by(cause::outOfBand)) == "Apply to undo the live change, or commit it.");
    CHECK(adviceFor(by(cause::outOfBand, Change::Deleted)) ==
          "Apply to create it again, or remove it from Git.");
    CHECK(adviceFor(by(cause::unappliedCommit, Change::Deleted)) ==
          "Apply the commit, or revert it.");
    CHECK(tests::whyNoSentence(adviceFor(by("from_tomorrow"))) == "");
}
