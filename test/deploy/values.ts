import type { Values } from "./helm.ts";

/** Another setting of one value of the chart, and what else must be set for it to matter. */
export interface Alternative {
  readonly value: unknown;
  readonly given?: Values;
}

const SHARDED = { sharding: { shards: 3 } };
const MONITORED = { metrics: { podMonitor: true } };
const ALERTS = { alerts: { enabled: true } };
const PAGE = { page: { enabled: true } };
const DASHBOARD = { dashboard: { enabled: true } };
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

/** For every value of the chart, by its path, a setting that must change what is installed. */
export const ALTERNATIVES: Readonly<Record<string, Alternative>> = {
  nameOverride: { value: "doctor" },
  fullnameOverride: { value: "doctor" },
  commonLabels: { value: { team: "edge" } },
  "image.registry": { value: "europe-docker.pkg.dev/my-project/tools" },
  "image.repository": { value: "mirror/ingress-doctor" },
  "image.tag": { value: "0.1.0-debug" },
  "image.digest": { value: DIGEST },
  "image.pullPolicy": { value: "Always" },
  "image.pullSecrets": { value: [{ name: "registry" }] },
  replicas: { value: 3 },
  "sharding.shards": { value: 3 },
  "sharding.replicasPerShard": { value: 3, given: SHARDED },
  namespaces: { value: ["shop", "blog"] },
  logLevel: { value: "debug" },
  "google.enabled": { value: false },
  "google.project": { value: "example.com:my-project" },
  "google.endpoint": { value: "https://compute-psc.p.googleapis.com" },
  "probe.enabled": { value: true },
  "page.enabled": { value: true },
  "page.access": { value: "local", given: PAGE },
  "serviceAccount.create": { value: false, given: { serviceAccount: { name: "doctor" } } },
  "serviceAccount.name": { value: "doctor" },
  "serviceAccount.googleServiceAccount": { value: "doctor@my-project.iam.gserviceaccount.com" },
  "serviceAccount.annotations": { value: { "example.com/owner": "edge" } },
  "rbac.create": { value: false },
  "rbac.readNodes": { value: false },
  "rbac.aggregateToView": { value: false },
  "crds.install": { value: false },
  "crds.keep": { value: false },
  resources: { value: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } } },
  extraEnv: { value: [{ name: "HTTPS_PROXY", value: "http://proxy:3128" }] },
  extraArgs: { value: ["--lease-duration=30s"] },
  podAnnotations: { value: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" } },
  podLabels: { value: { team: "edge" } },
  priorityClassName: { value: "system-cluster-critical" },
  nodeSelector: { value: { "cloud.google.com/gke-nodepool": "tools" } },
  tolerations: { value: [{ key: "tools", operator: "Exists", effect: "NoSchedule" }] },
  affinity: { value: { nodeAffinity: spotAffinity() } },
  topologySpreadConstraints: { value: [] },
  "podDisruptionBudget.enabled": { value: false },
  "podDisruptionBudget.maxUnavailable": { value: "50%" },
  "networkPolicy.enabled": { value: false },
  "networkPolicy.apiServer.cidrs": { value: ["172.16.0.2/32"] },
  "networkPolicy.apiServer.port": { value: 6443 },
  "networkPolicy.googleApis.cidrs": { value: ["199.36.153.8/30", "2600:2d00:2:2000::/64"] },
  "networkPolicy.metricsFrom": { value: [] },
  "networkPolicy.pageFrom": { value: [{ namespaceSelector: {} }], given: PAGE },
  "metrics.podMonitor": { value: true },
  "metrics.serviceMonitor": { value: true },
  "metrics.podMonitoring": { value: true },
  "metrics.interval": { value: "1m", given: MONITORED },
  "metrics.labels": { value: { release: "prometheus" }, given: MONITORED },
  "alerts.enabled": { value: true },
  "alerts.labels": { value: { release: "prometheus" }, given: ALERTS },
  "alerts.runbooks": { value: "https://wiki.example.com/docs", given: ALERTS },
  "dashboard.enabled": { value: true },
  "dashboard.labels": { value: { grafana: "main" }, given: DASHBOARD },
  "dashboard.annotations": { value: { grafana_folder: "Ingress" }, given: DASHBOARD },
};

function spotAffinity() {
  const term = { matchExpressions: [{ key: "cloud.google.com/gke-spot", operator: "DoesNotExist" }] };
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
}

const EVERYTHING_ON: Values = {
  page: { enabled: true },
  probe: { enabled: true },
  alerts: { enabled: true },
  dashboard: { enabled: true },
  image: { registry: "europe-docker.pkg.dev/my-project/tools", digest: DIGEST },
  metrics: { podMonitoring: true, podMonitor: true },
};

/** Installations that differ in more than one value. */
export const COMBINATIONS: Readonly<Record<string, Values>> = {
  "the defaults": {},
  "one process": { replicas: 1 },
  "no process": { replicas: 0 },
  "everything on": EVERYTHING_ON,
  "everything on, scraped by a ServiceMonitor": {
    ...EVERYTHING_ON,
    metrics: { serviceMonitor: true, podMonitoring: true },
  },
  "everything on, in shards": { ...EVERYTHING_ON, page: {}, sharding: { shards: 5, replicasPerShard: 3 } },
  "everything on, in two namespaces": { ...EVERYTHING_ON, namespaces: ["shop", "blog"] },
  "shards of two namespaces": { sharding: { shards: 2 }, namespaces: ["shop", "blog"] },
  "one namespace and nothing of the cluster": {
    namespaces: ["shop"],
    rbac: { readNodes: false, aggregateToView: false },
    crds: { install: false },
  },
  "everything off": {
    replicas: 1,
    google: { enabled: false },
    serviceAccount: { create: false, name: "default" },
    rbac: { create: false },
    crds: { install: false },
    topologySpreadConstraints: [],
    podDisruptionBudget: { enabled: false },
    networkPolicy: { enabled: false },
  },
  "names as long as they may be": { fullnameOverride: "x".repeat(63), nameOverride: "y".repeat(63) },
};

/** `base` with the value at a dotted path replaced. */
export function withValue(base: Values, path: string, value: unknown): Values {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...base, [head]: value };
  return { ...base, [head]: withValue((base[head] as Values | undefined) ?? {}, rest.join("."), value) };
}

/** Every setting worth rendering, by what it is called in a test. */
export function allSettings(): Map<string, Values> {
  const single = Object.entries(ALTERNATIVES).map(([path, { value, given = {} }]): [string, Values] => [
    `${path} = ${JSON.stringify(value)}`,
    withValue(given, path, value),
  ]);
  return new Map([...Object.entries(COMBINATIONS), ...single]);
}
