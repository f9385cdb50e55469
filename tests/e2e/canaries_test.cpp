// What is secret by its name, its place or its looks, with no word of a schema: one table of places
// in real resources, and no exit shows one of them. What stands around them is shown.
#include <doctest/doctest.h>

#include <map>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace canaries_test {
namespace {

// Attributes of a box. @ is a secret; the word behind it says in which place it stood.
struct Place {
    const char *name, *attributes;
};

constexpr Place places[] = {
    {"json",
     R"(policy = jsonencode({ user = "shown", password = "@json", inner = jsonencode({ api_key = "@inner" }) }))"},
    {"pairs",
     R"(policy = jsonencode([{ name = "app", environment = [{ name = "DB_PASSWORD", value = "@pairs" }] }]))"},
    {"url", R"(content = "postgres://shown:@url@db/x?sslmode=off")"},
    {"query", R"(content = "https://h.example/x?page=shown&X-Amz-Signature=@query&sig=@query")"},
    {"hook", R"(content = "https://hooks.slack.com/services/T0/B0/@hook")"},
    {"dotenv", R"(content = "MODE=shown\nDB_PASSWORD=@dotenv two\nexport API_TOKEN='@dotenv'\n")"},
    {"yaml", R"(content = "db:\n  user: shown\n  password: @yaml\ntokens:\n- @yaml\n")"},
    {"ini", R"(content = "[db]\nuser = shown\npassword = @ini\n")"},
    {"words", R"(zones = ["--password", "@words", "token=@words", "shown"])"},
    {"command", R"(content = "mysql --password @command -u shown")"},
    {"members", R"(members = ["secret:@members"])"},
    {"labels",
     R"(labels = { jwt = "@labels", dsn = "@labels", auth = "@labels", cookie = "@labels", psk = "@labels", webhook_url = "@labels", tls_key = "@labels", pass = "@labels", key_name = "shown" })"},
    {"pem", R"(content = "-----BEGIN PRIVATE KEY-----\n@pem\n-----END PRIVATE KEY-----")"},
    {"github", R"(content = "ghp_@github0123456789 AKIAIOSFODNN7EXAMPLE")"},
    {"bearer", R"(content = "curl -H 'Authorization: Bearer @bearer' https://shown.example")"},
    {"basic", R"(content = "Authorization: Basic @basic==")"},
    {"dsn", R"(content = "Server=shown;User Id=sa;Password=@dsn;Encrypt=true")"},
    {"xml", R"(content = "<c><user>shown</user><password>@xml</password></c>")"},
};

std::string withSecret(std::string text, const std::string& secret) {
    for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) {
        const bool isUser = text.compare(at, 4, "@db/") == 0;
        text.replace(at, 1, isUser ? std::string("@") : secret);
        at += secret.size();
    }
    return text;
}

std::string resources() {
    std::string text;
    for (const auto& [name, attributes] : places)
        text += "resource \"box_item\" \"" + std::string(name) + "\" {\n  name = \"" + name +
                "\"\n  " + withSecret(attributes, "canary-") + "\n}\n";
    return text;
}

// Another secret in each place of each object, behind Terraform's back.
void drift(const TerraformWorld& terraform) {
    for (const auto& [name, attributes] : places) {
        const auto file = terraform.live() / "box_item" / (std::string(name) + ".json");
        std::string text = readFile(file);
        for (std::size_t at = 0; (at = text.find("canary-", at)) != std::string::npos; at += 7)
            text.replace(at, 7, "kanari-");
        writeFile(file, text);
    }
}

using Exits = std::map<std::string, std::string>;

Exits exitsOf(const DaemonWorld& daemon, const TerraformWorld& terraform) {
    Exits exits;
    for (const char* path :
         {"/metrics", "/", "/stacks/infra%2Fnet", "/incidents", "/outbox", "/settings",
          "/api/v1/stacks", "/api/v1/stacks/infra%2Fnet", "/api/v1/stacks/infra%2Fnet/history",
          "/api/v1/stacks/infra%2Fnet/explain", "/api/v1/stacks/infra%2Fnet/explain?format=text",
          "/api/v1/findings", "/api/v1/incidents", "/api/v1/outbox", "/api/v1/graph"})
        exits[path] = daemon.get(path);
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"explain", "infra/net"}, {"show", "infra/net"}, {"graph", "--format", "dot"}}) {
        const auto said = daemon.ask(words);
        exits[words.front()] = said.out + said.err;
    }
    for (const char* format : {"text", "json", "junit", "markdown"}) {
        RunOptions options;
        options.env = terraform.env();
        const auto said =
            run({program, "check", "--format", format, terraform.stack().string()}, options);
        exits[std::string("check ") + format] = said.out + said.err;
    }
    for (const auto& request : daemon.hook.requests()) exits["alerts"] += request.body;
    exits["log"] = daemon.log();
    for (const auto& file : std::filesystem::directory_iterator(daemon.stateDirectory()))
        if (file.path().filename().string().starts_with("driftkeeper.db"))
            exits[file.path().filename()] = readFile(file.path());
    return exits;
}

}  // namespace

TEST_CASE("what looks secret is shown by no exit, and what stands around it is") {
    GitWorld git;
    TerraformWorld terraform(git.path() / "net");
    const std::string warning =
        "warn = \"dialing https://bob:canary-warning@host/x?sig=canary-warning failed with "
        "Authorization: Bearer canary-warning\"";
    writeFile(terraform.stack() / "stack.tf", terraform.header(warning));
    terraform.write(resources());
    terraform.apply();
    git.commit("net");
    DaemonWorld daemon(terraform);
    daemon.watch("infra", git.path().string(), "stacks: [ { path: net } ]");
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    drift(terraform);
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "drifted"), daemon.log());
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());

    const Exits exits = exitsOf(daemon, terraform);
    for (const auto& [exit, text] : exits) {
        CAPTURE(exit);
        CHECK(!text.empty());
        for (const auto& [name, attributes] : places)
            for (const char* secret : {"canary-", "kanari-"})
                CHECK_MESSAGE(text.find(secret + std::string(name)) == std::string::npos, name);
        CHECK(text.find("canary-inner") == std::string::npos);
        CHECK(text.find("canary-warning") == std::string::npos);
    }
    // They did show the drifts.
    for (const char* exit : {"check text", "check json", "check junit", "check markdown", "explain",
                             "/stacks/infra%2Fnet", "/api/v1/stacks/infra%2Fnet", "alerts"})
        CHECK_MESSAGE(exits.at(exit).find("box_item.") != std::string::npos, exit);
    const std::string findings = daemon.get("/api/v1/findings");
    for (const char* around : {"sslmode=off", "page=shown", "MODE=shown", "user: shown",
                               "Server=shown", "-u shown", "hooks.slack.com/services/hmac:"})
        CHECK_MESSAGE(findings.find(around) != std::string::npos, around);
}

}  // namespace canaries_test
