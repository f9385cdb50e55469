#include "parsers/graph/identity.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace driftkeeper;

namespace identity_test {
namespace {

constexpr std::string_view aws = "registry.terraform.io/hashicorp/aws";
constexpr std::string_view google = "registry.terraform.io/hashicorp/google";

}  // namespace

TEST_CASE("an object of AWS has one identity whoever manages it") {
    const struct {
        std::string_view type;
        std::string_view id;
        PhysicalNames names;
        std::string_view identity;
    } rows[] = {
        {"aws_vpc", "vpc-0ab1", {.arn = "arn:aws:ec2:eu-central-1:1:vpc/vpc-0ab1"}, "aws vpc-0ab1"},
        {"AWS::EC2::VPC", "vpc-0ab1", {}, "aws vpc-0ab1"},
        {"aws_default_vpc", "vpc-0ab1", {}, "aws vpc-0ab1"},
        {"aws_security_group", "sg-0ab1", {}, "aws sg-0ab1"},
        {"aws_ec2_transit_gateway_route_table", "tgw-rtb-0ab1", {}, "aws tgw-rtb-0ab1"},
        {"AWS::EC2::EIP", "eipalloc-0ab1", {}, "aws eipalloc-0ab1"},
        {"aws_sqs_queue",
         "https://sqs.eu-central-1.amazonaws.com/1/jobs",
         {},
         "arn:aws:sqs:eu-central-1:1:jobs"},
        {"AWS::SQS::Queue",
         "https://sqs.cn-north-1.amazonaws.com.cn/1/jobs",
         {},
         "arn:aws-cn:sqs:cn-north-1:1:jobs"},
        {"aws_sqs_queue",
         "https://sqs.eu-central-1.amazonaws.com/1/jobs",
         {.arn = "arn:aws:sqs:eu-central-1:1:jobs"},
         "arn:aws:sqs:eu-central-1:1:jobs"},
        {"aws_s3_bucket", "logs", {}, "arn:aws:s3:::logs"},
        {"AWS::S3::Bucket",
         "logs",
         {.region = "eu-central-1", .account = "1"},
         "arn:aws:s3:::logs"},
        {"aws_iam_role",
         "web",
         {.arn = "arn:aws:iam::1:role/team/x/web"},
         "arn:aws:iam::1:role/web"},
        {"AWS::IAM::Role", "web", {.account = "1"}, "arn:aws:iam::1:role/web"},
        {"aws_iam_role", "web", {}, ""},
        {"aws_iam_policy", "arn:aws:iam::1:policy/a/web", {}, "arn:aws:iam::1:policy/a/web"},
        {"AWS::Lambda::Function",
         "f",
         {.region = "r", .account = "1"},
         "arn:aws:lambda:r:1:function:f"},
        {"AWS::Lambda::Function", "f", {.account = "1"}, ""},
        {"AWS::Logs::LogGroup",
         "/a/b",
         {.region = "r", .account = "1"},
         "arn:aws:logs:r:1:log-group:/a/b"},
        {"aws_cloudwatch_log_group",
         "/a/b",
         {.arn = "arn:aws:logs:r:1:log-group:/a/b:*"},
         "arn:aws:logs:r:1:log-group:/a/b"},
        {"aws_ssm_parameter", "/a", {.region = "r", .account = "1"}, "arn:aws:ssm:r:1:parameter/a"},
        {"AWS::DynamoDB::Table",
         "t",
         {.region = "r", .account = "1", .partition = "aws-us-gov"},
         "arn:aws-us-gov:dynamodb:r:1:table/t"},
        {"aws_db_parameter_group", "default", {}, ""},
        {"awscc_ec2_vpc", "vpc-0ab1", {}, "aws vpc-0ab1"},
        {"aws_vpc", "vpc-nothex", {}, ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.type);
        CAPTURE(row.id);
        CHECK(identityOf(aws, row.type, row.id, row.names) == row.identity);
    }
}

TEST_CASE("a part does not pass for the thing that it is a part of") {
    const std::string secret = "arn:aws:secretsmanager:r:1:secret:db-Ab12";
    CHECK(identityOf(aws, "aws_secretsmanager_secret", secret, {.arn = secret}) == secret);
    CHECK(identityOf(aws, "aws_secretsmanager_secret_version", secret + "|v1", {.arn = secret}) ==
          "hashicorp/aws aws_secretsmanager_secret_version " + secret + "|v1");
    CHECK(identityOf(aws, "aws_sns_topic_policy", "arn:aws:sns:r:1:t",
                     {.arn = "arn:aws:sns:r:1:t"}) ==
          "hashicorp/aws aws_sns_topic_policy arn:aws:sns:r:1:t");
    CHECK(identityOf(aws, "aws_s3_bucket_versioning", "logs") ==
          "hashicorp/aws aws_s3_bucket_versioning logs");
    CHECK(identityOf(aws, "aws_cloudwatch_event_target", "rule-1", {.arn = "arn:aws:sqs:r:1:jobs"})
              .empty());
    CHECK(identityOf(aws, "aws_iam_role_policy", "role:policy").empty());
    CHECK(identityOf(aws, "aws_eip_association", "eipassoc-0ab1") == "aws eipassoc-0ab1");
    CHECK_FALSE(canBeSameThing("azurerm_subnet", "azurerm_subnet_nat_gateway_association"));
    CHECK(canBeSameThing("aws_vpc", "aws_default_vpc"));
    CHECK(canBeSameThing("aws_vpc", "AWS::EC2::VPC"));
    CHECK_FALSE(canBeSameThing("AWS::SQS::Queue", "AWS::SQS::QueuePolicy"));
}

TEST_CASE("a link of Google is known by service and name, whatever its version") {
    const std::string_view identity = "//compute.googleapis.com/projects/p/zones/z/instances/i";
    for (const std::string_view link :
         {"https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i",
          "https://compute.googleapis.com/compute/beta/projects/p/zones/z/instances/i",
          "https://compute.googleapis.com/v1/projects/p/zones/z/instances/i/",
          "//compute.googleapis.com/projects/p/zones/z/instances/i", ""})
        CHECK(identityOf(google, "google_compute_instance", "projects/p/zones/z/instances/i",
                         {.selfLink = link}) == identity);
    CHECK(identityOf(google, "google_storage_bucket", "b",
                     {.selfLink = "https://www.googleapis.com/storage/v1/b/b"}) ==
          "//storage.googleapis.com/b/b");
    CHECK(identityOf("registry.opentofu.org/hashicorp/google-beta", "google_project_iam_member",
                     "p roles/x user:a") ==
          "hashicorp/google google_project_iam_member p roles/x user:a");
    CHECK(identityOf(google, "google_x", "i", {.selfLink = "https://example.com/compute/v1/x"}) ==
          "hashicorp/google google_x i");
}

TEST_CASE("an id of Azure does not know case") {
    CHECK(identityOf("registry.terraform.io/hashicorp/azurerm", "azurerm_virtual_network",
                     "/subscriptions/AB/resourceGroups/Rg/providers/Microsoft.Network/"
                     "virtualNetworks/Hub") ==
          "/subscriptions/ab/resourcegroups/rg/providers/microsoft.network/virtualnetworks/hub");
}

TEST_CASE("an object of Kubernetes is known by cluster, group, kind, namespace and name") {
    CHECK(kubernetesIdentity("https://API.Example.com:6443/", "apps/v1", "Deployment", "prod",
                             "web") == "k8s:api.example.com:6443/apps/Deployment/prod/web");
    CHECK(kubernetesIdentity("api:6443", "v1", "Secret", "prod", "s") ==
          "k8s:api:6443/core/Secret/prod/s");
    CHECK(kubernetesIdentity("api:6443", "", "Namespace", "", "prod") ==
          "k8s:api:6443/core/Namespace//prod");
    CHECK(kubernetesIdentity("", "apps", "Deployment", "prod", "web").empty());
    CHECK(identityOf("registry.terraform.io/hashicorp/kubernetes", "kubernetes_deployment",
                     "prod/web")
              .empty());
}

TEST_CASE("everything else is known by provider, type and id, whatever the registry") {
    for (const std::string_view provider :
         {"registry.terraform.io/acme/box", "registry.opentofu.org/acme/box", "acme/box"})
        CHECK(identityOf(provider, "box_item", "a b") == "acme/box box_item a b");
    CHECK(identityOf("acme/box", "box_item", "arn:aws:sqs:r:1:jobs") == "arn:aws:sqs:r:1:jobs");
    CHECK(identityOf("acme/box", "box_item", "").empty());
    CHECK(identityOf("acme/box", "box_item", std::string(3000, 'a')).empty());
}

TEST_CASE("what is only a value in a state has no identity") {
    for (const std::string_view type :
         {"random_id", "null_resource", "terraform_data", "time_sleep", "tls_private_key"})
        CHECK(identityOf("registry.terraform.io/hashicorp/x", type,
                         "7c1f0a52-9a3a-4c0e-9a58-3a1d0d4c3a10")
                  .empty());
    CHECK(identityOf("hashicorp/local", "local_file", "sha1", {.path = "./a"}).empty());
    CHECK(identityOf("hashicorp/local", "local_file", "sha1", {.path = "/etc/motd"}) ==
          "file:/etc/motd");
}

TEST_CASE("an id that people chose may be given twice") {
    for (const std::string_view identity :
         {"arn:aws:s3:::logs", "aws vpc-0ab1", "//storage.googleapis.com/b/b",
          "/subscriptions/ab/x", "k8s:api/core/Secret/prod/s", "file:/etc/motd",
          "hashicorp/aws aws_s3_bucket_policy logs",
          "hashicorp/google google_service_account projects/p/serviceAccounts/a",
          "cloudflare/cloudflare cloudflare_zone 023e105f4ecef8ad9ca31a8372d0c353",
          "a/b c_d 7c1f0a52-9a3a-4c0e-9a58-3a1d0d4c3a10", "a/b c_d 123456789",
          "a/b c_d QmV4dGVyMDEyMzQ1Nn7"})
        CHECK_MESSAGE(isWorldwide(identity), identity);
    for (const std::string_view identity :
         {"grafana/grafana grafana_dashboard main", "acme/box box_item a",
          "acme/box box_item backup-20261122", "a/b c_d prod-eu-central-1", "a/b c_d 42", "",
          "nonsense"})
        CHECK_FALSE_MESSAGE(isWorldwide(identity), identity);
}

}  // namespace identity_test
