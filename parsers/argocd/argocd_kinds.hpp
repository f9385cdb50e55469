#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/gitops/documents.hpp"
#include "parsers/source/source_file.hpp"

// The objects of Argo CD, argoproj.io/v1alpha1 (pkg/apis/application/v1alpha1/types.go of v3.5):
// Application is judged, AppProject and ApplicationSet are recorded.
namespace driftkeeper::argocd {

inline constexpr std::string_view argoGroup = "argoproj.io";

bool isApplication(const gitops::ObjectName& name) noexcept;
bool isArgo(const gitops::ObjectName& name) noexcept;  // by group and kind
bool isArgoObject(const Json& object);
inline constexpr gitops::Wanted argoObjects{argoGroup, isArgoObject};

// A stack is a topmost folder that declares such objects (gitops/folders.hpp).
std::vector<DiscoveredStack> discoverArgo(const std::vector<SourceFile>& files);

// The Applications in an answer of GET /api/v1/applications (server/application/application.proto
// of v3.5), which leaves their kind out. Fails with `output_unreadable` (Report).
Result<std::vector<Json>> applicationsIn(std::string_view answer);

}  // namespace driftkeeper::argocd
