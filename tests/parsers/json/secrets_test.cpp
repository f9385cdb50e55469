#include "parsers/json/secrets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "parsers/json/value_tags.hpp"

using namespace driftkeeper;

namespace secrets_test {
namespace {

const ValueTags tags("test");

struct Row {
    const char *text, *shown;
};

std::string hidden(std::string_view json) {
    Json value = *readJson(json);
    hideSecrets(value, tags.mask());
    return canonicalText(value);
}

}  // namespace

TEST_CASE("what is a secret in a text is not shown, and the rest is") {
    const Row rows[] = {
        // documents
        {R"({"user":"u","password":"canary"})", R"({"password":{"redacted":"***"},"user":"u"})"},
        {R"({"a":"{\"b\":\"{\\\"token\\\":\\\"canary\\\"}\"}"})",
         R"({"a":"{\"b\":\"{\\\"token\\\":{\\\"redacted\\\":\\\"***\\\"}}\"}"})"},
        {R"([{"name":"DB_PASSWORD","value":"canary"},{"name":"LOG","value":"info"}])",
         R"([{"name":"DB_PASSWORD","value":{"redacted":"***"}},{"name":"LOG","value":"info"}])"},
        {R"([{"ParameterKey":"Token","ParameterValue":"canary"}])",
         R"([{"ParameterKey":"Token","ParameterValue":{"redacted":"***"}}])"},
        {R"(["--password","canary","--user","bob"])",
         R"(["--password",{"redacted":"***"},"--user","bob"])"},
        {R"({"kind":"Secret","data":{"plain":"canary"}})",
         R"({"data":{"plain":{"redacted":"***"}},"kind":"Secret"})"},
        {R"({"secrets":[{"name":"X","valueFrom":"arn:aws:ssm:x"}]})",
         R"({"secrets":[{"name":"X","valueFrom":"arn:aws:ssm:x"}]})"},
        {R"({"password":"***","user":"u"})", R"({"password":"***","user":"u"})"},
        // documents that are cut off, or stand in a message
        {R"({"a":1,"password":"canary","x":"y")", R"({"a":1,"password":"***","x":"y")"},
        {R"(said {\"password\":\"can\\\"ary\",\"user\":\"bob\"} to it)",
         R"(said {\"password\":\"***\",\"user\":\"bob\"} to it)"},
        {R"({"list":[{"value":"canary","name":"API_TOKEN"})",
         R"({"list":[{"value":"***","name":"API_TOKEN"})"},
        // YAML
        {"db:\n  user: x\n  password: canary pw\n  port: 1\n",
         "db:\n  user: x\n  password: ***\n  port: 1\n"},
        {"auth:\n  user: canary\n  name: n\nport: 1", "auth:\n  user: ***\n  name: n\nport: 1"},
        {"tokens:\n- canary\n- 'canary b'\nport: 1", "tokens:\n- ***\n- '***'\nport: 1"},
        {"- name: DB_PASSWORD\n  value: canary\n- name: LOG\n  value: info",
         "- name: DB_PASSWORD\n  value: ***\n- name: LOG\n  value: info"},
        {"- value: canary\n  name: DB_PASSWORD", "- value: ***\n  name: DB_PASSWORD"},
        {"token: |-\n  canary\n  canary\nport: 1", "token: |-\n  ***\nport: 1"},
        {"args:\n- --token\n- canary\n- --token=canary\n- -v",
         "args:\n- --token\n- ***\n- --token=***\n- -v"},
        {"{password: canary, user: x}", "{password: ***, user: x}"},
        {"password: 'it''s canary' # why", "password: '***' # why"},
        // dotenv, properties, INI, HCL, XML
        {"MODE=prod\nexport DB_PASSWORD=canary pw\r\nX=1\n",
         "MODE=prod\nexport DB_PASSWORD=***\r\nX=1\n"},
        {"[db]\npassword = canary\nuser = x", "[db]\npassword = ***\nuser = x"},
        {"spring.datasource.password=canary", "spring.datasource.password=***"},
        {"password = <<EOT\ncanary\nEOT\nx = 2", "password = <<EOT\n***\nEOT\nx = 2"},
        {"secret = {\n  a = \"canary\"\n}\nx = 1", "secret = \"***\"\nx = 1"},
        {"<user>a</user><password>canary</password>", "<user>a</user><password>***</password>"},
        // connection strings and commands
        {"Server=db;User Id=sa;Password=canary;Encrypt=true",
         "Server=db;User Id=sa;Password=***;Encrypt=true"},
        {"mysql --password canary -h x", "mysql --password *** -h x"},
        {"secret:canary-set", "secret:***"},
        {"curl -H \"Authorization: Basic canary==\" -H 'X-Api-Key: canary' https://x",
         "curl -H \"Authorization: Basic ***\" -H 'X-Api-Key: ***' https://x"},
        // URLs
        {"postgres://bob:canary@db/x?sslmode=off", "postgres://bob:***@db/x?sslmode=off"},
        {"https://h/x?a=b&X-Amz-Signature=canary&sig=canary&key=canary#c",
         "https://h/x?a=b&X-Amz-Signature=***&sig=***&key=***#c"},
        {"jdbc:mysql://h/d?user=a&password=canary&x=1", "jdbc:mysql://h/d?user=a&password=***&x=1"},
        {"https://hooks.slack.com/services/T0/B0/canary", "https://hooks.slack.com/services/***"},
        // shapes
        {"-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----\nx", "***\nx"},
        {"eyJhbGciOiJI.eyJzdWIiOi.canary_x and more", "*** and more"},
        {"failed with Authorization: Bearer canary-1 here",
         "failed with Authorization: Bearer *** here"},
        {"sent Bearer canary1234.", "sent Bearer ***."},
        {"AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY0", "*** ***"},
        {"ghp_canary1234 gho_canary1234 github_pat_canary1 glpat-canary1 xoxb-canary1",
         "*** *** *** *** ***"},
        {"sk_live_canary AIzacanary1234567890 npm_canary1234567890 SG.canary1234.x dop_v1_canary",
         "*** *** *** *** ***"},
        {"hvs.canary1234 AGE-SECRET-KEY-1CANARY", "*** ***"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto once = withoutSecrets(row.text, stars());
        CHECK(once == row.shown);
        CHECK(withoutSecrets(once, stars()) == once);
        const auto tagged = withoutSecrets(row.text, tags.mask());
        CHECK(tagged.find("canary") == std::string::npos);
        CHECK(withoutSecrets(tagged, tags.mask()) == tagged);
    }
}

TEST_CASE("what is no secret stays as it is") {
    for (const char* text : {"",
                             "t3.micro",
                             "auth:1.25.3",
                             "https://example.com/x@y?page=1&sslmode=off",
                             "arn:aws:secretsmanager:eu-west-1:1:secret:my-db-AbCd",
                             "password: ${DB_PASSWORD}",
                             "token: {{ .Values.token }}\nuser: x",
                             "git@example.com:org/repo.git",
                             "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                             "Basic tier",
                             "sk-1",
                             "Bearer authentication",
                             "npm_config_registry",
                             "the password is wrong",
                             "{ \"b\" : 1,\n  \"a\" : [ \"token\" ] }",
                             "token == x",
                             "secret://path",
                             "key_name = \"k\"\nkms_key_id = \"a\"\ntoken_ttl = 30",
                             "AKIA",
                             "registry/token:1.2"}) {
        CHECK(withoutSecrets(text, stars()) == text);
    }
}

TEST_CASE("what is secret in a value is replaced, wherever it lies") {
    for (const char* text : {
             R"({"kind":"Secret","stringData":{"plain":"hunter2"}})",
             R"({"kind":"Secret","data":"hunter2"})",
             R"({"spec":{"env":[{"name":"DB_PASSWORD","value":"hunter2"}]}})",
             R"({"spec":{"apiKey":"hunter2"}})",
             R"({"spec":{"credentials":{"user":"hunter2"}}})",
             R"({"spec":{"passwords":["hunter2"]}})",
             R"({"spec":{"args":["--token","hunter2"]}})",
             R"({"data":{"DB_PASSWORD":"hunter2"}})",
             R"({"pin":{"token":1234567}})",
         }) {
        const std::string result = hidden(text);
        CHECK_MESSAGE(!result.contains("hunter2"), result);
        CHECK_MESSAGE(!result.contains("1234567"), result);
        CHECK_MESSAGE(result.contains("{\"redacted\":\"hmac:"), result);
        CHECK(hidden(result) == result);
    }
}

TEST_CASE("what only names a secret stays readable") {
    for (
        const char* text : {
            R"({"spec":{"volumes":[{"secret":{"defaultMode":420,"secretName":"tls"}}]}})",
            R"({"spec":{"env":[{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"key":"p","name":"db"}}}]}})",
            R"({"spec":{"imagePullSecrets":[{"name":"registry"}]}})",
            R"({"spec":{"automountServiceAccountToken":false}})",
            R"({"spec":{"image":"registry.example.com/token-service:1.2"}})",
            R"({"rules":[{"resources":["secrets"],"verbs":["get"]}]})",
            R"({"kind":"Secret","metadata":{"name":"s"},"type":"Opaque"})",
            R"({"password":null,"token":""})",
        })
        CHECK(hidden(text) == text);
}

TEST_CASE("equal secrets stay recognisable as equal, others as changed") {
    const Json value =
        *readJson(hidden(R"({"kind":"Secret","data":{"a":"x","b":"x","c":"y"},"password":"x"})"));
    CHECK(value["data"]["a"] == value["data"]["b"]);
    CHECK(value["data"]["a"] == value["password"]);
    CHECK_FALSE(value["data"]["a"] == value["data"]["c"]);
    const auto url = [](const char* password) {
        return withoutSecrets(std::string("amqp://u:") + password + "@h", tags.mask());
    };
    CHECK(url("a") == url("a"));
    CHECK(url("a") != url("b"));
}

TEST_CASE("a text that is nothing but a secret is one") {
    CHECK(isSecret(*readJson(R"("ghp_canary1234567")")));
    CHECK_FALSE(isSecret(*readJson(R"("postgres://u:canary@h/x")")));
    CHECK_FALSE(isSecret(*readJson(R"("plain")")));
    CHECK_FALSE(isSecret(*readJson("1")));
}

TEST_CASE("a text of megabytes takes time by its size only") {
    const auto processorTime = [](const std::string& text) {
        const std::clock_t begin = std::clock();
        CHECK(withoutSecrets(text, stars()).size() <= 3 * text.size());
        return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    };
    const auto many = [](std::string_view part, std::size_t size) {
        std::string text;
        while (text.size() < size) text += part;
        return text;
    };
    for (const std::string_view part :
         {"password=x ", "token: \"a\" ", "{\"name\":\"", "--token ", "https://a:b@c?sig=d ",
          "\\\"", "password: |\n  x\n", "'", "- value: a\n  name: TOKEN\n", "-----BEGIN ", "[",
          "AKIAIOSFODNN7EXAMPLE ", "Bearer x1-", "auth:\n a: b\n", "key: 'name: \"", "<<-"}) {
        CAPTURE(part);
        const double once = processorTime(many(part, 50'000));
        CHECK(processorTime(many(part, 400'000)) < 24 * std::max(once, 0.002));
    }
}

}  // namespace secrets_test
