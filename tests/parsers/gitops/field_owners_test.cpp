#include "parsers/gitops/field_owners.hpp"

#include <doctest/doctest.h>

#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::gitops;

namespace field_owners_test {
namespace {

const char* const managed = R"(
metadata:
  managedFields:
  - {manager: kustomize-controller, operation: Apply, time: "2026-11-20T10:00:00Z",
     fieldsV1: {"f:spec": {"f:interval": {}, "f:path": {}, "f:dependsOn": {}}}}
  - {manager: kubectl-edit, operation: Update, time: "2026-11-22T10:00:00Z", fieldsV1: {"f:spec": {"f:path": {}}}}
  - {manager: kustomize-controller, operation: Update, time: "2026-11-23T10:00:00Z", subresource: status,
     fieldsV1: {"f:spec": {"f:interval": {}}}}
)";

}  // namespace

TEST_CASE("a field belongs to who wrote it, before who applies Git") {
    const auto object = tests::object(managed);
    REQUIRE(ownerOf(object, {"spec", "path"}));
    CHECK(ownerOf(object, {"spec", "path"})->forPeople() == "kubectl-edit, 2026-11-22T10:00:00Z");
    CHECK_FALSE(ownerOf(object, {"spec", "path"})->isApplier);
    CHECK(ownerOf(object, {"spec", "interval"})->isApplier);
    CHECK(ownerOf(object, {"spec", "interval"})->time == "2026-11-20T10:00:00Z");
    CHECK(ownerOf(object, {"spec", "dependsOn", "", "name"})->manager == "kustomize-controller");
    CHECK_FALSE(ownerOf(object, {"spec", "suspend"}));
    CHECK_FALSE(ownerOf(tests::object("a: 1"), {"spec"}));
}

TEST_CASE("the last write leaves the status out") {
    CHECK(lastWriteOf(tests::object(managed)) ==
          std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(10));
    CHECK_FALSE(lastWriteOf(tests::object("a: 1")));
}

}  // namespace field_owners_test
