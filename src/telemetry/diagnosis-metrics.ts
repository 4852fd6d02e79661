import { Gauge, type Registry } from "prom-client";
import { type CountedFinding, FindingCounts } from "./finding-counts.ts";
import { OmittedSeries, type OwnedSeries } from "./owned-series.ts";
import { UrlMapAges, type UrlMapState } from "./url-map-ages.ts";

/** The part of a diagnosis that is exported. */
export interface ExportedDiagnosis {
  readonly verdict: string;
  readonly findings: readonly CountedFinding[];
  readonly backends: readonly ExportedBackend[];
  /** Undefined where the live URL map is not known. */
  readonly urlMap?: UrlMapState;
}

/** The endpoints of one Service port. */
export interface ExportedBackend {
  readonly service: string;
  readonly port: string;
  readonly endpointGroups: readonly {
    readonly zone: string;
    readonly state: string;
    readonly count: number;
  }[];
}

const VERDICT = "ingress_doctor_verdict";
const ENDPOINTS = "ingress_doctor_endpoints";
const ENDPOINT_LABELS = ["namespace", "ingress", "service", "port", "zone", "state"] as const;

/**
 * Gauges about Ingresses; what one Ingress contributes is replaced and removed as one set.
 *
 * No label holds the name of a pod, a host, a path or a message, and no metric grows without bound.
 */
export class DiagnosisMetrics {
  readonly #verdicts: OwnedSeries<"namespace" | "ingress" | "verdict">;
  readonly #endpoints: OwnedSeries<(typeof ENDPOINT_LABELS)[number]>;
  readonly #findings: FindingCounts;
  readonly #urlMaps: UrlMapAges;
  /** Epoch milliseconds at which the diagnosis of each Ingress was last seen to be stored. */
  readonly #publishedAt = new Map<string, number>();

  /** `now` answers epoch milliseconds. */
  constructor(registry: Registry, now: () => number) {
    const registers = [registry];
    const verdicts = new Gauge({
      name: VERDICT,
      help: "1 for the verdict on an Ingress: Healthy, Degraded, Broken, Progressing or Unknown.",
      labelNames: ["namespace", "ingress", "verdict"],
      registers,
    });
    const endpoints = new Gauge({
      name: ENDPOINTS,
      help: "Endpoints behind an Ingress: healthy, unhealthy or unknown to Google; where Google is not read, ready or not-ready in Kubernetes.",
      labelNames: ENDPOINT_LABELS,
      registers,
    });
    const omitted = new OmittedSeries(registry);
    this.#verdicts = omitted.bound(VERDICT, verdicts);
    this.#endpoints = omitted.bound(ENDPOINTS, endpoints);
    this.#findings = new FindingCounts(registry, omitted);
    this.#urlMaps = new UrlMapAges(registry, omitted, now);
    addOldest(registry, this.#publishedAt);
  }

  /** Replaces what is exported about the Ingress `namespace/name`. */
  set(key: string, { verdict, findings, backends, urlMap }: ExportedDiagnosis): void {
    const [namespace = "", ingress = ""] = key.split("/");
    const labels = { namespace, ingress };
    this.#verdicts.replace(key, [{ labels: { ...labels, verdict }, value: 1 }]);
    this.#findings.replace(key, namespace, findings);
    this.#urlMaps.replace(key, labels, urlMap);
    // Two ports that an Ingress names alike, by number and by name, would have the same labels.
    const distinct = new Map(backends.map((backend) => [`${backend.service}\n${backend.port}`, backend]));
    const series = [...distinct.values()].flatMap(({ service, port, endpointGroups }) =>
      endpointGroups.map(({ zone, state, count }) => ({
        labels: { ...labels, service, port, zone, state },
        value: count,
      })),
    );
    this.#endpoints.replace(key, series);
  }

  /** Takes note that the diagnosis of an Ingress is stored as it is at `at`, in epoch milliseconds. */
  published(key: string, at: number): void {
    this.#publishedAt.set(key, at);
  }

  /** Removes everything that is exported about the Ingress `namespace/name`. */
  remove(key: string): void {
    this.#verdicts.remove(key);
    this.#endpoints.remove(key);
    this.#findings.remove(key);
    this.#urlMaps.replace(key, { namespace: "", ingress: "" }, undefined);
    this.#publishedAt.delete(key);
  }
}

function addOldest(registry: Registry, publishedAt: ReadonlyMap<string, number>): void {
  new Gauge({
    name: "ingress_doctor_oldest_diagnosis_timestamp_seconds",
    help: "When the diagnosis that is oldest was last written, or seen to be stored as it is.",
    registers: [registry],
    collect() {
      const oldest = [...publishedAt.values()].reduce((min, at) => Math.min(min, at), Infinity);
      if (oldest === Infinity) this.remove();
      else this.set(oldest / 1000);
    },
  });
}
