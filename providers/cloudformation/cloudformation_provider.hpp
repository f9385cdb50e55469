#pragma once

#include <memory>

#include "providers/cloudformation/request_budget.hpp"
#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Looks at stacks of AWS CloudFormation with `aws` 1.x or 2.x: one template in Git, one deployed
// stack, and those nested in it. What is live is CloudFormation's own drift detection, what Git
// wants is its template beside the deployed one. Without settings a stack has the name of the
// template's file, or of its folder when the file is called template, main, stack, cloudformation,
// index or deployment; a folder that holds several templates is several stacks FOLDER/STEM.
// `runner` and `tags` outlive the provider. All stacks of one account and region share a request
// budget.
std::unique_ptr<Provider> makeCloudformationProvider(ToolRunner& runner, const ValueTags& tags);
std::unique_ptr<Provider> makeCloudformationProvider(ToolRunner& runner, const ValueTags& tags,
                                                     cloudformation::Pace pace);

extern const ProviderKind cloudformationKind;

}  // namespace driftkeeper
