#pragma once

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Credentials that several kinds of providers need.

inline constexpr CredentialSpec awsCredentials{
    .area = "AWS",
    .variables =
        "AWS_ACCESS_KEY_ID AWS_PROFILE AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE "
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI",
    .files = ".aws/credentials .aws/config",
    .fix =
        "a role of the instance, or AWS_PROFILE with AWS_SHARED_CREDENTIALS_FILE in the provider's "
        "`environment`",
};

inline constexpr CredentialSpec kubernetesCredentials{
    .area = "Kubernetes",
    .variables = "KUBECONFIG KUBERNETES_SERVICE_HOST",
    .files = ".kube/config",
    .fix = "a kubeconfig of an account that may only read: `kubeconfig` of the provider",
};

// For stacks that keep their state there alone.
constexpr CredentialSpec neededBy(std::string_view backends, CredentialSpec spec) noexcept {
    spec.backends = backends;
    return spec;
}

}  // namespace driftkeeper
