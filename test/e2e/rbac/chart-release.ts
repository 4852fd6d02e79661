import { join } from "node:path";
import { type AuditEntry, readAuditLog } from "../../controlplane/audit.ts";
import type { TestClient } from "../../controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../../controlplane/control-plane.ts";
import { eventually } from "../../controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../../controlplane/gke/install.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { writeServiceAccountKubeconfig } from "../../controlplane/kubeconfig.ts";
import { startKubelet, type TestKubelet } from "../../controlplane/kubelet.ts";
import { CHART, helmOutput, only, RELEASE, renderChart, type Values } from "../../deploy/helm.ts";
import { type Permission, permissionsOf, permissionText } from "../../deploy/permissions.ts";
import { DIAGNOSIS } from "../reconciler/cluster.ts";
import { ControllerUnderTest } from "../reconciler/controller-under-test.ts";

/** Namespace of the Ingresses. */
export const SHOP = "shop";

const LEASE = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { ...RELEASE } };

/** Nothing runs as pods: the tests start the controller themselves. */
const NO_PODS: Values = { replicas: 0, google: { enabled: false }, probe: { enabled: true } };

/** Besides those that pods and owner references need: the one that makes `view` of the roles that ask for it. */
const CONTROLLERS = [
  "clusterrole-aggregation-controller",
  "deployment-controller",
  "endpointslice-controller",
  "garbage-collector-controller",
  "replicaset-controller",
];

/** A permission, where it holds, and the role that grants it. */
export interface Grant {
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
  readonly permission: Permission;
  readonly role: Manifest;
}

/** Says what is granted and where: `list pods in shop`. */
export function grantText({ namespace, permission }: Grant): string {
  return `${permissionText(permission)}${namespace === undefined ? "" : ` in ${namespace}`}`;
}

/** What a release with these values lets its ServiceAccount do. */
export async function grantsOf(values: Values): Promise<Grant[]> {
  const manifests = await renderChart({ ...NO_PODS, ...values });
  const bound = new Set(
    manifests
      .filter(({ kind }) => kind.endsWith("Binding"))
      .map(({ roleRef }) => `${(roleRef as { kind: string }).kind}/${(roleRef as { name: string }).name}`),
  );
  return manifests
    .filter(({ kind, metadata }) => bound.has(`${kind}/${metadata.name}`))
    .flatMap((role) =>
      permissionsOf(role).map((permission) => ({ namespace: role.metadata.namespace, permission, role })),
    );
}

/** A GKE-like cluster with the chart installed by helm, and the controller run as the chart would run it. */
export class ChartRelease {
  readonly controlPlane: ControlPlane;
  readonly #kubelet: TestKubelet;
  readonly #flags: readonly string[];
  readonly #controllers: ControllerUnderTest[] = [];

  private constructor(controlPlane: ControlPlane, kubelet: TestKubelet, flags: readonly string[]) {
    this.controlPlane = controlPlane;
    this.#kubelet = kubelet;
    this.#flags = flags;
  }

  /** Starts a cluster whose server knows no streamed lists, so that `list` is used as well as `watch`. */
  static async install(values: Values): Promise<ChartRelease> {
    const controlPlane = await startControlPlane({
      audit: true,
      plainLists: true,
      controllers: CONTROLLERS,
    });
    const { client } = controlPlane;
    const kubelet = await startKubelet(client);
    await installGkeCrds(client);
    await installDefaultBackend(client);
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } });
    const kubeconfig = join(controlPlane.directory, "admin.kubeconfig");
    const { name, namespace } = RELEASE;
    const args = [
      "install",
      name,
      CHART,
      "--namespace",
      namespace,
      "--create-namespace",
      "--kubeconfig",
      kubeconfig,
    ];
    await helmOutput(args, { ...NO_PODS, ...values });
    await eventually(() => client.list(DIAGNOSIS), { what: "the resource IngressDiagnosis" });
    return new ChartRelease(controlPlane, kubelet, await flagsOf({ ...NO_PODS, ...values }));
  }

  get client(): TestClient {
    return this.controlPlane.client;
  }

  /** Starts the controller with the ServiceAccount and the flags of the chart's own pods, and some more. */
  async startController(...more: readonly string[]): Promise<ControllerUnderTest> {
    const kubeconfig = join(this.controlPlane.directory, `${RELEASE.name}.kubeconfig`);
    await writeServiceAccountKubeconfig(kubeconfig, this.client, RELEASE);
    const controller = new ControllerUnderTest(kubeconfig, ...this.#flags, ...more);
    this.#controllers.push(controller);
    return controller;
  }

  /** Removes the Lease, so that the next controller need not wait for the last one's to expire. */
  freeLease(): Promise<void> {
    return this.client.delete(LEASE);
  }

  /** Everything the ServiceAccount has asked of the API server about objects. */
  requests(): AuditEntry[] {
    const user = `system:serviceaccount:${RELEASE.namespace}:${RELEASE.name}`;
    return readAuditLog(this.controlPlane.auditLog).filter(
      (entry) => entry.user === user && entry.resource !== "",
    );
  }

  async stop(): Promise<void> {
    for (const controller of this.#controllers) if (controller.isRunning) await controller.kill();
    await this.#kubelet.stop();
    await this.controlPlane.stop();
  }
}

interface Workload extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  };
}

/** Flags of the chart's container, but for the address, which every test has of its own. */
async function flagsOf(values: Values): Promise<string[]> {
  const manifests = await renderChart(values);
  const isSharded = manifests.some(({ kind }) => kind === "StatefulSet");
  const workload = only<Workload>(manifests, isSharded ? "StatefulSet" : "Deployment");
  const [container] = workload.spec.template.spec.containers;
  return container?.args.filter((flag) => !flag.startsWith("--listen=")) ?? [];
}
