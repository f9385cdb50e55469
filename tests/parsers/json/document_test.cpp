#include "parsers/json/document.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

namespace document_test {
namespace {

Json json(const std::string& text) {
    auto value = readJson(text);
    REQUIRE_MESSAGE(value, text);
    return *value;
}

Json holding(std::string text) {
    Json value;
    value.kind = Json::Kind::String;
    value.text = std::move(text);
    return value;
}

}  // namespace

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
             // What every IAM does to a policy.
             Row{"Policy", R"({"Statement": {"Action": "a"}})",
                 R"({"Statement": [{"Action": ["a"]}]})", true},
             Row{"Policy", R"({"Statement": [{"Sid": "", "Action": "a"}]})",
                 R"({"Statement": [{"Action": "a"}]})", true},
             Row{"Policy", R"({"Statement": [{"Sid": "x", "Action": "a"}]})",
                 R"({"Statement": [{"Action": "a"}]})", false},
             Row{"Policy", R"({"Statement": [{"Principal": "*"}]})",
                 R"({"Statement": [{"Principal": {"AWS": ["*"]}}]})", true},
             Row{"Policy", R"({"Statement": [{"Principal": "*"}]})",
                 R"({"Statement": [{"Principal": {"Service": "*"}}]})", false},
             Row{"Policy", R"({"Principal": {"AWS": "123456789012"}})",
                 R"({"Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}})", true},
             Row{"Policy", R"({"Principal": {"AWS": "123456789012"}})",
                 R"({"Principal": {"AWS": ["arn:aws:iam::999999999999:root"]}})", false},
             Row{"Policy", R"({"Condition": {"Bool": {"aws:SecureTransport": true}}})",
                 R"({"Condition": {"Bool": {"aws:SecureTransport": ["true"]}}})", true},
             Row{"Policy", R"({"Resource": "arn:aws:s3:::b/Key"})",
                 R"({"Resource": "arn:aws:s3:::b/key"})", false},
             Row{"Policy", R"({"Statement": [{"Action": "a"}]})",
                 R"({"Statement": [{"Action": "a"}, {"Action": "*"}]})", false},
             Row{"Policy", R"({"bindings": [{"role": "r", "members": ["a", "b"]}, {"role": "s"}]})",
                 R"({"bindings": [{"role": "s"}, {"role": "r", "members": ["b", "a"]}]})", true},
         }) {
        CAPTURE(name);
        CAPTURE(a);
        CAPTURE(b);
        CHECK(isSameDocument(json(a), json(b), name) == same);
        CHECK(isSameDocument(json(b), json(a), name) == same);
    }
}

TEST_CASE("a document is completed when all that was asked for is there as it was asked for") {
    struct Row {
        const char* asked;
        const char* read;
        bool completed;
    };
    for (const auto& [asked, read, completed] : {
             Row{R"({"a": 1})", R"({"a": 1, "b": 2})", true},
             Row{R"({"a": 1})", R"({"a": 2, "b": 2})", false},
             Row{R"({"a": {"x": 1}})", R"({"b": null, "a": {"y": [], "x": 1}})", true},
             Row{R"({"a": [{"Id": "x", "v": 1}]})",
                 R"({"a": [{"Id": "y"}, {"v": 1, "Id": "x", "w": 2}]})", true},
             Row{R"({"a": [{"Id": "x", "v": 1}]})", R"({"a": [{"Id": "x", "v": 2}]})", false},
             Row{R"({"a": [{"Id": "x"}]})", R"({"a": []})", false},
             // More of what has no name is more than defaults.
             Row{R"({"a": ["x"]})", R"({"a": ["x", "y"]})", false},
             Row{R"({"a": [{"v": 1}]})", R"({"a": [{"v": 1}, {"v": 2}]})", false},
             Row{R"({"Statement": [{"Sid": "a"}]})", R"({"Statement": [{"Sid": "a"}], "Id": "x"})",
                 false},
             Row{"{}", R"({"a": 1})", false},
             Row{"1", "1", false},
         }) {
        CAPTURE(asked);
        CAPTURE(read);
        CHECK(isCompletedDocument(holding(asked), holding(read)) == completed);
    }
    CHECK_FALSE(isCompletedDocument(json(R"({"a": 1})"), json(R"({"a": 1, "b": 2})")));
}

}  // namespace document_test
