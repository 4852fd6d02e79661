import { type Cluster, touch } from "../cluster.ts";
import { BOTH, type Fault, failTranslation, type Moment, warnService } from "../fault.ts";
import { annotationsOf, forget, isInternal, usesNeg } from "../gke-controllers.ts";
import { backendConfig } from "../manifests.ts";
import type { BackendConfig, PathRule } from "../raw-objects.ts";

const NEG = "cloud.google.com/neg";
const BACKEND_CONFIG = "cloud.google.com/backend-config";

export function firstPath(cluster: Cluster): PathRule | undefined {
  return cluster.ingress.spec.rules?.flatMap((rule) => rule.http?.paths ?? [])[0];
}

export const hasRules = (cluster: Cluster) => firstPath(cluster) !== undefined;

/** The reference the first path, or the default backend, makes. */
function reference(cluster: Cluster) {
  const found = firstPath(cluster)?.backend.service ?? cluster.ingress.spec.defaultBackend?.service;
  if (found === undefined) throw new Error("The Ingress names no Service.");
  return found;
}

function portText(cluster: Cluster): string {
  const { name = "", number = 0 } = reference(cluster).port;
  return `&ServiceBackendPort{Name:${name},Number:${number},}`;
}

function dropNegsOf(cluster: Cluster): void {
  const { service } = cluster;
  const negs = cluster
    .all("ServiceNetworkEndpointGroup")
    .filter((neg) => neg.metadata.labels?.["networking.gke.io/service-name"] === service.metadata.name);
  cluster.remove(...negs);
  delete annotationsOf(service)["cloud.google.com/neg-status"];
  forget(
    cluster,
    ({ source, involvedObject }) =>
      source.component === "neg-controller" && involvedObject.name === service.metadata.name,
  );
}

function refuseType(cluster: Cluster, moment: Moment) {
  const { name } = cluster.service.metadata;
  const wanted = 'expected "NodePort" or "LoadBalancer" when not using NEGs';
  return failTranslation(cluster, moment, `service "shop/${name}" is type "ClusterIP", ${wanted}`);
}

const isNegClusterIp = (cluster: Cluster) =>
  cluster.service.spec.type === "ClusterIP" && usesNeg(cluster.service);

/** A NEG annotation that leaves a ClusterIP Service without NEGs for Ingresses. */
function setNeg(cluster: Cluster, moment: Moment, value: string | undefined): void {
  const { service } = cluster;
  dropNegsOf(cluster);
  if (value === undefined) delete annotationsOf(service)[NEG];
  else annotationsOf(service)[NEG] = value;
  touch(service, moment.at);
}

function configError(cluster: Cluster, moment: Moment, problem: string) {
  const { name } = cluster.service.metadata;
  return failTranslation(
    cluster,
    moment,
    `error getting BackendConfig for port "${portText(cluster)}" on service "shop/${name}", err: ${problem}`,
  );
}

/** The BackendConfig of the first backend's port, made and named when there is none. */
export function chosenConfig(cluster: Cluster, { at }: Moment): BackendConfig {
  const annotations = annotationsOf(cluster.service);
  if (annotations[BACKEND_CONFIG] === undefined) {
    annotations[BACKEND_CONFIG] = '{"default":"web-bc"}';
    touch(cluster.service, at);
    cluster.add(backendConfig("web-bc", {}));
  }
  const config = cluster.get("BackendConfig", "web-bc");
  touch(config, at);
  return config;
}

function configInvalid(cluster: Cluster, moment: Moment, problem: string) {
  return failTranslation(cluster, moment, `BackendConfig shop/web-bc is not valid: ${problem}`);
}

function editPath(cluster: Cluster, { at }: Moment, change: (path: PathRule) => void): void {
  const path = firstPath(cluster);
  if (path !== undefined) change(path);
  touch(cluster.ingress, at);
}

/** What makes GKE refuse the Ingress before it touches anything in Google Cloud. */
export const TRANSLATION_FAULTS: readonly Fault[] = [
  {
    id: "service-not-found",
    rootCause: "service-not-found",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      const { service } = cluster;
      const name = service.metadata.name;
      dropNegsOf(cluster);
      const slices = cluster
        .all("EndpointSlice")
        .filter((one) => one.metadata.labels?.["kubernetes.io/service-name"] === name);
      cluster.remove(service, ...slices);
      return failTranslation(cluster, moment, `could not find service "shop/${name}"`);
    },
  },
  {
    id: "service-not-found typing error",
    rootCause: "service-not-found",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      const named = reference(cluster);
      named.name = `${named.name}s`;
      touch(cluster.ingress, moment.at);
      return failTranslation(cluster, moment, `could not find service "shop/${named.name}"`);
    },
  },
  {
    id: "service-port-not-found by number",
    rootCause: "service-port-not-found",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      reference(cluster).port = { number: 8081 };
      touch(cluster.ingress, moment.at);
      const { name } = reference(cluster);
      return failTranslation(
        cluster,
        moment,
        `could not find port "${portText(cluster)}" in service "shop/${name}"`,
      );
    },
  },
  {
    id: "service-port-not-found by name",
    rootCause: "service-port-not-found",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      reference(cluster).port = { name: "web-port" };
      touch(cluster.ingress, moment.at);
      const { name } = reference(cluster);
      return failTranslation(
        cluster,
        moment,
        `could not find port "${portText(cluster)}" in service "shop/${name}"`,
      );
    },
  },
  {
    id: "clusterip-without-neg",
    rootCause: "clusterip-without-neg",
    onsets: BOTH,
    applies: (cluster) => isNegClusterIp(cluster) && !isInternal(cluster),
    inject: (cluster, moment) => {
      setNeg(cluster, moment, undefined);
      return refuseType(cluster, moment);
    },
  },
  {
    id: "clusterip-without-neg exposed ports only",
    rootCause: "clusterip-without-neg",
    onsets: BOTH,
    applies: (cluster) => isNegClusterIp(cluster) && !isInternal(cluster),
    inject: (cluster, moment) => {
      setNeg(cluster, moment, '{"exposed_ports":{"80":{}}}');
      return refuseType(cluster, moment);
    },
  },
  {
    id: "internal-ingress-without-neg",
    rootCause: "internal-ingress-without-neg",
    onsets: BOTH,
    applies: (cluster) => isNegClusterIp(cluster) && isInternal(cluster),
    inject: (cluster, moment) => {
      setNeg(cluster, moment, undefined);
      return refuseType(cluster, moment);
    },
  },
  {
    id: "neg-annotation-invalid",
    rootCause: "neg-annotation-invalid",
    onsets: BOTH,
    applies: isNegClusterIp,
    inject: (cluster, moment) => {
      setNeg(cluster, moment, '{"ingress": true');
      const { name } = cluster.service.metadata;
      const message = `error processing service "shop/${name}": NEG annotation is invalid.`;
      warnService(cluster, moment, { reason: "ProcessServiceFailed", message });
      return refuseType(cluster, moment);
    },
  },
  {
    id: "app-protocols-invalid",
    rootCause: "app-protocols-invalid",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      const annotations = annotationsOf(cluster.service);
      delete annotations["cloud.google.com/app-protocols"];
      annotations["service.alpha.kubernetes.io/app-protocols"] = '{"http":"H2C"}';
      touch(cluster.service, moment.at);
      const { name } = cluster.service.metadata;
      const problem = `annotation on service "shop/${name}", err: invalid port application protocol: H2C`;
      return failTranslation(
        cluster,
        moment,
        `could not parse "service.alpha.kubernetes.io/app-protocols" ${problem}`,
      );
    },
  },
  {
    id: "app-protocols-invalid no JSON",
    rootCause: "app-protocols-invalid",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      annotationsOf(cluster.service)["cloud.google.com/app-protocols"] = "HTTPS";
      touch(cluster.service, moment.at);
      const { name } = cluster.service.metadata;
      const problem = `annotation on service "shop/${name}", err: invalid character 'H' looking for beginning of value`;
      return failTranslation(
        cluster,
        moment,
        `could not parse "service.alpha.kubernetes.io/app-protocols" ${problem}`,
      );
    },
  },
  {
    id: "backendconfig-not-found",
    rootCause: "backendconfig-not-found",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      annotationsOf(cluster.service)[BACKEND_CONFIG] = '{"default":"web-backend"}';
      touch(cluster.service, moment.at);
      return configError(cluster, moment, "no BackendConfig for service port exists.");
    },
  },
  {
    id: "backendconfig-annotation-invalid",
    rootCause: "backendconfig-annotation-invalid",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      annotationsOf(cluster.service)[BACKEND_CONFIG] = "web-bc";
      touch(cluster.service, moment.at);
      return configError(cluster, moment, "BackendConfig annotation is invalid json");
    },
  },
  {
    id: "backendconfig-annotation-invalid empty",
    rootCause: "backendconfig-annotation-invalid",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      annotationsOf(cluster.service)[BACKEND_CONFIG] = "{}";
      touch(cluster.service, moment.at);
      return configError(cluster, moment, "no BackendConfig's found in annotation");
    },
  },
  {
    id: "backendconfig-invalid",
    rootCause: "backendconfig-invalid",
    onsets: BOTH,
    applies: () => true,
    inject: (cluster, moment) => {
      chosenConfig(cluster, moment).spec.sessionAffinity = { affinityType: "COOKIE" };
      const problem =
        "unsupported AffinityType: COOKIE, should be one of NONE, CLIENT_IP, or GENERATED_COOKIE";
      return configInvalid(cluster, moment, problem);
    },
  },
  {
    id: "cdn-and-iap-conflict",
    rootCause: "cdn-and-iap-conflict",
    onsets: BOTH,
    applies: (cluster) => cluster.all("Secret").some(({ metadata }) => metadata.name === "iap-oauth"),
    inject: (cluster, moment) => {
      chosenConfig(cluster, moment).spec.cdn = { enabled: true };
      return configInvalid(cluster, moment, "iap and cdn cannot be enabled at the same time");
    },
  },
  {
    id: "iap-secret-not-found",
    rootCause: "iap-secret-not-found",
    onsets: BOTH,
    applies: (cluster) => !hasCdn(cluster),
    inject: (cluster, moment) => {
      const iap = { enabled: true, oauthclientCredentials: { secretName: "iap-client" } };
      chosenConfig(cluster, moment).spec.iap = iap;
      return configInvalid(
        cluster,
        moment,
        'error retrieving secret iap-client: secrets "iap-client" not found',
      );
    },
  },
  {
    id: "iap-secret-keys-missing",
    rootCause: "iap-secret-keys-missing",
    onsets: BOTH,
    applies: (cluster) => cluster.all("Secret").some(({ metadata }) => metadata.name === "iap-oauth"),
    inject: (cluster, moment) => {
      const secret = cluster.get("Secret", "iap-oauth");
      secret.data = { id: "eA==", secret: "eA==" };
      touch(secret, moment.at);
      return configInvalid(cluster, moment, "secret iap-oauth missing client_id data");
    },
  },
  {
    id: "cdn-secret-not-found",
    rootCause: "cdn-secret-not-found",
    onsets: BOTH,
    applies: (cluster) => hasCdn(cluster),
    inject: (cluster, moment) => {
      cluster.remove(cluster.get("Secret", "cdn-key"));
      return configInvalid(cluster, moment, 'error retrieving secret cdn-key: secrets "cdn-key" not found');
    },
  },
  {
    id: "path-wildcard-invalid in Prefix",
    rootCause: "path-wildcard-invalid",
    onsets: BOTH,
    applies: hasRules,
    inject: (cluster, moment) => {
      editPath(cluster, moment, (path) => Object.assign(path, { path: "/api/*", pathType: "Prefix" }));
      return failTranslation(
        cluster,
        moment,
        "failed to validate prefix path /api/* due to invalid wildcard",
      );
    },
  },
  {
    id: "path-wildcard-invalid in Exact",
    rootCause: "path-wildcard-invalid",
    onsets: BOTH,
    applies: hasRules,
    inject: (cluster, moment) => {
      editPath(cluster, moment, (path) => Object.assign(path, { path: "/api/*", pathType: "Exact" }));
      return failTranslation(cluster, moment, "failed to validate exact path /api/* due to invalid wildcard");
    },
  },
  {
    id: "resource-backend-unsupported",
    rootCause: "resource-backend-unsupported",
    onsets: BOTH,
    applies: (cluster) => hasRules(cluster) && (cluster.ingress.spec.rules?.length ?? 0) === 1,
    inject: (cluster, moment) => {
      const backend = { resource: { apiGroup: "storage.example.com", kind: "Bucket", name: "assets" } };
      cluster.ingress.spec.rules?.[0]?.http?.paths.push({ path: "/assets", pathType: "Prefix", backend });
      touch(cluster.ingress, moment.at);
      return failTranslation(cluster, moment, "Ingress Backend is not a service");
    },
  },
  {
    id: "resource-backend-unsupported as the default backend",
    rootCause: "resource-backend-unsupported",
    onsets: BOTH,
    applies: (cluster) => hasRules(cluster) && cluster.ingress.spec.defaultBackend === undefined,
    inject: (cluster, moment) => {
      const resource = { apiGroup: "storage.example.com", kind: "Bucket", name: "assets" };
      cluster.ingress.spec.defaultBackend = { resource };
      touch(cluster.ingress, moment.at);
      return failTranslation(cluster, moment, "Ingress Backend is not a service");
    },
  },
];

function hasCdn(cluster: Cluster): boolean {
  return cluster.all("Secret").some(({ metadata }) => metadata.name === "cdn-key");
}
