import type { Cluster } from "../cluster.ts";
import { negOf, touch } from "../cluster.ts";
import { BOTH, type Fault, failBackends, failFrontend, failFrontendEarly, warnService } from "../fault.ts";
import { annotationsOf, isInternal, LAB, say, usesNeg } from "../gke-controllers.ts";
import { at } from "../manifests.ts";
import { chosenConfig, firstPath, hasRules } from "./translation.ts";

const always = () => true;
const withNeg = (cluster: Cluster) => usesNeg(cluster.service);

function backendName(cluster: Cluster): string {
  return negOf(cluster.service, cluster.service.spec.ports[0]?.port ?? 0);
}

function negMissing(cluster: Cluster): string {
  const neg = `${LAB}/zones/us-central1-a/networkEndpointGroups/${backendName(cluster)}`;
  return `googleapi: Error 404: The resource '${neg}' was not found, notFound`;
}

function dropNegs(cluster: Cluster): void {
  const name = cluster.service.metadata.name;
  const negs = cluster.all("ServiceNetworkEndpointGroup");
  cluster.remove(...negs.filter((neg) => neg.metadata.labels?.["networking.gke.io/service-name"] === name));
}

/** NEGs that Google refuses to make: the object is there, but holds only the refusal. */
function negsRefused(cluster: Cluster, problem: string): void {
  for (const neg of cluster.all("ServiceNetworkEndpointGroup")) {
    if (neg.metadata.labels?.["networking.gke.io/service-name"] !== cluster.service.metadata.name) continue;
    delete neg.status.networkEndpointGroups;
    for (const condition of neg.status.conditions) {
      condition.status = "False";
      condition.reason = condition.type === "Synced" ? "NegSyncFailed" : "NegInitializationFailed";
      condition.message = problem;
    }
  }
}

/** What Google Cloud refuses while backends and the URL map are synced. */
export const SYNC_FAULTS: readonly Fault[] = [
  {
    id: "quota-exceeded BACKEND_SERVICES",
    rootCause: "quota-exceeded",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) =>
      failBackends(
        cluster,
        moment,
        "googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded.  Limit: 5.0 globally., quotaExceeded",
      ),
  },
  {
    id: "quota-exceeded FORWARDING_RULES",
    rootCause: "quota-exceeded",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) =>
      failFrontend(
        cluster,
        moment,
        "googleapi: Error 403: QUOTA_EXCEEDED - Quota 'FORWARDING_RULES' exceeded.  Limit: 15.0 globally.",
        "http-proxy",
      ),
  },
  {
    id: "quota-exceeded NETWORK_ENDPOINT_GROUPS",
    rootCause: "quota-exceeded",
    onsets: ["at-creation"],
    applies: withNeg,
    inject: (cluster, moment) => {
      const problem =
        "googleapi: Error 403: Quota 'NETWORK_ENDPOINT_GROUPS' exceeded.  Limit: 100.0 in region us-central1., quotaExceeded";
      negsRefused(cluster, `failed to get NEG for service: ${problem}`);
      const message = `Failed to sync NEG "${backendName(cluster)}" (will retry): failed to get NEG for service: ${problem}`;
      warnService(cluster, moment, { reason: "SyncNetworkEndpointGroupFailed", message });
      return failBackends(cluster, moment, negMissing(cluster));
    },
  },
  {
    id: "permission-denied",
    rootCause: "permission-denied",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) =>
      failBackends(
        cluster,
        moment,
        `error ensuring health check: googleapi: Error 403: Required 'compute.healthChecks.create' permission for '${LAB}/global/healthChecks/${backendName(cluster)}', forbidden`,
      ),
  },
  {
    id: "permission-denied to attach",
    rootCause: "permission-denied",
    symptoms: ["502"],
    onsets: ["at-creation"],
    applies: (cluster) => withNeg(cluster) && cluster.services.length === 1,
    inject: (cluster, moment) => {
      const message =
        `Failed to Attach 1 network endpoint(s) (NEG "${backendName(cluster)}" in zone "us-central1-a"): ` +
        `googleapi: Error 403: Required 'compute.networkEndpointGroups.attachNetworkEndpoints' permission for '${LAB}/zones/us-central1-a/networkEndpointGroups/${backendName(cluster)}', forbidden`;
      warnService(cluster, moment, { reason: "AttachFailed", message });
      for (const ingress of cluster.all("Ingress")) {
        const annotations = annotationsOf(ingress);
        const own = annotations["ingress.kubernetes.io/backends"] ?? "";
        annotations["ingress.kubernetes.io/backends"] = own.replace(
          /("k8s1-[^"]*-shop-[^"]*":)"HEALTHY"/g,
          '$1"Unknown"',
        );
      }
      return [];
    },
  },
  {
    id: "org-policy-denied",
    rootCause: "org-policy-denied",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) =>
      failFrontend(
        cluster,
        moment,
        `googleapi: Error 412: Constraint constraints/compute.restrictLoadBalancerCreationForTypes violated for ${LAB}. Forwarding Rule projects/lab-project/global/forwardingRules/x of type EXTERNAL_HTTP_HTTPS is not allowed., conditionNotMet`,
        "http-proxy",
      ),
  },
  {
    id: "api-disabled",
    rootCause: "api-disabled",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) =>
      failBackends(
        cluster,
        moment,
        "googleapi: Error 403: Compute Engine API has not been used in project 4711 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=4711 then retry., accessNotConfigured",
      ),
  },
  {
    id: "api-rate-limited",
    rootCause: "api-rate-limited",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) =>
      failBackends(
        cluster,
        moment,
        "googleapi: Error 403: Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'compute.googleapis.com' for consumer 'project_number:4711'., rateLimitExceeded",
      ),
  },
  {
    id: "security-policy-not-found",
    rootCause: "security-policy-not-found",
    onsets: BOTH,
    applies: (cluster) => !isInternal(cluster),
    inject: (cluster, moment) => {
      chosenConfig(cluster, moment).spec.securityPolicy = { name: "edge-policy" };
      const name = backendName(cluster);
      return failBackends(
        cluster,
        moment,
        `failed to set security policy from "" to "edge-policy" for backend service ${name} (global/backendServices/${name}): googleapi: Error 404: The resource '${LAB}/global/securityPolicies/edge-policy' was not found, notFound`,
      );
    },
  },
  {
    id: "security policy on an internal load balancer",
    codes: ["GID614"],
    onsets: BOTH,
    applies: (cluster) => isInternal(cluster),
    inject: (cluster, moment) => {
      chosenConfig(cluster, moment).spec.securityPolicy = { name: "edge-policy" };
      return failBackends(
        cluster,
        moment,
        `cloud armor security policies not supported for regional backend service ${backendName(cluster)}`,
      );
    },
  },
  {
    id: "health-check-timeout-exceeds-interval",
    rootCause: "health-check-timeout-exceeds-interval",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      const config = chosenConfig(cluster, moment);
      config.spec.healthCheck = { ...config.spec.healthCheck, checkIntervalSec: 10, timeoutSec: 30 };
      return failBackends(
        cluster,
        moment,
        "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.timeoutSec': '30'. timeoutSec must be less than or equal to checkIntervalSec., invalid",
      );
    },
  },
  {
    id: "health check type unknown",
    codes: ["GID607"],
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      const config = chosenConfig(cluster, moment);
      config.spec.healthCheck = { ...config.spec.healthCheck, type: "TCP" };
      return failBackends(
        cluster,
        moment,
        'error ensuring health check: Protocol "TCP" is not valid, must be one of ["HTTP","HTTPS","HTTP2"]',
      );
    },
  },
  {
    id: "neg-custom-name-with-ingress",
    rootCause: "neg-custom-name-with-ingress",
    onsets: ["at-creation"],
    applies: withNeg,
    inject: (cluster, moment) => {
      const { service } = cluster;
      dropNegs(cluster);
      delete annotationsOf(service)["cloud.google.com/neg-status"];
      annotationsOf(service)["cloud.google.com/neg"] =
        '{"ingress":true,"exposed_ports":{"80":{"name":"my-neg"}}}';
      touch(service, moment.at);
      const { name } = service.metadata;
      const message = `error processing service "shop/${name}": configuration for negs in service (shop/${name}) is invalid, custom neg name cannot be used with ingress enabled`;
      warnService(cluster, moment, { reason: "ProcessServiceFailed", message });
      return failBackends(cluster, moment, negMissing(cluster));
    },
  },
  {
    id: "neg-exposed-port-not-in-service",
    rootCause: "neg-exposed-port-not-in-service",
    onsets: ["at-creation"],
    applies: withNeg,
    inject: (cluster, moment) => {
      const { service } = cluster;
      dropNegs(cluster);
      delete annotationsOf(service)["cloud.google.com/neg-status"];
      annotationsOf(service)["cloud.google.com/neg"] = '{"ingress":true,"exposed_ports":{"8080":{}}}';
      touch(service, moment.at);
      const message = `error processing service "shop/${service.metadata.name}": port 8080 specified in "cloud.google.com/neg" doesn't exist in the service`;
      warnService(cluster, moment, { reason: "ProcessServiceFailed", message });
      return failBackends(cluster, moment, negMissing(cluster));
    },
  },
  {
    id: "internal NodePort Service without NEG",
    rootCause: "internal-ingress-without-neg",
    onsets: ["at-creation"],
    applies: (cluster) => isInternal(cluster),
    inject: (cluster, moment) => {
      const { service } = cluster;
      dropNegs(cluster);
      delete annotationsOf(service)["cloud.google.com/neg"];
      delete annotationsOf(service)["cloud.google.com/neg-status"];
      service.spec.type = "NodePort";
      for (const port of service.spec.ports) port.nodePort = 30080;
      touch(service, moment.at);
      return failBackends(cluster, moment, negMissing(cluster));
    },
  },
  {
    id: "neg-name-conflict",
    rootCause: "neg-name-conflict",
    onsets: ["at-creation"],
    applies: withNeg,
    inject: (cluster, moment) => {
      const name = backendName(cluster);
      const problem = `found conflicting description in neg ${name}: expected description of NEG object "us-central1-a"/"${name}" to be {"cluster-uid":"a"}, but got {"cluster-uid":"b"}`;
      negsRefused(cluster, problem);
      const message = `Failed to sync NEG "${name}" (will retry): failed to get NEG for service: ${problem}`;
      warnService(cluster, moment, { reason: "SyncNetworkEndpointGroupFailed", message });
      return failBackends(cluster, moment, negMissing(cluster));
    },
  },
  {
    id: "too-many-host-rules",
    rootCause: "too-many-host-rules",
    onsets: BOTH,
    applies: (cluster) => hasRules(cluster),
    inject: (cluster, moment) => {
      const { rules = [] } = cluster.ingress.spec;
      const { name } = firstPath(cluster)?.backend.service ?? { name: "web" };
      const port = firstPath(cluster)?.backend.service?.port;
      const more = Array.from({ length: 51 - rules.length }, (_, index) =>
        at(`tenant-${index}.example.com`, ["/", name, "Prefix", port?.name ?? port?.number ?? 80]),
      );
      cluster.ingress.spec.rules = [...rules, ...more];
      touch(cluster.ingress, moment.at);
      return failFrontend(
        cluster,
        moment,
        `${moment.onset === "later" ? "UpdateURLMap" : "CreateUrlMap"}: googleapi: Error 413: Value for field 'resource.hostRules' is too large: maximum size 50 element(s); actual size 51., fieldSizeTooLarge`,
      );
    },
  },
  {
    id: "path-wildcard-invalid like a regular expression",
    rootCause: "path-wildcard-invalid",
    onsets: BOTH,
    applies: hasRules,
    inject: (cluster, moment) => {
      const path = firstPath(cluster);
      if (path !== undefined)
        Object.assign(path, { path: "/v[0-9]+/.*", pathType: "ImplementationSpecific" });
      touch(cluster.ingress, moment.at);
      return failFrontend(
        cluster,
        moment,
        "CreateUrlMap: googleapi: Error 400: Invalid value for field 'resource.pathMatchers[0].pathRules[0].paths[0]': '/v[0-9]+/.*'. Path must begin with '/' and '*' is only allowed as the last character following '/'., invalid",
      );
    },
  },
  {
    id: "Ingress name with a dot",
    codes: ["GID112"],
    onsets: ["at-creation"],
    applies: (cluster) => cluster.all("Ingress").length === 1,
    inject: (cluster, moment) => {
      const events = failFrontendEarly(
        cluster,
        moment,
        "invalid loadbalancer name 2ss3pdds-shop-web.v2-8tkl2xbn, the resource name must comply with RFC1035 (https://www.ietf.org/rfc/rfc1035.txt)",
      );
      cluster.ingress.metadata.name = "web.v2";
      for (const event of cluster.all("Event")) {
        if (event.involvedObject.kind === "Ingress") event.involvedObject.name = "web.v2";
      }
      return events;
    },
  },
  {
    id: "node in two instance groups",
    codes: ["GID110"],
    onsets: BOTH,
    applies: (cluster) => !withNeg(cluster),
    inject: (cluster, moment) =>
      failBackends(
        cluster,
        moment,
        "googleapi: Error 400: Validation failed for instance 'projects/lab-project/zones/us-central1-a/instances/gke-lab-default-pool-5f3c2a1b-k1': instance may belong to at most one load-balanced instance group., instanceInMultipleLoadBalancedIgs",
      ),
  },
  {
    id: "IAP credentials removed",
    codes: ["GID622"],
    onsets: ["later"],
    applies: (cluster) => cluster.all("Secret").some(({ metadata }) => metadata.name === "iap-oauth"),
    inject: (cluster, moment) => {
      const config = chosenConfig(cluster, moment);
      config.spec.iap = { enabled: true, oauthclientCredentials: { secretName: "" } };
      return failBackends(
        cluster,
        moment,
        "Errored updating IAP Settings for service shop/web: Cannot switch to default OAuth once IAP credentials have been set",
      );
    },
  },
  {
    id: "garbage collection fails",
    codes: ["GID117"],
    symptoms: ["stale", "degraded"],
    onsets: ["later"],
    applies: always,
    inject: (cluster, { at: since }) => [
      say(cluster, {
        about: cluster.ingress,
        type: "Warning",
        reason: "GarbageCollection",
        message:
          "Error during garbage collection: googleapi: Error 400: The health_check resource 'projects/lab-project/global/healthChecks/k8s1-old' is already being used by 'projects/lab-project/global/backendServices/by-hand', resourceInUseByAnotherResource",
        firstAt: since,
        count: 6,
      }),
    ],
  },
];
