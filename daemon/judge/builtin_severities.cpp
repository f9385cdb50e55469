#include "daemon/judge/builtin_severities.hpp"

#include <array>
#include <string>
#include <string_view>

namespace driftkeeper {
namespace {

// Patterns with blanks between them. No types: every type that has such an attribute.
struct Row {
    std::string_view name;
    Severity severity;
    std::string_view types;
    std::string_view attributes;
    std::string_view reason;
};

constexpr Row networkAccess{
    "builtin/network_access", Severity::Critical, "",
    "ingress egress security_rule cidr_blocks ipv6_cidr_blocks cidr_ipv4 cidr_ipv6 prefix_list_ids "
    "source_ranges destination_ranges ip_range_filter security_groups security_group_ids "
    "vpc_security_group_ids "
    "source_security_group_id referenced_security_group_id network_rules network_acls "
    "site_config[*].*ip_restriction* "
    "master_authorized_networks_config api_server_* settings[*].ip_configuration "
    "spec[*].load_balancer_source_ranges "
    "spec.loadBalancerSourceRanges SecurityGroup* VpcSecurityGroupIds VPCSecurityGroups "
    "SourceSecurityGroup* CidrIp* "
    "DBSecurityGroups NetworkConfiguration VpcConfig ResourcesVpcConfig",
    "Who may reach the resource over the network, and whom it may reach."};

constexpr Row firewallRule{
    "builtin/firewall_rule", Severity::Critical,
    "aws_security_group_rule aws_vpc_security_group_*_rule aws_network_acl_rule aws_wafv2_* "
    "google_compute_firewall* "
    "azurerm_network_security_rule azurerm_*firewall* kubernetes_network_policy* NetworkPolicy.* "
    "*NetworkPolicy.* "
    "AuthorizationPolicy.* PeerAuthentication.* AWS::EC2::SecurityGroup* AWS::EC2::NetworkAclEntry "
    "AWS::WAFv2::*",
    "access action allow default_action deny destination_* direction disabled end_ip_address "
    "ip_protocol *port* "
    "priority protocol *rule* self source_* start_ip_address target_* type cidr_block "
    "ipv6_cidr_block prefix_list_id spec specs FromPort ToPort IpProtocol Protocol PortRange "
    "RuleAction CidrBlock "
    "Ipv6CidrBlock Source* Destination* DefaultAction Rules",
    "What a rule of a firewall lets through."};

constexpr Row exposure{
    "builtin/exposure", Severity::Critical,
    "Service Ingress.* IngressRoute.* Gateway.* *Route.gateway.networking.k8s.io VirtualService.* "
    "kubernetes_service kubernetes_service_v1 kubernetes_ingress* AWS::ElasticLoadBalancing*",
    "spec.type spec.selector spec.externalIPs spec.externalName spec.rules spec.defaultBackend "
    "spec.listeners spec.hosts spec.http spec.routes spec.parentRefs spec[*].type spec[*].selector "
    "spec[*].external_ips spec[*].external_name spec[*].rule spec[*].default_backend Scheme",
    "Who answers under its name, and from where it is reached."};

// The only tags that are no metadata: firewall rules go by them.
constexpr Row networkTags{
    "builtin/network_tags", Severity::Critical,
    "google_compute_instance* google_compute_region_instance_template google_container_*",
    "tags node_config[*].tags", "Google's firewall rules choose instances by their network tags."};

constexpr Row policy{
    "builtin/policy", Severity::Critical, "",
    "policy policy_data policy_document restricted_roles assume_role_policy inline_policy "
    "managed_policy_arns "
    "policy_arn* permissions_boundary access_polic* access_control_policy resource_policy "
    "Policy PolicyDocument PolicyText AssumeRolePolicyDocument ManagedPolicyArns Policies "
    "KeyPolicy "
    "PermissionsBoundary ResourcePolicy RepositoryPolicyText AccessPolicies BucketPolicy",
    "A policy controls who may do what."};

constexpr Row permissions{
    "builtin/permissions", Severity::Critical,
    "aws_iam_* aws_ssoadmin_* aws_organizations_policy* aws_lambda_function aws_lambda_permission "
    "google_*_iam_* "
    "azuread_*role* azurerm_role_* azurerm_key_vault_access_policy kubernetes_role* "
    "kubernetes_cluster_role* "
    "Role.* ClusterRole.* RoleBinding.* ClusterRoleBinding.* ValidatingWebhookConfiguration.* "
    "MutatingWebhookConfiguration.* AWS::IAM::* AWS::SSO::* AWS::Lambda::Permission",
    "role role_* role[*] member members binding condition user users group groups roles principal "
    "principal_* "
    "permissions *_permissions scope assignable_scopes content client_id_list thumbprint_list "
    "status "
    "rule subject aggregation_rule rules roleRef subjects aggregationRule webhooks Groups Roles "
    "Users Principal* "
    "Action SourceArn SourceAccount ClientIdList ThumbprintList Status",
    "Roles, their permissions, and who has them."};

// By the words that providers call such things by, whoever they are; of databases, identity
// providers and secret stores, all.
constexpr Row access{
    "builtin/access", Severity::Critical,
    "*_role *_roles *_role_* *_grant *_grants *_grant_* *_permission *_permissions "
    "*_permission_* *_privilege* *_policy *_policies *_policy_* *_member *_members "
    "*_membership* *_member_* *_collaborator* *_acl *_acls *_acl_* *_access *_access_* *_user "
    "*_users *_user_* *_team *_team_* *_group_share* *_share_group *_group_mapping* "
    "*_group_*_link *_binding *_binding_* *_assignment* *_delegation* *_trust* *_share "
    "*_service_account* *_service_principal* *_principal_* *_administrator* *_auth_* *_authn_* "
    "*_authoriz* *_credential* *_token *_token_* *_api_key* *_application_key* *_deploy_key* "
    "*_ssh_key* *_public_key* *_branch_protection* *_tag_protection* *_protected_* "
    "*_restriction* *_ruleset* *_approval_rule* *_push_rules *_filter *_firewall* *_lockdown "
    "*_allowlist* *_allow_list* *_ip_filter* *_security_group* *_secgroup* *_security_list* "
    "*_security_rule* *_security_role* *_network_rule* *_network_zone* *_zero_trust_* "
    "*_intention *_intentions *_federat* *_identity_pool* *_identity_provider* *_perimeter "
    "*_iap_* *_saml* *_oidc* *_sso* *_oauth* *_openid* *_mfa* *_webhook* *_hook *_org_settings "
    "*_organization_settings *_application_settings *_account_parameter gitlab_application "
    "gitlab_group gitlab_project gitlab_project_variable github_repository "
    "github_repository_environment *_roles_mapping harbor_* teleport_* postgresql_* mysql_* "
    "mssql_* sqlserver_* cockroach_* clickhouse* snowflake_* databricks_* mongodbatlas_* "
    "rabbitmq_* kafka_* confluent_* okta_* auth0_* keycloak_* azuread_* vault_* boundary_* "
    "zitadel_* authentik_* google_bigquery_dataset grafana_organization argocd_project "
    "artifactory_group artifactory_permission_* tfe_organization_* planetscale_password",
    "superuser create_database create_role bypass_row_level_security replication login inherit "
    "assume_role role role_* roles *_role *_roles *_role_name* *_role_id* grant grant_* grants "
    "*_grant* with_* admin_option privilege* *_privileges permission* *_permission* rights "
    "owner object* operations columns creation_statements host tls_option auth_* *_auth_* "
    "authentication* *_authentication* authoriz* *_authoriz* plugin valid_until expir* member "
    "members *_members members_can_* member_* user user_* users usernames username *_users "
    "principal* *_principal* subject* group group_* groups *_group *_groups account accounts "
    "*_account_name team team_* teams access access_* *_access *_access_* admin is_admin "
    "*_admin *_admins enforce_admins admins admin_* administrator scope scopes *_scopes scope_* "
    "capabilities can_* read_only allow allow_* allowed_* *_allowed deny denied_* bound_* "
    "token_* policies policy_* *_policies acl acls rule rule[*] rules *_rules statement* "
    "condition* *_condition action actions effect resource resources inbound* outbound* "
    "ingress* egress* source* destination* protocol *port* direction remote_* cidr* *_cidr "
    "*_ips ip_* *_ip_list *whitelist* *allowlist* value_list *_locations gateways origin "
    "*_origin target* to_share expression filter traffic body configuration configurations "
    "precedence decision include exclude included_* require required required_* require_* "
    "requirement enabled *_enabled disabled blocked status state mode enforcement "
    "enforcement_level bypass_* restrict* dismiss_* push_* merge_access_level unprotect_* "
    "allows_* lock_branch prevent_* *approval* *reviewer* protected masked global redirect_* "
    "callbacks callback_* web_origins *_uris grant_types response_types access_type *pkce* "
    "audience* issuer* *_issuer url connection_url secret* mfa* *_mfa* *multi_factor* "
    "*two_factor* *factor_mode* *password_policy *password_*length* min_length session_* "
    "*_lifespan security_defenses security_and_analysis vulnerability_alerts visibility_level "
    "signup_enabled trust_* verify_* enabled_clients brute_force_protection suspicious_* "
    "jwt_configuration enforce_* list_policy access_settings *_public_key* spec entry "
    "domains value bindings okta_* repo repository repositories public settings cluster*",
    "Who may do what, and who gets in."};

constexpr Row credential{
    "builtin/credential", Severity::Critical, "",
    "password password_wo* *_password *_password_wo* passwd passphrase secret secret_wo* "
    "*_secret client_secret secret_string data_json secret_data secret_binary api_key *_api_key "
    "private_key private_key_* *_private_key access_key secret_key public_key ssh_key* "
    "ssh_public_key* admin_ssh_key* authorized_keys key_pair key_name MasterUserPassword "
    "SecretString PublicKeyMaterial",
    "Whoever set it can get in."};

constexpr Row identity{
    "builtin/identity", Severity::Critical, "",
    "iam_instance_profile service_account security_definer iam_database_authentication_enabled "
    "advanced_security_options azuread_administrator local_account_disabled "
    "role_based_access_control_enabled "
    "shared_access_key_enabled mfa_configuration role_arn *_role_arn identity "
    "metadata_options "
    "metadata.ssh-keys "
    "metadata.enable-oslogin spec[*].service_account_name spec[*].host_* spec[*].security_context "
    "spec[*].container[*].security_context spec[*].template[*].spec[*].service_account_name "
    "spec[*].template[*].spec[*].host_* spec[*].template[*].spec[*].security_context "
    "spec[*].template[*].spec[*].container[*].security_context "
    "spec.serviceAccountName spec.hostNetwork spec.hostPID spec.hostIPC spec.securityContext "
    "spec.*ontainers[*].securityContext spec.template.spec.serviceAccountName "
    "spec.template.spec.hostNetwork "
    "spec.template.spec.hostPID spec.template.spec.hostIPC spec.template.spec.securityContext "
    "spec.template.spec.*ontainers[*].securityContext "
    "spec.jobTemplate.spec.template.spec.serviceAccountName "
    "spec.jobTemplate.spec.template.spec.host* spec.jobTemplate.spec.template.spec.securityContext "
    "spec.jobTemplate.spec.template.spec.*ontainers[*].securityContext "
    "automountServiceAccountToken imagePullSecrets "
    "IamInstanceProfile Role RoleARN RoleArn *RoleArn ServiceRole MetadataOptions KeyName",
    "As whom it runs, who can log in to it, and what that gives away."};

constexpr Row publicAccess{
    "builtin/public_access", Severity::Critical, "",
    "publicly_accessible *public_access* *public_network_access* block_public_* ignore_public_acls "
    "restrict_public_buckets allow_nested_items_to_be_public container_access_type "
    "uniform_bucket_level_access "
    "visibility acl grant proxied associate_public_ip_address map_public_ip_on_launch "
    "private_cluster_* "
    "vpc_config[*].*public_access* "
    "authorization authorization_type PubliclyAccessible PublicAccessBlockConfiguration "
    "AccessControl "
    "AssociatePublicIpAddress MapPublicIpOnLaunch AuthType AuthorizationType EndpointConfiguration",
    "Whether the whole world may use it."};

constexpr Row encryption{"builtin/encryption", Severity::Critical, "",
                         "encrypt* *_encrypt* *kms_* customer_managed_key enable_key_rotation "
                         "rotation_period *_sse_enabled "
                         "rule[*].apply_server_side_encryption_by_default "
                         "*_block_device[*].encrypted *_block_device[*].kms_key_id "
                         "*Encrypted *Encryption *EncryptionConfiguration SSESpecification *Kms* "
                         "*KMS* EnableKeyRotation "
                         "BlockDeviceMappings[*].Ebs.Encrypted BlockDeviceMappings[*].Ebs.KmsKeyId",
                         "Whether and with which key data is encrypted."};

constexpr Row tls{"builtin/tls", Severity::Critical, "",
                  "ssl_* *_ssl* settings[*].ssl settings[*].*tls* tls tls_* *_tls* security_policy "
                  "https_only *https_traffic_only* "
                  "viewer_certificate "
                  "domain_endpoint_options site_config[*].*tls* spec.tls spec.caBundle SslPolicy "
                  "SSLPolicy Certificates "
                  "ViewerCertificate DomainEndpointOptions CertificateArn",
                  "How connections are encrypted."};

constexpr Row protection{
    "builtin/protection", Severity::Critical, "",
    "*deletion_protection* disable_api_termination *termination_protection "
    "purge_protection_enabled "
    "soft_delete* object_lock_* versioning versioning_configuration backup_retention_* "
    "point_in_time_recovery settings[*].backup_configuration DeletionProtection* "
    "DisableApiTermination "
    "EnableTerminationProtection VersioningConfiguration ObjectLock* BackupRetentionPeriod "
    "PointInTimeRecovery* "
    "spec.persistentVolumeReclaimPolicy reclaimPolicy",
    "What keeps it, or a copy of it, from being lost."};

constexpr Row audit{
    "builtin/audit", Severity::Critical, "",
    "logging logging_* *_logging* is_enabled access_logs *audit* enable_log_file_validation "
    "is_multi_region_trail event_selector advanced_event_selector enabled_*log* log_config "
    "IsLogging EnableLogFileValidation IsMultiRegionTrail EventSelectors LoggingConfiguration "
    "*Logging "
    "AccessLog* EnableCloudwatchLogsExports",
    "Who is on record."};

constexpr Row metadata{"builtin/metadata", Severity::Info, "",
                       "tag tags tags_all labels *_labels annotations *_annotations description "
                       "comment comments notes display_name "
                       "metadata[*].labels metadata[*].annotations metadata.labels "
                       "metadata.annotations Tags TagList Description "
                       "*.metadata.labels *.metadata.annotations settings[*].user_labels",
                       "Words for people, when nothing else differs."};

constexpr std::array rows{networkAccess, firewallRule, exposure,   networkTags, policy,
                          permissions,   access,       credential, identity,    publicAccess,
                          encryption,    tls,          protection, audit,       metadata};

std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto length = text.find(' ');
        words.emplace_back(text.substr(0, length));
        text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
    }
    return words;
}

SeverityRule ruleOf(const Row& row) {
    SeverityRule rule;
    rule.name = row.name;
    rule.match.type = wordsOf(row.types);
    rule.match.attribute = wordsOf(row.attributes);
    rule.severity = row.severity;
    rule.reason = row.reason;
    return rule;
}

SeverityRule ruleOf(std::string_view name, Severity severity, std::string_view reason) {
    return ruleOf({name, severity, "", "", reason});
}

BuiltinSeverities makeSeverities() {
    BuiltinSeverities made;
    made.quiet = ruleOf("builtin/quiet_cause", Severity::Info, "The cause needs no action.");
    made.destroyed = ruleOf("builtin/destroyed", Severity::Critical,
                            "An object was deleted, or will be destroyed.");
    made.unapplied = ruleOf("builtin/unapplied", Severity::Info,
                            "Git has a change that is not applied yet; live is as it was "
                            "last applied.");
    for (const auto& row : rows) made.attributes.push_back(ruleOf(row));
    made.other = ruleOf("builtin/other", Severity::Warning, "Live does not match Git.");
    return made;
}

}  // namespace

const BuiltinSeverities& builtinSeverities() {
    static const BuiltinSeverities builtin = makeSeverities();
    return builtin;
}

std::vector<SeverityRule> listBuiltinSeverities() {
    const auto& builtin = builtinSeverities();
    std::vector<SeverityRule> all{builtin.quiet, builtin.destroyed, builtin.unapplied};
    all.insert(all.end(), builtin.attributes.begin(), builtin.attributes.end());
    all.push_back(builtin.other);
    return all;
}

}  // namespace driftkeeper
