#include "parsers/kubernetes/relations.hpp"

#include <array>
#include <map>
#include <set>
#include <utility>

#include "parsers/graph/identity.hpp"

namespace driftkeeper::kubernetes {
namespace {

struct Reference {
    std::string group, kind, space, name;
};

using References = std::vector<Reference>;

std::string groupIn(std::string_view apiVersion) {
    const std::size_t slash = apiVersion.find('/');
    return slash == std::string_view::npos ? std::string()
                                           : std::string(apiVersion.substr(0, slash));
}

// What configuration names by a member of a fixed meaning, wherever it is.
struct Named {
    std::string_view member;  // its value is the name, or an object with `name`
    std::string_view kind;
    std::string_view field;  // of that object; empty: the value itself
};

constexpr std::array named = {
    Named{"configMapKeyRef", "ConfigMap", "name"},
    Named{"configMapRef", "ConfigMap", "name"},
    Named{"configMap", "ConfigMap", "name"},
    Named{"secretKeyRef", "Secret", "name"},
    Named{"secretRef", "Secret", "name"},
    Named{"secret", "Secret", "secretName"},
    Named{"persistentVolumeClaim", "PersistentVolumeClaim", "claimName"},
    Named{"serviceAccountName", "ServiceAccount", ""},
};

void collectNamed(const Json& value, const std::string& space, References& found) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const Json& item = value.items[i];
        if (value.isObject()) {
            for (const Named& one : named)
                if (one.member == value.keys[i]) {
                    const std::string_view name =
                        (one.field.empty() ? item : item[one.field]).string();
                    if (!name.empty())
                        found.push_back({"", std::string(one.kind), space, std::string(name)});
                }
            if (value.keys[i] == "imagePullSecrets")
                for (const Json& secret : item.items)
                    found.push_back({"", "Secret", space, std::string(secret["name"].string())});
        }
        collectNamed(item, space, found);
    }
}

void collectTarget(const Json& target, const std::string& space, References& found) {
    if (!target["name"].string().empty())
        found.push_back({groupIn(target["apiVersion"].string()),
                         std::string(target["kind"].string()), space,
                         std::string(target["name"].string())});
}

void collectBackends(const Json& value, const std::string& space, References& found) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (value.isObject() && value.keys[i] == "service" &&
            !value.items[i]["name"].string().empty())
            found.push_back({"", "Service", space, std::string(value.items[i]["name"].string())});
        collectBackends(value.items[i], space, found);
    }
}

void collectBinding(const Object& object, References& found) {
    const Json& role = object.body["roleRef"];
    const bool ofCluster = role["kind"].string() == "ClusterRole";
    found.push_back({"rbac.authorization.k8s.io", std::string(role["kind"].string()),
                     ofCluster ? "" : object.space, std::string(role["name"].string())});
    for (const Json& subject : object.body["subjects"].items)
        if (subject["kind"].string() == "ServiceAccount")
            found.push_back({"", "ServiceAccount", std::string(subject["namespace"].string()),
                             std::string(subject["name"].string())});
}

References referencesOf(const Object& object) {
    References found;
    for (const Json& owner : object.body["metadata"]["ownerReferences"].items)
        found.push_back({groupIn(owner["apiVersion"].string()), std::string(owner["kind"].string()),
                         object.space, std::string(owner["name"].string())});
    const Json& spec = object.body["spec"];
    collectNamed(spec, object.space, found);
    if (object.kind == "HorizontalPodAutoscaler" || object.kind == "ScaledObject")
        collectTarget(spec["scaleTargetRef"], object.space, found);
    if (object.kind == "Ingress") {
        collectBackends(spec, object.space, found);
        for (const Json& tls : spec["tls"].items)
            if (!tls["secretName"].string().empty())
                found.push_back(
                    {"", "Secret", object.space, std::string(tls["secretName"].string())});
    }
    if (object.kind.ends_with("RoleBinding")) collectBinding(object, found);
    if (object.kind == "StatefulSet" && !spec["serviceName"].string().empty())
        found.push_back({"", "Service", object.space, std::string(spec["serviceName"].string())});
    return found;
}

bool selects(const Object& service, const Object& workload) {
    const Json& selector = service.body["spec"]["selector"];
    const Json& labels = workload.body["spec"]["template"]["metadata"]["labels"];
    if (service.space != workload.space || selector.items.empty() || labels.isNull()) return false;
    for (std::size_t i = 0; i < selector.items.size(); ++i)
        if (!(labels[selector.keys[i]] == selector.items[i])) return false;
    return true;
}

// What a service account is in a cloud.
void addCloudRoles(ResourceGraph& graph, const Object& object) {
    const Json& annotations = object.body["metadata"]["annotations"];
    if (auto role =
            identityOf("", "aws_iam_role", annotations["eks.amazonaws.com/role-arn"].string());
        !role.empty())
        graph.need(object.address(), std::move(role));
    if (const std::string_view account = annotations["iam.gke.io/gcp-service-account"].string();
        !account.empty())
        graph.need(object.address(), std::string(account));
}

}  // namespace

ResourceGraph graphOf(const std::vector<Object>& objects, std::string_view cluster) {
    ResourceGraph graph;
    graph.reserve(objects.size());
    for (const Object& object : objects)
        graph.add(
            {object.address(), object.type(), object.uid, "kubernetes", object.identity(cluster)});
    for (const Object& object : objects) {
        std::set<std::string> needed;
        for (const Reference& to : referencesOf(object)) {
            const std::string type = to.group.empty() ? to.kind : to.kind + "." + to.group;
            const std::string address = addressOf(type, to.space, to.name);
            if (graph.contains(address))
                graph.link(object.address(), address);
            else if (needed.insert(address).second)
                graph.need(object.address(),
                           kubernetesIdentity(cluster, to.group, to.kind, to.space, to.name));
        }
        if (object.kind == "ServiceAccount") addCloudRoles(graph, object);
        if (object.kind == "Service" && object.group.empty())
            for (const Object& workload : objects)
                if (selects(object, workload)) graph.link(object.address(), workload.address());
    }
    return graph;
}

std::string scaleTargetOf(const Object& object) {
    const Json& target = object.body["spec"]["scaleTargetRef"];
    if ((object.kind != "HorizontalPodAutoscaler" && object.kind != "ScaledObject") ||
        target["name"].string().empty())
        return {};
    const std::string_view kind = target["kind"].string();
    return addressOf(kind.empty() ? "Deployment" : kind, object.space, target["name"].string());
}

}  // namespace driftkeeper::kubernetes
