#include "daemon/judge/severity.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "daemon/judge/builtin_severities.hpp"
#include "daemon/judge/rules.hpp"
#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using Texts = std::vector<std::string>;

namespace severity_test {
namespace {

Drift changed(std::string type, const Texts& attributes = {}) {
    Drift drift;
    drift.address = type + ".a";
    drift.type = std::move(type);
    drift.id = "i-1";
    drift.side = Side::Live;
    drift.cause = cause::outOfBand;
    for (const auto& path : attributes) drift.attributes.push_back({path, "1", "2"});
    return drift;
}

// A drift with one thing changed.
template <class Change>
Drift with(Drift made, Change change) {
    change(made);
    return made;
}

Drift onGit(Drift drift, Change change = Change::Modified) {
    drift.side = Side::Git;
    drift.cause = cause::unappliedCommit;
    drift.change = change;
    return drift;
}

Drift onBoth(Drift drift, Change live, Change git) {
    drift.side = Side::Both;
    drift.cause = cause::conflict;
    drift.change = live;
    drift.liveChange = live;
    drift.gitChange = git;
    return drift;
}

Drift by(std::string_view cause, Drift drift) {
    drift.cause = cause;
    return drift;
}

// critical encryption
std::string weight(const Drift& drift, const std::vector<SeverityRule>& settings = {}) {
    const SeverityRules rules(settings, "infra/prod/network");
    const auto& rule = rules.ruleFor(drift);
    return std::string(name(rule.severity)) + ' ' + rule.name;
}

SeverityRule rule(Severity severity, RuleMatch match, std::string name = "settings/severity[0]") {
    return {std::move(name), std::move(match), severity, "because"};
}

RuleMatch matchOf(Texts RuleMatch::*list, Texts words) {
    RuleMatch match;
    match.*list = std::move(words);
    return match;
}

std::string textOf(const std::string& file) {
    std::ifstream in(std::string(DRIFTKEEPER_SOURCE_DIR "/") + file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("what a drift weighs without settings") {
    const auto deleted = [](Drift& drift) { drift.change = Change::Deleted; };
    const auto replaced = [](Drift& drift) { drift.replace = true; };
    const auto created = [](Drift& drift) { drift.change = Change::Created; };
    const auto item = changed("box_item", {"content"});
    const auto group = changed("aws_security_group", {"ingress[0].cidr_blocks[0]"});
    struct Row {
        const char* what;
        Drift drift;
        const char* wanted;
    };
    const std::vector<Row> table = {
        // The whole drift.
        {"a live change", item, "warning other"},
        {"a drift that names no attribute", changed("box_item"), "warning other"},
        {"an unmanaged resource", with(changed("box_item"), created), "warning other"},
        {"a live deletion", with(item, deleted), "critical destroyed"},
        {"a deletion of what only has other tags", with(changed("box_item", {"tags.a"}), deleted),
         "critical destroyed"},
        {"a commit that replaces", with(onGit(item), replaced), "critical destroyed"},
        {"a commit that deletes", onGit(changed("box_item"), Change::Deleted),
         "critical destroyed"},
        {"a commit that creates", onGit(item, Change::Created), "info unapplied"},
        {"a commit that modifies", onGit(item), "info unapplied"},
        {"a commit that opens a port", onGit(group), "info unapplied"},
        {"tainted", by(cause::tainted, with(onGit(item), replaced)), "critical destroyed"},
        {"a conflict", onBoth(item, Change::Modified, Change::Modified), "warning other"},
        {"a conflict about a rule", onBoth(group, Change::Modified, Change::Modified),
         "critical network_access"},
        {"a conflict with what Git deletes", onBoth(item, Change::Modified, Change::Deleted),
         "critical destroyed"},
        {"other code was applied", by(cause::appliedElsewhere, item), "warning other"},
        {"never converges", by(cause::perpetual, onGit(item)), "info quiet_cause"},
        {"never converges and is replaced each time",
         by(cause::perpetual, with(onGit(item), replaced)), "info quiet_cause"},
        {"a provider's upgrade", by(cause::providerUpgrade, group), "info quiet_cause"},
        {"noise about a rule", by(cause::computed, group), "info quiet_cause"},
        {"gone as Git wants", by(cause::converged, with(item, deleted)), "info quiet_cause"},
        // One attribute.
        {"AWS ingress", group, "critical network_access"},
        {"AWS ingress rule of its own",
         changed("aws_vpc_security_group_ingress_rule", {"cidr_ipv4"}), "critical network_access"},
        {"AWS rule's port", changed("aws_security_group_rule", {"from_port"}),
         "critical firewall_rule"},
        {"a port elsewhere", changed("aws_lb_target_group", {"port"}), "warning other"},
        {"Google firewall", changed("google_compute_firewall", {"source_ranges[0]"}),
         "critical network_access"},
        {"Google firewall's protocol", changed("google_compute_firewall", {"allow[0].ports[0]"}),
         "critical firewall_rule"},
        {"Google network tags", changed("google_compute_instance", {"tags[0]"}),
         "critical network_tags"},
        {"Azure rule", changed("azurerm_network_security_rule", {"access"}),
         "critical firewall_rule"},
        {"Azure rules", changed("azurerm_network_security_group", {"security_rule[2].access"}),
         "critical network_access"},
        {"Kubernetes network policy",
         changed("kubernetes_network_policy_v1", {"spec[0].policy_types[0]"}),
         "critical firewall_rule"},
        {"AWS policy", changed("aws_s3_bucket_policy", {"policy"}), "critical policy"},
        {"AWS trust", changed("aws_iam_role", {"assume_role_policy"}), "critical policy"},
        {"Google member", changed("google_project_iam_member", {"member"}), "critical permissions"},
        {"Azure role", changed("azurerm_role_assignment", {"role_definition_name"}),
         "critical permissions"},
        {"Kubernetes RBAC", changed("kubernetes_cluster_role_v1", {"rule[0].verbs[1]"}),
         "critical permissions"},
        {"a database's superuser", changed("postgresql_role", {"superuser"}), "critical access"},
        {"roles of a database's role", changed("postgresql_role", {"roles[0]"}), "critical access"},
        {"a database's grant", changed("mysql_grant", {"privileges[0]"}), "critical access"},
        {"connections of a database's role", changed("postgresql_role", {"connection_limit"}),
         "warning other"},
        {"a function that runs as its owner", changed("postgresql_function", {"security_definer"}),
         "critical identity"},
        {"who is in a team", changed("github_team_membership", {"role"}), "critical access"},
        {"who may push", changed("gitlab_branch_protection", {"push_access_level"}),
         "critical access"},
        {"a firewall of a smaller cloud", changed("hcloud_firewall", {"rule[0].source_ips[0]"}),
         "critical access"},
        {"a policy of a secret store", changed("vault_token_auth_backend_role", {"token_policies"}),
         "critical access"},
        {"where logins return to", changed("keycloak_openid_client", {"valid_redirect_uris"}),
         "critical access"},
        {"who may bypass reviews", changed("github_branch_protection", {"enforce_admins"}),
         "critical access"},
        {"what a key may do", changed("github_repository_deploy_key", {"read_only"}),
         "critical access"},
        {"who sees a project", changed("gitlab_project", {"visibility_level"}), "critical access"},
        {"what a group may do", changed("gitlab_project_share_group", {"group_access"}),
         "critical access"},
        {"a blocked user", changed("okta_user", {"status"}), "critical access"},
        {"a second factor", changed("okta_policy_mfa", {"okta_verify[\"enroll\"]"}),
         "critical access"},
        {"an application's logins", changed("auth0_connection_clients", {"enabled_clients[0]"}),
         "critical access"},
        {"who inherits a role", changed("snowflake_grant_account_role", {"parent_role_name"}),
         "critical access"},
        {"who may connect", changed("snowflake_network_policy", {"allowed_ip_list[0]"}),
         "critical access"},
        {"a project's addresses", changed("mongodbatlas_project_ip_access_list", {"ip_address"}),
         "critical access"},
        {"who may read a topic", changed("kafka_acl", {"acl_principal"}), "critical access"},
        {"what a role of a service reads", changed("datadog_role", {"permission[0].id"}),
         "critical access"},
        {"who sees a dashboard", changed("datadog_dashboard", {"restricted_roles[0]"}),
         "critical policy"},
        {"what a gateway lets through",
         changed("cloudflare_zero_trust_gateway_policy", {"traffic"}), "critical access"},
        {"how a realm is entered", changed("keycloak_realm", {"password_policy"}),
         "critical access"},
        {"who may pretend to be a function",
         changed("vault_aws_secret_backend_role", {"policy_document"}), "critical policy"},
        {"what a secret store holds", changed("vault_kv_secret_v2", {"data_json"}),
         "critical credential"},
        {"a topic's size", changed("kafka_topic", {"partitions"}), "warning other"},
        {"a cluster's size", changed("mongodbatlas_cluster", {"disk_size_gb"}), "warning other"},
        {"a warehouse's size", changed("snowflake_warehouse", {"warehouse_size"}), "warning other"},
        {"words of an alert", changed("datadog_monitor", {"message"}), "warning other"},
        {"a password", changed("random_thing", {"master_password"}), "critical credential"},
        {"a role that grants nothing", changed("box_item", {"role"}), "warning other"},
        {"AWS instance profile", changed("aws_instance", {"iam_instance_profile"}),
         "critical identity"},
        {"Google login keys", changed("google_compute_instance", {R"(metadata["ssh-keys"])"}),
         "critical identity"},
        {"Kubernetes privileges",
         changed("kubernetes_deployment",
                 {"spec[0].template[0].spec[0].container[0].security_context[0].privileged"}),
         "critical identity"},
        {"a public database", changed("aws_db_instance", {"publicly_accessible"}),
         "critical public_access"},
        {"a public bucket", changed("aws_s3_bucket_public_access_block", {"block_public_acls"}),
         "critical public_access"},
        {"a public cluster", changed("aws_eks_cluster", {"vpc_config[0].endpoint_public_access"}),
         "critical public_access"},
        {"a public storage account",
         changed("azurerm_storage_account", {"public_network_access_enabled"}),
         "critical public_access"},
        {"unencrypted", changed("aws_db_instance", {"storage_encrypted"}), "critical encryption"},
        {"another key", changed("aws_ebs_volume", {"kms_key_id"}), "critical encryption"},
        {"bucket encryption",
         changed("aws_s3_bucket_server_side_encryption_configuration",
                 {"rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"}),
         "critical encryption"},
        {"older TLS", changed("azurerm_storage_account", {"min_tls_version"}), "critical tls"},
        {"a listener's ciphers", changed("aws_lb_listener", {"ssl_policy"}), "critical tls"},
        {"deletion protection", changed("aws_lb", {"enable_deletion_protection"}),
         "critical protection"},
        {"logs", changed("aws_cloudtrail", {"enable_logging"}), "critical audit"},
        {"tags", changed("aws_instance", {"tags.Owner"}), "info metadata"},
        {"Kubernetes labels", changed("kubernetes_config_map", {"metadata[0].labels.app"}),
         "info metadata"},
        {"a manifest's annotations",
         changed("kubernetes_manifest", {R"(manifest.metadata.annotations["a/b"])"}),
         "info metadata"},
        // Kubernetes by its own tools.
        {"a Role's rules", changed("Role.rbac.authorization.k8s.io", {"rules[0].verbs"}),
         "critical permissions"},
        {"who has a ClusterRole",
         changed("ClusterRoleBinding.rbac.authorization.k8s.io", {"subjects[0].name"}),
         "critical permissions"},
        {"an admission webhook",
         changed("ValidatingWebhookConfiguration.admissionregistration.k8s.io",
                 {"webhooks[name=a.example.com].failurePolicy"}),
         "critical permissions"},
        {"a NetworkPolicy", changed("NetworkPolicy.networking.k8s.io", {"spec.ingress[0].from"}),
         "critical firewall_rule"},
        {"a NetworkPolicy of Cilium",
         changed("CiliumNetworkPolicy.cilium.io", {"spec.endpointSelector"}),
         "critical firewall_rule"},
        {"a Service that became public", changed("Service", {"spec.type"}), "critical exposure"},
        {"a Service that leads elsewhere", changed("Service", {"spec.selector.app"}),
         "critical exposure"},
        {"a Service's affinity", changed("Service", {"spec.sessionAffinity"}), "warning other"},
        {"an Ingress without TLS", changed("Ingress.networking.k8s.io", {"spec.tls"}),
         "critical tls"},
        {"privileges of a container",
         changed("Deployment.apps",
                 {"spec.template.spec.containers[name=web].securityContext.privileged"}),
         "critical identity"},
        {"privileges of an init container",
         changed("CronJob.batch",
                 {"spec.jobTemplate.spec.template.spec.initContainers[name=a].securityContext"}),
         "critical identity"},
        {"another service account",
         changed("Deployment.apps", {"spec.template.spec.serviceAccountName"}),
         "critical identity"},
        {"an image", changed("Deployment.apps", {"spec.template.spec.containers[name=web].image"}),
         "warning other"},
        {"labels of an object",
         changed("Deployment.apps", {"metadata.labels.team", "metadata.annotations[\"a/b\"]"}),
         "info metadata"},
        {"labels that Services choose Pods by",
         changed("Deployment.apps", {"spec.template.metadata.labels.app"}), "warning other"},
        // CloudFormation.
        {"a stack's ingress rule",
         changed("AWS::EC2::SecurityGroup", {"SecurityGroupIngress[0].CidrIp"}),
         "critical network_access"},
        {"a stack's policy",
         changed("AWS::S3::BucketPolicy", {"PolicyDocument.Statement[0].Principal"}),
         "critical policy"},
        {"a stack's trust", changed("AWS::IAM::Role", {"AssumeRolePolicyDocument.Statement"}),
         "critical policy"},
        {"a stack's public bucket",
         changed("AWS::S3::Bucket", {"PublicAccessBlockConfiguration.BlockPublicAcls"}),
         "critical public_access"},
        {"a stack's bucket encryption", changed("AWS::S3::Bucket", {"BucketEncryption"}),
         "critical encryption"},
        {"a stack's topic key", changed("AWS::SNS::Topic", {"KmsMasterKeyId"}),
         "critical encryption"},
        {"a stack's trail", changed("AWS::CloudTrail::Trail", {"IsLogging"}), "critical audit"},
        {"a stack's table", changed("AWS::DynamoDB::Table", {"DeletionProtectionEnabled"}),
         "critical protection"},
        {"a stack's tags", changed("AWS::SQS::Queue", {"Tags[0].Value"}), "info metadata"},
        {"a stack's queue", changed("AWS::SQS::Queue", {"DelaySeconds"}), "warning other"},
        {"an attribute below a name of the list", changed("box_item", {"settings.policy"}),
         "warning other"},
        {"a path that cannot be read", changed("box_item", {"tags[\"a"}), "warning other"},
        // Several: the highest counts.
        {"only words", changed("aws_security_group", {"description", "tags.a", "tags_all.a"}),
         "info metadata"},
        {"words and a rule",
         changed("aws_security_group", {"description", "ingress[0].from_port", "tags.a"}),
         "critical network_access"},
        {"words and something else", changed("aws_instance", {"instance_type", "tags.a"}),
         "warning other"},
        {"two that are critical",
         changed("aws_db_instance", {"publicly_accessible", "storage_encrypted"}),
         "critical public_access"},
    };
    for (const auto& row : table) {
        CAPTURE(row.what);
        std::string wanted = row.wanted;
        CHECK(weight(row.drift) == wanted.insert(wanted.find(' ') + 1, "builtin/"));
    }
}

TEST_CASE("a sensitive attribute counts by its path") {
    auto drift = changed("aws_iam_policy", {"policy"});
    drift.attributes[0].sensitive = true;
    CHECK(weight(drift) == "critical builtin/policy");
}

TEST_CASE("a rule of the settings decides before the built-in ones when all of it matches") {
    auto drift = changed("aws_instance", {"instance_type", "tags.a"});
    drift.address = "module.web.aws_instance.a";
    const std::string own = "critical settings/severity[0]";
    const std::string builtin = "warning builtin/other";
    struct Row {
        const char* what;
        RuleMatch match;
        bool decides;
    };
    RuleMatch sideAndType = matchOf(&RuleMatch::type, {"aws_*"});
    sideAndType.side = {Side::Git};
    RuleMatch change;
    change.change = {Change::Deleted, Change::Modified};
    const std::vector<Row> table = {
        {"its type", matchOf(&RuleMatch::type, {"google_*", "aws_*"}), true},
        {"another type", matchOf(&RuleMatch::type, {"google_*"}), false},
        {"its stack", matchOf(&RuleMatch::stack, {"infra/prod/**"}), true},
        {"another stack", matchOf(&RuleMatch::stack, {"infra/dev/**"}), false},
        {"its address", matchOf(&RuleMatch::address, {"module.web.*"}), true},
        {"its id", matchOf(&RuleMatch::id, {"i-*"}), true},
        {"its cause", matchOf(&RuleMatch::cause, {"out_of_band"}), true},
        {"its change", change, true},
        {"another side", sideAndType, false},
        {"one of its attributes", matchOf(&RuleMatch::attribute, {"tags"}), true},
        {"none of its attributes", matchOf(&RuleMatch::attribute, {"tags.b", "ami"}), false},
    };
    for (const auto& row : table) {
        CAPTURE(row.what);
        CHECK(weight(drift, {rule(Severity::Critical, row.match)}) ==
              (row.decides ? own : builtin));
    }
}

TEST_CASE(
    "the settings can make anything heavier or lighter, and the first rule that matches decides") {
    const std::vector<SeverityRule> settings = {
        rule(Severity::Info, matchOf(&RuleMatch::attribute, {"ingress"}), "settings/first"),
        rule(Severity::Critical, matchOf(&RuleMatch::type, {"aws_*"}), "settings/second"),
        rule(Severity::Info, matchOf(&RuleMatch::address, {"*"}), "settings/last")};
    CHECK(weight(changed("aws_security_group", {"ingress[0]"}), settings) == "info settings/first");
    CHECK(weight(changed("aws_instance", {"tags.a"}), settings) == "critical settings/second");
    CHECK(weight(by(cause::perpetual, onGit(changed("aws_instance", {"ami"}))), settings) ==
          "critical settings/second");
    auto gone = changed("box_item");
    gone.change = Change::Deleted;
    CHECK(weight(gone, settings) == "info settings/last");
}

TEST_CASE("a report is weighed before the ignore rules, and what they leave once more") {
    IgnoreRule settings;
    settings.name = "settings/r";
    settings.match.attribute = {"ingress"};
    IgnoreRule repository;
    repository.name = "infra/r";
    repository.origin = IgnoreRule::Origin::Repository;
    repository.repository = "infra";
    repository.match.type = {"aws_*"};
    Report report;
    report.completeness = Completeness::Complete;
    report.drifts = {changed("aws_security_group", {"ingress[0].from_port", "tags.a"}),
                     changed("aws_db_instance", {"storage_encrypted"}),
                     changed("aws_instance", {"ami"})};
    judgeDrifts(report, {settings, repository}, {}, "infra", "infra/prod/network", TimePoint{});
    std::string text;
    for (const auto& drift : report.drifts)
        text += drift.type + ' ' + std::string(name(drift.severity)) + ", ";
    for (const auto& quiet : report.notTold)
        text += quiet.drift.type + ' ' + std::string(name(quiet.drift.severity)) + ' ' +
                quiet.rule + ", ";
    CHECK(text ==
          "aws_db_instance critical, aws_security_group info, "
          "aws_instance warning infra/r, aws_security_group critical settings/r, ");
}

TEST_CASE(
    "every built-in rule has a name and a sentence of its own, and stands in both documents") {
    std::set<std::string> seen;
    const auto guide = textOf("config/guide.md");
    const auto manual = textOf("config/driftkeeper.1");
    for (const auto& one : listBuiltinSeverities()) {
        CAPTURE(one.name);
        CHECK(one.name.starts_with("builtin/"));
        CHECK(one.reason.ends_with('.'));
        CHECK(seen.insert(one.name).second);
        CHECK(seen.insert(one.reason).second);
        for (const auto& pattern : one.match.attribute)
            CHECK_MESSAGE(attributeSteps(pattern), pattern);
        const auto word = one.name.substr(one.name.find('/') + 1);
        CHECK(guide.find('`' + word + '`') != std::string::npos);
        CHECK(manual.find(word) != std::string::npos);
    }
}

}  // namespace severity_test
