import { type Cluster, negOf, slice, touch } from "../cluster.ts";
import { BOTH, type Fault, failBackends, LATER, warnService } from "../fault.ts";
import { annotationsOf, LAB } from "../gke-controllers.ts";
import type { EndpointSlice, ServiceNeg } from "../raw-objects.ts";
import { always, isPlain, lose, OUTAGE, timeOutGates, withNeg } from "./serving.ts";

function slicesOf(cluster: Cluster): EndpointSlice[] {
  const { name } = cluster.service.metadata;
  return cluster
    .all("EndpointSlice")
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name);
}

function negsOf(cluster: Cluster): ServiceNeg[] {
  const { name } = cluster.service.metadata;
  return cluster
    .all("ServiceNetworkEndpointGroup")
    .filter(({ metadata }) => metadata.labels?.["networking.gke.io/service-name"] === name);
}

/** Services that lead to no endpoint, or to the wrong port. */
export const ENDPOINT_FAULTS: readonly Fault[] = [
  {
    id: "service-selector-matches-no-pods",
    rootCause: "service-selector-matches-no-pods",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, { at }) => {
      const { service } = cluster;
      service.spec.selector = { app: `${service.spec.selector?.app}-server` };
      touch(service, at);
      slice(cluster);
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "service-selector-matches-no-pods after a label was renamed",
    rootCause: "service-selector-matches-no-pods",
    symptoms: OUTAGE,
    onsets: LATER,
    applies: always,
    inject: (cluster, { at }) => {
      const { service } = cluster;
      const { app = "" } = service.spec.selector ?? {};
      service.spec.selector = { app, tier: "frontend" };
      touch(service, at);
      slice(cluster);
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "target-port-name-not-in-pod",
    rootCause: "target-port-name-not-in-pod",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: withNeg,
    inject: (cluster, { at }) => {
      const { service } = cluster;
      const port = service.spec.ports[0];
      if (port !== undefined) port.targetPort = "http-web";
      touch(service, at);
      slice(cluster);
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "target-port-not-served",
    rootCause: "target-port-not-served",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) => withNeg(cluster) && isPlain(cluster),
    inject: (cluster, moment) => {
      const { service } = cluster;
      const port = service.spec.ports[0];
      if (port !== undefined) port.targetPort = 5000;
      touch(service, moment.at);
      slice(cluster);
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "service-port-udp",
    rootCause: "service-port-udp",
    symptoms: OUTAGE,
    onsets: ["at-creation"],
    applies: (cluster) => withNeg(cluster),
    inject: (cluster, { at }) => {
      const { service } = cluster;
      const port = service.spec.ports[0];
      if (port !== undefined) port.protocol = "UDP";
      touch(service, at);
      slice(cluster);
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "externalname-service",
    rootCause: "externalname-service",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) =>
      withNeg(cluster) &&
      cluster.service.spec.type === "ClusterIP" &&
      cluster.service.spec.clusterIP === undefined,
    inject: (cluster, { at }) => {
      const { spec, metadata } = cluster.service;
      spec.type = "ExternalName";
      spec.externalName = "legacy.example.com";
      delete spec.selector;
      delete spec.ipFamilies;
      touch(cluster.service, at);
      cluster.remove(
        ...cluster
          .all("EndpointSlice")
          .filter((one) => one.metadata.labels?.["kubernetes.io/service-name"] === metadata.name),
      );
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "endpoint-without-node",
    rootCause: "endpoint-without-node",
    symptoms: OUTAGE,
    onsets: ["at-creation"],
    applies: (cluster) => withNeg(cluster) && cluster.services.length === 1,
    inject: (cluster, moment) => {
      const { service } = cluster;
      delete service.spec.selector;
      const [manual] = cluster
        .all("EndpointSlice")
        .filter((one) => one.metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name);
      if (manual === undefined) return [];
      manual.metadata.labels = { "kubernetes.io/service-name": service.metadata.name };
      manual.metadata.name = `${service.metadata.name}-manual`;
      manual.endpoints = [
        {
          addresses: ["10.90.0.16"],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: "gke-gone-node",
        },
      ];
      const neg = negOf(service, service.spec.ports[0]?.port ?? 0);
      const problem = `unexpected error when getting zone for endpoint ["10.90.0.16"] in endpoint slice shop/${manual.metadata.name}: endpoint corresponds to an non-existing node: node not found: failed to get node gke-gone-node`;
      warnService(cluster, moment, {
        reason: "SyncNetworkEndpointGroupFailed",
        message: `Failed to sync NEG "${neg}" (will retry): ${problem}`,
      });
      for (const one of cluster.all("ServiceNetworkEndpointGroup")) {
        if (one.metadata.labels?.["networking.gke.io/service-name"] !== service.metadata.name) continue;
        const synced = one.status.conditions.find(({ type }) => type === "Synced");
        if (synced !== undefined)
          Object.assign(synced, { status: "False", reason: "NegSyncFailed", message: problem });
      }
      lose(cluster, false);
      return [];
    },
  },
  {
    id: "Service of IPv6 alone",
    codes: ["GID417"],
    onsets: ["at-creation"],
    applies: withNeg,
    inject: (cluster, moment) => {
      const { service } = cluster;
      service.spec.ipFamilies = ["IPv6"];
      for (const one of slicesOf(cluster)) one.addressType = "IPv6";
      const name = service.metadata.name;
      cluster.remove(...negsOf(cluster));
      delete annotationsOf(service)["cloud.google.com/neg-status"];
      const message = `error processing service "shop/${name}": NEG is not supported for ipv6 only service (*v1.Service)`;
      warnService(cluster, moment, { reason: "ProcessServiceFailed", message });
      const neg = negOf(service, service.spec.ports[0]?.port ?? 0);
      const missing = `${LAB}/zones/us-central1-a/networkEndpointGroups/${neg}`;
      return failBackends(
        cluster,
        moment,
        `googleapi: Error 404: The resource '${missing}' was not found, notFound`,
      );
    },
  },
  {
    id: "LoadBalancer Service without node ports",
    codes: ["GID115"],
    onsets: ["at-creation"],
    applies: (cluster) => !withNeg(cluster) && cluster.service.spec.type === "LoadBalancer",
    inject: (cluster, moment) => {
      for (const port of cluster.service.spec.ports) delete port.nodePort;
      const problem = "unable to find nodeport {80 0 http http} in any service";
      return failBackends(cluster, moment, `error ensuring health check: Error getting prober: ${problem}`);
    },
  },
];
