#include "parsers/cloudformation/spelling.hpp"

#include "tests/parsers/cloudformation/json.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using tests::json;

TEST_CASE("a path in Git and what packaging put in its place are one thing") {
    CHECK(isPackaged(json(R"("./src")"), json(R"({"S3Bucket": "b", "S3Key": "k"})")));
    CHECK(isPackaged(json(R"("child.yaml")"), json(R"("https://s3.amazonaws.com/b/k.template")")));
    CHECK(isPackaged(json(R"("child.yaml")"),
                     json(R"("https://s3.eu-central-1.amazonaws.com/b/k.template")")));
    CHECK(isPackaged(json(R"("src/")"), json(R"("s3://b/k")")));
    CHECK_FALSE(isPackaged(json(R"("s3://b/other")"), json(R"("s3://b/k")")));
    CHECK_FALSE(isPackaged(json(R"("./src")"), json(R"("./other")")));
    CHECK_FALSE(isPackaged(json(R"({"S3Bucket": "b2"})"), json(R"({"S3Bucket": "b"})")));
}
