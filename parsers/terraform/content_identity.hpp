#pragma once

#include <string_view>

#include "parsers/terraform/address.hpp"

// Attributes that only the provider computes and that say which content is there: when they move
// without an apply, somebody put other content there.
namespace driftkeeper::terraform {

enum class ContentKind {
    None,
    Digest,  // of the content alone: code_sha256, image_digest, md5hash
    Version  // of the object: etag, version_id; an apply of another resource may move it, too
};

ContentKind contentKindOf(std::string_view type, const AttributePath& path);

// What says that an answer of the service moved, and nothing of the object: an etag of GitHub's.
bool isOfAnswer(std::string_view type, const AttributePath& path);

// What moves with the content: last_modified, source_code_size.
bool isBesideContent(const AttributePath& path);

}  // namespace driftkeeper::terraform
