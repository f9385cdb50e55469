// One table of places in which a secret lies by its name, its place or its looks, and what each
// provider makes of it: it is shown nowhere, that it changed is, and so is what stands around it.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "parsers/cloudformation/leaf.hpp"
#include "parsers/gitops/declared_fields.hpp"
#include "parsers/gitops/message.hpp"
#include "parsers/kubernetes/compare.hpp"
#include "parsers/terraform/leaf.hpp"
#include "providers/look/redacted.hpp"

using namespace driftkeeper;

namespace providers_test {
namespace {

const ValueTags tags("test");

// @ is a secret; `around` stays.
struct Place {
    const char *value, *around;
};

constexpr Place texts[] = {
    {R"({"user":"shown","password":"@"})", "shown"},
    {R"({"a":"{\"api_key\":\"@\",\"user\":\"shown\"}"})", "shown"},
    {R"([{"name":"DB_PASSWORD","value":"@"},{"name":"MODE","value":"shown"}])", "shown"},
    {R"({"cut":"shown","token":"@","x)", "shown"},
    {"user: shown\npassword: @\n", "user: shown"},
    {"- name: API_TOKEN\n  value: @\n- name: MODE\n  value: shown\n", "value: shown"},
    {"MODE=shown\nexport DB_PASSWORD=@\n", "MODE=shown"},
    {"[db]\nuser = shown\npassword = @\n", "user = shown"},
    {R"(["--password","@","shown"])", "shown"},
    {"mysql --password @ -u shown", "-u shown"},
    {"Server=shown;User Id=sa;Password=@;Encrypt=true", "Encrypt=true"},
    {"postgres://shown:@\x40"
     "db/x?sslmode=off",
     "sslmode=off"},
    {"https://h.example/x?page=shown&sig=@", "page=shown"},
    {"https://hooks.slack.com/services/T0/B0/@", "hooks.slack.com"},
    {"-----BEGIN PRIVATE KEY-----\n@\n-----END PRIVATE KEY-----\nshown", "shown"},
    // An end that is none does not take the beginning of the next key with it.
    {"-----BEGIN PRIVATE KEY-----\nx\n-----END RSA\n-----BEGIN PRIVATE KEY-----\n@\n"
     "-----END PRIVATE KEY-----\nshown",
     "shown"},
    {"curl -H 'Authorization: Bearer @1234' shown", "shown"},
    {"Authorization: Basic @==", "Authorization"},
    {"eyJ@hbGci.eyJ@zdWIi.@sig shown", "shown"},
    {"ghp_@1234 shown", "shown"},
    {"AKIA0123456789ABCDEF shown @0123456789abcdefABCDEF012345678", "shown"},
    {"xoxb-@1234 shown", "shown"},
};

constexpr const char* names[] = {
    "password", "dbPassword", "API_TOKEN",  "jwt",         "dsn",          "auth",
    "bearer",   "cookie",     "pass",       "psk",         "sas",          "webhookUrl",
    "tls_key",  "ssh_key",    "kubeconfig", "private-key", "authorization"};

std::string planted(std::string text, std::string_view secret) {
    for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) {
        if (text.compare(at, 6, "@db/x?") == 0) {
            ++at;
            continue;
        }
        text.replace(at, 1, secret);
        at += secret.size();
    }
    return text;
}

// Two values of one field.
struct Sides {
    Json git, live;
};

Sides sidesOf(const char* value) {
    const auto text = [&](std::string_view secret) {
        return Json{Json::Kind::String, planted(value, secret), {}, {}};
    };
    return {text("c4NaryOne"), text("c4NaryTwo")};
}

Json objectOf(const std::string& key, const Json& value) {
    return Json{Json::Kind::Object, {}, {key}, {value}};
}

void collect(std::vector<AttributeDrift>& all, const std::vector<Drift>& drifts) {
    for (const auto& drift : drifts)
        all.insert(all.end(), drift.attributes.begin(), drift.attributes.end());
}

// What every provider shows of such a field.
std::vector<AttributeDrift> shownOf(const std::string& key, const Sides& sides) {
    std::vector<AttributeDrift> shown;
    const Json git = objectOf(key, sides.git);
    const Json live = objectOf(key, sides.live);
    for (const auto& difference :
         terraform::attributeDifferences(git, live, git, Json::absent(), terraform::Sensitivity()))
        shown.push_back(terraform::present({difference}, tags));
    for (const auto& leaf : cloudformation::leavesOf({git, live, git}, {}, tags))
        shown.push_back(leaf.drift);
    const auto spec = [](const Json& value) { return objectOf("spec", value); };
    for (const auto& difference : gitops::differencesOf(spec(git), spec(live), tags))
        shown.push_back(difference.attribute);
    const auto configMap = [](const Json& data) {
        return kubernetes::objectFrom(
            *readJson(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":)" +
                      canonicalText(data) + "}"),
            tags);
    };
    collect(shown,
            kubernetes::compare({configMap(git), configMap(live), nullptr, "kubectl"}, tags));
    return shown;
}

}  // namespace

TEST_CASE("no provider shows a secret in a text, and every one shows what stands around it") {
    for (const auto& [value, around] : texts) {
        CAPTURE(value);
        const auto sides = sidesOf(value);
        const auto shown = shownOf("content", sides);
        CHECK(shown.size() == 4);
        for (const auto& one : shown) {
            CHECK_MESSAGE(!(one.git + one.live + one.before).contains("c4Nary"), one.git);
            CHECK(one.git != one.live);
            CHECK_MESSAGE(one.git.contains(around), one.git);
        }
        for (const auto& message :
             {redacted(sides.git.text, {}), gitops::summaryOf(sides.git.text)})
            CHECK_MESSAGE(!message.contains("c4Nary"), message);
    }
}

TEST_CASE("no provider shows what lies below the name of a secret") {
    for (const char* name : names) {
        CAPTURE(name);
        const auto shown = shownOf(name, sidesOf("@"));
        CHECK(shown.size() == 4);
        for (const auto& one : shown) {
            CHECK_MESSAGE(!(one.git + one.live + one.before).contains("c4Nary"), one.git);
            CHECK(one.git != one.live);
            CHECK(one.sensitive);
        }
    }
}

TEST_CASE("a value that is nothing but a secret is a sensitive one with every provider") {
    for (const auto& one : shownOf("content", sidesOf("ghp_@1234"))) {
        CHECK(one.sensitive);
        CHECK(one.git.starts_with(R"({"redacted":"hmac:)"));
    }
}

TEST_CASE("what is a secret beside its name or behind its flag is none of a value's own") {
    const auto pair = [](const char* value) {
        return *readJson(R"([{"name":"DB_PASSWORD","value":")" + std::string(value) + R"("}])");
    };
    const auto words = [](const char* value) {
        return *readJson(R"(["--password",")" + std::string(value) + R"("])");
    };
    for (const auto& sides : {Sides{pair("c4NaryOne"), pair("c4NaryTwo")},
                              Sides{words("c4NaryOne"), words("c4NaryTwo")}})
        for (const auto& one : shownOf("list", sides)) {
            CHECK_MESSAGE(!(one.git + one.live).contains("c4Nary"), one.git);
            CHECK(one.git != one.live);
        }
}

TEST_CASE("a switch is shown, whatever it is called") {
    const Sides sides{*readJson("true"), *readJson("false")};
    for (const auto& one : shownOf("automount_service_account_token", sides)) {
        CHECK(one.git == "true");
        CHECK(one.live == "false");
    }
}

}  // namespace providers_test
