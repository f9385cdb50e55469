#include "parsers/cloudformation/spelling.hpp"

#include <string_view>

namespace driftkeeper::cloudformation {

bool isPackaged(const Json& git, const Json& deployed) {
    const auto path = git.string();
    if (path.empty() || path.contains("://") || path.starts_with("{{resolve:")) return false;
    const auto url = deployed.string();
    const bool isObjectInS3 =
        deployed.isObject() && (!deployed["S3Bucket"].isNull() || !deployed["Bucket"].isNull() ||
                                !deployed["ImageUri"].isNull());
    return isObjectInS3 || url.starts_with("s3://") ||
           (url.starts_with("https://") && url.contains("amazonaws.com") &&
            url.substr(8).starts_with("s3"));
}

}  // namespace driftkeeper::cloudformation
