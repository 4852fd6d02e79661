import { ApiError, type TestClient } from "./client.ts";
import { follow } from "./follow.ts";
import { frontendOf, lacksFrontendConfig } from "./gke/frontend.ts";
import {
  adoptedPath,
  backendHealth,
  effectiveCheck,
  type Health,
  type HealthCheck,
  selectedPods,
} from "./gke/health.ts";
import { type ClusterIds, frontendNames, negName } from "./gke/names.ts";
import { NegController } from "./gke/negs.ts";
import { annotation, type Ingress, KINDS, type NamespaceObjects, readNamespace } from "./gke/objects.ts";
import { syncReadinessGates } from "./gke/readiness-gates.ts";
import { type EventInput, recordEvent } from "./gke/recorder.ts";
import { FIREWALL_ANNOTATION, PROBES_BLOCKED_ANNOTATION, SYNC_ERROR_ANNOTATION } from "./gke/scenario.ts";
import { type Backend, isGceIngress, isInternal, translate } from "./gke/translate.ts";
import type { KubeObject } from "./kube-object.ts";
import { PROJECT } from "./nodes.ts";

const FINALIZER = "networking.gke.io/ingress-finalizer-V2";
const CLUSTER_UID = "4be91c07d2a65f83";
const DEBOUNCE_MS = 50;

/** What the names of a cluster's Google resources are made of. */
export async function clusterIds(client: TestClient): Promise<ClusterIds> {
  const kubeSystem = await client.get("v1/Namespace", "kube-system");
  return { clusterUid: CLUSTER_UID, kubeSystemUid: kubeSystem.metadata.uid ?? "" };
}

/** Starts a stand-in for GKE's Ingress controller on one namespace, or on all of them. */
export async function startGkeController(client: TestClient, namespace?: string): Promise<GkeController> {
  const controller = new GkeController(client, await clusterIds(client));
  controller.watch(namespace);
  return controller;
}

/**
 * Writes what the real controller would leave on Ingresses, Services and pods, without any load balancer.
 *
 * It models the order of a sync: finalizer, translation, backends, frontend, status; the first error stops
 * what follows and leaves the rest as it was. Time is compressed: what the real one writes at its next resync,
 * such as changed health, is written at once. A health check adopts a readiness probe when the first pod
 * appears and keeps that path from then on. Annotations of `gke/scenario.ts` say what cannot be derived.
 */
export class GkeController {
  readonly #client: TestClient;
  readonly #ids: ClusterIds;
  readonly #negs: NegController;
  readonly #abort = new AbortController();
  readonly #followers: Promise<void>[] = [];
  readonly #pending = new Map<string, NodeJS.Timeout>();
  /** One namespace is synced at a time, and never twice at once. */
  #queue: Promise<void> = Promise.resolve();
  /** Ingress uid -> the input its Events were last written for. */
  readonly #announced = new Map<string, string>();
  /** Health check name -> path it got when it was created. */
  readonly #createdPaths = new Map<string, string>();
  #addresses = 0;

  /** Use {@link startGkeController}. */
  constructor(client: TestClient, ids: ClusterIds) {
    this.#client = client;
    this.#ids = ids;
    this.#negs = new NegController(client, ids);
  }

  /** Syncs a namespace soon after anything in it changes. */
  watch(namespace?: string): void {
    const options = namespace === undefined ? {} : { namespace };
    for (const kind of Object.values(KINDS)) {
      const onEvent = (object: KubeObject) => this.#schedule(object.metadata.namespace ?? "");
      const { signal } = this.#abort;
      this.#followers.push(
        follow(this.#client, kind, (event) => onEvent(event.object), { ...options, signal }),
      );
    }
  }

  /** Stops watching and waits for the sync under way; everything written stays. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const timer of this.#pending.values()) clearTimeout(timer);
    await Promise.all([...this.#followers, this.#queue]);
  }

  /** Syncs every Ingress of the namespace once. */
  async sync(namespace: string): Promise<void> {
    const objects = await readNamespace(this.#client, namespace);
    const taken = objects.ingresses.filter((ingress) => isGceIngress(ingress) && !isDeleting(ingress));
    const negs = await this.#negs.sync(objects, taken, await this.#zones());
    for (const ingress of objects.ingresses) {
      if (taken.includes(ingress)) await this.#syncIngress(ingress, objects, negs);
      else await this.#cleanUp(ingress);
    }
  }

  #schedule(namespace: string): void {
    if (this.#pending.has(namespace) || this.#abort.signal.aborted) return;
    const run = () => {
      this.#pending.delete(namespace);
      this.#queue = this.#queue
        .then(() => this.sync(namespace))
        .catch((error) => this.#retry(namespace, error));
    };
    this.#pending.set(namespace, setTimeout(run, DEBOUNCE_MS));
  }

  #retry(namespace: string, error: unknown): void {
    if (this.#abort.signal.aborted) return;
    const isOvertaken = error instanceof ApiError && (error.statusCode === 404 || error.statusCode === 409);
    if (!isOvertaken)
      console.error(`GKE stand-in: ${error instanceof Error ? error.message : String(error)}`);
    this.#schedule(namespace);
  }

  async #zones(): Promise<string[]> {
    const nodes = await this.#client.list<KubeObject>("v1/Node");
    const zones = nodes.flatMap((node) => node.metadata.labels?.["topology.kubernetes.io/zone"] ?? []);
    return [...new Set(zones)].sort();
  }

  /** After deletion or a change of class: the load balancer and the finalizer go, annotations and address stay. */
  async #cleanUp(ingress: Ingress): Promise<void> {
    const finalizers = ingress.metadata.finalizers ?? [];
    if (!finalizers.includes(FINALIZER)) return;
    this.#announced.delete(ingress.metadata.uid ?? "");
    await this.#client.patch(ingress, {
      metadata: { finalizers: finalizers.filter((one) => one !== FINALIZER) },
    });
  }

  async #syncIngress(ingress: Ingress, objects: NamespaceObjects, negs: ReadonlySet<string>): Promise<void> {
    const announce = this.#isNewInput(ingress, objects);
    const record = async (event: Omit<EventInput, "about" | "component">) => {
      if (!announce) return;
      await recordEvent(this.#client, { about: ingress, component: "loadbalancer-controller", ...event });
    };
    await record({ reason: "Sync", message: "Scheduled for sync" });
    await this.#ensureFinalizer(ingress);
    const { backends, errors } = translate(this.#ids, ingress, objects);
    if (errors.length > 0) {
      const message = `Translation failed: invalid ingress spec: ${errors.join("; ")}`;
      await record({ type: "Warning", reason: "Translate", message });
      return;
    }
    try {
      this.#failIfAsked(ingress, backends, negs);
      await this.#build(ingress, objects, backends);
    } catch (error) {
      // An answer of the API server is no finding of the pretended controller.
      if (error instanceof ApiError) throw error;
      await record({
        type: "Warning",
        reason: "Sync",
        message: `Error syncing to GCP: ${(error as Error).message}`,
      });
      return;
    }
    if (lacksFrontendConfig(ingress, objects)) {
      await record({
        type: "Warning",
        reason: "Sync",
        message: "Error: no FrontendConfig for Ingress exists.",
      });
    }
    const command = annotation(ingress, FIREWALL_ANNOTATION);
    if (command !== undefined) {
      const message = `Firewall change required by security admin: \`${command}\``;
      await record({ reason: "XPN", message });
    }
  }

  /** Whether anything changed that the real controller would have queued the Ingress for. */
  #isNewInput(ingress: Ingress, objects: NamespaceObjects): boolean {
    const own = (object: KubeObject) => {
      const annotations = Object.entries(object.metadata.annotations ?? {});
      const read = annotations.filter(
        ([key]) => !key.startsWith("ingress.kubernetes.io/") && !key.endsWith("neg-status"),
      );
      return [object.metadata.name, object.spec, read];
    };
    const configs = [...objects.services, ...objects.backendConfigs, ...objects.frontendConfigs].map(own);
    const secrets = objects.secrets.map((secret) => secret.metadata.resourceVersion);
    const input = JSON.stringify([own(ingress), configs, secrets]);
    const uid = ingress.metadata.uid ?? "";
    if (this.#announced.get(uid) === input) return false;
    this.#announced.set(uid, input);
    return true;
  }

  async #ensureFinalizer(ingress: Ingress): Promise<void> {
    const finalizers = ingress.metadata.finalizers ?? [];
    if (finalizers.includes(FINALIZER)) return;
    await this.#client.patch(ingress, { metadata: { finalizers: [...finalizers, FINALIZER] } });
  }

  #failIfAsked(ingress: Ingress, backends: readonly Backend[], negs: ReadonlySet<string>): void {
    const asked = annotation(ingress, SYNC_ERROR_ANNOTATION);
    if (asked !== undefined) {
      const { loadBalancer } = frontendNames(
        this.#ids,
        ingress.metadata.namespace ?? "",
        ingress.metadata.name,
      );
      throw new Error(asked.replaceAll("{loadbalancer}", loadBalancer));
    }
    const missing = backends.find((backend) => backend.usesNeg && !negs.has(backend.name));
    if (missing !== undefined) {
      const resource = `projects/${PROJECT}/zones/us-central1-a/networkEndpointGroups/${missing.name}`;
      throw new Error(
        `error running backend syncing routine: googleapi: Error 404: The resource '${resource}' was not found, notFound`,
      );
    }
  }

  async #build(ingress: Ingress, objects: NamespaceObjects, backends: readonly Backend[]): Promise<void> {
    const isBlocked =
      annotation(ingress, PROBES_BLOCKED_ANNOTATION) === "true" ||
      annotation(ingress, FIREWALL_ANNOTATION) !== undefined;
    const health = new Map<string, Health>();
    for (const backend of backends) {
      const check = effectiveCheck(backend, this.#createdPath(objects, backend));
      const state = backendHealth(objects, backend, check);
      health.set(backend.name, isBlocked && state === "HEALTHY" ? "UNHEALTHY" : state);
      if (backend.usesNeg && !isBlocked) await this.#openGates(objects, backend, check);
    }
    if (ingress.spec.defaultBackend === undefined) {
      health.set(negName(this.#ids, "kube-system", "default-http-backend", 80), "HEALTHY");
    }
    await this.#publish(ingress, objects, health);
  }

  /** Path the health check got when it was created; open until the Service has its first pod. */
  #createdPath(objects: NamespaceObjects, backend: Backend): string {
    const existing = this.#createdPaths.get(backend.name);
    if (existing !== undefined) return existing;
    const path = adoptedPath(objects, backend) ?? "/";
    if (selectedPods(objects, backend.service).length > 0) this.#createdPaths.set(backend.name, path);
    return path;
  }

  #openGates(objects: NamespaceObjects, backend: Backend, check: HealthCheck): Promise<void> {
    return syncReadinessGates(this.#client, objects, backend, check);
  }

  /** Last step of a successful sync: annotations and address, with Events for what is new. */
  async #publish(ingress: Ingress, objects: NamespaceObjects, health: Map<string, Health>): Promise<void> {
    const frontend = this.#frontend(ingress, objects);
    const sorted = Object.fromEntries([...health].sort(([a], [b]) => (a < b ? -1 : 1)));
    const annotations = { ...frontend.annotations, "ingress.kubernetes.io/backends": JSON.stringify(sorted) };
    const address = ingress.status?.loadBalancer?.ingress?.[0]?.ip;
    const isNew = annotation(ingress, "ingress.kubernetes.io/url-map") === undefined;
    const isCurrent = Object.entries(annotations).every(
      ([key, value]) => (annotation(ingress, key) ?? null) === value,
    );
    if (isCurrent && address !== undefined) return;

    const ip = address ?? this.#nextAddress(ingress);
    const status = { loadBalancer: { ingress: [{ ip }] } };
    await this.#client.patchStatus(ingress, { metadata: { annotations }, status });
    const about = { about: ingress, component: "loadbalancer-controller" as const };
    for (const message of isNew ? frontend.created : []) {
      await recordEvent(this.#client, { ...about, reason: "Sync", message });
    }
    if (address === undefined) {
      await recordEvent(this.#client, { ...about, reason: "IPChanged", message: `IP is now ${ip}` });
    }
  }

  #frontend(ingress: Ingress, objects: NamespaceObjects) {
    try {
      return frontendOf(this.#ids, ingress, objects);
    } catch (error) {
      throw new Error(`error running load balancer syncing routine: ${(error as Error).message}`);
    }
  }

  /** Documentation addresses outside, the Nodes' range inside. */
  #nextAddress(ingress: Ingress): string {
    const last = 10 + (this.#addresses++ % 240);
    return isInternal(ingress) ? `10.128.9.${last}` : `203.0.113.${last}`;
  }
}

function isDeleting(ingress: Ingress): boolean {
  return ingress.metadata.deletionTimestamp !== undefined;
}
