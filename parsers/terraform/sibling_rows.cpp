#include <array>

#include "parsers/terraform/siblings.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::string_view groupRule =
    "protocol from_port to_port description cidr_blocks* ipv6_cidr_blocks* prefix_list_ids* "
    "security_groups*=source_security_group_id self*";
constexpr std::string_view vpcGroupRule =
    "protocol=ip_protocol from_port to_port description cidr_blocks*=cidr_ipv4 "
    "ipv6_cidr_blocks*=cidr_ipv6 prefix_list_ids*=prefix_list_id "
    "security_groups*=referenced_security_group_id";
constexpr std::string_view route =
    "cidr_block=destination_cidr_block ipv6_cidr_block=destination_ipv6_cidr_block "
    "destination_prefix_list_id gateway_id nat_gateway_id network_interface_id transit_gateway_id "
    "vpc_endpoint_id vpc_peering_connection_id egress_only_gateway_id carrier_gateway_id "
    "core_network_arn local_gateway_id";
constexpr std::string_view aclRule =
    "rule_no=rule_number action=rule_action protocol from_port to_port cidr_block ipv6_cidr_block "
    "icmp_type icmp_code";
constexpr std::string_view azureRule =
    "name priority direction access protocol source_port_range source_port_ranges* "
    "destination_port_range destination_port_ranges* source_address_prefix "
    "source_address_prefixes* destination_address_prefix destination_address_prefixes*";

// By provider and parent. Sources: the notes "do not use both" in the providers' documentation
// (registry.terraform.io: hashicorp/aws 5 and 6, hashicorp/google 6, hashicorp/azurerm 4).
constexpr auto siblingTable = std::to_array<SiblingRow>({
    // Security groups, routes, network ACLs.
    {"aws_security_group", "ingress", "aws_security_group_rule", "security_group_id=id", groupRule,
     "type=ingress"},
    {"aws_security_group", "egress", "aws_security_group_rule", "security_group_id=id", groupRule,
     "type=egress"},
    {"aws_security_group", "ingress", "aws_vpc_security_group_ingress_rule", "security_group_id=id",
     vpcGroupRule},
    {"aws_security_group", "egress", "aws_vpc_security_group_egress_rule", "security_group_id=id",
     vpcGroupRule},
    {"aws_default_security_group", "ingress", "aws_security_group_rule", "security_group_id=id",
     groupRule, "type=ingress"},
    {"aws_default_security_group", "egress", "aws_security_group_rule", "security_group_id=id",
     groupRule, "type=egress"},
    {"aws_default_security_group", "ingress", "aws_vpc_security_group_ingress_rule",
     "security_group_id=id", vpcGroupRule},
    {"aws_default_security_group", "egress", "aws_vpc_security_group_egress_rule",
     "security_group_id=id", vpcGroupRule},
    {"aws_route_table", "route", "aws_route", "route_table_id=id", route},
    {"aws_default_route_table", "route", "aws_route", "route_table_id=id", route},
    {"aws_route_table", "propagating_vgws", "aws_vpn_gateway_route_propagation",
     "route_table_id=id", "=vpn_gateway_id"},
    {"aws_network_acl", "ingress", "aws_network_acl_rule", "network_acl_id=id", aclRule,
     "egress=false"},
    {"aws_network_acl", "egress", "aws_network_acl_rule", "network_acl_id=id", aclRule,
     "egress=true"},
    {"aws_default_network_acl", "ingress", "aws_network_acl_rule", "network_acl_id=id", aclRule,
     "egress=false"},
    {"aws_default_network_acl", "egress", "aws_network_acl_rule", "network_acl_id=id", aclRule,
     "egress=true"},
    {"aws_network_acl", "subnet_ids", "aws_network_acl_association", "network_acl_id=id",
     "=subnet_id"},
    {"aws_vpc_endpoint", "route_table_ids", "aws_vpc_endpoint_route_table_association",
     "vpc_endpoint_id=id", "=route_table_id"},
    {"aws_vpc_endpoint", "subnet_ids", "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id=id",
     "=subnet_id"},
    {"aws_vpc_endpoint", "security_group_ids", "aws_vpc_endpoint_security_group_association",
     "vpc_endpoint_id=id", "=security_group_id"},
    {"aws_vpc_endpoint", "policy", "aws_vpc_endpoint_policy", "vpc_endpoint_id=id", ""},
    {"aws_ec2_managed_prefix_list", "entry", "aws_ec2_managed_prefix_list_entry",
     "prefix_list_id=id", "cidr description"},
    {"aws_route53_zone", "vpc", "aws_route53_zone_association", "zone_id=zone_id|id",
     "vpc_id vpc_region"},
    // Identity.
    {"aws_iam_role", "managed_policy_arns", "aws_iam_role_policy_attachment", "role=name|id",
     "=policy_arn"},
    {"aws_iam_role", "managed_policy_arns", "aws_iam_policy_attachment", "roles=name|id",
     "=policy_arn"},
    {"aws_iam_role", "managed_policy_arns", "aws_iam_role_policy_attachments_exclusive",
     "role_name=name|id", "*=policy_arns"},
    {"aws_iam_role", "inline_policy", "aws_iam_role_policy", "role=name|id", "name policy"},
    // Compute.
    {"aws_instance", "ebs_block_device", "aws_volume_attachment", "instance_id=id",
     "device_name volume_id"},
    {"aws_instance", "network_interface", "aws_network_interface_attachment", "instance_id=id",
     "network_interface_id device_index"},
    {"aws_instance", "vpc_security_group_ids", "aws_network_interface_sg_attachment",
     "network_interface_id=primary_network_interface_id", "=security_group_id"},
    {"aws_instance", "security_groups", "aws_network_interface_sg_attachment",
     "network_interface_id=primary_network_interface_id", "=security_group_id"},
    {"aws_network_interface", "security_groups", "aws_network_interface_sg_attachment",
     "network_interface_id=id", "=security_group_id"},
    {"aws_network_interface", "attachment", "aws_network_interface_attachment",
     "network_interface_id=id", "instance=instance_id device_index"},
    {"aws_ecs_cluster", "capacity_providers", "aws_ecs_cluster_capacity_providers",
     "cluster_name=name", ""},
    {"aws_ecs_cluster", "default_capacity_provider_strategy", "aws_ecs_cluster_capacity_providers",
     "cluster_name=name", ""},
    // Load balancers and what is behind them.
    {"aws_elb", "instances", "aws_elb_attachment", "elb=name|id", "=instance"},
    {"aws_autoscaling_group", "target_group_arns", "aws_autoscaling_attachment",
     "autoscaling_group_name=name|id", "=lb_target_group_arn"},
    {"aws_autoscaling_group", "target_group_arns", "aws_autoscaling_attachment",
     "autoscaling_group_name=name|id", "=alb_target_group_arn"},
    {"aws_autoscaling_group", "load_balancers", "aws_autoscaling_attachment",
     "autoscaling_group_name=name|id", "=elb"},
    {"aws_autoscaling_group", "traffic_source", "aws_autoscaling_traffic_source_attachment",
     "autoscaling_group_name=name|id", "identifier=traffic_source.identifier"},
    // Storage and queues.
    {"aws_s3_bucket", "acceleration_status", "aws_s3_bucket_accelerate_configuration",
     "bucket=bucket|id", ""},
    {"aws_s3_bucket", "acl", "aws_s3_bucket_acl", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "grant", "aws_s3_bucket_acl", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "cors_rule", "aws_s3_bucket_cors_configuration", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "lifecycle_rule", "aws_s3_bucket_lifecycle_configuration", "bucket=bucket|id",
     ""},
    {"aws_s3_bucket", "logging", "aws_s3_bucket_logging", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "object_lock_configuration", "aws_s3_bucket_object_lock_configuration",
     "bucket=bucket|id", ""},
    {"aws_s3_bucket", "policy", "aws_s3_bucket_policy", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "replication_configuration", "aws_s3_bucket_replication_configuration",
     "bucket=bucket|id", ""},
    {"aws_s3_bucket", "request_payer", "aws_s3_bucket_request_payment_configuration",
     "bucket=bucket|id", ""},
    {"aws_s3_bucket", "server_side_encryption_configuration",
     "aws_s3_bucket_server_side_encryption_configuration", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "versioning", "aws_s3_bucket_versioning", "bucket=bucket|id", ""},
    {"aws_s3_bucket", "website", "aws_s3_bucket_website_configuration", "bucket=bucket|id", ""},
    {"aws_sqs_queue", "policy", "aws_sqs_queue_policy", "queue_url=url|id", ""},
    {"aws_sqs_queue", "redrive_policy", "aws_sqs_queue_redrive_policy", "queue_url=url|id", ""},
    {"aws_sqs_queue", "redrive_allow_policy", "aws_sqs_queue_redrive_allow_policy",
     "queue_url=url|id", ""},
    {"aws_sns_topic", "policy", "aws_sns_topic_policy", "arn=arn|id", ""},
    {"aws_secretsmanager_secret", "policy", "aws_secretsmanager_secret_policy", "secret_arn=arn|id",
     ""},
    {"aws_kms_key", "policy", "aws_kms_key_policy", "key_id=key_id|id|arn", ""},
    {"aws_glacier_vault", "access_policy", "aws_glacier_vault_policy", "vault_name=name", ""},
    {"aws_backup_vault", "policy", "aws_backup_vault_policy", "backup_vault_name=name", ""},
    {"aws_api_gateway_rest_api", "policy", "aws_api_gateway_rest_api_policy", "rest_api_id=id", ""},
    {"aws_opensearch_domain", "access_policies", "aws_opensearch_domain_policy",
     "domain_name=domain_name", ""},
    {"aws_elasticsearch_domain", "access_policies", "aws_elasticsearch_domain_policy",
     "domain_name=domain_name", ""},
    {"aws_rds_cluster", "cluster_members", "aws_rds_cluster_instance",
     "cluster_identifier=cluster_identifier|id", "=identifier"},
    {"aws_rds_cluster", "iam_roles", "aws_rds_cluster_role_association",
     "db_cluster_identifier=cluster_identifier|id", "=role_arn"},
    {"aws_dynamodb_table", "replica", "aws_dynamodb_table_replica", "global_table_arn=arn",
     "region_name=region"},
    {"aws_redshift_cluster", "iam_roles", "aws_redshift_cluster_iam_roles",
     "cluster_identifier=cluster_identifier|id", "*=iam_role_arns"},
    {"aws_redshift_cluster", "logging", "aws_redshift_logging",
     "cluster_identifier=cluster_identifier|id", ""},

    // Google.
    {"google_container_cluster", "node_pool", "google_container_node_pool", "cluster=name|id",
     "name"},
    {"google_compute_instance", "attached_disk", "google_compute_attached_disk",
     "instance=name|self_link|id", "device_name"},
    {"google_compute_instance_group", "instances", "google_compute_instance_group_membership",
     "instance_group=name|self_link|id", "=instance"},
    {"google_compute_security_policy", "rule", "google_compute_security_policy_rule",
     "security_policy=name|self_link|id", "priority action"},
    {"google_compute_firewall_policy", "rule", "google_compute_firewall_policy_rule",
     "firewall_policy=name|id|firewall_policy_id", "priority action direction"},
    {"google_bigquery_dataset", "access", "google_bigquery_dataset_access", "dataset_id=dataset_id",
     "role user_by_email group_by_email domain special_group iam_member"},
    {"google_project_iam_binding", "members", "google_project_iam_member", "role=role", "=member"},
    {"google_folder_iam_binding", "members", "google_folder_iam_member", "role=role", "=member"},
    {"google_organization_iam_binding", "members", "google_organization_iam_member", "role=role",
     "=member"},

    // Azure. Its ids and names do not know case; nothing else is compared by case either.
    {"azurerm_network_security_group", "security_rule", "azurerm_network_security_rule",
     "network_security_group_name=name", azureRule},
    {"azurerm_route_table", "route", "azurerm_route", "route_table_name=name",
     "name address_prefix next_hop_type next_hop_in_ip_address"},
    {"azurerm_virtual_network", "subnet", "azurerm_subnet", "virtual_network_name=name",
     "name address_prefixes*"},
    {"azurerm_virtual_network", "dns_servers", "azurerm_virtual_network_dns_servers",
     "virtual_network_id=id", ""},
    {"azurerm_subnet", "network_security_group_id",
     "azurerm_subnet_network_security_group_association", "subnet_id=id", ""},
    {"azurerm_subnet", "route_table_id", "azurerm_subnet_route_table_association", "subnet_id=id",
     ""},
    {"azurerm_key_vault", "access_policy", "azurerm_key_vault_access_policy", "key_vault_id=id",
     "tenant_id object_id application_id certificate_permissions* key_permissions* "
     "secret_permissions* storage_permissions*"},
    {"azurerm_storage_account", "network_rules", "azurerm_storage_account_network_rules",
     "storage_account_id=id", ""},
    {"azurerm_storage_account", "static_website", "azurerm_storage_account_static_website",
     "storage_account_id=id", ""},
    {"azurerm_storage_account", "queue_properties", "azurerm_storage_account_queue_properties",
     "storage_account_id=id", ""},
    {"azurerm_storage_account", "customer_managed_key",
     "azurerm_storage_account_customer_managed_key", "storage_account_id=id", ""},
    {"azurerm_linux_web_app", "virtual_network_subnet_id",
     "azurerm_app_service_virtual_network_swift_connection", "app_service_id=id", ""},
    {"azurerm_windows_web_app", "virtual_network_subnet_id",
     "azurerm_app_service_virtual_network_swift_connection", "app_service_id=id", ""},
    {"azurerm_linux_function_app", "virtual_network_subnet_id",
     "azurerm_app_service_virtual_network_swift_connection", "app_service_id=id", ""},
    {"azurerm_eventhub_namespace", "network_rulesets",
     "azurerm_eventhub_namespace_network_rule_set", "namespace_id=id", ""},
    {"azurerm_servicebus_namespace", "network_rule_set",
     "azurerm_servicebus_namespace_network_rule_set", "namespace_id=id", ""},
    {"azuread_group", "members", "azuread_group_member", "group_object_id=object_id|id",
     "=member_object_id"},
});

}  // namespace

std::span<const SiblingRow> siblingRows() noexcept {
    return siblingTable;
}

}  // namespace driftkeeper::terraform
