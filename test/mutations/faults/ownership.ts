import { type Cluster, stamp, touch } from "../cluster.ts";
import { AT_CREATION, type Fault, LATER, type Moment } from "../fault.ts";
import { annotationsOf, forget, say, unserve } from "../gke-controllers.ts";

const CLASS = "kubernetes.io/ingress.class";

/** Leaves the Ingress, and NEGs only it uses, as if no GKE controller had ever taken it. */
function ignore(cluster: Cluster): void {
  const { ingress } = cluster;
  unserve(cluster, ingress);
  delete ingress.metadata.finalizers;
  forget(cluster, ({ involvedObject }) => involvedObject.uid === ingress.metadata.uid);
  if (cluster.all("Ingress").length === 1) dropNegs(cluster);
}

function dropNegs(cluster: Cluster): void {
  const names = new Set(cluster.services.map(({ metadata }) => metadata.name));
  const negs = cluster
    .all("ServiceNetworkEndpointGroup")
    .filter(({ metadata }) => names.has(metadata.labels?.["networking.gke.io/service-name"] ?? ""));
  cluster.remove(...negs);
  for (const service of cluster.services) delete annotationsOf(service)["cloud.google.com/neg-status"];
  forget(
    cluster,
    ({ source, involvedObject }) => source.component === "neg-controller" && names.has(involvedObject.name),
  );
}

function classIs(cluster: Cluster, value: string): readonly [] {
  annotationsOf(cluster.ingress)[CLASS] = value;
  ignore(cluster);
  return [];
}

const always = () => true;

function blockDeletion(cluster: Cluster, { at, seenAt }: Moment) {
  const { ingress } = cluster;
  ingress.metadata.deletionTimestamp = stamp(at);
  const message =
    "Error: googleapi: Error 400: The target_http_proxy resource " +
    "'projects/lab-project/global/targetHttpProxies/k8s2-tp-x' is already being used by " +
    "'projects/lab-project/global/forwardingRules/by-hand', resourceInUseByAnotherResource";
  say(cluster, {
    about: ingress,
    type: "Warning",
    reason: "GarbageCollection",
    message,
    firstAt: at + 5000,
    lastAt: seenAt - 120_000,
    count: 15,
  });
  return [];
}

/** Whether GKE takes the Ingress at all, and whether it can let go of it. */
export const OWNERSHIP_FAULTS: readonly Fault[] = [
  {
    id: "ingress-class-name-unsupported",
    rootCause: "ingress-class-name-unsupported",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => {
      delete annotationsOf(cluster.ingress)[CLASS];
      cluster.ingress.spec.ingressClassName = "gce";
      ignore(cluster);
      return [];
    },
  },
  {
    id: "ingress-class-unknown",
    rootCause: "ingress-class-unknown",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => classIs(cluster, "gke"),
  },
  {
    id: "ingress-class-unknown wrong case",
    rootCause: "ingress-class-unknown",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => classIs(cluster, "GCE"),
  },
  {
    id: "ingress-class-other-controller",
    rootCause: "ingress-class-other-controller",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => classIs(cluster, "nginx"),
  },
  {
    id: "ingress-class-multi-cluster",
    rootCause: "ingress-class-multi-cluster",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => {
      const { ingress } = cluster;
      unserve(cluster, ingress);
      annotationsOf(ingress)[CLASS] = "gce-multi-cluster";
      annotationsOf(ingress)["ingress.gcp.kubernetes.io/instance-groups"] =
        '[{"Name":"k8s-ig--7c1e09d2a4b85f36","Zone":"us-central1-a"}]';
      return [];
    },
  },
  {
    id: "controller-not-running",
    rootCause: "controller-not-running",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => {
      for (const ingress of cluster.all("Ingress")) {
        unserve(cluster, ingress);
        delete ingress.metadata.finalizers;
      }
      forget(cluster, () => true);
      dropNegs(cluster);
      return [];
    },
  },
  {
    id: "ingress-class-changed",
    rootCause: "ingress-class-changed",
    symptoms: ["no-lb"],
    onsets: LATER,
    applies: (cluster) => cluster.all("Ingress").length === 1,
    inject: (cluster, { at }) => {
      const { ingress } = cluster;
      annotationsOf(ingress)[CLASS] = "nginx";
      delete ingress.metadata.finalizers;
      touch(ingress, at);
      dropNegs(cluster);
      forget(cluster, ({ involvedObject }) => involvedObject.uid === ingress.metadata.uid);
      return [];
    },
  },
  {
    id: "deletion-blocked-by-resource-in-use",
    rootCause: "deletion-blocked-by-resource-in-use",
    symptoms: ["stuck-deleting"],
    onsets: LATER,
    applies: always,
    inject: blockDeletion,
  },
  {
    id: "ingress-class-multi-cluster without traces",
    rootCause: "ingress-class-multi-cluster",
    symptoms: ["no-ip"],
    onsets: AT_CREATION,
    applies: always,
    inject: (cluster) => classIs(cluster, "gce-multi-cluster"),
  },
  {
    id: "ingress-class-changed with the Events still there",
    rootCause: "ingress-class-changed",
    symptoms: ["no-lb"],
    onsets: LATER,
    applies: (cluster) => cluster.all("Ingress").length === 1,
    inject: (cluster, { at }) => {
      annotationsOf(cluster.ingress)[CLASS] = "gke-internal";
      delete cluster.ingress.metadata.finalizers;
      touch(cluster.ingress, at);
      dropNegs(cluster);
      return [];
    },
  },
];
