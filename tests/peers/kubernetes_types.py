"""The types that the Kubernetes API peer knows: names, schemas, defaults, what it refuses. After the API reference of v1.35; of each
type the fields that matter to somebody who compares objects. Lists with keys are the ones that the reference marks (patch merge key,
x-kubernetes-list-map-keys)."""
import re

from kubernetes_fields import ANY

S = {"t": "scalar"}
Q = {"t": "quantity"}
SET = {"t": "set"}
STRINGS = {"t": "list", "item": S}


def O(**fields):
    return {"t": "object", "fields": fields}


def A(schema):
    return dict(schema, atomic=True)


def M(value=S):
    return {"t": "map", "value": value}


def L(item=S):
    return {"t": "list", "item": item}


def K(keys, item):
    return {"t": "maplist", "keys": keys.split(), "item": item, "defaults": {"protocol": "TCP"} if "protocol" in keys else {}}


META = O(name=S, generateName=S, namespace=S, labels=M(), annotations=M(), finalizers=SET, uid=S, resourceVersion=S, generation=S,
         creationTimestamp=S, deletionTimestamp=S, deletionGracePeriodSeconds=S, selfLink=S, managedFields=L(ANY),
         ownerReferences=K("uid", O(apiVersion=S, kind=S, name=S, uid=S, controller=S, blockOwnerDeletion=S)))
SELECTOR = A(O(matchLabels=M(), matchExpressions=L(O(key=S, operator=S, values=STRINGS))))
KEY_REF = A(O(name=S, key=S, optional=S))
NAME_REF = A(O(name=S))
PROBE = O(httpGet=O(path=S, port=S, host=S, scheme=S, httpHeaders=L(O(name=S, value=S))), tcpSocket=O(port=S, host=S),
          exec=O(command=STRINGS), initialDelaySeconds=S, periodSeconds=S, timeoutSeconds=S, successThreshold=S, failureThreshold=S)
CONTAINER = O(
    name=S, image=S, command=STRINGS, args=STRINGS, workingDir=S, imagePullPolicy=S, terminationMessagePath=S,
    terminationMessagePolicy=S, stdin=S, tty=S, restartPolicy=S, lifecycle=ANY, securityContext=ANY, livenessProbe=PROBE,
    readinessProbe=PROBE, startupProbe=PROBE, resources=O(limits=M(Q), requests=M(Q)),
    env=K("name", O(name=S, value=S, valueFrom=O(secretKeyRef=KEY_REF, configMapKeyRef=KEY_REF, fieldRef=A(O(apiVersion=S, fieldPath=S)),
                                                 resourceFieldRef=A(O(containerName=S, resource=S, divisor=Q))))),
    envFrom=L(O(prefix=S, configMapRef=O(name=S, optional=S), secretRef=O(name=S, optional=S))),
    ports=K("containerPort protocol", O(name=S, containerPort=S, protocol=S, hostPort=S, hostIP=S)),
    volumeMounts=K("mountPath", O(name=S, mountPath=S, subPath=S, readOnly=S)))
ITEMS = L(O(key=S, path=S, mode=S))
VOLUME = O(name=S, emptyDir=O(medium=S, sizeLimit=Q), hostPath=O(path=S, type=S), configMap=O(name=S, items=ITEMS, defaultMode=S, optional=S),
           secret=O(secretName=S, items=ITEMS, defaultMode=S, optional=S), persistentVolumeClaim=O(claimName=S, readOnly=S),
           projected=ANY, csi=ANY, downwardAPI=ANY, nfs=ANY)
POD = O(containers=K("name", CONTAINER), initContainers=K("name", CONTAINER), volumes=K("name", VOLUME), serviceAccountName=S,
        serviceAccount=S, automountServiceAccountToken=S, restartPolicy=S, dnsPolicy=S, schedulerName=S, securityContext=ANY,
        terminationGracePeriodSeconds=S, nodeSelector=A(M()), nodeName=S, affinity=ANY, tolerations=L(ANY), hostNetwork=S,
        priorityClassName=S, imagePullSecrets=K("name", O(name=S)), enableServiceLinks=S, activeDeadlineSeconds=S,
        topologySpreadConstraints=K("topologyKey whenUnsatisfiable", ANY), hostAliases=K("ip", O(ip=S, hostnames=STRINGS)))
TEMPLATE = O(metadata=META, spec=POD)
CONDITIONS = K("type", ANY)
WORKLOAD_STATUS = O(replicas=S, readyReplicas=S, availableReplicas=S, updatedReplicas=S, unavailableReplicas=S,
                    observedGeneration=S, conditions=CONDITIONS)
PVC_SPEC = O(accessModes=STRINGS, storageClassName=S, volumeName=S, volumeMode=S, resources=O(requests=M(Q), limits=M(Q)),
             selector=SELECTOR)
JOB_SPEC = O(template=TEMPLATE, parallelism=S, completions=S, backoffLimit=S, activeDeadlineSeconds=S, ttlSecondsAfterFinished=S,
             completionMode=S, suspend=S, selector=SELECTOR, podReplacementPolicy=S, manualSelector=S)
RULES = L(O(apiGroups=STRINGS, resources=STRINGS, verbs=STRINGS, resourceNames=STRINGS, nonResourceURLs=STRINGS))
SUBJECTS = L(O(kind=S, name=S, namespace=S, apiGroup=S))
ROLE_REF = A(O(apiGroup=S, kind=S, name=S))
PEERS = L(ANY)
INGRESS_BACKEND = O(service=O(name=S, port=O(name=S, number=S)), resource=A(O(apiGroup=S, kind=S, name=S)))
WEBHOOK = O(name=S, clientConfig=O(url=S, caBundle=S, service=O(name=S, namespace=S, path=S, port=S)), rules=L(ANY), failurePolicy=S,
            sideEffects=S, admissionReviewVersions=STRINGS, timeoutSeconds=S, matchPolicy=S, reinvocationPolicy=S,
            namespaceSelector=SELECTOR, objectSelector=SELECTOR, matchConditions=K("name", ANY))
DATA = dict(data=M(), immutable=S)


class Type:
    def __init__(self, group, version, kind, plural, namespaced, schema, short="", status=False, scale=False, custom=False):
        self.group, self.version, self.kind, self.plural, self.namespaced = group, version, kind, plural, namespaced
        self.singular, self.short, self.status, self.scale, self.custom = kind.lower(), short.split(), status, scale, custom
        self.schema = {"t": "object", "fields": dict({"apiVersion": S, "kind": S, "metadata": META}, **schema)}
        self.validation = None  # of a custom resource: its openAPIV3Schema

    @property
    def group_version(self):
        return self.group + "/" + self.version if self.group else self.version


def builtin():
    workload = dict(status=True, scale=True)
    return [
        Type("", "v1", "Namespace", "namespaces", False, dict(spec=O(finalizers=L()), status=ANY), "ns", status=True),
        Type("", "v1", "ConfigMap", "configmaps", True, dict(DATA, binaryData=M()), "cm"),
        Type("", "v1", "Secret", "secrets", True, dict(DATA, stringData=M(), type=S)),
        Type("", "v1", "ServiceAccount", "serviceaccounts", True, dict(
            secrets=K("name", ANY), imagePullSecrets=L(O(name=S)), automountServiceAccountToken=S), "sa"),
        Type("", "v1", "Service", "services", True, dict(spec=O(
            type=S, selector=A(M()), clusterIP=S, clusterIPs=STRINGS, externalName=S, externalIPs=STRINGS, sessionAffinity=S,
            ipFamilies=STRINGS, ipFamilyPolicy=S, internalTrafficPolicy=S, externalTrafficPolicy=S, loadBalancerClass=S,
            allocateLoadBalancerNodePorts=S, publishNotReadyAddresses=S, loadBalancerSourceRanges=STRINGS,
            ports=K("port protocol", O(name=S, port=S, protocol=S, targetPort=S, nodePort=S, appProtocol=S))), status=ANY),
            "svc", status=True),
        Type("", "v1", "Pod", "pods", True, dict(spec=POD, status=ANY), "po", status=True),
        Type("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", True, dict(spec=PVC_SPEC, status=ANY), "pvc", status=True),
        Type("", "v1", "Event", "events", True, dict(
            involvedObject=A(ANY), reason=S, message=S, type=S, count=S, firstTimestamp=S, lastTimestamp=S, eventTime=S,
            source=ANY, reportingComponent=S, reportingInstance=S, action=S), "ev"),
        Type("apps", "v1", "Deployment", "deployments", True, dict(spec=O(
            replicas=S, selector=SELECTOR, template=TEMPLATE, strategy=O(type=S, rollingUpdate=O(maxSurge=S, maxUnavailable=S)),
            revisionHistoryLimit=S, progressDeadlineSeconds=S, minReadySeconds=S, paused=S), status=WORKLOAD_STATUS), "deploy", **workload),
        Type("apps", "v1", "StatefulSet", "statefulsets", True, dict(spec=O(
            replicas=S, selector=SELECTOR, template=TEMPLATE, serviceName=S, podManagementPolicy=S, revisionHistoryLimit=S,
            updateStrategy=ANY, minReadySeconds=S, persistentVolumeClaimRetentionPolicy=ANY,
            volumeClaimTemplates=L(O(apiVersion=S, kind=S, metadata=META, spec=PVC_SPEC, status=ANY))), status=WORKLOAD_STATUS), "sts", **workload),
        Type("apps", "v1", "DaemonSet", "daemonsets", True, dict(spec=O(
            selector=SELECTOR, template=TEMPLATE, updateStrategy=ANY, revisionHistoryLimit=S, minReadySeconds=S),
            status=WORKLOAD_STATUS), "ds", status=True),
        Type("apps", "v1", "ReplicaSet", "replicasets", True, dict(spec=O(replicas=S, selector=SELECTOR, template=TEMPLATE),
                                                                   status=WORKLOAD_STATUS), "rs", **workload),
        Type("batch", "v1", "Job", "jobs", True, dict(spec=JOB_SPEC, status=ANY), status=True),
        Type("batch", "v1", "CronJob", "cronjobs", True, dict(spec=O(
            schedule=S, timeZone=S, concurrencyPolicy=S, suspend=S, startingDeadlineSeconds=S, successfulJobsHistoryLimit=S,
            failedJobsHistoryLimit=S, jobTemplate=O(metadata=META, spec=JOB_SPEC)), status=ANY), "cj", status=True),
        Type("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True, dict(spec=O(
            scaleTargetRef=O(apiVersion=S, kind=S, name=S), minReplicas=S, maxReplicas=S, metrics=L(ANY), behavior=ANY),
            status=ANY), "hpa", status=True),
        Type("networking.k8s.io", "v1", "Ingress", "ingresses", True, dict(spec=O(
            ingressClassName=S, defaultBackend=INGRESS_BACKEND, tls=L(O(hosts=STRINGS, secretName=S)),
            rules=L(O(host=S, http=O(paths=L(O(path=S, pathType=S, backend=INGRESS_BACKEND)))))), status=ANY), "ing", status=True),
        Type("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", True, dict(spec=O(
            podSelector=SELECTOR, policyTypes=STRINGS, ingress=PEERS, egress=PEERS)), "netpol"),
        Type("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", True, dict(spec=O(
            minAvailable=S, maxUnavailable=S, selector=SELECTOR, unhealthyPodEvictionPolicy=S), status=ANY), "pdb", status=True),
        Type("rbac.authorization.k8s.io", "v1", "Role", "roles", True, dict(rules=RULES)),
        Type("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", True, dict(roleRef=ROLE_REF, subjects=SUBJECTS)),
        Type("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", False, dict(
            rules=RULES, aggregationRule=O(clusterRoleSelectors=L(SELECTOR)))),
        Type("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", False, dict(roleRef=ROLE_REF, subjects=SUBJECTS)),
        Type("storage.k8s.io", "v1", "StorageClass", "storageclasses", False, dict(
            provisioner=S, parameters=M(), reclaimPolicy=S, volumeBindingMode=S, allowVolumeExpansion=S, mountOptions=STRINGS), "sc"),
        Type("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", False,
             dict(webhooks=K("name", WEBHOOK))),
        Type("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", False,
             dict(webhooks=K("name", WEBHOOK))),
        Type("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", False, dict(
            spec=O(group=S, scope=S, names=O(kind=S, plural=S, singular=S, listKind=S, shortNames=STRINGS, categories=STRINGS),
                   versions=L(ANY), conversion=ANY, preserveUnknownFields=S), status=ANY), "crd", status=True),
    ]


def schema_of(spec):
    """The schema of a custom resource's openAPIV3Schema."""
    kind = spec.get("type")
    if kind == "object" or "properties" in spec:
        if "properties" in spec:
            result = {"t": "object", "fields": {k: schema_of(v) for k, v in spec["properties"].items()}}
            if spec.get("x-kubernetes-preserve-unknown-fields"):
                result["open"] = True
        elif isinstance(spec.get("additionalProperties"), dict):
            result = M(schema_of(spec["additionalProperties"]))
        else:
            result = dict(ANY) if spec.get("x-kubernetes-preserve-unknown-fields") else {"t": "object", "fields": {}}
        return A(result) if spec.get("x-kubernetes-map-type") == "atomic" else result
    if kind == "array":
        item = schema_of(spec.get("items", {}))
        if spec.get("x-kubernetes-list-type") == "map":
            return {"t": "maplist", "keys": spec["x-kubernetes-list-map-keys"], "item": item}
        return SET if spec.get("x-kubernetes-list-type") == "set" else {"t": "list", "item": item}
    return dict(S) if kind else dict(ANY)


def custom_types(crd):
    spec, names = crd["spec"], crd["spec"]["names"]
    for version in spec["versions"]:
        if not version.get("served"):
            continue
        schema = version["schema"]["openAPIV3Schema"]
        made = schema_of(schema)
        made = Type(spec["group"], version["name"], names["kind"], names["plural"], spec["scope"] == "Namespaced",
                    made.get("fields", {}), " ".join(names.get("shortNames", [])),
                    status="status" in version.get("subresources", {}), custom=True)
        made.schema["fields"]["metadata"] = META
        if schema.get("x-kubernetes-preserve-unknown-fields"):
            made.schema["open"] = True
        made.validation = schema
        yield made


def prune(value, schema, unknown, at=""):
    """Drops nulls and fields that the schema does not have, which are noted; spells quantities as the server does."""
    if isinstance(value, dict) and schema["t"] in ("object", "map"):
        for key in list(value):
            known = schema["t"] == "map" or schema.get("open") or key in schema["fields"]
            if not known:
                unknown.append((at + "." + key).lstrip("."))
            if value[key] is None or not known:
                del value[key]
            else:
                below = schema["value"] if schema["t"] == "map" else schema["fields"].get(key, ANY)
                value[key] = prune(value[key], below, unknown, at + "." + key)
    elif isinstance(value, list) and schema["t"] in ("list", "maplist"):
        return [prune(item, schema["item"], unknown, "%s[%d]" % (at, i)) for i, item in enumerate(value)]
    elif schema["t"] == "quantity":
        return quantity(value)
    return value


UNITS = {"": 1000, "m": 1, "k": 10**6, "M": 10**9, "G": 10**12, "T": 10**15, "Ki": 1000 * 2**10, "Mi": 1000 * 2**20,
         "Gi": 1000 * 2**30, "Ti": 1000 * 2**40}


def quantity(value):
    """The canonical spelling: 1000m is 1, 1024Mi is 1Gi, 0.1 is 100m."""
    match = re.fullmatch(r"([+-]?[0-9.]+)([a-zA-Z]*)", str(value))
    if not match or match.group(2) not in UNITS:
        return value
    milli = round(float(match.group(1)) * UNITS[match.group(2)])
    binary = match.group(2).endswith("i")
    for unit in (["Ti", "Gi", "Mi", "Ki"] if binary else ["T", "G", "M", "k", ""]):
        if milli and milli % UNITS[unit] == 0:
            return str(milli // UNITS[unit]) + unit
    return "0" if milli == 0 else str(milli) + "m"


def put(target, **defaults):
    for key, value in defaults.items():
        target.setdefault(key, value)


def default_pod(spec):
    put(spec, restartPolicy="Always", dnsPolicy="ClusterFirst", schedulerName="default-scheduler", securityContext={},
        terminationGracePeriodSeconds=30)
    if "serviceAccountName" in spec:
        put(spec, serviceAccount=spec["serviceAccountName"])
    for one in spec.get("containers", []) + spec.get("initContainers", []):
        tag = one.get("image", "").rpartition("/")[2].partition(":")[2]
        put(one, imagePullPolicy="Always" if tag in ("", "latest") else "IfNotPresent", resources={},
            terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")
        for port in one.get("ports", []):
            put(port, protocol="TCP")
        for variable in one.get("env", []):
            if "fieldRef" in variable.get("valueFrom", {}):
                put(variable["valueFrom"]["fieldRef"], apiVersion="v1")
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            if probe in one:
                put(one[probe], timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
                if "httpGet" in one[probe]:
                    put(one[probe]["httpGet"], scheme="HTTP", path="/")
    for volume in spec.get("volumes", []):
        for source in ("configMap", "secret"):
            if source in volume:
                put(volume[source], defaultMode=420)


def apply_defaults(o, address):
    """What the server fills in. `address` makes a cluster IP."""
    kind, spec = o["kind"], o.get("spec", {})
    if kind == "Deployment":
        put(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
        put(spec["strategy"], type="RollingUpdate")
        if spec["strategy"]["type"] == "RollingUpdate":
            put(spec["strategy"], rollingUpdate={})
            put(spec["strategy"]["rollingUpdate"], maxSurge="25%", maxUnavailable="25%")
    elif kind == "StatefulSet":
        put(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady", updateStrategy={
            "type": "RollingUpdate", "rollingUpdate": {"partition": 0}}, persistentVolumeClaimRetentionPolicy={
            "whenDeleted": "Retain", "whenScaled": "Retain"})
        for claim in spec.get("volumeClaimTemplates", []):
            put(claim, apiVersion="v1", kind="PersistentVolumeClaim", status={"phase": "Pending"})
            put(claim["spec"], volumeMode="Filesystem")
    elif kind == "DaemonSet":
        put(spec, revisionHistoryLimit=10, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}})
    elif kind == "CronJob":
        put(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    elif kind == "Service":
        put(spec, type="ClusterIP", sessionAffinity="None")
        if spec["type"] != "ExternalName":
            put(spec, clusterIP=address, ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack", internalTrafficPolicy="Cluster")
            put(spec, clusterIPs=[spec["clusterIP"]])
        for port in spec.get("ports", []):
            put(port, protocol="TCP", targetPort=port.get("port"))
    elif kind == "Secret":
        put(o, type="Opaque")
    elif kind == "PersistentVolumeClaim":
        put(spec, volumeMode="Filesystem", storageClassName="standard")
        put(o, status={"phase": "Pending"})
    elif kind == "HorizontalPodAutoscaler":
        put(spec, minReplicas=1)
    elif kind == "Namespace":
        put(o, spec={"finalizers": ["kubernetes"]}, status={"phase": "Active"})
        o["metadata"].setdefault("labels", {}).setdefault("kubernetes.io/metadata.name", o["metadata"]["name"])
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        for subject in o.get("subjects", []):
            if subject.get("kind") in ("User", "Group"):
                put(subject, apiGroup="rbac.authorization.k8s.io")
    elif kind == "StorageClass":
        put(o, reclaimPolicy="Delete", volumeBindingMode="Immediate")
    elif kind == "NetworkPolicy":
        put(spec, policyTypes=["Ingress"] + (["Egress"] if "egress" in spec else []))
    elif kind.endswith("WebhookConfiguration"):
        for hook in o.get("webhooks", []):
            put(hook, failurePolicy="Fail", matchPolicy="Equivalent", timeoutSeconds=10, namespaceSelector={}, objectSelector={})
            if kind.startswith("Mutating"):
                put(hook, reinvocationPolicy="Never")
    job = spec if kind == "Job" else spec.get("jobTemplate", {}).get("spec") if kind == "CronJob" else None
    if job is not None:
        put(job, **({"backoffLimit": 6, "completionMode": "NonIndexed", "suspend": False, "parallelism": 1, "completions": 1,
                     "podReplacementPolicy": "TerminatingOrFailed"} if kind == "Job" else {}))
    pod = spec if kind == "Pod" else (job or spec).get("template", {}).get("spec") if o["apiVersion"] in ("apps/v1", "batch/v1") else None
    if pod is not None:
        default_pod(pod)


def default_custom(value, spec):
    if isinstance(value, dict):
        for key, below in spec.get("properties", {}).items():
            if "default" in below and key not in value:
                value[key] = below["default"]
            if key in value:
                default_custom(value[key], below)
    elif isinstance(value, list):
        for item in value:
            default_custom(item, spec.get("items", {}))


JSON_TYPES = {"string": str, "boolean": bool, "object": dict, "array": list}


def custom_causes(value, spec, at=""):
    """What an openAPIV3Schema refuses: (field, message)."""
    kind = spec.get("type")
    right = isinstance(value, (int, float)) and not isinstance(value, bool) if kind in ("integer", "number") else \
        kind not in JSON_TYPES or isinstance(value, JSON_TYPES[kind]) or spec.get("x-kubernetes-int-or-string")
    if not right:
        yield at, "Invalid value: %s in body must be of type %s" % (at, kind)
        return
    if "enum" in spec and value not in spec["enum"]:
        yield at, 'Unsupported value: "%s": supported values: %s' % (value, ", ".join('"%s"' % e for e in spec["enum"]))
    if isinstance(value, dict):
        for key in spec.get("required", []):
            if key not in value:
                yield (at + "." + key).lstrip("."), "Required value"
        for key, below in spec.get("properties", {}).items():
            if key in value and key != "metadata":
                yield from custom_causes(value[key], below, (at + "." + key).lstrip("."))
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from custom_causes(item, spec.get("items", {}), "%s[%d]" % (at, i))


NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


def causes(o, before, kind_type):
    """What the server refuses with 422 Invalid: (field, message)."""
    kind, spec = o["kind"], o.get("spec", {})
    if not kind.startswith(("Role", "ClusterRole")) and not NAME.fullmatch(o["metadata"]["name"]):
        yield "metadata.name", 'Invalid value: "%s": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, ' \
            "'-' or '.'" % o["metadata"]["name"]
    for key, value in dict(o["metadata"].get("labels", {}), **o["metadata"].get("annotations", {})).items():
        if not isinstance(value, str):
            yield "metadata", "Invalid value: %s must be a string" % key
    if kind in ("ConfigMap", "Secret"):
        for key, value in o.get("data", {}).items():
            if not isinstance(value, str):
                yield "data[%s]" % key, "Invalid value: must be a string"
        if before and before.get("immutable") and (before.get("data") != o.get("data") or not o.get("immutable")):
            yield "data", "Forbidden: field is immutable when `immutable` is set"
        if kind == "Secret" and before and before.get("type") != o.get("type"):
            yield "type", 'Invalid value: "%s": field is immutable' % o.get("type")
    if kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
        labels = spec.get("template", {}).get("metadata", {}).get("labels", {})
        wanted = spec.get("selector", {}).get("matchLabels", {})
        if "selector" not in spec:
            yield "spec.selector", "Required value"
        elif any(labels.get(k) != v for k, v in wanted.items()):
            yield "spec.template.metadata.labels", "Invalid value: `selector` does not match template `labels`"
        if before and before["spec"].get("selector") != spec.get("selector"):
            yield "spec.selector", "Invalid value: field is immutable"
        if not spec.get("template", {}).get("spec", {}).get("containers"):
            yield "spec.template.spec.containers", "Required value"
        for i, one in enumerate(spec.get("template", {}).get("spec", {}).get("containers", [])):
            if not one.get("image"):
                yield "spec.template.spec.containers[%d].image" % i, "Required value"
        if not isinstance(spec.get("replicas", 1), int) or spec.get("replicas", 1) < 0:
            yield "spec.replicas", "Invalid value: must be greater than or equal to 0"
    if kind == "Job" and before and before["spec"].get("template") != spec.get("template"):
        yield "spec.template", "Invalid value: field is immutable"
    if kind == "Service":
        if not spec.get("ports") and spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None":
            yield "spec.ports", "Required value"
        if before and spec.get("type") != "ExternalName" and before["spec"].get("clusterIP") not in (None, spec.get("clusterIP")):
            yield "spec.clusterIPs[0]", 'Invalid value: "%s": may not change once set' % spec.get("clusterIP")
    if kind.endswith("RoleBinding") and before and before.get("roleRef") != o.get("roleRef"):
        yield "roleRef", "Invalid value: cannot change roleRef"
    if kind == "CustomResourceDefinition":
        if o["metadata"]["name"] != "%s.%s" % (spec.get("names", {}).get("plural"), spec.get("group")):
            yield "metadata.name", "Invalid value: must be spec.names.plural+\".\"+spec.group"
        for i, version in enumerate(spec.get("versions", [])):
            if "openAPIV3Schema" not in version.get("schema", {}):
                yield "spec.versions[%d].schema.openAPIV3Schema" % i, "Required value: schemas are required"
    if kind_type.validation:
        yield from custom_causes({k: v for k, v in o.items() if k not in ("apiVersion", "kind", "metadata")}, kind_type.validation)
