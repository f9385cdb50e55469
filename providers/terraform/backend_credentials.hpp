#pragma once

#include "providers/look/credentials.hpp"

namespace driftkeeper::terraform {

// What stacks of the whole family need to reach their state, by its backend.
inline constexpr CredentialSpec backendCredentials[] = {
    neededBy("s3", awsCredentials),
    {.area = "Google Cloud",
     .variables = "GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CREDENTIALS GOOGLE_OAUTH_ACCESS_TOKEN",
     .files = ".config/gcloud/application_default_credentials.json",
     .fix = "a service account of the instance, or GOOGLE_APPLICATION_CREDENTIALS in the "
            "provider's `environment`",
     .backends = "gcs"},
    {.area = "Azure",
     .variables = "ARM_CLIENT_ID ARM_USE_MSI ARM_USE_OIDC ARM_ACCESS_KEY ARM_SAS_TOKEN",
     .files = ".azure/msal_token_cache.json .azure/accessTokens.json",
     .fix = "a managed identity with ARM_USE_MSI, or ARM_CLIENT_ID and its secret in a stack's "
            "environment_file",
     .backends = "azurerm"},
    {.area = "HCP Terraform",
     .variables = "TF_TOKEN_app_terraform_io",
     .files = ".terraform.d/credentials.tfrc.json",
     .fix = "a token in a file that the provider's cli_config_file names",
     .backends = "cloud remote"},
    neededBy("kubernetes", kubernetesCredentials),
    {.area = "state",
     .fix = "a remote backend, or backend_config: [\"path=/srv/states/NAME.tfstate\"]",
     .backends = "local",
     .trouble = "the state is kept in a file: the daemon sees it only at an absolute path"},
};

}  // namespace driftkeeper::terraform
