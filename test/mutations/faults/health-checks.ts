import { type Cluster, httpProbe, touch } from "../cluster.ts";
import { AT_CREATION, BOTH, type Fault, type Moment } from "../fault.ts";
import { annotationsOf, isInternal } from "../gke-controllers.ts";
import { backendConfig } from "../manifests.ts";
import {
  always,
  failFirstPort,
  hasDeployment,
  isPlain,
  lose,
  OUTAGE,
  pods,
  timeOutGates,
  withNeg,
  workloads,
} from "./serving.ts";
import { chosenConfig } from "./translation.ts";

function annotateConfig(cluster: Cluster, { at }: Moment, value: object): void {
  annotationsOf(cluster.service)["cloud.google.com/backend-config"] = JSON.stringify(value);
  touch(cluster.service, at);
}

function withoutReadiness(cluster: Cluster): void {
  const templates = workloads(cluster).map(({ spec }) => spec.template.spec);
  for (const { containers } of [...templates, ...pods(cluster).map(({ spec }) => spec)]) {
    for (const container of containers) delete container.readinessProbe;
  }
}

/** Health checks that fail though the pods serve. */
export const HEALTH_CHECK_FAULTS: readonly Fault[] = [
  {
    id: "health-check-path-fails on the default path",
    rootCause: "health-check-path-fails",
    symptoms: OUTAGE,
    onsets: ["at-creation"],
    applies: isPlain,
    inject: (cluster, moment) => {
      withoutReadiness(cluster);
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "health-check-path-fails with a probe of another kind",
    rootCause: "health-check-path-fails",
    symptoms: OUTAGE,
    onsets: ["at-creation"],
    applies: isPlain,
    inject: (cluster, moment) => {
      const specs = [
        ...workloads(cluster).map(({ spec }) => spec.template.spec),
        ...pods(cluster).map(({ spec }) => spec),
      ];
      for (const { containers } of specs) {
        for (const container of containers) {
          container.readinessProbe = { tcpSocket: { port: "http" }, timeoutSeconds: 1, periodSeconds: 10 };
        }
      }
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "health-check-path-fails by BackendConfig",
    rootCause: "health-check-path-fails",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      const config = chosenConfig(cluster, moment);
      config.spec.healthCheck = { ...config.spec.healthCheck, requestPath: "/health" };
      failFirstPort(cluster, moment);
      return [];
    },
  },
  {
    id: "health-check-port-wrong",
    rootCause: "health-check-port-wrong",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: withNeg,
    inject: (cluster, moment) => {
      const config = chosenConfig(cluster, moment);
      config.spec.healthCheck = { ...config.spec.healthCheck, port: 80, requestPath: "/ready" };
      failFirstPort(cluster, moment);
      return [];
    },
  },
  {
    id: "health-check-type-mismatch",
    rootCause: "health-check-type-mismatch",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) => annotationsOf(cluster.service)["cloud.google.com/app-protocols"] === undefined,
    inject: (cluster, moment) => {
      const config = chosenConfig(cluster, moment);
      config.spec.healthCheck = { ...config.spec.healthCheck, type: "HTTPS", requestPath: "/ready" };
      failFirstPort(cluster, moment);
      return [];
    },
  },
  {
    id: "health-check-blocked-by-firewall",
    rootCause: "health-check-blocked-by-firewall",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) => isPlain(cluster) && cluster.services.length === 1 && hasDeployment(cluster),
    inject: (cluster, moment) => {
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "app-protocol-mismatch",
    rootCause: "app-protocol-mismatch",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) =>
      isPlain(cluster) && annotationsOf(cluster.service)["cloud.google.com/app-protocols"] === undefined,
    inject: (cluster, moment) => {
      const name = cluster.service.spec.ports[0]?.name ?? "";
      annotationsOf(cluster.service)["cloud.google.com/app-protocols"] = JSON.stringify({ [name]: "HTTPS" });
      touch(cluster.service, moment.at);
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "app-protocol-mismatch because the key is a number",
    rootCause: "app-protocol-mismatch",
    symptoms: OUTAGE,
    onsets: BOTH,
    applies: (cluster) => annotationsOf(cluster.service)["cloud.google.com/app-protocols"] !== undefined,
    inject: (cluster, moment) => {
      annotationsOf(cluster.service)["cloud.google.com/app-protocols"] = '{"80":"HTTPS"}';
      touch(cluster.service, moment.at);
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "backendconfig-port-key-mismatch",
    rootCause: "backendconfig-port-key-mismatch",
    symptoms: OUTAGE,
    onsets: ["at-creation"],
    applies: (cluster) => !isInternal(cluster) && isPlain(cluster),
    inject: (cluster, moment) => {
      withoutReadiness(cluster);
      const config = chosenConfig(cluster, moment);
      config.spec.healthCheck = { requestPath: "/ready" };
      annotateConfig(cluster, moment, { ports: { "8080": "web-bc" } });
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "app-protocol-mismatch without a probe that shows the protocol",
    rootCause: "app-protocol-mismatch",
    symptoms: OUTAGE,
    onsets: AT_CREATION,
    applies: (cluster) =>
      isPlain(cluster) && annotationsOf(cluster.service)["cloud.google.com/app-protocols"] === undefined,
    inject: (cluster, moment) => {
      withoutReadiness(cluster);
      const name = cluster.service.spec.ports[0]?.name ?? "";
      annotationsOf(cluster.service)["cloud.google.com/app-protocols"] = JSON.stringify({ [name]: "HTTPS" });
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "health-check-path-fails because the probe asks another port",
    rootCause: "health-check-path-fails",
    symptoms: OUTAGE,
    onsets: AT_CREATION,
    applies: isPlain,
    inject: (cluster, moment) => {
      const specs = [
        ...workloads(cluster).map(({ spec }) => spec.template.spec),
        ...pods(cluster).map(({ spec }) => spec),
      ];
      for (const { containers } of specs) {
        for (const container of containers) container.readinessProbe = httpProbe("/ready", 9000);
      }
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
  {
    id: "BackendConfig named on the Ingress",
    codes: ["GID605", "GID601"],
    symptoms: OUTAGE,
    onsets: AT_CREATION,
    applies: isPlain,
    inject: (cluster, moment) => {
      withoutReadiness(cluster);
      annotationsOf(cluster.ingress)["cloud.google.com/backend-config"] = '{"default":"web-bc"}';
      cluster.add(backendConfig("web-bc", { healthCheck: { requestPath: "/ready" } }));
      lose(cluster);
      timeOutGates(cluster, moment);
      return [];
    },
  },
];
