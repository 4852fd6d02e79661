import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { IngressDiagnosisStatus } from "../../../src/reconciler/status-types.ts";
import { ApiError, type TestClient } from "../../controlplane/client.ts";
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../controlplane/control-plane.ts";
import { eventually } from "../../controlplane/eventually.ts";
import { installDefaultBackend } from "../../controlplane/gke/install.ts";
import type { KubeObject, Manifest } from "../../controlplane/kube-object.ts";
import { writeKubeconfig } from "../../controlplane/kubeconfig.ts";
import { startKubelet, type TestKubelet } from "../../controlplane/kubelet.ts";
import { applyManifests, parseManifests } from "../../controlplane/manifests.ts";
import { ControllerUnderTest } from "./controller-under-test.ts";

/** Kind of the resource that the controller writes. */
export const DIAGNOSIS = "ingressdoctor.dev/v1alpha1/IngressDiagnosis";

const DEPLOY = join(import.meta.dirname, "../../../deploy");
const SERVICE_ACCOUNT = "ingress-doctor";

/** User name of the controller in the audit log. */
export const CONTROLLER_USER = `system:serviceaccount:${SERVICE_ACCOUNT}:${SERVICE_ACCOUNT}`;

export interface Diagnosis extends KubeObject {
  readonly status?: IngressDiagnosisStatus;
}

export interface EventObject extends KubeObject {
  readonly regarding: { readonly name: string; readonly uid: string };
  readonly reason: string;
  readonly note: string;
  readonly type: string;
  readonly reportingController: string;
}

/** A control plane of its own with what a user installs: the resource, the permissions, and the controller. */
export class Cluster {
  readonly controlPlane: ControlPlane;
  readonly #kubelet: TestKubelet;
  readonly #controllers: ControllerUnderTest[] = [];

  /** Use {@link startCluster}. */
  constructor(controlPlane: ControlPlane, kubelet: TestKubelet) {
    this.controlPlane = controlPlane;
    this.#kubelet = kubelet;
  }

  get client(): TestClient {
    return this.controlPlane.client;
  }

  /** Starts the controller with the permissions of the ServiceAccount that is shipped, and no others. */
  startController(...flags: readonly string[]): Promise<ControllerUnderTest> {
    return this.startControllerAs(SERVICE_ACCOUNT, ...flags);
  }

  /** Starts the controller as ServiceAccount `ingress-doctor` of another namespace. */
  async startControllerAs(namespace: string, ...flags: readonly string[]): Promise<ControllerUnderTest> {
    const kubeconfig = join(this.controlPlane.directory, `${namespace}.kubeconfig`);
    const token = await this.client.createToken(namespace, SERVICE_ACCOUNT);
    writeKubeconfig(kubeconfig, { ...this.controlPlane.connection, token });
    const controller = new ControllerUnderTest(kubeconfig, ...flags);
    controller.credential = credentialOf(token);
    this.#controllers.push(controller);
    return controller;
  }

  /** Diagnoses by `namespace/name`. */
  async diagnoses(): Promise<Map<string, Diagnosis>> {
    const list = await this.client.list<Diagnosis>(DIAGNOSIS);
    return new Map(
      list.map((diagnosis) => [`${diagnosis.metadata.namespace}/${diagnosis.metadata.name}`, diagnosis]),
    );
  }

  /** Status of the diagnosis of one Ingress; throws while there is none. */
  async status(namespace: string, name = "web"): Promise<IngressDiagnosisStatus> {
    const { status } = await this.client.get<Diagnosis>(DIAGNOSIS, name, namespace);
    if (status === undefined) throw new Error(`the diagnosis ${namespace}/${name} has no status`);
    return status;
  }

  /** The controller's own Events. */
  async events(namespace?: string): Promise<EventObject[]> {
    const options = namespace === undefined ? {} : { namespace };
    const events = await this.client.list<EventObject>("events.k8s.io/v1/Event", options);
    return events.filter(({ reportingController }) => reportingController === "ingress-doctor");
  }

  async stop(): Promise<void> {
    for (const controller of this.#controllers) await controller.kill();
    await this.#kubelet.stop();
    await this.controlPlane.stop();
  }
}

/** What the audit log calls a ServiceAccount's token. */
function credentialOf(token: string): string {
  const [, payload = ""] = token.split(".");
  const { jti } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { readonly jti: string };
  return `JTI=${jti}`;
}

/** Starts a control plane and installs `deploy/` in it. */
export async function startCluster(options: ControlPlaneOptions = {}): Promise<Cluster> {
  const controlPlane = await startControlPlane({ audit: true, ...options });
  const kubelet = await startKubelet(controlPlane.client);
  await installDefaultBackend(controlPlane.client);
  await installDeploy(controlPlane.client);
  return new Cluster(controlPlane, kubelet);
}

/** Applies the resource definition and the permissions that are shipped, and waits until they hold. */
export async function installDeploy(client: TestClient): Promise<void> {
  await applyManifests(client, shipped("crds/ingressdiagnoses.ingressdoctor.dev.yaml"));
  await applyManifests(client, shipped("rbac.yaml"));
  await eventually(() => client.list(DIAGNOSIS), { what: "the resource IngressDiagnosis" });
}

/** Manifests of a file below `deploy/`. */
export function shipped(file: string): Manifest[] {
  return parseManifests(readFileSync(join(DEPLOY, file), "utf8"));
}

/** An Ingress `name` of class gce that sends everything to the Service of the same name. */
export function ingressManifest(namespace: string, name = "web", service = name): Manifest {
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace, annotations: { "kubernetes.io/ingress.class": "gce" } },
    spec: {
      rules: [{ host: `${name}.example.com`, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  };
}

/** Service `name` for the pods of {@link deploymentManifest}. */
export function serviceManifest(namespace: string, name = "web"): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, annotations: { "cloud.google.com/neg": '{"ingress": true}' } },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

/** One pod that is ready at once. */
export function deploymentManifest(namespace: string, name = "web"): Manifest {
  const labels = { app: name };
  const containers = [{ name: "web", image: "registry.example.com/web:1", ports: [{ containerPort: 8080 }] }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

/** Answers the API error of a request that must be refused. */
export async function refusal(request: Promise<unknown>): Promise<ApiError> {
  const answer = await request.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (answer instanceof ApiError) return answer;
  throw new Error(`the request was not refused by the API server: ${String(answer)}`);
}
