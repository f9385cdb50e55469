#include "parsers/flux/revisions.hpp"

#include <doctest/doctest.h>

#include <string>

#include "parsers/flux/flux_look.hpp"
#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::flux;

namespace revisions_test {
namespace {

std::string wanted(const std::vector<gitops::Divergence>& found) {
    if (found.empty()) return "";
    CHECK(found[0].side == Side::Git);
    CHECK(found[0].change == Change::Modified);
    return found[0].attributes.at(0).git + " " + found[0].attributes.at(0).live;
}

Json release(const std::string& status, const std::string& spec = "") {
    return tests::object("{kind: HelmRelease, spec: {" + spec + "}, status: {" + status + "}}");
}

}  // namespace

TEST_CASE("a Kustomization is behind its source, or behind its own attempt") {
    const auto at = [](const char* applied, const char* attempted, const char* artifact) {
        const std::string status = std::string("{lastAppliedRevision: '") + applied +
                                   "', lastAttemptedRevision: '" + attempted + "'}";
        return wanted(unappliedRevision(tests::object("{status: " + status + "}"), artifact));
    };
    CHECK(at("main@sha1:a", "main@sha1:a", "main@sha1:a") == "");
    CHECK(at("main@sha1:a", "main@sha1:a", "main@sha1:b") == R"("main@sha1:b" "main@sha1:a")");
    CHECK(at("main@sha1:a", "main@sha1:b", "main@sha1:b") == R"("main@sha1:b" "main@sha1:a")");
    CHECK(at("main@sha1:a", "main@sha1:b", "") == R"("main@sha1:b" "main@sha1:a")");
    CHECK(at("", "", "main@sha1:b") == R"("main@sha1:b" null)");
    CHECK(at("", "", "") == "");
}

TEST_CASE("a HelmRelease waits for a chart or for values") {
    CHECK(wanted(releaseDivergences(
              release("lastAttemptedRevision: 2.0.0, history: [{chartVersion: 1.0.0}]"))) ==
          R"("2.0.0" "1.0.0")");
    CHECK(releaseDivergences(
              release("lastAttemptedRevision: 2.0.0+abc, history: [{chartVersion: 2.0.0}]"))
              .empty());
    CHECK(wanted(releaseDivergences(release(
              "lastAttemptedConfigDigest: 'sha256:b', history: [{configDigest: 'sha256:a'}]"))) ==
          R"("sha256:b" "sha256:a")");
    CHECK(releaseDivergences(release("history: [{chartVersion: 1.0.0}]")).empty());
}

TEST_CASE("a Drifted release names the objects and never what is in them") {
    const auto found = releaseDivergences(release(
        "conditions: [{type: Drifted, status: 'True', reason: DriftDetected, message: \"Cluster "
        "state of "
        "release n/a.v1 "
        "has drifted from the desired state:\\nDeployment/n/web changed (0 additions, 1 changes, 0 "
        "removals)\\n"
        "Secret/n/db removed\\nSecret/n/x data: canary\\npassword canary changed (canary)\"}]"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].side == Side::Live);
    CHECK(found[0].change == Change::Modified);
    CHECK(found[0].note ==
          "Deployment/n/web changed (0 additions, 1 changes, 0 removals), Secret/n/db removed");
    const auto plain =
        releaseDivergences(release("conditions: [{type: Drifted, status: 'True', message: \"it has "
                                   "drifted: password=canary\"}]"));
    CHECK(plain.at(0).note == "it has drifted: …");
    CHECK(releaseDivergences(release("conditions: [{type: Drifted, status: 'False'}]")).empty());
}

TEST_CASE("only a release that is compared with the cluster says something about it") {
    const std::string said = "conditions: [{type: Drifted, status: 'False'}]";
    CHECK(detectsDrift(release(said, "driftDetection: {mode: enabled}")));
    CHECK(detectsDrift(release(said, "driftDetection: {mode: warn}")));
    CHECK_FALSE(detectsDrift(release(said, "driftDetection: {mode: disabled}")));
    CHECK_FALSE(detectsDrift(release(said)));
    CHECK_FALSE(detectsDrift(release("", "driftDetection: {mode: enabled}")));
}

TEST_CASE("a GitRepository is compared with Git's head where it follows the same branch") {
    const auto at = [](const char* ref, const char* commit) {
        return wanted(
            unfetchedCommit(tests::object(std::string("{spec: {ref: {") + ref +
                                          "}}, status: {artifact: {revision: 'main@sha1:aaa'}}}"),
                            "main", commit));
    };
    CHECK(at("branch: main", "aaa") == "");
    CHECK(at("branch: main", "bbb") == R"("main@sha1:bbb" "main@sha1:aaa")");
    CHECK(at("name: refs/heads/main", "bbb") == R"("main@sha1:bbb" "main@sha1:aaa")");
    CHECK(at("branch: other", "bbb") == "");
    CHECK(at("branch: main, tag: v1", "bbb") == "");
    CHECK(at("", "bbb") == "");  // master
    CHECK(at("branch: main", "") == "");
}

TEST_CASE("addresses of one repository are told from others") {
    for (const char* url : {"https://github.com/o/r", "https://user:x@GitHub.com/o/r.git",
                            "ssh://git@github.com:22/o/r.git", "git@github.com:o/r.git",
                            "https://github.com:443/o/r/"}) {
        CAPTURE(url);
        CHECK(sameRepository(url, "https://github.com/o/r.git"));
    }
    for (const char* url :
         {"", "https://github.com/o/R", "https://gitlab.com/o/r", "https://github.com/o"}) {
        CAPTURE(url);
        CHECK_FALSE(sameRepository(url, "https://github.com/o/r.git"));
    }
}

}  // namespace revisions_test
