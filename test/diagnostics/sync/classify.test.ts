import { describe, expect, it } from "vitest";
import type { SyncCause } from "../../../src/diagnostics/sync/causes.ts";
import { classifySyncError, unwrappedError } from "../../../src/diagnostics/sync/classify.ts";

const PROJECT = "projects/demo-project";
const LB =
  "Error syncing to GCP: error running load balancer syncing routine: loadbalancer x-shop-web-y does not exist: ";
const BACKEND = "Error syncing to GCP: error running backend syncing routine: ";
const SPEC = "Translation failed: invalid ingress spec: ";

/** Messages as controllers of several versions word them, each with what it blames. */
const CASES: readonly (readonly [string, SyncCause])[] = [
  // Refusals of Compute Engine
  [
    `${BACKEND}googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded.  Limit: 5.0 globally., quotaExceeded`,
    { kind: "quota", metric: "BACKEND_SERVICES", limit: "5.0 globally" },
  ],
  [
    `${LB}googleapi: Error 403: QUOTA_EXCEEDED - Quota 'FORWARDING_RULES' exceeded.  Limit: 15.0 in region us-central1.`,
    { kind: "quota", metric: "FORWARDING_RULES", limit: "15.0 in region us-central1" },
  ],
  ["googleapi: Error 403: Too much of something, quotaExceeded", { kind: "quota" }],
  [
    `${LB}Cert creation failures - k8s2-cr-x Error:googleapi: Error 403: Quota 'SSL_CERTIFICATES' exceeded. Limit: 10.0 globally., quotaExceeded`,
    { kind: "quota", metric: "SSL_CERTIFICATES", limit: "10.0 globally" },
  ],
  [
    "googleapi: Error 403: Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'compute.googleapis.com', rateLimitExceeded",
    { kind: "rate-limited" },
  ],
  ["googleapi: Error 403: Rate Limit Exceeded, rateLimitExceeded", { kind: "rate-limited" }],
  ["googleapi: Error 429: Too many requests", { kind: "rate-limited" }],
  [
    `${BACKEND}error ensuring health check: googleapi: Error 403: Required 'compute.healthChecks.create' permission for '${PROJECT}/global/healthChecks/x', forbidden`,
    {
      kind: "permission",
      permission: "compute.healthChecks.create",
      resource: `${PROJECT}/global/healthChecks/x`,
    },
  ],
  ["googleapi: Error 403: Insufficient Permission, insufficientPermissions", { kind: "permission" }],
  [
    `failed to set security policy from "" to "edge" for backend service x: googleapi: Error 403: Required 'compute.securityPolicies.use' permission for 'x', forbidden`,
    { kind: "permission", permission: "compute.securityPolicies.use", resource: "x" },
  ],
  [
    `${LB}googleapi: Error 412: Constraint constraints/compute.restrictLoadBalancerCreationForTypes violated for ${PROJECT}. Forwarding Rule of type EXTERNAL_HTTP_HTTPS is not allowed., conditionNotMet`,
    { kind: "org-policy", constraint: "constraints/compute.restrictLoadBalancerCreationForTypes" },
  ],
  ["googleapi: Error 403: Denied by organization policy, forbidden", { kind: "org-policy" }],
  [
    "googleapi: Error 403: Compute Engine API has not been used in project 42 before or it is disabled. Enable it and retry., accessNotConfigured",
    { kind: "api-disabled", billing: false },
  ],
  [
    "googleapi: Error 403: This API method requires billing to be enabled., billingNotEnabled",
    { kind: "api-disabled", billing: true },
  ],
  [
    "googleapi: Error 403: Required 'compute.zones.list' permission for 'projects/billing-prod', forbidden",
    { kind: "permission", permission: "compute.zones.list", resource: "projects/billing-prod" },
  ],
  [
    "Error during sync: googleapi: Error 412: Invalid fingerprint., conditionNotMet",
    { kind: "concurrent-change", detail: "fingerprint" },
  ],
  [
    `googleapi: Error 400: The resource '${PROJECT}/global/backendServices/x' is not ready, resourceNotReady`,
    { kind: "concurrent-change", detail: "not-ready" },
  ],
  [
    `googleapi: Error 409: The resource '${PROJECT}/global/urlMaps/x' already exists, alreadyExists`,
    { kind: "concurrent-change", detail: "already-exists" },
  ],
  [
    "Error during garbage collection: googleapi: Error 400: The health_check resource 'a' is already being used by 'b', resourceInUseByAnotherResource",
    { kind: "resource-in-use", resource: "a", by: "b" },
  ],
  [
    "googleapi: Error 400: Validation failed for instance 'projects/p-12345/zones/z/instances/node-a': instance may belong to at most one load-balanced instance group., instanceInMultipleLoadBalancedIgs",
    { kind: "node-in-multiple-groups", instance: "node-a" },
  ],
  [
    "received errors when updating backend service: googleapi: Error 400: backend services 1 and 2 point to the same instance group but the backends have incompatible balancing_mode, invalid",
    { kind: "balancing-mode-conflict" },
  ],
  [
    "googleapi: Error 503: Internal error. Please try again, backendError",
    { kind: "google-unavailable", status: 503 },
  ],
  ["googleapi: got HTTP response code 502 with body: <html>", { kind: "google-unavailable", status: 502 }],
  // Front end
  [
    `${LB}the given static IP name web-ip doesn't translate to an existing static IP.`,
    { kind: "static-ip-missing", name: "web-ip" },
  ],
  [
    "Error: both global-static-ip and regional-static-ip cannot be specified",
    { kind: "static-ip-annotations-conflict" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.IPAddress': '203.0.113.9'. Specified IP address is in-use and would result in a conflict., invalid`,
    { kind: "address-in-use", address: "203.0.113.9" },
  ],
  [
    `${LB}googleapi: Error 409: IP_IN_USE_BY_ANOTHER_RESOURCE - IP '10.0.0.9' is already being used by another resource.`,
    { kind: "address-in-use", address: "10.0.0.9" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.IPAddress': '203.0.113.9'. Invalid IP address specified., invalid`,
    { kind: "address-invalid", address: "203.0.113.9" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.target': 'x'. A reserved and active subnetwork is required in the same region and VPC as the forwarding rule., invalid`,
    { kind: "proxy-only-subnet-missing" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.target': 'x'. An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule., invalid`,
    { kind: "proxy-only-subnet-missing" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.networkTier': 'STANDARD'. The network tier must be PREMIUM., invalid`,
    { kind: "network-tier" },
  ],
  [
    `${LB}invalid configuration: both HTTP and HTTPS are disabled (kubernetes.io/ingress.allow-http is false)`,
    { kind: "protocols-disabled" },
  ],
  [`${LB}error invalid internal ingress https config`, { kind: "internal-protocols" }],
  [
    "gce-internal Ingress class must be configured with a static-ip to use both HTTP and HTTPS",
    { kind: "internal-protocols" },
  ],
  [
    "Error syncing to GCP: error running load balancer syncing routine: invalid loadbalancer name x-shop-web.v2-y, the resource name must comply with RFC1035",
    { kind: "name-invalid", name: "x-shop-web.v2-y" },
  ],
  [
    'Error syncing to GCP: error running load balancer syncing routine: error initializing translator env: secrets "web-tls" not found',
    { kind: "secret-missing", secret: "web-tls" },
  ],
  ['error initializing translator env: secret "" does not exist', { kind: "secret-unnamed" }],
  [
    'error initializing translator env: secret "web-tls" does not specify private key as string data',
    { kind: "secret-key-missing", secret: "web-tls", key: "tls.key" },
  ],
  [
    'error initializing translator env: secret "web-tls" does not specify cert as string data',
    { kind: "secret-key-missing", secret: "web-tls", key: "tls.crt" },
  ],
  [
    `${LB}CreateUrlMap: googleapi: Error 413: Value for field 'resource.hostRules' is too large: maximum size 50 element(s); actual size 53., fieldSizeTooLarge`,
    { kind: "url-map-too-large", field: "resource.hostRules", max: 50, actual: 53 },
  ],
  [
    `${LB}CreateUrlMap: googleapi: Error 400: Invalid value for field 'resource.pathMatchers[0].pathRules[0].paths[0]': '/v[0-9]+/.*'. Path must begin with '/'., invalid`,
    {
      kind: "url-map-refused",
      field: "resource.pathMatchers[0].pathRules[0].paths[0]",
      value: "/v[0-9]+/.*",
    },
  ],
  [
    `${LB}googleapi: Error 413: Value for field 'resource.sslCertificates' is too large: maximum size 15 element(s); actual size 16., fieldSizeTooLarge`,
    { kind: "too-many-certificates", max: 15, actual: 16 },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.sslCertificates': ''. Exceeded the number of certificates., invalid`,
    { kind: "too-many-certificates" },
  ],
  [
    `${LB}googleapi: Error 404: The resource '${PROJECT}/global/sslCertificates/corp' was not found, notFound`,
    { kind: "certificate-missing", name: "corp", location: "global" },
  ],
  [
    `${LB}googleapi: Error 404: The resource '${PROJECT}/regions/us-central1/sslCertificates/corp' was not found, notFound`,
    { kind: "certificate-missing", name: "corp", location: "regions/us-central1" },
  ],
  [
    `${LB}Cert creation failures - k8s2-cr-x Error:googleapi: Error 400: The SSL certificate could not be parsed., sslCertificateCouldNotParseCert`,
    { kind: "certificate-refused", certificate: "k8s2-cr-x", problem: "malformed" },
  ],
  [
    `${LB}Cert creation failures - k8s2-cr-x Error:googleapi: Error 400: Invalid value for field 'resource.privateKey'. The private key does not match the certificate., invalid`,
    { kind: "certificate-refused", certificate: "k8s2-cr-x", problem: "key-mismatch" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.certificate': 'x'. Unsupported key size RSA-4096., invalid`,
    { kind: "certificate-refused", problem: "key-size" },
  ],
  [
    `${LB}googleapi: Error 404: The resource '${PROJECT}/global/sslPolicies/strict' was not found, notFound`,
    { kind: "ssl-policy-missing", name: "strict" },
  ],
  ["Error: no FrontendConfig for Ingress exists.", { kind: "frontend-config-missing" }],
  [
    "ensureRedirectUrlMap() = error: cannot enable HTTPS Redirects with L7 ILB",
    { kind: "redirect-on-internal" },
  ],
  [
    "ensureRedirectUrlMap() = error: cannot enable HTTPS Redirects with the V1 Ingress naming scheme. Recreate it.",
    { kind: "redirect-needs-v2-names" },
  ],
  [
    `${LB}googleapi: Error 400: Invalid value for field 'resource.defaultUrlRedirect.redirectResponseCode': 'MOVED'. Unknown value., invalid`,
    { kind: "redirect-code-invalid", value: "MOVED" },
  ],
  ["ManagedCertificate shop:web-cert missing", { kind: "managed-certificate-missing", name: "web-cert" }],
  [
    'Ingress class "gce" is not supported in this environment. Please use "gce-regional-external".',
    { kind: "class-unavailable", instead: "gce-regional-external" },
  ],
  // Backends and NEGs
  [
    `${BACKEND}googleapi: Error 404: The resource '${PROJECT}/zones/us-central1-a/networkEndpointGroups/k8s1-x' was not found, notFound`,
    { kind: "neg-missing", neg: "k8s1-x", zone: "us-central1-a" },
  ],
  ['error processing service "shop/web": NEG annotation is invalid.', { kind: "neg-annotation-invalid" }],
  [
    'error processing service "shop/web": port 8080 specified in "cloud.google.com/neg" doesn\'t exist in the service',
    { kind: "neg-port-missing", port: "8080" },
  ],
  [
    'error processing service "shop/web": configuration for negs in service (shop/web) is invalid, custom neg name cannot be used with ingress enabled',
    { kind: "neg-custom-name-with-ingress" },
  ],
  [
    "failed to ensure svc neg cr shop/twin/80 for port: Neg shop/twin has a label mismatch. Expected key networking.gke.io/service-name to have the value two but found one. Neg is likely taken by oneervice.",
    { kind: "neg-name-conflict", neg: "twin", owner: "one" },
  ],
  [
    "found conflicting description in neg twin: expected a, got b",
    { kind: "neg-name-conflict", neg: "twin" },
  ],
  ["NEG is not supported for ipv6 only service (*v1.Service)", { kind: "neg-ipv6-only" }],
  [
    'Failed to sync NEG "k8s1-x" (will retry): unexpected error when getting zone for endpoint ["10.0.0.1"] in endpoint slice shop/manual: endpoint corresponds to an non-existing node: node not found: failed to get node gone',
    { kind: "neg-endpoint-node", node: "gone", endpointSlice: "shop/manual" },
  ],
  [
    'Failed to sync NEG "k8s1-x" (will not retry): Failed to lookup NEG in zone ""',
    { kind: "neg-node-without-zone" },
  ],
  [
    "googleapi: Error 400: Specified IP address 10.4.0.7 doesn't belong to the (sub)network default or to the instance node-a., invalid",
    { kind: "neg-address-outside-subnet", address: "10.4.0.7" },
  ],
  [
    "Failed to Attach 2 network endpoint(s) (NEG \"web\" in zone \"us-central1-a\"): googleapi: Error 400: Invalid value for field 'resource.ipAddress': '10.4.0.7'. Specified IP address 10.4.0.7 doesn't belong to the (sub)network default or to the instance node-a., invalid",
    { kind: "neg-address-outside-subnet", address: "10.4.0.7" },
  ],
  ["Entering degraded mode for NEG shop/web due to sync err: EPCountsDiffer", { kind: "neg-degraded" }],
  ["error retrieving IG for linking with backend: not there", { kind: "instance-group-missing" }],
  [
    "error ensuring health check: Error getting prober: unable to find nodeport {80 0 http 8080} in any service",
    { kind: "node-port-missing" },
  ],
  [
    "the HTTP health check configuration on the existing health check k8s-be-1 is nil: x",
    { kind: "health-check-protocol-flip", healthCheck: "k8s-be-1" },
  ],
  [
    'error ensuring health check: Protocol "TCP" is not valid, must be one of ["HTTP","HTTPS","HTTP2"]',
    { kind: "health-check-type-invalid", type: "TCP" },
  ],
  [
    "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.timeoutSec': '30'. Timeout must not exceed the interval., invalid",
    { kind: "health-check-refused", field: "resource.timeoutSec", value: "30" },
  ],
  [
    `failed to set security policy from "" to "edge" for backend service x: googleapi: Error 404: The resource '${PROJECT}/global/securityPolicies/edge' was not found, notFound`,
    { kind: "security-policy-missing", name: "edge" },
  ],
  [
    "cloud armor security policies not supported for regional backend service x",
    { kind: "security-policy-unsupported" },
  ],
  [
    "Errored updating IAP Settings for service shop/web: Cannot switch to default OAuth once IAP credentials have been set",
    { kind: "iap-credentials-switched" },
  ],
  [
    `googleapi: Error 404: The resource '${PROJECT}/global/urlMaps/x' was not found, notFound`,
    { kind: "resource-missing", collection: "urlMaps", name: "x" },
  ],
  // Translation
  [`${SPEC}could not find service "shop/api"`, { kind: "service-missing", service: "shop/api" }],
  [
    `${SPEC}could not find port "&ServiceBackendPort{Name:https,Number:0,}" in service "shop/api"`,
    { kind: "service-port-missing", port: "https", service: "shop/api" },
  ],
  [
    `error while evaluating the ingress spec: could not find port "&ServiceBackendPort{Name:,Number:8080,}" in service "shop/api"`,
    { kind: "service-port-missing", port: "8080", service: "shop/api" },
  ],
  [
    `${SPEC}service "shop/api" is type "ClusterIP", expected "NodePort" or "LoadBalancer" when not using NEGs`,
    { kind: "service-type-unsupported", service: "shop/api", type: "ClusterIP" },
  ],
  [
    `${SPEC}could not parse "service.alpha.kubernetes.io/app-protocols" annotation on service "shop/api", err: invalid port application protocol: H2C`,
    { kind: "app-protocols-invalid", service: "shop/api", problem: "invalid port application protocol: H2C" },
  ],
  [
    `${SPEC}error getting BackendConfig for port "&ServiceBackendPort{Name:,Number:80,}" on service "shop/api", err: no BackendConfig for service port exists.`,
    { kind: "backend-config-missing", service: "shop/api", port: "80" },
  ],
  [
    `${SPEC}error getting BackendConfig for port "&ServiceBackendPort{Name:,Number:80,}" on service "shop/api", err: BackendConfig annotation is invalid json`,
    {
      kind: "backend-config-annotation-invalid",
      service: "shop/api",
      port: "80",
      problem: "BackendConfig annotation is invalid json",
    },
  ],
  [
    `${SPEC}BackendConfig shop/bc is not valid: iap and cdn cannot be enabled at the same time`,
    {
      kind: "backend-config-invalid",
      backendConfig: "shop/bc",
      problem: "iap and cdn cannot be enabled at the same time",
    },
  ],
  [
    `${SPEC}BackendConfig shop/bc is not valid: error retrieving secret key: secrets "key" not found`,
    { kind: "secret-missing", secret: "key", backendConfig: "shop/bc" },
  ],
  [
    `${SPEC}BackendConfig shop/bc is not valid: secret oauth missing client_id data`,
    { kind: "secret-key-missing", secret: "oauth", key: "client_id", backendConfig: "shop/bc" },
  ],
  [
    `${SPEC}failed to validate prefix path /a/* due to invalid wildcard`,
    { kind: "path-invalid", pathType: "prefix", path: "/a/*" },
  ],
  [
    `${SPEC}failed to validate exact path type due to empty path`,
    { kind: "path-invalid", pathType: "exact", path: "" },
  ],
  [`${SPEC}unsupported path type: Regex`, { kind: "path-invalid", pathType: "Regex", path: "" }],
  [`${SPEC}Ingress Backend is not a service`, { kind: "resource-backend" }],
  [
    `${SPEC}failed to retrieve the system default backend service "kube-system/default-http-backend" with port "&ServiceBackendPort{Name:http,Number:0,}": could not find service "kube-system/default-http-backend"`,
    { kind: "system-default-backend-missing", service: "kube-system/default-http-backend" },
  ],
  // Nobody knows these
  ["", { kind: "unrecognized" }],
  ["something new went wrong", { kind: "unrecognized" }],
  ["googleapi: Error 400: Something new., invalid", { kind: "unrecognized" }],
];

describe("classifySyncError", () => {
  it.each(CASES)("%s", (message, cause) => {
    expect(classifySyncError(message)).toEqual(cause);
  });

  it("knows every error behind every wrapper that controllers put around it", () => {
    for (const [message, cause] of CASES.slice(0, 40)) {
      const inner = unwrappedError(message);
      for (const wrapper of [LB, BACKEND, "Error during sync: ", "(combined from similar events): "]) {
        expect(classifySyncError(unwrappedError(wrapper + inner)), wrapper + inner).toEqual(cause);
      }
    }
  });

  // A pattern that backtracks would not come back from these.
  it.each([
    ["open quotes", "'".repeat(1 << 20)],
    ["field after field", "field '".repeat(150_000)],
    ["links", "projects/a/global/".repeat(60_000)],
    ["spaces", `${" ".repeat(1 << 20)},`],
    ["errors", "googleapi: Error 403: ".repeat(50_000)],
    ["static addresses", "static IP name ".repeat(70_000)],
    ["BackendConfigs", "BackendConfig x is not valid: ".repeat(35_000)],
  ])("answers on a hostile message of a megabyte: %s", (_name, message) => {
    expect(classifySyncError(message).kind).toBeTypeOf("string");
    expect(unwrappedError(message).length).toBeLessThanOrEqual(16 * 1024);
  });

  it("reads the end of an over-long message, where the reason stands", () => {
    const message = `googleapi: Error 403: ${"x".repeat(1 << 20)}, quotaExceeded`;
    expect(classifySyncError(message)).toEqual({ kind: "quota" });
  });
});
