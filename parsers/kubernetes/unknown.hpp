#pragma once

#include <map>
#include <string>

#include "parsers/json/json.hpp"
#include "parsers/kubernetes/field_path.hpp"

// Values that Git does not tell: encrypted ones, and those that every rendering makes anew.
namespace driftkeeper::kubernetes {

// The text of a path (toText) -> the cause that says why.
using Unknown = std::map<std::string, std::string, std::less<>>;

// Takes what SOPS keeps for itself out of a manifest (`sops`, and the entries of a dotenv file that
// a kustomization made data of), and says which values it encrypted; nothing for another manifest.
Unknown takeEncrypted(Json& body);

// Where two renderings of one object differ.
Unknown differingIn(const Json& one, const Json& other);

// `git`, with what is live in place of every value that is not known and is there at all.
Json withLive(const Json& git, const Json& live, const Unknown& unknown);

// `git` without any of them.
Json withoutUnknown(const Json& git, const Unknown& unknown);

}  // namespace driftkeeper::kubernetes
