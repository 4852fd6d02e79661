import { parseBackendConfigNames } from "../diagnostics/gke/backend-config-annotation.ts";
import { frontendConfigName, managedCertificateNames } from "../diagnostics/gke/ingress-annotations.ts";
import { type ApiFailure, failureOfError } from "../kubernetes/api-failure.ts";
import { type WatchedKind, watchedKinds } from "../kubernetes/kinds.ts";
import { listPages } from "../kubernetes/paged-list.ts";
import { type ApiClient, resourcePath } from "../kubernetes/transport.ts";
import type { Entry } from "../kubernetes/watch-stream.ts";
import type { Ingress } from "../model/ingress.ts";
import { type Unknown, unknown } from "../model/observed.ts";
import type { Service } from "../model/service.ts";
import type { CachedKind, CachedTypes, Listers } from "../reconciler/ports.ts";
import { CliError } from "./failure.ts";
import { listersOf, type ObjectSet } from "./object-listers.ts";
import { keepYoungHeapSmall } from "./small-heap.ts";

const PAGE_SIZE = 5_000;
const PAGE_TIMEOUT_MS = 60_000;

/** Where GKE's default backend is. */
export const DEFAULT_BACKEND_NAMESPACE = "kube-system";

/** Behind GKE's default backend no rule looks, so these count as read there when one namespace is asked for. */
export const BEHIND_DEFAULT_BACKEND = [
  "endpointSlices",
  "pods",
  "workloads",
  "serviceNegs",
  "backendConfigs",
  "events",
] as const;

/** What to read, and with what. */
export interface ClusterListOptions {
  readonly client: ApiClient;
  /** All namespaces when undefined. */
  readonly namespace: string | undefined;
  /** Called after each list with the number that are done and that were begun. */
  readonly progress: (done: number, begun: number) => void;
}

/**
 * Lists every kind that a diagnosis needs, once and all at the same time, and answers listers over them.
 *
 * NetworkPolicies and Secrets are left out: a NetworkPolicy rarely keeps Google's ranges out, and Secrets are not
 * for everybody's eyes. FrontendConfigs, ManagedCertificates and BackendConfigs are listed only where something
 * names one. A kind that may not be listed is unknown. Throws {@link CliError} when Ingresses cannot be listed.
 */
export async function listCluster(options: ClusterListOptions): Promise<Listers> {
  keepYoungHeapSmall();
  const reader = new ClusterReader(options);
  await reader.run();
  return listersOf(reader.sets, (source, found) => reader.failures.get(source) ?? found);
}

class ClusterReader {
  readonly sets: ObjectSet[] = [];
  readonly failures = new Map<CachedKind, Unknown>();
  readonly #options: ClusterListOptions;
  readonly #abort = new AbortController();
  #begun = 0;
  #done = 0;

  constructor(options: ClusterListOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    try {
      const ingresses = this.#list<"ingresses">(kindOf("Ingress"));
      const services = this.#list<"services">(kindOf("Service"));
      await Promise.all([
        ...EAGER_KINDS.map((kind) => this.#list(kindOf(kind))),
        ingresses.then((found) => this.#listNamedBy(found)),
        services.then((found) => this.#listBackendConfigs(found)),
      ]);
    } finally {
      this.#abort.abort();
    }
  }

  async #listNamedBy(ingresses: readonly Ingress[]): Promise<void> {
    const lists: Promise<unknown>[] = [];
    if (ingresses.some((ingress) => frontendConfigName(ingress) !== undefined))
      lists.push(this.#list(kindOf("FrontendConfig")));
    if (ingresses.some((ingress) => managedCertificateNames(ingress).length > 0))
      lists.push(this.#list(kindOf("ManagedCertificate")));
    if (ingresses.some(({ defaultBackend }) => defaultBackend === undefined))
      lists.push(this.#listDefaultBackend());
    await Promise.all(lists);
  }

  async #listBackendConfigs(services: readonly Service[]): Promise<void> {
    if (services.every((service) => parseBackendConfigNames(service).kind === "absent")) return;
    await this.#list(kindOf("BackendConfig"));
  }

  /** A list of all namespaces has it already. */
  async #listDefaultBackend(): Promise<void> {
    const { namespace } = this.#options;
    if (namespace === undefined || namespace === DEFAULT_BACKEND_NAMESPACE) return;
    await this.#list(DEFAULT_BACKEND, DEFAULT_BACKEND_NAMESPACE);
    for (const source of BEHIND_DEFAULT_BACKEND) {
      this.sets.push({ source, type: source, namespace: DEFAULT_BACKEND_NAMESPACE, entries: [] });
    }
  }

  /** Adds the objects of one kind; answers none where they could not be read. */
  async #list<K extends CachedKind>(
    kind: WatchedKind<K>,
    within = this.#options.namespace,
  ): Promise<readonly CachedTypes[K][]> {
    const namespace = kind.namespaced ? within : undefined;
    const type = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
    this.#begun += 1;
    this.#options.progress(this.#done, this.#begun);
    try {
      const entries = await this.#read(kind, namespace);
      this.sets.push({ source: kind.source, type, namespace, entries } as ObjectSet);
      return (entries ?? []).map(({ object }) => object);
    } catch (error) {
      const failure = failureOfError(error);
      if (kind.kind === "Ingress") throw ingressesUnreadable(failure, namespace);
      const known = this.failures.get(kind.source);
      if (known === undefined || within === this.#options.namespace)
        this.failures.set(kind.source, unreadable(kind, failure, { type, namespace }));
      return [];
    } finally {
      this.#done += 1;
      this.#options.progress(this.#done, this.#begun);
    }
  }

  async #read<K extends CachedKind>(
    kind: WatchedKind<K>,
    namespace: string | undefined,
  ): Promise<readonly Entry<CachedTypes[K]>[] | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.#pages(kind, namespace)).entries;
      } catch (error) {
        const { kind: failure } = failureOfError(error);
        if (failure === "not-found") return undefined;
        // The version being paged through was compacted away; one new list is enough in any sane cluster.
        if (failure !== "gone" || attempt > 1) throw error;
      }
    }
  }

  #pages<K extends CachedKind>(kind: WatchedKind<K>, namespace: string | undefined) {
    return listPages<K>(
      {
        kind,
        transport: this.#options.client,
        path: resourcePath(kind, namespace),
        pageSize: PAGE_SIZE,
        timeoutMs: PAGE_TIMEOUT_MS,
        sink: { reuse: ({ object }) => object },
      },
      this.#abort.signal,
    );
  }
}

/** Kinds that any diagnosis may need. */
const EAGER_KINDS = [
  "EndpointSlice",
  "Pod",
  "Deployment",
  "StatefulSet",
  "Node",
  "Event",
  "ServiceNetworkEndpointGroup",
] as const;

function kindOf<K extends CachedKind>(kind: (typeof watchedKinds)[number]["kind"]): WatchedKind<K> {
  const found = watchedKinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new Error(`no watched kind ${kind}`);
  return found as unknown as WatchedKind<K>;
}

/** GKE's default backend alone, of all Services. */
export const DEFAULT_BACKEND: WatchedKind<"services"> = {
  ...kindOf<"services">("Service"),
  fieldSelector: "metadata.name=default-http-backend",
};

/** An Unknown in the words of someone who runs a command. */
function unreadable(
  { source }: WatchedKind,
  failure: ApiFailure,
  { type, namespace }: { readonly type: string; readonly namespace: string | undefined },
): Unknown {
  // Diagnoses are never listed here, and every other kind is a source.
  const name = source as Exclude<CachedKind, "diagnoses">;
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  return failure.kind === "forbidden"
    ? unknown(name, "forbidden", `permission to list ${type}${where}`)
    : unknown(name, "failed", `a complete list of ${type}${where} from the API server (${failure.kind})`);
}

/** Why Ingresses could not be listed, and what to do about it. */
export function ingressesUnreadable(failure: ApiFailure, namespace: string | undefined): Error {
  const cause = { cause: failure };
  switch (failure.kind) {
    case "forbidden":
      return new CliError(
        namespace === undefined
          ? "you may not list Ingresses in all namespaces: name one with -n, or ask for the permission to list ingresses.networking.k8s.io"
          : `you may not list Ingresses in namespace ${namespace}: ask for the permission to list ingresses.networking.k8s.io there`,
        cause,
      );
    case "unauthorized":
      // Without an answer it is the kubeconfig's own means that failed, such as an exec plugin.
      if (failure.status === undefined) {
        return new CliError(
          `the kubeconfig gives no credentials for this cluster (${failure.detail.replace("no credentials: ", "")}): log in again, or choose another --context`,
          cause,
        );
      }
      return new CliError(
        "the API server does not accept the credentials of the kubeconfig: log in again, or choose another --context",
        cause,
      );
    case "network":
    case "timeout":
      return new CliError(
        `the API server cannot be reached (${failure.reason || failure.kind}): check the network, or choose another --context`,
        cause,
      );
    case "not-found":
      return new CliError("the API server does not serve Ingresses (networking.k8s.io/v1)", cause);
    default:
      return new CliError(`the API server gave no list of Ingresses (${failure.kind}): try again`, cause);
  }
}
