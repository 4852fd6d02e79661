import { compact, each, flag, number, record, text, texts } from "../../model/json.ts";
import type {
  BackendGroup,
  BackendService,
  EndpointHealth,
  HealthCheck,
  InstanceGroup,
  NetworkEndpointGroup,
} from "../../model/load-balancer.ts";
import type { Observed } from "../../model/observed.ts";
import { describedAs } from "./frontend.ts";
import { createdAt, nameOf, namesOf, optionalName, ownName, scopeOf, segment } from "./resource.ts";

/** Projects a backend service; its health is read in calls of its own. */
export function projectBackendService(
  raw: unknown,
  health: Observed<readonly EndpointHealth[]>,
): BackendService {
  return compact(
    {
      name: ownName(raw),
      scope: scopeOf(raw),
      createdAt: createdAt(raw),
      protocol: text(raw, "protocol") ?? "",
      scheme: text(raw, "loadBalancingScheme") ?? "",
      timeoutSec: number(raw, "timeoutSec") ?? 30,
      drainingTimeoutSec: number(record(raw, "connectionDraining"), "drainingTimeoutSec") ?? 0,
      sessionAffinity: text(raw, "sessionAffinity") ?? "NONE",
      cdnEnabled: flag(raw, "enableCDN") ?? flag(raw, "enableCdn") ?? false,
      iapEnabled: flag(record(raw, "iap"), "enabled") ?? false,
      groups: each(raw, "backends", projectGroup),
      healthChecks: namesOf(texts(raw, "healthChecks")),
      health,
    },
    {
      serviceKey: describedAs(text(raw, "description"), "kubernetes.io/service-name"),
      portName: text(raw, "portName"),
      localityLbPolicy: text(raw, "localityLbPolicy"),
      securityPolicy: optionalName(raw, "securityPolicy"),
    },
  );
}

function projectGroup(raw: unknown): BackendGroup {
  const url = text(raw, "group");
  return Object.freeze({
    kind: url?.includes("/instanceGroups/") ? "instance-group" : "neg",
    name: nameOf(url),
    zone: segment(url, "zones"),
    balancingMode: text(raw, "balancingMode") ?? "",
    capacityScaler: number(raw, "capacityScaler") ?? 1,
  });
}

/** Projects one `getHealth` answer of a group in a zone. */
export function projectHealth(raw: unknown, zone: string): readonly EndpointHealth[] {
  return each(raw, "healthStatus", (status) =>
    compact(
      {
        address: text(status, "ipAddress") ?? "",
        port: number(status, "port") ?? 0,
        state: text(status, "healthState") ?? "UNKNOWN",
        zone,
      },
      { instance: optionalName(status, "instance") },
    ),
  );
}

const PROTOCOL_FIELDS = ["httpHealthCheck", "httpsHealthCheck", "http2HealthCheck"] as const;

/** Projects a health check of any HTTP kind. */
export function projectHealthCheck(raw: unknown): HealthCheck {
  const settings = PROTOCOL_FIELDS.map((key) => record(raw, key)).find((one) => one !== undefined);
  const fixed = text(settings, "portSpecification") !== "USE_SERVING_PORT";
  return compact(
    {
      name: ownName(raw),
      createdAt: createdAt(raw),
      description: text(raw, "description") ?? "",
      type: text(raw, "type") ?? "",
      requestPath: text(settings, "requestPath") ?? "/",
      host: text(settings, "host") ?? "",
      checkIntervalSec: number(raw, "checkIntervalSec") ?? 5,
      timeoutSec: number(raw, "timeoutSec") ?? 5,
      healthyThreshold: number(raw, "healthyThreshold") ?? 2,
      unhealthyThreshold: number(raw, "unhealthyThreshold") ?? 2,
    },
    { port: fixed ? number(settings, "port") : undefined },
  );
}

/** Projects a network endpoint group; its endpoints are read in calls of their own. */
export function projectNeg(raw: unknown, endpoints: NetworkEndpointGroup["endpoints"]): NetworkEndpointGroup {
  return compact(
    {
      name: ownName(raw),
      zone: nameOf(text(raw, "zone")),
      description: text(raw, "description") ?? "",
      createdAt: createdAt(raw),
      endpoints,
    },
    { network: networkOf(raw) },
  );
}

/** `project/network` of a resource that names its network by URL. */
function networkOf(raw: unknown): string | undefined {
  const url = text(raw, "network");
  return url === undefined ? undefined : `${segment(url, "projects")}/${nameOf(url)}`;
}

/** Projects an instance group. */
export function projectInstanceGroup(raw: unknown): InstanceGroup {
  return compact(
    {
      name: ownName(raw),
      zone: nameOf(text(raw, "zone")),
      size: number(raw, "size") ?? 0,
      namedPorts: each(raw, "namedPorts", (port) =>
        Object.freeze({ name: text(port, "name") ?? "", port: number(port, "port") ?? 0 }),
      ),
    },
    { network: networkOf(raw) },
  );
}

/** Projects the items of `listNetworkEndpoints`. */
export function projectEndpoints(items: readonly unknown[]): readonly { address: string; port: number }[] {
  return Object.freeze(
    items.flatMap((item) => {
      const endpoint = record(item, "networkEndpoint");
      const address = text(endpoint, "ipAddress");
      return address === undefined ? [] : [{ address, port: number(endpoint, "port") ?? 0 }];
    }),
  );
}
