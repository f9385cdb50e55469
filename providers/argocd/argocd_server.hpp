#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "parsers/json/json.hpp"
#include "providers/kubernetes/kubectl.hpp"
#include "providers/look/timed_runner.hpp"

namespace driftkeeper::argocd {

// An Argo CD API server, and who asks it.
struct ArgoServer {
    std::string url;
    std::filesystem::path tokenFile;  // empty: no token
    std::filesystem::path caFile;     // empty: the host's
};

// GET /api/v1/applications by curl, with environment and sandbox of `session`. The token goes
// through a file in `folder` (emptied before and removed afterwards), never through an argument.
// Reasons: credentials, forbidden, unreachable, token_file, argocd_failed, output_unreadable, and
// those of every tool.
Outcome<std::vector<Json>> applicationsFrom(const ArgoServer& server,
                                            const kubernetes::Session& session,
                                            const std::filesystem::path& folder, TimedRunner& curl);

}  // namespace driftkeeper::argocd
