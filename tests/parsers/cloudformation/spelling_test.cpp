#include "parsers/cloudformation/spelling.hpp"

#include "tests/parsers/cloudformation/json.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using tests::json;

TEST_CASE("two spellings of one value") {
    struct Row {
        const char* name;
        const char* a;
        const char* b;
        bool same;
    };
    for (const auto& [name, a, b, same] : {
             Row{"Port", "80", R"("80")", true},
             Row{"Port", "80", R"("80.0")", true},
             Row{"Port", "80", R"("81")", false},
             Row{"Port", R"("80")", R"("80.0")", false},  // two texts are two texts
             Row{"Enabled", "true", R"("true")", true},
             Row{"Enabled", "true", R"("false")", false},
             Row{"Rules", "[]", "null", true},
             Row{"Rules", "{}", "null", true},
             Row{"Rules", "[1]", "null", false},
             Row{"Role", R"("arn:aws:iam::1:role/Web")", R"("arn:aws:iam::1:role/web")", true},
             Row{"Name", R"("Web")", R"("web")", false},
             Row{"SecurityGroupIds", R"(["a", "b"])", R"(["b", "a"])", true},
             Row{"SecurityGroupIds", R"(["a", "a"])", R"(["a", "b"])", false},
             Row{"Command", R"(["a", "b"])", R"(["b", "a"])",
                 false},  // an order that means something
             Row{"SecurityGroupIngress", R"([{"P": 80}, {"P": 443}])",
                 R"([{"P": "443"}, {"P": "80"}])", true},
             Row{"Action", R"("s3:*")", R"(["s3:*"])", true},
             Row{"Command", R"("run")", R"(["run"])", false},
             Row{"PolicyDocument",
                 R"({"Statement": [{"Action": ["a", "b"], "Resource": "*"}, {"Action": "c"}]})",
                 R"({"Statement": [{"Action": ["c"]}, {"Resource": ["*"], "Action": ["b", "a"]}]})",
                 true},
             Row{"PolicyDocument", R"({"Statement": [{"Action": "a", "Effect": "Allow"}]})",
                 R"({"Statement": [{"Action": "a", "Effect": "Deny"}]})", false},
             Row{"Policy", R"("{\"a\": 1, \"b\": [2]}")", R"("{ \"b\":[2],\"a\":1 }")", true},
             Row{"Policy", R"("{\"a\": 1}")", R"({"a": 1})", true},
             Row{"Policy", R"("{\"a\": 1}")", R"("{\"a\": 2}")", false},
             Row{"Condition", R"({"StringEquals": {"aws:x": ["1", "2"]}})",
                 R"({"StringEquals": {"aws:x": ["2", "1"]}})",
                 false},  // only below a policy's Condition
             Row{"Doc", R"({"Condition": {"StringEquals": {"aws:x": ["1", "2"]}}})",
                 R"({"Condition": {"StringEquals": {"aws:x": ["2", "1"]}}})", true},
         }) {
        CAPTURE(name);
        CAPTURE(a);
        CAPTURE(b);
        CHECK(isSameInAnotherSpelling(json(a), json(b), name) == same);
        CHECK(isSameInAnotherSpelling(json(b), json(a), name) == same);
    }
}

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
