#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/resource_graph.hpp"
#include "parsers/kubernetes/object.hpp"

namespace driftkeeper::kubernetes {

// The graph of a stack's objects: edges from owner references and from what configuration names
// (config maps, secrets, service accounts, claims, services, roles, scale targets, selected
// workloads). What is named and not among them is a need, as is a role of a cloud (IRSA, GKE
// workload identity) on a service account. `cluster`: for identities.
ResourceGraph graphOf(const std::vector<Object>& objects, std::string_view cluster);

// Type, namespace and name of what an autoscaler scales: "Deployment/NAMESPACE/NAME" without group;
// empty for what is no HorizontalPodAutoscaler or ScaledObject.
std::string scaleTargetOf(const Object& object);

}  // namespace driftkeeper::kubernetes
