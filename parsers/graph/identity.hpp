#pragma once

#include <string>
#include <string_view>

// Names of real things that agree across tools: what Terraform calls aws_vpc.main and
// CloudFormation calls Network is one VPC, and has one identity. Pure; never fails: an empty text
// says that the thing has no name that is worth joining. By example:
//
// - arn:aws:sqs:eu-central-1:123456789012:jobs
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
// - aws vpc-0ab1: EC2 and friends, whose ids AWS coins, with or without an ARN
// - //compute.googleapis.com/projects/p/zones/z/… (cloud.google.com/apis/design/resource_names),
// without a version
// - /subscriptions/…/virtualnetworks/hub: Azure, in lower case, because its ids do not know case
// - k8s:api.example.com:6443/apps/Deployment/prod/web: group `core` for "", namespace empty for
// what the cluster has
// - file:/etc/motd: a file of this machine
// - cloudflare/cloudflare cloudflare_zone 0ab1…: anything else, as provider, type and id
namespace driftkeeper {

// What a provider's attributes say about the name, beside the id. Empty: not said. None of it
// may be secret.
struct PhysicalNames {
    std::string_view arn{};
    std::string_view selfLink{};
    std::string_view path{};  // of a local file, as configured
    // With `account`: makes an ARN for types that are known by a name within these.
    std::string_view region{};
    std::string_view account{};    //
    std::string_view partition{};  // default: aws
};

// `provider`: its full address; the registry's host does not count, so that Terraform and OpenTofu
// agree. `type`: the tool's word, `aws_vpc` or `AWS::EC2::VPC`. Empty for what is only a value in a
// state (random_*, null_resource, terraform_data, …), for AWS and Kubernetes objects whose id is a
// name within an account or cluster that is not known, and without an id.
std::string identityOf(std::string_view provider, std::string_view type, std::string_view id,
                       const PhysicalNames& names = {});

// `server`: the cluster's URL; scheme, case and a slash at the end do not count. `apiGroup`:
// "apps", "apps/v1", "v1" or "". Empty without server, kind or name.
std::string kubernetesIdentity(std::string_view server, std::string_view apiGroup,
                               std::string_view kind, std::string_view objectNamespace,
                               std::string_view name);

// Whether the identity names one thing of the whole world. PROVIDER TYPE ID does so only when the
// service coined the id: `grafana_dashboard main` is another one in every Grafana.
bool isWorldwide(std::string_view identity) noexcept;

// Whether resources of these types and one identity can be the same thing claimed twice. False for
// a part of a thing that bears the id of the whole, such as a subnet and its association.
bool canBeSameThing(std::string_view oneType, std::string_view otherType);

}  // namespace driftkeeper
