import { type ObjectKey, objectKey, refKey } from "../../src/model/refs.ts";
import type {
  DiagnosisWriteResult,
  DiagnosisWriter,
  IngressOwner,
  StoredDiagnosis,
  StoredTarget,
  VersionedTarget,
  WriteFailure,
} from "../../src/reconciler/ports.ts";
import { reduceStatus } from "../../src/reconciler/stored-status.ts";
import type { MemoryCluster } from "./memory-cluster.ts";

/** What the API server does with IngressDiagnoses, with the cache of a {@link MemoryCluster} behind it. */
export class MemoryWriter implements DiagnosisWriter {
  /** Every request, e.g. `status shop/web`. */
  readonly requests: string[] = [];
  /** Answers instead of the server while there are any. */
  readonly failures: WriteFailure[] = [];
  /** Changes a status before it is stored, as a schema with fewer fields would. */
  prune: (status: Record<string, unknown>) => object = (status) => status;
  /** The cache learns of writes only when {@link deliver} is called. */
  lagging = false;
  readonly #cluster: MemoryCluster;
  readonly #objects = new Map<ObjectKey, StoredDiagnosis>();
  readonly #statuses = new Map<ObjectKey, object>();
  readonly #undelivered: (() => void)[] = [];
  #version = 100;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  /** The raw status stored for a key. */
  status(key: ObjectKey): Record<string, unknown> | undefined {
    return this.#statuses.get(key) as Record<string, unknown> | undefined;
  }

  stored(key: ObjectKey): StoredDiagnosis | undefined {
    return this.#objects.get(key);
  }

  /** Lets the cache catch up. */
  deliver(): void {
    for (const deliver of this.#undelivered.splice(0)) deliver();
  }

  /** A change that somebody else makes. */
  tamper(key: ObjectKey, status: object): void {
    this.#store(this.#existing(key), status);
  }

  /** A deletion that somebody else, such as garbage collection, makes. */
  delete(key: ObjectKey): void {
    const { ref } = this.#existing(key);
    this.#objects.delete(key);
    this.#statuses.delete(key);
    this.#tell(() => this.#cluster.remove("diagnoses", ref.namespace, ref.name));
  }

  async ensure({ ref, uid }: IngressOwner): Promise<DiagnosisWriteResult> {
    const key = refKey(ref);
    const failure = this.#request("ensure", key);
    if (failure !== undefined) return failure;
    const { status: _status, ...known } = this.#objects.get(key) ?? {
      ref: {
        apiVersion: "ingressdoctor.dev/v1alpha1",
        kind: "IngressDiagnosis",
        namespace: ref.namespace,
        name: ref.name,
      },
      uid: `uid-diagnosis-${this.#version}`,
      resourceVersion: "",
      deleting: false,
    };
    return { outcome: "written", stored: this.#store({ ...known, ownerUid: uid }, this.#statuses.get(key)) };
  }

  async applyStatus(
    { key, resourceVersion }: VersionedTarget,
    status: object,
  ): Promise<DiagnosisWriteResult> {
    const failure = this.#request("status", key);
    if (failure !== undefined) return failure;
    const object = this.#objects.get(key);
    if (object === undefined) return { outcome: "gone" };
    if (object.resourceVersion !== resourceVersion) return { outcome: "conflict" };
    return { outcome: "written", stored: this.#store(object, this.prune({ ...status })) };
  }

  async remove({ key, uid }: StoredTarget): Promise<WriteFailure> {
    const failure = this.#request("remove", key);
    if (failure !== undefined) return failure;
    if (this.#objects.get(key)?.uid === uid) this.delete(key);
    return { outcome: "gone" };
  }

  #request(operation: string, key: ObjectKey): WriteFailure | undefined {
    this.requests.push(`${operation} ${key}`);
    return this.failures.shift();
  }

  #existing(key: ObjectKey): StoredDiagnosis {
    const object = this.#objects.get(key);
    if (object === undefined) throw new Error(`no diagnosis ${key}`);
    return object;
  }

  #store(object: StoredDiagnosis, status: object | undefined): StoredDiagnosis {
    const key = objectKey(object.ref.namespace, object.ref.name);
    const reduced = reduceStatus(status);
    this.#version += 1;
    const stored = { ...object, resourceVersion: String(this.#version), ...(reduced && { status: reduced }) };
    this.#objects.set(key, stored);
    if (status !== undefined) this.#statuses.set(key, status);
    this.#tell(() => this.#cluster.put("diagnoses", stored));
    return stored;
  }

  #tell(deliver: () => void): void {
    if (this.lagging) this.#undelivered.push(deliver);
    else deliver();
  }
}
