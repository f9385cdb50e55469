#include "parsers/graph/identity.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

#include "parsers/text/ascii.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper {
namespace {

// Longer is no name.
constexpr std::size_t longestId = 2048;

bool isHexLetter(char c) noexcept {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <class... Parts>
std::string joined(const Parts&... parts) {
    std::string result;
    (result.append(parts), ...);
    return result;
}

bool startsWithOneOf(std::string_view text,
                     std::initializer_list<std::string_view> starts) noexcept {
    return std::ranges::any_of(starts,
                               [&](std::string_view start) { return text.starts_with(start); });
}
bool endsWithOneOf(std::string_view text, std::initializer_list<std::string_view> ends) noexcept {
    return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

// "registry.terraform.io/hashicorp/aws" -> "hashicorp/aws"; the beta of Google's provider makes the
// same things.
std::string_view withoutHost(std::string_view provider) noexcept {
    const auto slash = provider.find('/');
    if (slash != std::string_view::npos && provider.find('/', slash + 1) != std::string_view::npos)
        provider.remove_prefix(slash + 1);
    return provider == "hashicorp/google-beta" ? "hashicorp/google" : provider;
}

std::string plainIdentity(std::string_view provider, std::string_view type, std::string_view id) {
    return joined(withoutHost(provider), " ", type, " ", id);
}

// --- AWS
// -------------------------------------------------------------------------------------------------------------

// Prefixes of ids that AWS coins and never gives twice. The part behind must be hexadecimal.
constexpr std::array<std::string_view, 33> coinedPrefixes = {
    "acl", "ami",        "aclassoc", "cgw",  "dopt", "eipalloc", "eipassoc", "eni", "fl",
    "fs",  "fsap",       "i",        "igw",  "lt",   "nat",      "pcx",      "pl",  "r",
    "rtb", "sg",         "sgr",      "snap", "eigw", "rtbassoc", "subnet",   "tgw", "tgw-rtb",
    "vgw", "tgw-attach", "vol",      "vpc",  "vpce", "vpn"};

bool isCoinedByAws(std::string_view id) noexcept {
    const auto dash = id.rfind('-');
    if (dash == std::string_view::npos || id.size() - dash - 1 < 4) return false;
    if (!std::ranges::all_of(id.substr(dash + 1),
                             [](char c) { return isDigit(c) || isHexLetter(c); }))
        return false;
    return std::ranges::find(coinedPrefixes, id.substr(0, dash)) != coinedPrefixes.end();
}

// The parts of arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; `service` is empty for what is no
// ARN.
struct Arn {
    std::string_view upToResource;  // with the colon
    std::string_view service;
    std::string_view resource;
};

Arn split(std::string_view text) noexcept {
    if (!text.starts_with("arn:")) return {};
    std::array<std::size_t, 5> colons{};
    std::size_t from = 0;
    for (auto& colon : colons) {
        colon = text.find(':', from);
        if (colon == std::string_view::npos) return {};
        from = colon + 1;
    }
    if (from == text.size()) return {};
    return {text.substr(0, from), text.substr(colons[1] + 1, colons[2] - colons[1] - 1),
            text.substr(from)};
}

// One text for one thing: EC2 by its id alone, IAM names without their path, log groups without
// ":*".
std::string arnIdentity(std::string_view text) {
    const Arn arn = split(text);
    if (arn.service.empty()) return {};
    const auto first = arn.resource.find('/');
    const auto last = arn.resource.rfind('/');
    if (last != std::string_view::npos && isCoinedByAws(arn.resource.substr(last + 1)) &&
        first == last)
        return joined("aws ", arn.resource.substr(last + 1));
    if (arn.service == "iam" && first != last &&
        startsWithOneOf(arn.resource, {"role/", "user/", "group/", "instance-profile/"}))
        return joined(arn.upToResource, arn.resource.substr(0, first + 1),
                      arn.resource.substr(last + 1));
    if (arn.service == "logs" && text.ends_with(":*")) text.remove_suffix(2);
    return std::string(text);
}

// https://sqs.eu-central-1.amazonaws.com/123456789012/jobs ->
// arn:aws:sqs:eu-central-1:123456789012:jobs
std::string queueIdentity(std::string_view url) {
    constexpr std::string_view start = "https://sqs.";
    if (!url.starts_with(start)) return {};
    url.remove_prefix(start.size());
    const auto dot = url.find('.');
    const auto slash = url.find('/');
    const auto second = url.rfind('/');
    if (dot == std::string_view::npos || slash == std::string_view::npos || slash == second ||
        dot > slash)
        return {};
    const auto host = url.substr(dot, slash - dot);
    const std::string_view partition = host == ".amazonaws.com.cn" ? "aws-cn" : "aws";
    if (partition == "aws" && host != ".amazonaws.com") return {};
    return joined("arn:", partition, ":sqs:", url.substr(0, dot), ":",
                  url.substr(slash + 1, second - slash - 1), ":", url.substr(second + 1));
}

// Types known by a name: where it is unique, and the ARN's form around it.
struct Named {
    std::string_view terraform;
    std::string_view cloudFormation;
    std::string_view service;
    std::string_view resource;  // before the name
    enum class Within { World, Account, Region } within;
};

using enum Named::Within;
constexpr std::array<Named, 24> namedTypes = {{
    {"aws_s3_bucket", "AWS::S3::Bucket", "s3", "", World},
    {"aws_route53_zone", "AWS::Route53::HostedZone", "route53", "hostedzone/", World},
    {"aws_iam_role", "AWS::IAM::Role", "iam", "role/", Account},
    {"aws_iam_user", "AWS::IAM::User", "iam", "user/", Account},
    {"aws_iam_group", "AWS::IAM::Group", "iam", "group/", Account},
    {"aws_iam_instance_profile", "AWS::IAM::InstanceProfile", "iam", "instance-profile/", Account},
    {"aws_cloudfront_distribution", "AWS::CloudFront::Distribution", "cloudfront", "distribution/",
     Account},
    {"aws_lambda_function", "AWS::Lambda::Function", "lambda", "function:", Region},
    {"aws_dynamodb_table", "AWS::DynamoDB::Table", "dynamodb", "table/", Region},
    {"aws_cloudwatch_log_group", "AWS::Logs::LogGroup", "logs", "log-group:", Region},
    {"aws_cloudwatch_metric_alarm", "AWS::CloudWatch::Alarm", "cloudwatch", "alarm:", Region},
    {"aws_kms_key", "AWS::KMS::Key", "kms", "key/", Region},
    {"aws_kms_alias", "AWS::KMS::Alias", "kms", "", Region},
    {"aws_ecs_cluster", "AWS::ECS::Cluster", "ecs", "cluster/", Region},
    {"aws_ecr_repository", "AWS::ECR::Repository", "ecr", "repository/", Region},
    {"aws_eks_cluster", "AWS::EKS::Cluster", "eks", "cluster/", Region},
    {"aws_db_instance", "AWS::RDS::DBInstance", "rds", "db:", Region},
    {"aws_rds_cluster", "AWS::RDS::DBCluster", "rds", "cluster:", Region},
    {"aws_db_subnet_group", "AWS::RDS::DBSubnetGroup", "rds", "subgrp:", Region},
    {"aws_kinesis_stream", "AWS::Kinesis::Stream", "kinesis", "stream/", Region},
    {"aws_sqs_queue", "AWS::SQS::Queue", "sqs", "", Region},
    {"aws_sns_topic", "AWS::SNS::Topic", "sns", "", Region},
    {"aws_codebuild_project", "AWS::CodeBuild::Project", "codebuild", "project/", Region},
    {"aws_ssm_parameter", "AWS::SSM::Parameter", "ssm", "parameter/", Region},
}};

// An empty text where the account or the region would have to be guessed.
std::string namedIdentity(const Named& type, std::string_view name, const PhysicalNames& names) {
    if (name.find(':') != std::string_view::npos) return {};
    const bool needsAccount = type.within != World;
    const bool needsRegion = type.within == Region;
    if ((needsAccount && names.account.empty()) || (needsRegion && names.region.empty())) return {};
    if (type.service == "ssm" && name.starts_with('/')) name.remove_prefix(1);
    return joined("arn:", names.partition.empty() ? "aws" : names.partition, ":", type.service, ":",
                  needsRegion ? names.region : "", ":", needsAccount ? names.account : "", ":",
                  type.resource, name);
}

// Terraform types that say something about a thing and bear its id or its ARN.
bool isPartOfAnother(std::string_view type) noexcept {
    if (type == "aws_iam_policy" || type == "aws_lambda_layer_version" ||
        type == "aws_s3_bucket_object")
        return false;
    return type.starts_with("aws_s3_bucket_") ||
           endsWithOneOf(type, {"_policy", "_attachment", "_association", "_accepter", "_version",
                                "_validation", "_rotation", "_target", "_permission", "_membership",
                                "_propagation", "_tag"});
}

// A part has a name of its own only below the type, and only when what it is a part of is known by
// its id.
std::string partIdentity(std::string_view provider, std::string_view type, std::string_view id) {
    const bool known = type.starts_with("aws_s3_bucket_") ||
                       id.find("arn:") != std::string_view::npos ||
                       startsWithOneOf(id, {"https://sqs."}) || isCoinedByAws(id);
    return known ? plainIdentity(provider, type, id) : std::string();
}

std::string awsIdentity(std::string_view provider, std::string_view type, std::string_view id,
                        const PhysicalNames& names) {
    // A part may have a coined id of its own, but a policy has that of what it is for.
    const bool isPart = isPartOfAnother(type);
    if (isCoinedByAws(id) && !(isPart && type.ends_with("_policy"))) return joined("aws ", id);
    if (isPart) return partIdentity(provider, type, id);
    for (const auto text : {names.arn, id})
        if (auto identity = arnIdentity(text); !identity.empty()) return identity;
    if (auto identity = queueIdentity(id); !identity.empty()) return identity;
    for (const Named& named : namedTypes)
        if (type == named.terraform || type == named.cloudFormation)
            return namedIdentity(named, id, names);
    return {};
}

// --- Google
// ----------------------------------------------------------------------------------------------------------

bool isVersion(std::string_view segment) noexcept {
    return segment.size() >= 2 && (segment[0] == 'v' || segment == "beta") &&
           (segment == "beta" || isDigit(segment[1]));
}

// Two forms: https://compute.googleapis.com/compute/v1/REST,
// https://www.googleapis.com/compute/v1/REST; the service may be said twice, the version does not
// name anything.
std::string selfLinkIdentity(std::string_view link) {
    constexpr std::string_view domain = ".googleapis.com/";
    const auto scheme = link.find("//");
    if (scheme == std::string_view::npos) return {};
    link.remove_prefix(scheme + 2);
    const auto end = link.find(domain);
    if (end == std::string_view::npos || end == 0 ||
        link.substr(0, end).find('/') != std::string_view::npos)
        return {};
    std::string_view service = link.substr(0, end);
    std::string_view rest = link.substr(end + domain.size());
    const auto segment = [&] { return rest.substr(0, rest.find('/')); };
    const auto drop = [&] { rest.remove_prefix(std::min(rest.size(), segment().size() + 1)); };
    if (service == "www") {
        service = segment();
        drop();
    } else if (segment() == service) {
        drop();
    }
    if (isVersion(segment())) drop();
    if (rest.ends_with('/')) rest.remove_suffix(1);
    return service.empty() || rest.empty() ? std::string()
                                           : joined("//", service, ".googleapis.com/", rest);
}

std::string googleIdentity(std::string_view provider, std::string_view type, std::string_view id,
                           std::string_view selfLink) {
    // What access is given on a thing is not the thing.
    const bool aboutAccess = type.find("_iam_") != std::string_view::npos;
    if (auto identity = aboutAccess ? std::string() : selfLinkIdentity(selfLink); !identity.empty())
        return identity;
    if (type.starts_with("google_compute_") && id.starts_with("projects/") && !aboutAccess)
        return joined("//compute.googleapis.com/", id);
    return plainIdentity(provider, type, id);
}

// --- everything else
// -------------------------------------------------------------------------------------------------

// Values in a state: nothing out there bears their id.
bool isOnlyInState(std::string_view type) noexcept {
    return startsWithOneOf(type, {"random_", "time_", "tls_", "null_", "template_", "archive_",
                                  "external_", "cloudinit_", "http_", "terraform_"});
}

// A file is known by its path, not by the id that the provider makes from its content.
std::string fileIdentity(std::string_view path) {
    return path.starts_with('/') ? joined("file:", path) : std::string();
}

// The id was made by a machine that does not repeat itself: a UUID, a long number, a run of
// hexadecimal digits, or a long run of letters and digits that is no word.
bool isCoined(std::string_view id) noexcept {
    for (std::size_t at = 0; at < id.size();) {
        std::size_t digits = 0;
        std::size_t hexLetters = 0;
        const auto from = at;
        for (; at < id.size() && isLetterOrDigit(id[at]); ++at) {
            digits += isDigit(id[at]) ? 1 : 0;
            hexLetters += isHexLetter(id[at]) ? 1 : 0;
        }
        const auto length = at - from;
        const bool number = digits == length && length >= 9;
        const bool hexadecimal =
            digits + hexLetters == length && digits >= 2 && hexLetters >= 1 && length >= 8;
        if (number || hexadecimal || (length >= 16 && digits >= 3)) return true;
        if (length == 0) ++at;
    }
    return false;
}

// aws_default_vpc takes over what aws_vpc makes; kinds of one tool are compared by what is left.
std::string_view kindOf(std::string_view type) noexcept {
    constexpr std::string_view adopted = "aws_default_";
    if (type.starts_with(adopted))
        type.remove_prefix(adopted.size());
    else if (type.starts_with("aws_"))
        type.remove_prefix(4);
    return type;
}

}  // namespace

std::string identityOf(std::string_view provider, std::string_view type, std::string_view id,
                       const PhysicalNames& names) {
    if (type == "local_file" || type == "local_sensitive_file") return fileIdentity(names.path);
    if (id.empty() || id.size() > longestId || isOnlyInState(type)) return {};
    if (startsWithOneOf(type, {"aws_", "awscc_", "AWS::"}))
        return awsIdentity(provider, type, id, names);
    if (type.starts_with("google_")) return googleIdentity(provider, type, id, names.selfLink);
    if (startsWithOneOf(lowered(id.substr(0, 15)), {"/subscriptions/"})) return lowered(id);
    if (startsWithOneOf(type, {"kubernetes_", "helm_", "kubectl_"})) return {};
    // Any other provider may still name an object of AWS as AWS does.
    if (auto identity = arnIdentity(names.arn.empty() ? id : names.arn); !identity.empty())
        return identity;
    return plainIdentity(provider, type, id);
}

std::string kubernetesIdentity(std::string_view server, std::string_view apiGroup,
                               std::string_view kind, std::string_view objectNamespace,
                               std::string_view name) {
    const std::string address = withoutUrlSecrets(server, "");
    server = address;
    if (const auto scheme = server.find("://"); scheme != std::string_view::npos)
        server.remove_prefix(scheme + 3);
    while (server.ends_with('/')) server.remove_suffix(1);
    if (server.empty() || kind.empty() || name.empty()) return {};
    const auto slash = apiGroup.find('/');
    if (slash != std::string_view::npos) apiGroup = apiGroup.substr(0, slash);
    if (apiGroup.empty() || (slash == std::string_view::npos && isVersion(apiGroup)))
        apiGroup = "core";
    return joined("k8s:", lowered(server), "/", apiGroup, "/", kind, "/", objectNamespace, "/",
                  name);
}

bool isWorldwide(std::string_view identity) noexcept {
    if (startsWithOneOf(identity, {"arn:", "aws ", "//", "/", "k8s:", "file:"})) return true;
    const auto first = identity.find(' ');
    const auto second = first == std::string_view::npos ? first : identity.find(' ', first + 1);
    if (second == std::string_view::npos) return false;
    const auto type = identity.substr(first + 1, second - first - 1);
    const auto id = identity.substr(second + 1);
    return type.starts_with("aws_") ||
           startsWithOneOf(id, {"projects/", "folders/", "organizations/"}) || isCoined(id);
}

bool canBeSameThing(std::string_view oneType, std::string_view otherType) {
    const auto isTerraform = [](std::string_view type) {
        return type.find("::") == std::string_view::npos;
    };
    if (isTerraform(oneType) != isTerraform(otherType)) return true;
    return kindOf(oneType) == kindOf(otherType);
}

}  // namespace driftkeeper
