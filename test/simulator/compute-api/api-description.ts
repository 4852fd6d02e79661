import { createRequire } from "node:module";

/** One RPC of the Compute API as the description that ships with the client library gives it. */
export interface Rpc {
  /** For example `UrlMaps.AggregatedList`. */
  readonly name: string;
  readonly verb: "GET" | "POST";
  /** For example `/compute/v1/projects/{project}/global/urlMaps/{url_map}`. */
  readonly template: string;
  /** Name of the message it answers. */
  readonly response: string;
}

interface Field {
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
}

interface Message {
  readonly fields?: Readonly<Record<string, Field>>;
}

interface Service {
  readonly methods: Readonly<Record<string, Method>>;
}

interface Method {
  readonly responseType: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Services that a reader of GKE load balancers asks, in both scopes. */
const SERVICES = [
  "Addresses",
  "BackendServices",
  "Firewalls",
  "ForwardingRules",
  "GlobalAddresses",
  "GlobalForwardingRules",
  "HealthChecks",
  "InstanceGroups",
  "NetworkEndpointGroups",
  "Projects",
  "RegionBackendServices",
  "RegionHealthChecks",
  "RegionSslCertificates",
  "RegionSslPolicies",
  "RegionTargetHttpProxies",
  "RegionTargetHttpsProxies",
  "RegionUrlMaps",
  "Regions",
  "SslCertificates",
  "SslPolicies",
  "Subnetworks",
  "TargetHttpProxies",
  "TargetHttpsProxies",
  "UrlMaps",
];
const METHODS = ["Get", "List", "AggregatedList", "GetHealth", "ListNetworkEndpoints"];

const types = loadDescription();

/** Every RPC the emulator serves. */
export const RPCS: readonly Rpc[] = SERVICES.flatMap((service) =>
  Object.entries((types[service] as Service).methods)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, { responseType, options }]) => {
      const post = options["(google.api.http).post"];
      const template = post ?? options["(google.api.http).get"] ?? "";
      return { name: `${service}.${method}`, verb: post ? "POST" : "GET", template, response: responseType };
    }),
);

/** Paths of fields in `value` that message `type` does not declare, e.g. `items.global.urlMaps[0].hostrules`. */
export function unknownFields(type: string, value: unknown, path = ""): readonly string[] {
  const fields = (types[type] as Message | undefined)?.fields;
  if (fields === undefined || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field === undefined ? [at] : membersOf(field, inner, at);
  });
}

function membersOf(field: Field, value: unknown, path: string): readonly string[] {
  if (field.keyType !== undefined) {
    return Object.entries((value ?? {}) as object).flatMap(([key, inner]) =>
      unknownFields(field.type, inner, `${path}.${key}`),
    );
  }
  if (field.rule !== "repeated") return unknownFields(field.type, value, path);
  if (!Array.isArray(value)) return [path];
  return value.flatMap((inner, index) => unknownFields(field.type, inner, `${path}[${index}]`));
}

function loadDescription(): Readonly<Record<string, Service | Message>> {
  const load = createRequire(import.meta.url);
  const { nested } = load("@google-cloud/compute/build/protos/protos.json");
  return nested.google.nested.cloud.nested.compute.nested.v1.nested;
}
