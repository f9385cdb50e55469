// Whether the credentials that stacks need are there. They are never read: that a variable is set, or that a file is
// there, has to do.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/commands/first_settings.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;
using enum Diagnosis::Level;

struct CredentialKind {
    const char* area;
    std::vector<std::string> backends;
    std::vector<std::string> providers;
    std::vector<std::string> variables;  // any of them
    std::vector<std::string> files;      // below the user's folder; any of them
    const char* fix;
};

const std::vector<CredentialKind>& kinds() {
    static const std::vector<CredentialKind> all = {
        {"AWS",
         {"s3"},
         {"cloudformation"},
         {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"},
         {".aws/credentials", ".aws/config"},
         "a role of the instance, or AWS_PROFILE with AWS_SHARED_CREDENTIALS_FILE in providers.terraform.environment"},
        {"Google Cloud",
         {"gcs"},
         {},
         {"GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"},
         {".config/gcloud/application_default_credentials.json"},
         "a service account of the instance, or GOOGLE_APPLICATION_CREDENTIALS in providers.terraform.environment"},
        {"Azure",
         {"azurerm"},
         {},
         {"ARM_CLIENT_ID", "ARM_USE_MSI", "ARM_USE_OIDC", "ARM_ACCESS_KEY", "ARM_SAS_TOKEN"},
         {".azure/msal_token_cache.json", ".azure/accessTokens.json"},
         "a managed identity with ARM_USE_MSI, or ARM_CLIENT_ID and its secret in a stack's environment_file"},
        {"HCP Terraform",
         {"cloud", "remote"},
         {},
         {"TF_TOKEN_app_terraform_io"},
         {".terraform.d/credentials.tfrc.json"},
         "a token in a file that providers.terraform.cli_config_file names"},
        {"Kubernetes",
         {"kubernetes"},
         {"kubernetes", "flux", "argocd"},
         {"KUBECONFIG", "KUBERNETES_SERVICE_HOST"},
         {".kube/config"},
         "a kubeconfig of an account that may only read: providers.kubernetes.kubeconfig"}};
    return all;
}

std::string evidenceOf(const CredentialKind& kind, const Variables& variables, const fs::path& home) {
    for (const auto& name : kind.variables)
        if (const auto value = variables(name); value && !value->empty()) return name + " is set";
    std::error_code error;
    for (const auto& file : kind.files)
        if (fs::exists(home / file, error)) return "~/" + file + " is there";
    return {};
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
    return std::ranges::find(list, word) != list.end();
}

}  // namespace

std::vector<Diagnosis> diagnoseCredentials(const std::vector<FoundStack>& stacks, const Variables& variables,
                                           const fs::path& home) {
    std::vector<Diagnosis> findings;
    for (const auto& kind : kinds()) {
        const auto needs = std::ranges::count_if(stacks, [&](const FoundStack& stack) {
            return contains(kind.backends, stack.backend) || contains(kind.providers, stack.provider);
        });
        if (needs == 0) continue;
        const std::string evidence = evidenceOf(kind, variables, home);
        const std::string whom = fmt::format("{} stack{}", needs, needs == 1 ? "" : "s");
        if (evidence.empty())
            findings.push_back({kind.area, Warning,
                                fmt::format("{} need{} it, and no credentials are seen", whom, needs == 1 ? "s" : ""),
                                kind.fix});
        else
            findings.push_back(
                {kind.area, Ok, fmt::format("{}, for {}; the daemon needs its own: {}", evidence, whom, kind.fix), {}});
    }
    const auto local = std::ranges::count(stacks, std::string("local"), &FoundStack::backend);
    if (local > 0)
        findings.push_back(
            {"state", Warning,
             fmt::format("{} stack{} keep{} the state in a file: the daemon sees it only at an absolute path", local,
                         local == 1 ? "" : "s", local == 1 ? "s" : ""),
             "a remote backend, or backend_config: [\"path=/srv/states/NAME.tfstate\"]"});
    return findings;
}

}  // namespace driftkeeper
