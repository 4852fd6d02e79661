/** The part of Compute resources that the data plane acts on, as the API writes them. Links are URLs. */
import type { Resource, Resources } from "./compute-api/resources.ts";

export interface ForwardingRule extends Resource {
  readonly IPAddress: string;
  /** E.g. `80-80`. */
  readonly portRange: string;
  readonly target: string;
  readonly loadBalancingScheme: "EXTERNAL" | "EXTERNAL_MANAGED" | "INTERNAL_MANAGED";
}

export interface TargetProxy extends Resource {
  readonly urlMap: string;
  readonly sslCertificates?: readonly string[];
}

export interface UrlRedirect {
  readonly httpsRedirect?: boolean;
  /** A name of the API's, `MOVED_PERMANENTLY_DEFAULT` when left out. */
  readonly redirectResponseCode?: string;
}

export interface UrlMap extends Resource {
  readonly defaultService?: string;
  readonly defaultUrlRedirect?: UrlRedirect;
  readonly hostRules?: readonly { readonly hosts: readonly string[]; readonly pathMatcher: string }[];
  readonly pathMatchers?: readonly {
    readonly name: string;
    readonly defaultService?: string;
    readonly pathRules?: readonly { readonly paths: readonly string[]; readonly service: string }[];
  }[];
}

export interface BackendService extends Resource {
  readonly protocol: "HTTP" | "HTTPS" | "HTTP2";
  /** Seconds. */
  readonly timeoutSec?: number;
  /** Name of a port of its instance groups. */
  readonly portName?: string;
  readonly backends?: readonly { readonly group: string }[];
  readonly healthChecks?: readonly string[];
}

interface HealthCheckRequest {
  readonly requestPath?: string;
  readonly host?: string;
  /** Undefined: the serving port. */
  readonly port?: number;
}

export interface HealthCheck extends Resource {
  readonly type: "HTTP" | "HTTPS" | "HTTP2";
  readonly httpHealthCheck?: HealthCheckRequest;
  readonly httpsHealthCheck?: HealthCheckRequest;
  readonly http2HealthCheck?: HealthCheckRequest;
  /** Seconds. */
  readonly checkIntervalSec?: number;
  readonly timeoutSec?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
}

export interface InstanceGroup extends Resource {
  readonly namedPorts?: readonly { readonly name: string; readonly port: number }[];
}

export interface Firewall extends Resource {
  readonly direction?: string;
  readonly sourceRanges?: readonly string[];
  readonly allowed?: readonly object[];
}

/** Where one request or health check goes. */
export interface ServingEndpoint {
  readonly group: string;
  readonly address: string;
  readonly port: number;
}

/** The resource behind a link; undefined when it does not exist (any more). */
export function linked<T extends Resource>(resources: Resources, link: string): T | undefined {
  return resources.get(link.slice(link.indexOf("projects/"))) as T | undefined;
}

/** Every resource of a collection of a project, in all scopes. */
export function everyResource<T extends Resource>(
  resources: Resources,
  project: string,
  collection: string,
): readonly T[] {
  return resources.everywhere(project, collection).map(({ resource }) => resource as T);
}

/** The endpoints of a backend service: pods of NEGs, or the nodes of instance groups on its named port. */
export function endpointsOf(
  resources: Resources,
  { backends = [], portName }: BackendService,
): readonly ServingEndpoint[] {
  return backends.flatMap(({ group }) => {
    const path = group.slice(group.indexOf("projects/"));
    const named = linked<InstanceGroup>(resources, group)?.namedPorts ?? [];
    return resources.endpoints(path).flatMap((item) => {
      const { networkEndpoint } = item as { networkEndpoint: { ipAddress: string; port?: number } };
      const port = networkEndpoint.port ?? named.find(({ name }) => name === portName)?.port;
      return port === undefined ? [] : [{ group, address: networkEndpoint.ipAddress, port }];
    });
  });
}
