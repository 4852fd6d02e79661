import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../../../src/diagnostics/rule.ts";
import serviceMissing from "../../../src/diagnostics/rules/service/service-missing.ts";
import type { TestClient } from "../../controlplane/client.ts";
import type { KubeObject } from "../../controlplane/kube-object.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { type Cluster, type Diagnosis, ingressManifest, serviceManifest } from "../reconciler/cluster.ts";

/** How many Ingresses there are, and how often they change. */
export interface ChurnOptions {
  readonly namespaces: number;
  /** Ingresses of each namespace of which one changes every `fastMs`. */
  readonly fast: number;
  readonly fastMs: number;
  /** Ingresses of each namespace of which one changes every `slowMs`. */
  readonly slow: number;
  readonly slowMs: number;
  /** Ingresses that never change and are broken all the time, each in a namespace of its own. */
  readonly stable: number;
}

/** What is true of one Ingress. */
interface Truth {
  readonly namespace: string;
  readonly name: string;
  /** Whether its Service exists. */
  mended: boolean;
  /** uid of each Ingress of this name so far, with how often it began to lack its Service. */
  readonly breaks: Map<string, number>;
  uid: string;
  generation: number;
}

/** Changes Ingresses and Services all the time, and knows what their diagnoses must say in the end. */
export class Churn {
  readonly stable: Truth[] = [];
  /** Changes made so far. */
  changes = 0;
  readonly #client: TestClient;
  readonly #options: ChurnOptions;
  readonly #fast: Truth[] = [];
  readonly #slow: Truth[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #isOn = false;

  constructor(client: TestClient, options: ChurnOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Every Ingress. */
  get all(): readonly Truth[] {
    return [...this.#fast, ...this.#slow, ...this.stable];
  }

  /** Creates every Ingress, all of them without their Service. */
  async create(): Promise<this> {
    const { namespaces, fast, slow, stable } = this.#options;
    for (let index = 0; index < namespaces; index += 1) {
      const namespace = await createNamespace(this.#client, "churn");
      for (let of = 0; of < fast; of += 1)
        this.#fast.push(await this.#createIngress(namespace, `fast-${of}`));
      for (let of = 0; of < slow; of += 1)
        this.#slow.push(await this.#createIngress(namespace, `slow-${of}`));
    }
    for (let index = 0; index < stable; index += 1) {
      const namespace = await createNamespace(this.#client, "stable");
      this.stable.push(await this.#createIngress(namespace, "stable"));
    }
    return this;
  }

  /** Begins to change things. */
  start(): void {
    const { fastMs, slowMs } = this.#options;
    this.#isOn = true;
    this.#running = Promise.all([
      this.#run(this.#fast, fastMs, (truth, round) => this.#changeAnyhow(truth, round)),
      this.#run(this.#slow, slowMs, (truth) => this.#toggle(truth)),
    ]);
  }

  /** Lets the change under way end, and makes no more. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#running;
  }

  /** Takes every Service away that is there, so that time alone changes no diagnosis any more. */
  async breakAll(): Promise<void> {
    for (const truth of this.all) if (truth.mended) await this.#toggle(truth);
  }

  /** What the published diagnoses say otherwise than it is, in one line each. */
  async lost(cluster: Cluster): Promise<string[]> {
    const diagnoses = await cluster.diagnoses();
    const wrong = this.all.map((truth) => {
      const key = `${truth.namespace}/${truth.name}`;
      const fault = faultOf(diagnoses.get(key), truth);
      diagnoses.delete(key);
      return fault === undefined ? [] : [`${key}: ${fault}`];
    });
    return [...wrong.flat(), ...[...diagnoses.keys()].map((key) => `${key}: there is no such Ingress`)];
  }

  /** Since when what never changes is said to be broken, and by what; withdrawn for a moment, it would be later. */
  async stableCauses(cluster: Cluster): Promise<string[]> {
    const diagnoses = await cluster.diagnoses();
    return this.stable.map(({ namespace, name }) => {
      const { metadata, status } = diagnoses.get(`${namespace}/${name}`) ?? {};
      return `${metadata?.uid} ${status?.verdict} ${status?.cause?.code} ${status?.lastTransitionTime}`;
    });
  }

  /** Events that say once more what an Event has said before, in one line each. */
  async repeated(cluster: Cluster): Promise<string[]> {
    const counts = new Map<string, number>();
    for (const { regarding, reason } of await cluster.events()) {
      const key = `${regarding.uid} ${reason}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return this.all.flatMap(({ namespace, name, breaks }) =>
      [...breaks].flatMap(([uid, times]) => {
        const said = counts.get(`${uid} ${REASON}`) ?? 0;
        return said > times ? [`${namespace}/${name}: ${said} Events for ${times} times`] : [];
      }),
    );
  }

  async #run(
    truths: readonly Truth[],
    pauseMs: number,
    change: (truth: Truth, round: number) => Promise<void>,
  ): Promise<void> {
    for (let turn = 0; this.#isOn && truths.length > 0; turn += 1) {
      const truth = truths[turn % truths.length];
      if (truth !== undefined) await change(truth, Math.floor(turn / truths.length));
      this.changes += 1;
      await sleep(pauseMs);
    }
  }

  /** Services come and go most of the time; now and then an Ingress changes, or makes room for a new one. */
  async #changeAnyhow(truth: Truth, round: number): Promise<void> {
    if (round % 5 === 3) await this.#edit(truth, round);
    else if (round % 11 === 7) await this.#replace(truth);
    else await this.#toggle(truth);
  }

  async #toggle(truth: Truth): Promise<void> {
    const service = serviceManifest(truth.namespace, truth.name);
    if (truth.mended) {
      truth.breaks.set(truth.uid, (truth.breaks.get(truth.uid) ?? 0) + 1);
      await this.#client.delete(service);
    } else {
      await this.#client.create(service);
    }
    truth.mended = !truth.mended;
  }

  async #edit(truth: Truth, round: number): Promise<void> {
    const ingress = ingressManifest(truth.namespace, truth.name);
    const { rules } = ingress.spec as { readonly rules: readonly object[] };
    const host = `${truth.name}-${round}.example.com`;
    this.#learn(truth, await this.#client.patch(ingress, { spec: { rules: [{ ...rules[0], host }] } }));
  }

  async #replace(truth: Truth): Promise<void> {
    const ingress = ingressManifest(truth.namespace, truth.name);
    await this.#client.delete(ingress);
    this.#learn(truth, await this.#client.create(ingress));
  }

  async #createIngress(namespace: string, name: string): Promise<Truth> {
    const truth: Truth = { namespace, name, mended: false, breaks: new Map(), uid: "", generation: 0 };
    this.#learn(truth, await this.#client.create(ingressManifest(namespace, name)));
    return truth;
  }

  #learn(truth: Truth, { metadata }: KubeObject): void {
    truth.uid = metadata.uid ?? "";
    truth.generation = metadata.generation ?? 0;
    if (!truth.breaks.has(truth.uid)) truth.breaks.set(truth.uid, truth.mended ? 0 : 1);
  }
}

const REASON = reasonOf(serviceMissing.slug);

function faultOf(diagnosis: Diagnosis | undefined, truth: Truth): string | undefined {
  if (diagnosis === undefined) return "it has no diagnosis";
  const { status, metadata } = diagnosis;
  if (status === undefined) return "its diagnosis has no status";
  if (metadata.ownerReferences?.[0]?.uid !== truth.uid)
    return "its diagnosis belongs to an Ingress of the past";
  if (status.observedGeneration !== truth.generation)
    return `it tells of generation ${status.observedGeneration}`;
  const isCalledMissing = status.findings.some(({ code }) => code === serviceMissing.code);
  return isCalledMissing === truth.mended
    ? `its Service is ${truth.mended ? "there" : "missing"}`
    : undefined;
}
