import type { Manifest } from "../controlplane/kube-object.ts";

type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: "string" };
const DURATION = { type: "string", pattern: "^([0-9]+(y|w|d|h|m|s|ms))+$" };
const TEXTS = { type: "object", additionalProperties: TEXT };
const SELECTOR = object({ matchLabels: TEXTS });
const ENDPOINT = object({ port: TEXT, path: TEXT, interval: DURATION, honorLabels: { type: "boolean" } });
const MANAGED_ENDPOINT = object({ port: TEXT, path: TEXT, interval: DURATION }, ["port", "interval"]);
const RULE = object(
  {
    alert: TEXT,
    record: TEXT,
    expr: TEXT,
    for: DURATION,
    keep_firing_for: DURATION,
    labels: TEXTS,
    annotations: TEXTS,
  },
  ["expr"],
);
const GROUP = object({ name: TEXT, interval: DURATION, rules: list(RULE) }, ["name"]);

/** The part of the Prometheus operators' resources that the chart uses; the API server refuses any other field. */
export const MONITORING_CRDS: readonly Manifest[] = [
  crd("monitoring.coreos.com", "PodMonitor", { selector: SELECTOR, podMetricsEndpoints: list(ENDPOINT) }),
  crd("monitoring.coreos.com", "ServiceMonitor", { selector: SELECTOR, endpoints: list(ENDPOINT) }),
  crd("monitoring.coreos.com", "PrometheusRule", { groups: list(GROUP) }),
  crd("monitoring.googleapis.com", "PodMonitoring", {
    selector: SELECTOR,
    endpoints: list(MANAGED_ENDPOINT),
  }),
];

function object(properties: Schema, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

function crd(group: string, kind: string, spec: Schema): Manifest {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const openAPIV3Schema = object({ spec: object(spec, Object.keys(spec)) }, ["spec"]);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
