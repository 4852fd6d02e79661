import { createMetrics } from "../src/telemetry/metrics.ts";
import { MAX_SERIES } from "../src/telemetry/owned-series.ts";
import type { Generator } from "./generator.ts";

/** The page of all metrics, from the registry of a process that reads Google. */
export const metricsPage: Generator = {
  name: "metrics page",
  outputs: () => new Map([["docs/metrics.md", render()]]),
};

/** One metric of our own, as a reader of the page needs it. */
export interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
  /** When its series are there. */
  readonly appears: string;
}

const ALWAYS = "always";
const LEADING = "while this process leads and the Ingress is served by GKE";
const FIRST = "from the first one on";

/** What no metric says of itself: when its series are there. */
const APPEARS: Readonly<Record<string, string>> = {
  ingress_doctor_verdict: LEADING,
  ingress_doctor_endpoints: LEADING,
  ingress_doctor_findings: "while there is such a finding",
  ingress_doctor_url_map_pending_seconds: `${LEADING}, where its URL map was read and GKE accepts the Ingress`,
  ingress_doctor_omitted_series: ALWAYS,
  ingress_doctor_oldest_diagnosis_timestamp_seconds: "while this process leads and has published a diagnosis",
  ingress_doctor_reconcile_duration_seconds: FIRST,
  ingress_doctor_engine_failures_total: ALWAYS,
  ingress_doctor_diagnosis_writes_total: FIRST,
  ingress_doctor_events_total: FIRST,
  workqueue_depth: FIRST,
  workqueue_adds_total: FIRST,
  workqueue_retries_total: FIRST,
  workqueue_queue_duration_seconds: FIRST,
  workqueue_work_duration_seconds: FIRST,
  workqueue_unfinished_work_seconds: ALWAYS,
  workqueue_longest_running_processor_seconds: ALWAYS,
  ingress_doctor_request_duration_seconds: FIRST,
  ingress_doctor_rate_limit_wait_seconds: "from the first wait on, where Google is read",
  ingress_doctor_watch_ended_total: FIRST,
  ingress_doctor_lists_total: FIRST,
  ingress_doctor_leader: ALWAYS,
  ingress_doctor_shards: ALWAYS,
  ingress_doctor_shard_info: ALWAYS,
  ingress_doctor_watch_objects: ALWAYS,
  ingress_doctor_watch_last_contact_timestamp_seconds: "from the first answer of the API server on",
  ingress_doctor_watch_phase: ALWAYS,
  ingress_doctor_google_credentials: "where Google is read",
  ingress_doctor_google_last_read_timestamp_seconds:
    "where Google is read, from the first complete answer on",
  ingress_doctor_google_collection_state: "where Google is read",
  ingress_doctor_google_leftover_resources: "where Google is read, once leftovers were looked for",
};

/** Questions that the metrics answer. */
export const QUERIES: readonly { readonly question: string; readonly query: string }[] = [
  {
    question: "Which Ingresses are broken?",
    query: 'ingress_doctor_verdict{verdict="Broken"} == 1',
  },
  {
    question: "Which backends have no healthy endpoint?",
    query: 'sum by (namespace, ingress, service, port) (ingress_doctor_endpoints{state="healthy"}) == 0',
  },
  {
    question: "Which zones serve nothing?",
    query: 'sum by (namespace, ingress, zone) (ingress_doctor_endpoints{state="healthy"}) == 0',
  },
  {
    question: "Which changes do not arrive at Google?",
    query: "ingress_doctor_url_map_pending_seconds > 1200",
  },
  {
    question: "How old is the oldest diagnosis?",
    query: "time() - ingress_doctor_oldest_diagnosis_timestamp_seconds",
  },
  {
    question: "Which watch hears nothing?",
    query: "time() - ingress_doctor_watch_last_contact_timestamp_seconds > 180",
  },
  {
    question: "What does Google refuse?",
    query: 'ingress_doctor_google_collection_state{state="forbidden"} == 1',
  },
  {
    question: "How old is what is known of Google?",
    query: "time() - ingress_doctor_google_last_read_timestamp_seconds",
  },
  {
    question: "How often is Google asked, and what fails?",
    query: 'sum by (verb, code) (rate(ingress_doctor_request_duration_seconds_count{client="compute"}[5m]))',
  },
];

const SECTIONS: readonly (readonly [title: string, belongs: RegExp])[] = [
  ["Ingresses", /^ingress_doctor_(verdict|endpoints|findings|url_map|omitted|oldest)/],
  ["Google Cloud", /^ingress_doctor_google_/],
  ["API server and requests", /^ingress_doctor_(watch|lists|request|rate_limit)/],
  ["The controller itself", /^ingress_doctor_/],
  ["Work queue, by client-go's names", /^workqueue_/],
];

/** Every metric but those of Node.js and the operating system; throws for one that nothing is said about. */
export function documentedMetrics(): readonly DocumentedMetric[] {
  const metrics = createMetrics();
  const google = { credentials: "found", collections: [], leftovers: [] };
  metrics.connect({
    watches: () => [],
    isLeader: () => true,
    shard: { index: 0, count: 1 },
    runningSeconds: () => [],
    google: () => google,
  });
  const all = metrics.registry.getMetricsAsArray() as unknown as readonly Registered[];
  return all
    .filter(({ name }) => !/^(nodejs|process)_/.test(name))
    .map(({ name, type, help, labelNames }) => {
      const appears = APPEARS[name];
      if (appears === undefined) throw new Error(`scripts/generate-metrics-page.ts does not know ${name}`);
      return { name, type, labels: labelNames, help, appears };
    });
}

/** The part of prom-client's metric objects that its types leave out. */
interface Registered {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

function render(): string {
  const rest = [...documentedMetrics()];
  const sections = SECTIONS.map(([title, belongs]) => {
    const own = rest.filter(({ name }) => belongs.test(name));
    for (const metric of own) rest.splice(rest.indexOf(metric), 1);
    return `## ${title}\n\n${table(own)}`;
  });
  return `${[INTRODUCTION, ...sections, queries(), NOTE].join("\n\n")}\n`;
}

function table(metrics: readonly DocumentedMetric[]): string {
  const rows = metrics.map(({ name, type, labels, help, appears }) => {
    const labelText = labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${labelText} | ${help} | ${appears} |`;
  });
  return ["| metric | type | labels | meaning | there |", "| --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

const INTRODUCTION = `# Metrics

The controller serves them at \`/metrics\`. Beside those below there are prom-client's metrics of Node.js (\`nodejs_*\`) and of the
process (\`process_*\`). What belongs to one Ingress is replaced as one set whenever it is diagnosed and goes with the Ingress. No
label holds a pod, a host, a path or a message, and a metric about Ingresses has at most ${MAX_SERIES} series: beyond that it
leaves whole Ingresses out, and \`ingress_doctor_omitted_series\` says how many series these would have.

After a restart an Ingress keeps the verdict and the findings that are stored until Google has answered once, for two minutes at most.`;

function queries(): string {
  const rows = QUERIES.map(({ question, query }) => `| ${question} | \`${query}\` |`);
  return ["## Questions they answer", "", "| question | query |", "| --- | --- |", ...rows].join("\n");
}

const NOTE = "<!-- Generated by `npm run gen` from the registry of metrics. -->";
