#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "parsers/graph/report.hpp"
#include "parsers/result.hpp"
#include "providers/look/provider.hpp"

// What the daemon knows of a look, and its provider does not.
namespace driftkeeper {

// A look that did not see everything may have lacked a key: names the files that are encrypted with
// SOPS. None when their list failed.
void nameSopsFiles(Report& report, const Result<std::vector<std::string>>& files);

// The hosts that the tools of one look asked for, and network.allow does not name: a tool itself
// often says something else of them.
class RefusedHosts {
public:
    // Listens to the calls made with this workspace, on any thread. May be gone before it is.
    void watch(Workspace& workspace);

    // Adds them to the report's reason. Without a reason the look did not need them.
    void nameIn(Report& report) const;

private:
    using Names = Guarded<std::set<std::string>>;
    const std::shared_ptr<Names> names_ = std::make_shared<Names>();
};

}  // namespace driftkeeper
