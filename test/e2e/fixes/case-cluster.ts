import { execFile } from "node:child_process";
import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Finding } from "../../../src/diagnostics/finding.ts";
import { watchedKinds } from "../../../src/kubernetes/kinds.ts";
import { refKey } from "../../../src/model/refs.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { TestClient } from "../../controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../../controlplane/control-plane.ts";
import { waitFor } from "../../controlplane/eventually.ts";
import { installGkeCrds } from "../../controlplane/gke/install.ts";
import { recordEvent } from "../../controlplane/gke/recorder.ts";
import { type KubeObject, kindOf, type Manifest } from "../../controlplane/kube-object.ts";
import { parseManifests } from "../../controlplane/manifests.ts";
import { rewriteNamespace } from "../../controlplane/rewrite-objects.ts";
import { snapshotsOf } from "../../support/object-snapshots.ts";
import { renderObjects } from "../../support/render-objects.ts";
import { dated, datesOf } from "./dates.ts";

const execute = promisify(execFile);

/** A sync that leaves no error within half a minute has gone through. */
const AFTER_SYNC_MS = 60_000;

const KINDS = watchedKinds.map(({ group, version, kind }) =>
  group === "" ? `${version}/${kind}` : `${group}/${version}/${kind}`,
);

const CUSTOM_KINDS: ReadonlySet<string> = new Set(
  watchedKinds.filter(({ group }) => /(?:google\.com|gke\.io)$/.test(group)).map(({ kind }) => kind),
);

/** Namespace of the API server's own Service, which belongs to no case. */
const SERVER_NAMESPACE = "default";

/** Sources that no Kubernetes object is: they stay what the case says. */
const OUTSIDE_SOURCES: ReadonlySet<string> = new Set(["loadBalancer", "probes"]);

/**
 * An API server that holds the objects of one rule's case at a time, in the namespaces that the case names.
 *
 * No controller but those of namespaces and ServiceAccounts runs, so nothing changes that a test does not change.
 */
export class CaseCluster {
  readonly #controlPlane: ControlPlane;
  #given: Snapshot | undefined;
  /** Milliseconds by which the moment of a diagnosis is later than now. */
  #ahead = 0;

  private constructor(controlPlane: ControlPlane) {
    this.#controlPlane = controlPlane;
  }

  static async start(): Promise<CaseCluster> {
    const controlPlane = await startControlPlane({ controllers: [], jsonStorage: true });
    await installGkeCrds(controlPlane.client);
    // Any pair will do where a fix asks for the user's certificate.
    const file = (name: string) => join(controlPlane.directory, name);
    copyFileSync(file("apiserver.crt"), file("tls.crt"));
    copyFileSync(file("apiserver.key"), file("tls.key"));
    return new CaseCluster(controlPlane);
  }

  stop(): Promise<void> {
    return this.#controlPlane.stop();
  }

  /** Replaces everything in the cluster by the objects of the snapshot, as old as there: its moment is now. */
  async hold(given: Snapshot): Promise<void> {
    await this.#empty();
    this.#given = given;
    this.#ahead = 0;
    const current = moved(given, Date.now() - given.takenAt);
    const uids = new Map<string, string>();
    const namespaces = new Set<string>();
    for (const manifest of renderObjects(current)) {
      const { namespace } = manifest.metadata;
      if (namespace !== undefined) await this.#ensureNamespace(namespace);
      namespaces.add(namespace ?? "");
      const created = await this.#create(withRealUid(manifest, uids));
      uids.set(String(manifest.metadata.uid), created.metadata.uid ?? "");
    }
    const dates = datesOf(current);
    for (const namespace of namespaces) {
      await rewriteNamespace(this.#controlPlane, namespace, (text) => dated(text, dates));
    }
  }

  /** The snapshot as the API server's objects show it now; what the case could not read stays unreadable. */
  async read(): Promise<Snapshot> {
    const given = this.#given;
    if (given === undefined) throw new Error("nothing has been applied");
    const snapshots = snapshotsOf(await this.#objects(), Date.now() + this.#ahead);
    const read = snapshots.find(({ ingress }) => refKey(ingress.ref) === refKey(given.ingress.ref));
    if (read === undefined) throw new Error("the Ingress of the case is gone");
    const unreadable = Object.entries(given).filter(
      ([source, value]) => OUTSIDE_SOURCES.has(source) || isUnknown(value),
    );
    return { ...read, ...Object.fromEntries(unreadable) };
  }

  /** Runs a suggested command as an administrator's shell would; throws with its output when it fails. */
  async run(command: string): Promise<void> {
    const { directory, binaries } = this.#controlPlane;
    const { kubectl } = binaries;
    if (kubectl === undefined) throw new Error(`there is no kubectl in ${binaries.directory}`);
    // Nothing else can be found: a suggested gcloud command would change a real project.
    const PATH = dirname(kubectl);
    const env = { PATH, HOME: directory, KUBECONFIG: join(directory, "admin.kubeconfig") };
    await execute("/bin/sh", ["-c", command], { cwd: directory, env });
  }

  /** Makes a suggested change: applies what is a manifest, merges anything else into the object blamed. */
  async patch({ subject }: Finding, patch: string): Promise<void> {
    for (const document of parseManifests(patch)) {
      if (document.kind === undefined) await this.#merge(subject, document);
      else await this.#client.apply(document);
    }
  }

  /** Gives every Deployment the ready pods of its current template, as its controller and kubelets would. */
  async rollOut(): Promise<void> {
    const pods = await this.#client.list("v1/Pod");
    for (const deployment of await this.#client.list<KubeDeployment>("apps/v1/Deployment")) {
      const { metadata, spec } = deployment;
      const own = pods.filter(
        (pod) => pod.metadata.namespace === metadata.namespace && isSelected(pod, spec),
      );
      for (const pod of own) await this.#client.delete(pod, { gracePeriodSeconds: 0 });
      for (let index = 0; index < spec.replicas; index++) await this.#create(newPod(deployment, index));
    }
  }

  /** Lets GKE's controller notice the newest change and sync the Ingress without an error. */
  async syncIngress(): Promise<void> {
    const { ref } = (await this.read()).ingress;
    const ingress = await this.#client.get<KubeObject>(
      `${ref.apiVersion}/${ref.kind}`,
      ref.name,
      ref.namespace,
    );
    const component = "loadbalancer-controller";
    await recordEvent(this.#client, {
      about: ingress,
      component,
      reason: "Sync",
      message: "Scheduled for sync",
    });
    this.#ahead += AFTER_SYNC_MS;
  }

  get #client(): TestClient {
    return this.#controlPlane.client;
  }

  async #create(manifest: Manifest): Promise<KubeObject> {
    const created = await this.#client.create(withoutClass(manifest));
    if (manifest.kind === "Ingress") await this.#client.patch(manifest, annotationsOf(manifest));
    // A bound pod stays until its kubelet lets it go, anything else until its finalizers do.
    if (manifest.metadata.deletionTimestamp !== undefined) await this.#client.delete(manifest);
    const { status } = manifest;
    // Custom resources here have no subresource: they keep the status that they come with.
    if (status === undefined || CUSTOM_KINDS.has(manifest.kind)) return created;
    return this.#client.patchStatus(manifest, { status });
  }

  async #ensureNamespace(name: string): Promise<void> {
    if ((await this.#client.find("v1/Namespace", name)) !== undefined) return;
    await this.#client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await waitFor(() => this.#client.find("v1/ServiceAccount", "default", name), {
      what: `the default ServiceAccount of namespace ${name}`,
    });
  }

  async #merge({ apiVersion, kind, name, namespace }: Finding["subject"], body: unknown): Promise<void> {
    // The API server merges lists by their keys for its own kinds only.
    const isCustom = CUSTOM_KINDS.has(kind);
    await this.#client.request("PATCH", await this.#client.path(`${apiVersion}/${kind}`, namespace, name), {
      body,
      contentType: `application/${isCustom ? "merge-patch" : "strategic-merge-patch"}+json`,
    });
  }

  async #objects(): Promise<KubeObject[]> {
    const lists = await Promise.all(KINDS.map((kind) => this.#client.list(kind)));
    return lists.flat().filter(({ metadata }) => metadata.namespace !== SERVER_NAMESPACE);
  }

  async #empty(): Promise<void> {
    for (const object of await this.#objects()) {
      if (object.metadata.finalizers !== undefined) {
        await this.#client.patch(object, { metadata: { finalizers: null } });
      }
      await this.#client.delete(object, { gracePeriodSeconds: 0 });
    }
  }
}

/** Members of a snapshot that are times. */
const TIME = /^(?:firstAt|lastAt|since|lastSyncAt|expiresAt|createdAt|changedAt|deletedAt)$/;

/** The snapshot with every time moved by so many milliseconds. */
function moved(given: Snapshot, milliseconds: number): Snapshot {
  const move = (key: string, value: unknown) =>
    TIME.test(key) && typeof value === "number" ? value + milliseconds : value;
  return JSON.parse(JSON.stringify(given), move) as Snapshot;
}

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/** A class that differs from the field is refused in a new Ingress, and accepted in a change. */
function withoutClass(manifest: Manifest): Manifest {
  if (manifest.kind !== "Ingress") return manifest;
  const { metadata } = annotationsOf(manifest);
  const { [CLASS_ANNOTATION]: _class, ...annotations } = metadata.annotations;
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

function annotationsOf({ metadata }: Manifest) {
  return { metadata: { annotations: metadata.annotations as Record<string, string> } };
}

interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly image: string }[];
}

interface KubeDeployment extends KubeObject {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly replicas: number;
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}

function isSelected({ metadata }: KubeObject, { selector }: KubeDeployment["spec"]): boolean {
  return Object.entries(selector.matchLabels).every(([key, value]) => metadata.labels?.[key] === value);
}

/** The pod as it is once it runs. */
function newPod({ metadata, spec }: KubeDeployment, index: number): Manifest {
  const ip = `10.4.7.${index + 1}`;
  const statuses = spec.template.spec.containers.map(({ name, image }) => {
    return { name, image, imageID: "", ready: true, restartCount: 0, state: { running: {} } };
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${metadata.name}-new-${index}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: spec.template.metadata.labels,
    },
    spec: spec.template.spec,
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: statuses,
    },
  };
}

/** An Event is about an object by its UID; one that no object has is left alone. */
function withRealUid(manifest: Manifest, uids: ReadonlyMap<string, string>): Manifest {
  if (kindOf(manifest) !== "v1/Event") return manifest;
  const about = manifest.involvedObject as { readonly uid: string };
  return { ...manifest, involvedObject: { ...about, uid: uids.get(about.uid) ?? about.uid } };
}

function isUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null && "known" in value && value.known === false;
}
