import { describe, expect, it } from "vitest";
import { identifyRecordedError } from "./recorded-error.ts";

describe("texts of the real translator", () => {
  it.each([
    ['could not find service "shop/gone"', "service-not-found", "shop/gone"],
    [
      'could not find port "&ServiceBackendPort{Name:htpp,Number:0,}" in service "shop/web"',
      "service-port-not-found",
      "shop/web",
    ],
    [
      'service "shop/web" is type "ClusterIP", expected "NodePort" or "LoadBalancer" when not using NEGs',
      "service-type",
      "shop/web",
    ],
    [
      'could not parse "service.alpha.kubernetes.io/app-protocols" annotation on service "shop/web", err: any\ntext',
      "app-protocols",
      "shop/web",
    ],
    [
      'error getting BackendConfig for port "&ServiceBackendPort{Name:,Number:80,}" on service "shop/web", err: x',
      "backend-config",
      "shop/web",
    ],
    ["BackendConfig shop/web-bc is not valid: iap and cdn …", "backend-config", "shop/web-bc"],
    ["failed to validate exact path /a b* due to invalid wildcard", "path-type", "/a b*"],
    ["failed to validate prefix path /a* due to invalid wildcard", "path-type", "/a*"],
    ["failed to validate prefix path type due to empty path", "path-type", ""],
    ["failed to validate exact path type due to empty path", "path-type", ""],
    ["unsupported path type: Regex", "path-type", "Regex"],
    ["Ingress Backend is not a service", "resource-backend", ""],
    [
      'failed to retrieve the system default backend service "kube-system/default-http-backend" with port "&ServiceBackendPort{Name:http,Number:0,}": could not find service "kube-system/default-http-backend"',
      "default-backend",
      "kube-system/default-http-backend",
    ],
  ])("%s: %s of %j", (text, kind, object) => {
    expect(identifyRecordedError(text)).toEqual({ kind, object });
  });

  it("are kept whole when they are of no known form", () => {
    expect(identifyRecordedError("something new")).toEqual({ kind: "unrecognised", object: "something new" });
  });
});
