import { list, number, text } from "../model/json.ts";
import type {
  Address,
  BackendService,
  Firewall,
  ForwardingRule,
  HealthCheck,
  InstanceGroup,
  NetworkEndpointGroup,
  SslCertificate,
  Subnetwork,
  TargetProxy,
  UrlMap,
} from "../model/load-balancer.ts";

import {
  projectBackendService,
  projectHealthCheck,
  projectInstanceGroup,
  projectNeg,
} from "./projections/backend.ts";
import {
  projectAddress,
  projectForwardingRule,
  projectSslCertificate,
  projectTargetProxy,
  projectUrlMap,
} from "./projections/frontend.ts";
import { projectFirewall, projectSubnetwork } from "./projections/network.ts";
import { ownName } from "./projections/resource.ts";
import { NOT_READ } from "./tracked.ts";

/**
 * A NEG as it is listed. Its size says whether its endpoints are worth a call.
 *
 * Another size makes it another object: subscribers hear of it, ask again, and so have the health read anew.
 */
export interface ListedNeg {
  readonly neg: NetworkEndpointGroup;
  readonly size: number | undefined;
}

/** A backend service as it is listed, with the URLs of its groups, which health is asked by. */
export interface ListedBackendService {
  readonly service: BackendService;
  readonly groupUrls: readonly string[];
}

/** Every collection that is listed as a whole, with the type its items are projected to. */
export interface ListedTypes {
  readonly forwardingRules: ForwardingRule;
  readonly targetHttpProxies: TargetProxy;
  readonly targetHttpsProxies: TargetProxy;
  readonly urlMaps: UrlMap;
  readonly backendServices: ListedBackendService;
  readonly healthChecks: HealthCheck;
  readonly networkEndpointGroups: ListedNeg;
  readonly instanceGroups: InstanceGroup;
  readonly sslCertificates: SslCertificate;
  readonly addresses: Address;
  readonly firewalls: Firewall;
  readonly subnetworks: Subnetwork;
  readonly sslPolicies: string;
}

/** Name of one collection, as in the API's paths and permissions. */
export type CollectionName = keyof ListedTypes;

type Projections = { readonly [K in CollectionName]: (raw: unknown) => ListedTypes[K] | undefined };

/** Raw item of each collection -> model; undefined for an item that concerns no load balancer. */
export const PROJECTIONS: Projections = {
  forwardingRules: projectForwardingRule,
  targetHttpProxies: (raw) => projectTargetProxy(raw, "HTTP"),
  targetHttpsProxies: (raw) => projectTargetProxy(raw, "HTTPS"),
  urlMaps: projectUrlMap,
  backendServices: (raw) => ({
    service: projectBackendService(raw, NOT_READ),
    groupUrls: groupUrls(raw),
  }),
  healthChecks: projectHealthCheck,
  networkEndpointGroups: (raw) => ({ neg: projectNeg(raw, NOT_READ), size: number(raw, "size") }),
  instanceGroups: projectInstanceGroup,
  sslCertificates: projectSslCertificate,
  addresses: projectAddress,
  firewalls: projectFirewall,
  subnetworks: projectSubnetwork,
  sslPolicies: ownName,
};

function groupUrls(raw: unknown): readonly string[] {
  return Object.freeze(list(raw, "backends").flatMap((backend) => text(backend, "group") ?? []));
}

/** Every collection, those that explain an outage first. */
export const COLLECTION_NAMES = Object.keys(PROJECTIONS) as readonly CollectionName[];

/** Permission that listing a collection takes. */
export function listPermission(collection: CollectionName): string {
  return `compute.${collection}.list`;
}

/** Permission of each read that is no list. */
export const READ_PERMISSIONS = {
  health: "compute.backendServices.get",
  regionHealth: "compute.regionBackendServices.get",
  endpoints: "compute.networkEndpointGroups.get",
  project: "compute.projects.get",
  region: "compute.regions.get",
} as const;
