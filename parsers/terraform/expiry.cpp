#include "parsers/terraform/expiry.hpp"

#include <algorithm>
#include <array>

namespace driftkeeper::terraform {
namespace {

// How an object of a type says that its time is over.
enum class ExpirySign {
    Gone,       // it lives in the state only, and nobody else can take it out
    GoneBy,     // it is gone, and the time in the attribute has passed
    Announced,  // the provider sets the attribute to true
};

struct Expiry {
    std::string_view type;
    std::string_view attribute;
    ExpirySign sign;
};

constexpr std::array expiries = {
    Expiry{"time_rotating", "rotation_rfc3339", ExpirySign::Gone},
    Expiry{"tls_self_signed_cert", "ready_for_renewal", ExpirySign::Announced},
    Expiry{"tls_locally_signed_cert", "ready_for_renewal", ExpirySign::Announced},
    Expiry{"rancher2_token", "expired", ExpirySign::Announced},
    Expiry{"vault_pki_secret_backend_cert", "renew_pending", ExpirySign::Announced},
    Expiry{"vault_pki_secret_backend_sign", "renew_pending", ExpirySign::Announced},
    Expiry{"grafana_service_account_token", "has_expired", ExpirySign::Announced},
    Expiry{"gitlab_project_access_token", "expires_at", ExpirySign::GoneBy},
    Expiry{"gitlab_group_access_token", "expires_at", ExpirySign::GoneBy},
    Expiry{"gitlab_personal_access_token", "expires_at", ExpirySign::GoneBy},
    Expiry{"gitlab_deploy_token", "expires_at", ExpirySign::GoneBy},
    Expiry{"gitlab_group_service_account_access_token", "expires_at", ExpirySign::GoneBy},
    Expiry{"azuread_application_certificate", "end_date", ExpirySign::GoneBy},
    Expiry{"azuread_service_principal_certificate", "end_date", ExpirySign::GoneBy},
    Expiry{"cloudflare_api_token", "expires_on", ExpirySign::GoneBy},
    Expiry{"linode_token", "expiry", ExpirySign::GoneBy},
    Expiry{"tfe_team_token", "expired_at", ExpirySign::GoneBy},
    Expiry{"tfe_organization_token", "expired_at", ExpirySign::GoneBy},
    Expiry{"azuread_application_password", "end_date", ExpirySign::GoneBy},
    Expiry{"azuread_service_principal_password", "end_date", ExpirySign::GoneBy},
    Expiry{"google_service_account_key", "valid_before", ExpirySign::GoneBy},
    Expiry{"tailscale_tailnet_key", "expires_at", ExpirySign::GoneBy},
    Expiry{"consul_acl_token", "expiration_time", ExpirySign::GoneBy},
    Expiry{"nomad_acl_token", "expiration_time", ExpirySign::GoneBy},
};

constexpr std::size_t lengthOfDate = 10;  // 2026-11-30

// Of a day or a time; with an offset from UTC the day must be over.
bool hasPassed(std::string_view time, std::string_view now) {
    const bool isUtc = time.ends_with('Z') && now.ends_with('Z');
    if (time.size() < lengthOfDate || now.size() < lengthOfDate) return false;
    if (isUtc) return time.substr(0, time.size() - 1) <= now.substr(0, now.size() - 1);
    const auto day = time.substr(0, lengthOfDate);
    const auto today = now.substr(0, lengthOfDate);
    return time.size() == lengthOfDate ? day <= today : day < today;
}

// Nothing that the configuration sets is why.
bool movedByItself(const PlannedObject& object) {
    return std::ranges::none_of(object.leaves, [&](const Leaf& leaf) {
        return leaf.verdict == LeafVerdict::Conflict ||
               (leaf.verdict != LeafVerdict::Unknown &&
                sets(object.expressions, leaf.difference.path));
    });
}

}  // namespace

bool isExpired(const PlannedObject& object, std::string_view now) {
    const auto* const row = std::ranges::find(expiries, object.entry().type, &Expiry::type);
    if (row == expiries.end() || object.drift == nullptr) return false;
    const bool isGone = object.drift->action == PlanAction::Delete;
    const std::string attribute(row->attribute);
    switch (row->sign) {
        case ExpirySign::Gone:
            return isGone;
        case ExpirySign::GoneBy:
            return isGone && hasPassed(object.drifted.before[attribute].string(), now);
        case ExpirySign::Announced:
            return !isGone && object.drifted.after[attribute].isTrue() && movedByItself(object);
    }
    return false;
}

}  // namespace driftkeeper::terraform
