#include "parsers/terraform/content_identity.hpp"

#include <algorithm>
#include <array>

namespace driftkeeper::terraform {
namespace {

constexpr std::array<std::string_view, 26> digests = {"code_sha256",
                                                      "source_code_hash",
                                                      "source_code_sha256",
                                                      "code_hash",
                                                      "image_digest",
                                                      "repository_digest",
                                                      "sha256_digest",
                                                      "digest",
                                                      "content_md5",
                                                      "content_sha256",
                                                      "content_sha1",
                                                      "content_hash",
                                                      "content_base64sha256",
                                                      "md5",
                                                      "md5hash",
                                                      "detect_md5hash",
                                                      "crc32c",
                                                      "checksum",
                                                      "checksum_crc32",
                                                      "checksum_crc32c",
                                                      "checksum_sha1",
                                                      "checksum_sha256",
                                                      "script_hash",
                                                      "object_hash",
                                                      "source_hash",
                                                      "source_md5hash"};
constexpr std::array<std::string_view, 5> versions = {"etag", "version_id", "object_version",
                                                      "source_version_id", "generation"};
constexpr std::array<std::string_view, 12> beside = {
    "last_modified",    "last_modified_date", "last_updated", "last_update_time",
    "update_time",      "updated_at",         "updated_time", "modified_at",
    "source_code_size", "content_length",     "size",         "output_md5chksum"};
// There an etag is one of all rights of a project: it moves with everybody's.
// GitHub's is of the answer: it moves with every star and push.
constexpr std::array<std::string_view, 5> sharedVersions = {"_iam_", "_policy_attachment",
                                                            "_access_control", "_acl", "github_"};

bool isIn(const auto& words, const AttributePath& path) {
    return !path.empty() && !path.back().index &&
           std::ranges::find(words, path.back().text) != words.end();
}

}  // namespace

ContentKind contentKindOf(std::string_view type, const AttributePath& path) {
    if (isIn(digests, path)) return ContentKind::Digest;
    const bool isShared = std::ranges::any_of(
        sharedVersions, [&](std::string_view part) { return type.contains(part); });
    return isIn(versions, path) && !isShared ? ContentKind::Version : ContentKind::None;
}

bool isOfAnswer(std::string_view type, const AttributePath& path) {
    return type.starts_with("github_") && path.size() == 1 && path.front().text == "etag";
}

bool isBesideContent(const AttributePath& path) {
    return isIn(beside, path);
}

}  // namespace driftkeeper::terraform
