import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../controlplane/build-binaries.ts";
import type { TestClient } from "../controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../controlplane/gke/install.ts";
import { ANSWERS_ANNOTATION } from "../controlplane/gke/scenario.ts";
import { clusterIds, type GkeController, startGkeController } from "../controlplane/gke-controller.ts";
import type { KubeObject, Manifest } from "../controlplane/kube-object.ts";
import { writeServiceAccountKubeconfig } from "../controlplane/kubeconfig.ts";
import { startKubelet, type TestKubelet } from "../controlplane/kubelet.ts";
import { applyManifests, parseManifests } from "../controlplane/manifests.ts";
import { ageNamespace } from "../controlplane/rewrite-objects.ts";
import { ServerProcess } from "../controlplane/server-process.ts";
import { GoogleStandIn } from "../simulator/google-stand-in.ts";
import { POD_ROUTES } from "../simulator/pod-routes.ts";
import type { StoredDiagnosis } from "./expectations.ts";

/** Namespace of all examples. */
export const NAMESPACE = "demo";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = join(ROOT, "examples");
const CONTROLLER = join(ROOT, "dist/main.js");
/** Takes the place of the network between the controller and the pods. */
const POD_NETWORK = join(ROOT, "test/simulator/lead-to-pods.ts");
const ACCOUNT = { namespace: "ingress-doctor", name: "ingress-doctor" };
const INGRESS = "networking.k8s.io/v1/Ingress";
const DIAGNOSES_PATH = `/apis/ingressdoctor.dev/v1alpha1/namespaces/${NAMESPACE}/ingressdiagnoses`;

/** Older than the propagation window of a new load balancer, which is a quarter of an hour. */
const AGE_MS = 60 * 60_000;

/** What the examples' images answer, for pods that nobody runs: nginx has a start page and nothing else. */
const NGINX_ANSWERS = JSON.stringify({ 80: { "/": 200, "*": 404 } });

/** A cluster like GKE's with the examples in it, and Ingress Doctor running as its own process. */
export class DemoCluster {
  readonly #controlPlane: ControlPlane;
  #kubelet: TestKubelet | undefined;
  #gke: GkeController | undefined;
  #google: GoogleStandIn | undefined;
  #controller: ServerProcess | undefined;

  private constructor(controlPlane: ControlPlane) {
    this.#controlPlane = controlPlane;
  }

  /** Starts the servers; nothing is installed yet. */
  static async start(report: Report): Promise<DemoCluster> {
    return new DemoCluster(await startControlPlane({ report, jsonStorage: true }));
  }

  get client(): TestClient {
    return this.#controlPlane.client;
  }

  /** The administrator's kubeconfig. */
  get kubeconfig(): string {
    return join(this.#controlPlane.directory, "admin.kubeconfig");
  }

  /** Where the load balancers of the examples are read; empty before they are applied. */
  get googleEndpoint(): string {
    return this.#google?.endpoint ?? "";
  }

  /** Undefined where `KUBEBUILDER_ASSETS` names a folder without it. */
  get kubectl(): string | undefined {
    return this.#controlPlane.binaries.kubectl;
  }

  /** Installs GKE's CRDs and default backend, and what a user of Ingress Doctor installs. */
  async install(): Promise<void> {
    await installGkeCrds(this.client);
    await installDefaultBackend(this.client);
    await this.#applyFiles(join(ROOT, "deploy/crds"));
    await applyManifests(this.client, parseManifests(readFileSync(join(ROOT, "deploy/rbac.yaml"), "utf8")));
    await eventually(() => this.client.request("GET", DIAGNOSES_PATH), { what: "the kind IngressDiagnosis" });
    await this.client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  }

  /** Applies `examples/` and waits until Kubernetes and GKE have done with them what they can. */
  async applyExamples(): Promise<void> {
    this.#kubelet = await startKubelet(this.client);
    await this.#applyFiles(EXAMPLES, NAMESPACE);
    // Not before: GKE would complain of every Service that comes a moment after its Ingress.
    this.#gke = await startGkeController(this.client, NAMESPACE);
    this.#google = await GoogleStandIn.start({
      client: this.client,
      ids: await clusterIds(this.client),
      namespace: NAMESPACE,
      routesFile: this.#routesFile,
    });
    await waitFor(() => this.#isSettled(), { what: "the end of GKE's work on the examples" });
    await ageNamespace(this.#controlPlane, NAMESPACE, AGE_MS);
  }

  /** Runs the built controller with its ServiceAccount's permissions; `listen` is where it serves metrics. */
  async startController(listen = "127.0.0.1:0"): Promise<void> {
    if (!existsSync(CONTROLLER)) throw new Error("dist/main.js is missing; run `npm run build` first");
    const { directory } = this.#controlPlane;
    const kubeconfig = join(directory, "ingress-doctor.kubeconfig");
    await writeServiceAccountKubeconfig(kubeconfig, this.client, ACCOUNT);
    const flags = ["--kubeconfig", kubeconfig, "--listen", listen, "--log-level", "warn"];
    const args = [
      "--import",
      POD_NETWORK,
      CONTROLLER,
      ...flags,
      "--google-endpoint",
      this.googleEndpoint,
      "--probe",
    ];
    const environment = { [POD_ROUTES]: this.#routesFile };
    this.#controller = new ServerProcess(process.execPath, args, directory, environment);
  }

  get #routesFile(): string {
    return join(this.#controlPlane.directory, "pod-routes.json");
  }

  /** Where the load balancer of an Ingress listens on this machine. */
  async urlOf(ingress: string): Promise<string> {
    const { status } = await this.client.get<Ingress>(INGRESS, ingress, NAMESPACE);
    return this.#google?.urlOf(status.loadBalancer.ingress?.[0]?.ip ?? "") ?? "";
  }

  /** What Ingress Doctor has said so far; throws when it has ended. */
  async diagnoses(): Promise<StoredDiagnosis[]> {
    if (this.#controller?.hasExited === true) {
      throw new Error(`Ingress Doctor has ended.\n${readFileSync(this.#controller.logFile, "utf8")}`);
    }
    return ((await this.client.request("GET", DIAGNOSES_PATH)) as { items: StoredDiagnosis[] }).items;
  }

  /** Ends everything in the order in which nothing complains; safe to call at any time. */
  async stop(): Promise<void> {
    await this.#controller?.kill("SIGTERM");
    await this.#gke?.stop();
    await this.#google?.stop();
    await this.#kubelet?.stop();
    await this.#controlPlane.stop();
  }

  async #applyFiles(folder: string, namespace?: string): Promise<void> {
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
      const manifests = parseManifests(readFileSync(join(folder, file), "utf8"));
      await applyManifests(this.client, manifests.map(withAnswers), namespace);
    }
  }

  /** Pods are ready, and each Ingress has an address or the Warning that says why not. */
  async #isSettled(): Promise<boolean> {
    const options = { namespace: NAMESPACE };
    const deployments = await this.client.list<Deployment>("apps/v1/Deployment", options);
    if (deployments.some(({ spec, status }) => status?.readyReplicas !== spec.replicas)) return false;
    const ingresses = await this.client.list<Ingress>(INGRESS, options);
    const warnings = await this.client.list<Event>("v1/Event", {
      ...options,
      fieldSelector: "involvedObject.kind=Ingress,type=Warning",
    });
    return ingresses.every(
      ({ metadata, status }) =>
        status.loadBalancer.ingress !== undefined ||
        warnings.some(({ involvedObject }) => involvedObject.name === metadata.name),
    );
  }
}

interface Deployment extends KubeObject {
  readonly spec: { readonly replicas: number };
  readonly status?: { readonly readyReplicas?: number };
}

interface Ingress extends KubeObject {
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly { readonly ip: string }[] } };
}

interface Event extends KubeObject {
  readonly involvedObject: { readonly name: string };
}

interface PodTemplate {
  readonly metadata: object;
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}

/** Says on the pods of nginx what nginx answers, where the stand-in for Google's prober looks. */
function withAnswers(manifest: Manifest): Manifest {
  if (manifest.kind !== "Deployment") return manifest;
  const spec = manifest.spec as { readonly template: PodTemplate };
  const { template } = spec;
  if (!template.spec.containers.some(({ image }) => image.startsWith("nginx:"))) return manifest;
  const metadata = { ...template.metadata, annotations: { [ANSWERS_ANNOTATION]: NGINX_ANSWERS } };
  return { ...manifest, spec: { ...spec, template: { ...template, metadata } } };
}
