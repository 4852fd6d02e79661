import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { ClusterWatch } from "../../../src/kubernetes/cluster-watch.ts";
import { type WatchedKind, watchedKinds } from "../../../src/kubernetes/kinds.ts";
import { LIST_WATCH_TIMINGS, type ListWatchTimings } from "../../../src/kubernetes/list-watch.ts";
import { type ApiClient, Transport } from "../../../src/kubernetes/transport.ts";
import type { AdapterMetrics, AnyChange, CachedKind, KindState } from "../../../src/reconciler/ports.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";
import type { Connection } from "../../controlplane/kubeconfig.ts";
import { silentLogger } from "../../support/silence.ts";

/** Connection facts as client-node holds them; `server` may lead through a proxy. */
export function configOf(connection: Connection, server = connection.url): KubeConfig {
  const config = new KubeConfig();
  const caData = Buffer.from(connection.ca).toString("base64");
  config.loadFromClusterAndUser(
    { name: "test", server, caData, skipTLSVerify: false },
    { name: "test", token: connection.token },
  );
  return config;
}

/** Counts what adapters report. */
export class RecordedMetrics implements AdapterMetrics {
  readonly requests: string[] = [];
  readonly lists: { readonly kind: CachedKind; readonly objects: number }[] = [];
  readonly ended: { readonly kind: CachedKind; readonly reason: string }[] = [];

  requestFinished(_client: string, verb: string, code: string): void {
    this.requests.push(`${verb} ${code}`);
  }
  requestDelayed(): void {}
  watchEnded(kind: CachedKind, reason: string): void {
    this.ended.push({ kind, reason });
  }
  listed(kind: CachedKind, objects: number): void {
    this.lists.push({ kind, objects });
  }
  /** Reasons for which watches ended, without repetitions. */
  get endReasons(): string[] {
    return [...new Set(this.ended.map(({ reason }) => reason))];
  }
}

export function createTransport(config: KubeConfig, metrics = new RecordedMetrics()): Transport {
  return new Transport({ config, clock: systemClock, metrics, userAgent: "ingress-doctor-test" });
}

export interface WatchSetup {
  readonly connection: Connection;
  readonly kinds: readonly CachedKind[] | readonly WatchedKind[];
  readonly namespaces?: readonly string[];
  /** Server to talk to instead of the connection's, such as a proxy. */
  readonly server?: string;
  readonly timings?: Partial<ListWatchTimings>;
  /** Puts something between the watches and the transport. */
  readonly wrap?: (transport: ApiClient) => ApiClient;
}

/** A running set of watches with everything it reported. */
export class WatchUnderTest {
  readonly watch: ClusterWatch;
  readonly metrics = new RecordedMetrics();
  readonly changes: AnyChange[] = [];
  readonly phases: { readonly kind: CachedKind; readonly phase: KindState["phase"] }[] = [];
  readonly #transport: Transport;

  constructor(setup: WatchSetup) {
    this.#transport = createTransport(configOf(setup.connection, setup.server), this.metrics);
    this.watch = new ClusterWatch({
      transport: setup.wrap?.(this.#transport) ?? this.#transport,
      clock: systemClock,
      metrics: this.metrics,
      logger: silentLogger,
      kinds: kindsOf(setup.kinds),
      ...(setup.namespaces === undefined ? {} : { namespaces: setup.namespaces }),
      timings: { ...LIST_WATCH_TIMINGS, ...setup.timings },
    });
    this.watch.subscribe({
      changed: (change) => this.changes.push(change),
      phaseChanged: (kind, { phase }) => this.phases.push({ kind, phase }),
    });
    this.watch.start();
  }

  /** Names of the changed objects, as `+name`, `~name` or `-name`. */
  get changedNames(): string[] {
    return this.changes.map((change) => {
      const object = change.after ?? change.before;
      const name = object === undefined ? "" : "ref" in object ? object.ref.name : object.name;
      return `${change.before === undefined ? "+" : change.after === undefined ? "-" : "~"}${name}`;
    });
  }

  async stop(): Promise<void> {
    await this.watch.stop();
    await this.#transport.close();
  }
}

function kindsOf(wanted: readonly (CachedKind | WatchedKind)[]): readonly WatchedKind[] {
  return wanted.flatMap((kind): readonly WatchedKind[] =>
    typeof kind === "string" ? watchedKinds.filter(({ source }) => source === kind) : [kind],
  );
}
