import { describe, expect, it } from "vitest";
import { contentHash } from "../../src/diagnostics/gke/names.ts";
import { findLeftovers, type Holdings, type LeftoverSources } from "../../src/diagnostics/leftovers.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { known } from "../../src/model/observed.ts";
import { ingress, LONG_AGO, negName, node, notRead, service } from "../support/builders.ts";
import {
  backendService,
  forwardingRule,
  health,
  healthCheck,
  loadBalancer,
  neg,
} from "../support/load-balancers.ts";

const CLUSTER = "70f6c376-b59f-4268-95b5-c669f3c72d12";
const SECOND = contentHash(CLUSTER, 8);
const described = (name: string, uid = CLUSTER) =>
  `{"cluster-uid":"${uid}","namespace":"shop","service-name":"${name}","port":"80"}`;
const lb = (name: string, uid = SECOND) => `${uid}-shop-${name}-abcdefgh`;

/** Frontend of Ingress `shop/<name>` by the second naming scheme of the cluster with this UID. */
function front(name: string, uid = SECOND) {
  const [map, proxy] = [`k8s2-um-${lb(name, uid)}`, `k8s2-tp-${lb(name, uid)}`];
  return {
    rule: forwardingRule({ name: `k8s2-fr-${lb(name, uid)}`, target: proxy, ingress: `shop/${name}` }),
    proxy: { name: proxy, protocol: "HTTP" as const, urlMap: map, certificates: ["k8s2-cr-served"] },
    map: {
      name: map,
      redirectsToHttps: false,
      hosts: [],
      createdAt: LONG_AGO,
      defaultService: negName(name),
    },
  };
}

/** A cluster with Ingress and Service `web`, and what it holds beside their load balancer. */
function cluster(changes: Partial<LoadBalancer> = {}): LeftoverSources {
  const web = front("web");
  const holdings: Holdings = loadBalancer({
    forwardingRules: known([web.rule]),
    targetProxies: known([web.proxy]),
    urlMaps: known([web.map]),
    backendServices: known([backendService({ health: known([health(1)]) })]),
    negs: known([{ ...neg("10.4.0.1"), description: described("web") }]),
    ...changes,
  });
  return {
    holdings,
    nodes: known([node()]),
    ingress: (key) => known(key === "shop/web" ? ingress() : undefined),
    service: (key) => known(key === "shop/web" ? service() : undefined),
  };
}

function found(sources: LeftoverSources): readonly string[] {
  const leftovers = findLeftovers(sources);
  return leftovers.known ? leftovers.value.map(({ command }) => command) : [`unknown: ${leftovers.needs}`];
}

const old = front("old");
const oldName = negName("old");
const oldBackend = backendService({
  name: oldName,
  serviceKey: "shop/old",
  groups: [{ kind: "neg", name: oldName, zone: "us-central1-a", balancingMode: "RATE", capacityScaler: 1 }],
  healthChecks: [oldName],
  health: known([]),
});
const oldNeg = { ...neg(), name: oldName, description: described("old") };

/** The same cluster after its Ingress and Service `old` were deleted and nothing was cleaned up. */
function abandoned(changes: Partial<LoadBalancer> = {}): LeftoverSources {
  const web = front("web");
  return cluster({
    forwardingRules: known([old.rule, web.rule]),
    targetProxies: known([old.proxy, web.proxy]),
    urlMaps: known([old.map, web.map]),
    backendServices: known([oldBackend, backendService({ health: known([health(1)]) })]),
    healthChecks: known([healthCheck({ name: oldName }), healthCheck()]),
    negs: known([oldNeg, { ...neg("10.4.0.1"), description: described("web") }]),
    ...changes,
  });
}

describe("leftovers", () => {
  it("are none while every owner is there", () => {
    expect(found(cluster())).toEqual([]);
  });

  it("come with their commands in the order in which they can be deleted", () => {
    expect(found(abandoned())).toEqual([
      `gcloud compute forwarding-rules delete k8s2-fr-${lb("old")} --global`,
      `gcloud compute target-http-proxies delete k8s2-tp-${lb("old")} --global`,
      `gcloud compute url-maps delete k8s2-um-${lb("old")} --global`,
      `gcloud compute backend-services delete ${oldName} --global`,
      `gcloud compute health-checks delete ${oldName} --global`,
      `gcloud compute network-endpoint-groups delete ${oldName} --zone=us-central1-a`,
    ]);
  });

  it("are nothing of another cluster in the project", () => {
    const theirs = front("theirs", "zzzzzzzz");
    const sources = cluster({
      forwardingRules: known([theirs.rule]),
      backendServices: known([
        backendService({ health: known([health(1)]) }),
        { ...oldBackend, name: "k8s1-aaaaaaaa-shop-theirs-80-0badc0de", serviceKey: "shop/theirs" },
      ]),
      negs: known([{ ...oldNeg, description: described("theirs", "another-uid") }]),
    });
    expect(found(sources)).toEqual([]);
  });

  it("are not believed by name alone: Google has to see endpoints on the cluster's nodes", () => {
    expect(found({ ...abandoned(), nodes: known([node({ name: "node-of-another-cluster" })]) })).toEqual([]);
  });

  it("are no backend that a URL map still routes to, and no NEG that somebody still uses", () => {
    const byHand = { ...oldBackend, name: "by-hand" };
    delete (byHand as { serviceKey?: string }).serviceKey;
    const sources = abandoned({
      forwardingRules: known([front("web").rule]),
      backendServices: known([oldBackend, byHand, backendService({ health: known([health(1)]) })]),
    });
    expect(found(sources)).toEqual([]);
  });

  it("are certificates of this cluster that no proxy serves", () => {
    const certificate = (name: string) => ({
      name,
      scope: "global",
      createdAt: LONG_AGO,
      managed: false,
      dnsNames: [],
      domainStatus: [],
    });
    const [lost, foreign] = [`k8s2-cr-${SECOND}-x-1`, "k8s2-cr-zzzzzzzz-x-1"];
    const sources = cluster({ certificates: known([lost, foreign, "by-hand"].map(certificate)) });
    expect(found(sources)).toEqual([`gcloud compute ssl-certificates delete ${lost} --global`]);
  });

  it("are unknown while a collection is, and none of what may exist where nobody watches", () => {
    expect(found(cluster({ negs: notRead("loadBalancer") }))).toEqual([
      "unknown: permission to list loadBalancer",
    ]);
    const blind = () => notRead("ingresses", "not-configured");
    expect(found({ ...abandoned(), ingress: blind, service: blind })).toEqual([]);
  });
});
