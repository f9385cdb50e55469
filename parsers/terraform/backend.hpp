#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper::terraform {

using BackendSettings = std::map<std::string, std::string>;

// Where a state lies, by one text that agrees between the stack that writes it and those that read
// it:
//   s3://BUCKET/KEY  gcs://BUCKET/PREFIX/WORKSPACE.tfstate  azurerm://ACCOUNT/CONTAINER/KEY
//   oss://BUCKET/PREFIX/KEY  cos://BUCKET/PREFIX/KEY  http:ADDRESS  local:ABSOLUTE PATH
//   pg://HOST/DATABASE/SCHEMA/WORKSPACE  consul://ADDRESS/PATH  kubernetes://HOST/NAMESPACE/SECRET
//   remote://HOST/ORGANIZATION/WORKSPACE
// nullopt: another type, or a setting that is needed is not known. `workspace`: empty is the
// default one. `directory`: absolute, what a relative path of `local` starts from. No credential is
// part of it. Sources: the backends' documentation
// (developer.hashicorp.com/terraform/language/backend) and
// internal/backend/remote-state/*/backend_state.go at terraform v1.11 for the names of workspaces.
std::optional<std::string> backendKey(std::string_view type, const BackendSettings& settings,
                                      std::string_view workspace, std::string_view directory);

}  // namespace driftkeeper::terraform
