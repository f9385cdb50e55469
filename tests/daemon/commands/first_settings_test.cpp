#include "daemon/commands/first_settings.hpp"

#include <doctest/doctest.h>

#include "daemon/commands/tools.hpp"
#include "daemon/settings/settings_file.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;

namespace first_settings_test {
namespace {

LoadedSettings parsed(const std::string& text) {
    return parseSettings(
        text, "driftkeeper.yaml", [](std::string_view name) -> std::optional<std::string> {
            return name == "HOME" ? std::optional<std::string>("/nonexistent") : std::nullopt;
        });
}

}  // namespace

TEST_CASE("the first settings have no mistakes and say what was found, whatever the names are") {
    struct Row {
        std::string url;
        std::string ref;
        std::vector<FoundStack> stacks;
        std::set<std::string> withheld;
    };
    const Row rows[] = {
        {"https://git.example.com/org/infra.git", "", {}, {}},
        {"git@git.example.com:org/infra.git", "main", {{"prod/net", "terraform", "s3"}}, {}},
        {"/srv/it's here/infra",
         "it's",
         {{"a: {b\nc", "terraform", "s3"}, {"#", "opentofu", ""}},
         {}},
        {"file:///srv/infra.git",
         "",
         {{"k8s", "kubernetes", ""},
          {"cfn", "cloudformation", ""},
          {"apps", "argocd", ""},
          {"x", "flux", ""}},
         {"kubernetes", "cloudformation"}},
    };
    for (const auto& row : rows)
        for (const bool isPackaged : {false, true}) {
            FirstSettings first{repositoryName(row.url),
                                row.url,
                                row.ref,
                                isPackaged,
                                row.stacks,
                                {},
                                row.withheld,
                                {},
                                {}};
            const std::string text = settingsText(first);
            const auto loaded = parsed(text);
            REQUIRE_MESSAGE(loaded.mistakes.empty(), render(loaded.mistakes) << text);
            REQUIRE(loaded.settings.repositories.size() == 1);
            CHECK(loaded.settings.repositories[0].url == row.url);
            CHECK(loaded.settings.repositories[0].ref == row.ref);
            CHECK((loaded.settings.stateDirectory == "/var/lib/driftkeeper") == isPackaged);
            for (const auto& stack : row.stacks)
                CHECK(loaded.settings.providers.contains(stack.provider) !=
                      row.withheld.contains(stack.provider));
        }
}

TEST_CASE("a repository is named after its URL") {
    struct Row {
        const char* url;
        const char* wanted;
    };
    const Row rows[] = {
        {"https://git.example.com/org/infra.git", "infra"},
        {"git@git.example.com:infra.git/", "infra"},
        {"/srv/my code", "my-code"},
        {"/", "infra"},
        {"file:///srv/.hidden", "hidden"},
        {"ssh://git@h:22/a/b.c", "b.c"},
    };
    for (const auto& row : rows) CHECK(repositoryName(row.url) == row.wanted);
}

TEST_CASE("backends are those that the files of a folder name") {
    const std::vector<SourceFile> files = {
        {"a/main.tf", "terraform {\n  backend \"s3\" {}\n}\n"},
        {"b/main.tf", "resource \"x\" \"y\" {}\n"},
        {"c/main.tf", "terraform {\n  cloud {}\n}\n"},
    };
    const std::vector<DiscoveredStack> stacks = {{"a", "terraform", {}},
                                                 {"b", "opentofu", {}},
                                                 {"c", "terraform", {}},
                                                 {"d", "kubernetes", {}}};
    CHECK(withBackends(stacks, files) == std::vector<FoundStack>{{"a", "terraform", "s3"},
                                                                 {"b", "opentofu", "local"},
                                                                 {"c", "terraform", "cloud"},
                                                                 {"d", "kubernetes", ""}});
}

TEST_CASE("credentials are seen by names of variables and files, and never read") {
    const tests::TempDir home;
    const std::vector<FoundStack> stacks = {{"a", "terraform", "s3"},
                                            {"b", "terraform", "gcs"},
                                            {"c", "kubernetes", ""},
                                            {"d", "terraform", "local"}};
    const auto none = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
    auto findings = diagnoseCredentials(stacks, none, home.path());
    REQUIRE(findings.size() == 4);
    for (const auto& finding : findings) CHECK(finding.level == Diagnosis::Level::Warning);
    CHECK(findings[0].area == "AWS");
    CHECK(findings[3].text.find("1 stack: the state is kept in a file") != std::string::npos);

    tests::writeFile(home / ".kube/config", "canary-kubeconfig");
    const auto some = [](const std::string& name) -> std::optional<std::string> {
        return name == "AWS_ACCESS_KEY_ID" ? std::optional<std::string>("canary-id") : std::nullopt;
    };
    findings = diagnoseCredentials(stacks, some, home.path());
    CHECK(findings[0].text.starts_with("AWS_ACCESS_KEY_ID is set, for 1 stack"));
    CHECK(findings[2].text.starts_with("~/.kube/config is there"));
    CHECK(findings[2].level == Diagnosis::Level::Ok);
    CHECK(diagnosisText(findings, false).find("canary") == std::string::npos);
    CHECK(diagnoseCredentials({{"a", "terraform", "http"}}, none, home.path()).empty());
}

TEST_CASE("a version is found in what tools say of themselves") {
    struct Row {
        const char* said;
        const char* wanted;
    };
    const Row rows[] = {
        {"Terraform v1.5.7\non linux_amd64\n", "1.5.7"},
        {"OpenTofu v1.6.0-beta1\n", "1.6.0-beta1"},
        {"terragrunt version v0.55.1", "0.55.1"},
        {"Client Version: v1.29.2\nKustomize Version: v5.0.4", "1.29.2"},
        {"aws-cli/2.9.19 Python/3.11.2 Linux/6.1", "2.9.19"},
        {"helm v3", ""},
        {"", ""},
    };
    for (const auto& row : rows) CHECK(versionIn(row.said) == row.wanted);
}

TEST_CASE(
    "the tools that are needed are those of the providers, by the names that the settings give") {
    Settings settings;
    settings.providers["terraform"].options["program"] = {"/opt/terraform"};
    const auto needs =
        toolNeeds({"terraform", "terragrunt", "kubernetes", "cloudformation", "state"}, settings);
    std::string programs;
    for (const auto& need : needs) programs += need.program + " ";
    CHECK(programs == "aws kubectl /opt/terraform terragrunt tofu ");
    CHECK(toolNeeds({"flux"}, {}).front().program == "kubectl");
}

TEST_CASE("a unit that a stack file makes is listed with that file") {
    const std::vector<DiscoveredStack> stacks = {
        {.path = "prod/.terragrunt-stack/db",
         .provider = "terragrunt",
         .closure = {"prod/.terragrunt-stack/db", "prod/terragrunt.stack.hcl"}},
        {.path = "live", .provider = "terragrunt", .closure = {"live"}}};
    const auto found = withBackends(
        stacks, {{.path = "prod/terragrunt.stack.hcl"}, {.path = "live/terragrunt.hcl"}});
    REQUIRE(found.size() == 2);
    CHECK(found[0].madeBy == "prod/terragrunt.stack.hcl");
    CHECK(found[1].madeBy.empty());
}

TEST_CASE("what tools of this shell read is written down for the daemon's") {
    const tests::TempDir home;
    tests::writeFile(home / "it's.rc", "");
    tests::writeFile(home / ".kube/config", "");
    const auto variables = [&](const std::string& name) -> std::optional<std::string> {
        if (name == "TF_CLI_CONFIG_FILE") return (home / "it's.rc").string();
        return std::nullopt;
    };
    FirstSettings first;
    first.name = "infra";
    first.url = "/srv/infra";
    first.stacks = {{"a", "terraform", "s3"}, {"b", "kubernetes", ""}, {"c", "argocd", ""}};
    first.withheld = {"argocd"};
    first.ofShell = filesOfShell(first.stacks, variables, home.path());
    const auto loaded = parsed(settingsText(first));
    REQUIRE_MESSAGE(loaded.mistakes.empty(), render(loaded.mistakes));
    const auto& providers = loaded.settings.providers;
    CHECK(optionOf(providers.at("terraform").options, "cli_config_file") ==
          (home / "it's.rc").string());
    CHECK(optionOf(providers.at("kubernetes").options, "kubeconfig") ==
          (home / ".kube/config").string());
    CHECK(!providers.contains("argocd"));
    CHECK(filesOfShell(first.stacks, variables, home / "nobody").at("terraform").size() == 1);
    CHECK(!filesOfShell(first.stacks, variables, home / "nobody").contains("kubernetes"));
}

TEST_CASE("variables that tools of this shell go by are named, and no value is") {
    FirstSettings first;
    first.name = "infra";
    first.url = "/srv/infra";
    first.stacks = {{"a", "terraform", "s3"}};
    first.variables = variablesOfTools({"TF_VAR_region", "TERM", "AWS_PROFILE", "HOME"});
    CHECK(first.variables == std::vector<std::string>{"AWS_PROFILE", "TF_VAR_region"});
    const auto text = settingsText(first);
    CHECK(text.contains("# This shell sets AWS_PROFILE, TF_VAR_region"));
    const auto loaded = parsed(text);
    CHECK_MESSAGE(loaded.mistakes.empty(), render(loaded.mistakes));
}

}  // namespace first_settings_test
