/** One query of a panel; `legend` is a Grafana legend format. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** What one panel shows; a row of the dashboard is 24 wide. */
export interface PanelPlan {
  readonly title: string;
  readonly description: string;
  readonly kind: "stat" | "timeseries" | "table";
  /** A Grafana unit. */
  readonly unit: string;
  readonly width: number;
  readonly queries: readonly Query[];
}

/** A collapsible row of panels. */
export interface RowPlan {
  readonly title: string;
  readonly panels: readonly PanelPlan[];
}

const INGRESS = 'namespace=~"$namespace", ingress=~"$ingress"';
const RATE = "$__rate_interval";

/** A leader that goes and the one that comes may both export an Ingress for a moment. Needs no recording rule. */
function endpoints(filter: string): string {
  const labels = "namespace, ingress, service, port, zone, state";
  return `max by (${labels}) (ingress_doctor_endpoints{${INGRESS}${filter}})`;
}

const FAILING = endpoints(', state=~"unhealthy|not-ready"');

const verdict: PanelPlan = {
  title: "Ingresses by verdict",
  description:
    "Healthy answers every route; Degraded some; Broken none. Progressing waits for a load balancer.",
  kind: "stat",
  unit: "short",
  width: 16,
  queries: ["Healthy", "Progressing", "Degraded", "Broken", "Unknown"].map((name) => ({
    expr: `count(max by (namespace, ingress) (ingress_doctor_verdict{${INGRESS}, verdict="${name}"})) or vector(0)`,
    legend: name,
  })),
};

const INGRESSES: RowPlan = {
  title: "Ingresses",
  panels: [
    verdict,
    {
      title: "Endpoints that fail",
      description:
        "Endpoints that Google calls unhealthy; where Google is not read, those that are not ready.",
      kind: "stat",
      unit: "short",
      width: 8,
      queries: [{ expr: `sum(${FAILING}) or vector(0)`, legend: "fail" }],
    },
    {
      title: "Broken and degraded",
      description: "What to look at first: kubectl describe ingressdiagnosis NAME -n NAMESPACE.",
      kind: "table",
      unit: "short",
      width: 12,
      queries: [
        {
          expr: `max by (namespace, ingress, verdict) (ingress_doctor_verdict{${INGRESS}, verdict=~"Broken|Degraded"})`,
          legend: "",
        },
      ],
    },
    {
      title: "Findings",
      description: "By code; each has a page in docs/rules.",
      kind: "timeseries",
      unit: "short",
      width: 12,
      queries: [
        {
          expr: 'topk(10, sum by (code, severity) (max by (namespace, code, severity) (ingress_doctor_findings{namespace=~"$namespace"})))',
          legend: "{{code}} {{severity}}",
        },
      ],
    },
    {
      title: "Endpoints that fail, by backend",
      description: "A whole backend that fails answers 502 or 503.",
      kind: "timeseries",
      unit: "short",
      width: 12,
      queries: [
        {
          expr: `sum by (namespace, ingress, service, port) (${FAILING})`,
          legend: "{{namespace}}/{{ingress}} {{service}}:{{port}}",
        },
      ],
    },
    {
      title: "Endpoints by zone and state",
      description: "One zone that fails alone points to its nodes or to a firewall.",
      kind: "timeseries",
      unit: "short",
      width: 12,
      queries: [
        {
          expr: `sum by (zone, state) (${endpoints("")})`,
          legend: "{{zone}} {{state}}",
        },
      ],
    },
    {
      title: "Changes that wait for the load balancer",
      description: "Seconds since an Ingress was changed while its live URL map does not say the same.",
      kind: "timeseries",
      unit: "s",
      width: 24,
      queries: [
        {
          expr: `max by (namespace, ingress) (ingress_doctor_url_map_pending_seconds{${INGRESS}})`,
          legend: "{{namespace}}/{{ingress}}",
        },
      ],
    },
  ],
};

const CONTROLLER: RowPlan = {
  title: "Ingress Doctor itself",
  panels: [
    {
      title: "Leaders and shards",
      description: "Each shard needs one leader.",
      kind: "stat",
      unit: "short",
      width: 6,
      queries: [
        { expr: "sum(ingress_doctor_leader)", legend: "leaders" },
        { expr: "max(ingress_doctor_shards)", legend: "shards" },
      ],
    },
    {
      title: "Oldest diagnosis",
      description: "Every Ingress is looked at at least every ten minutes.",
      kind: "stat",
      unit: "s",
      width: 6,
      queries: [{ expr: "time() - min(ingress_doctor_oldest_diagnosis_timestamp_seconds)", legend: "age" }],
    },
    {
      title: "Memory",
      description: "Resident memory of each process.",
      kind: "timeseries",
      unit: "bytes",
      width: 6,
      queries: [
        {
          expr: "process_resident_memory_bytes and on (job, instance) ingress_doctor_leader",
          legend: "{{instance}}",
        },
      ],
    },
    {
      title: "Event loop delay",
      description: "99th percentile; above 0.05 s the process has more to do than it can.",
      kind: "timeseries",
      unit: "s",
      width: 6,
      queries: [
        {
          expr: "nodejs_eventloop_lag_p99_seconds and on (job, instance) ingress_doctor_leader",
          legend: "{{instance}}",
        },
      ],
    },
    {
      title: "Reconciles",
      description: "From taking an Ingress to having published its diagnosis.",
      kind: "timeseries",
      unit: "s",
      width: 12,
      queries: [0.5, 0.99].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (rate(ingress_doctor_reconcile_duration_seconds_bucket[${RATE}])))`,
        legend: `p${quantile * 100}`,
      })),
    },
    {
      title: "Queue",
      description: "Ingresses waiting to be looked at.",
      kind: "timeseries",
      unit: "short",
      width: 6,
      queries: [{ expr: 'workqueue_depth{name="ingresses"}', legend: "{{instance}}" }],
    },
    {
      title: "Writes and Events",
      description: "An unchanged cluster causes none.",
      kind: "timeseries",
      unit: "reqps",
      width: 6,
      queries: [
        {
          expr: `sum by (outcome) (rate(ingress_doctor_diagnosis_writes_total[${RATE}]))`,
          legend: "diagnosis {{outcome}}",
        },
        {
          expr: `sum by (outcome) (rate(ingress_doctor_events_total[${RATE}]))`,
          legend: "Event {{outcome}}",
        },
      ],
    },
    {
      title: "Silence of the API server, by kind",
      description: "Bookmarks come about once a minute.",
      kind: "timeseries",
      unit: "s",
      width: 12,
      queries: [
        {
          expr: "time() - min by (kind) (ingress_doctor_watch_last_contact_timestamp_seconds)",
          legend: "{{kind}}",
        },
      ],
    },
    {
      title: "Requests",
      description: "To the API server and to Google, by outcome.",
      kind: "timeseries",
      unit: "reqps",
      width: 12,
      queries: [
        {
          expr: `sum by (client, code) (rate(ingress_doctor_request_duration_seconds_count[${RATE}]))`,
          legend: "{{client}} {{code}}",
        },
      ],
    },
  ],
};

const GOOGLE: RowPlan = {
  title: "Google Cloud",
  panels: [
    {
      title: "Calls a minute",
      description: "At most 300, shared by all shards.",
      kind: "timeseries",
      unit: "short",
      width: 8,
      queries: [
        {
          expr: `60 * sum(rate(ingress_doctor_request_duration_seconds_count{client="compute"}[${RATE}]))`,
          legend: "calls",
        },
      ],
    },
    {
      title: "Waiting for the rate",
      description: "Share of time that calls wait because the rate is used up.",
      kind: "timeseries",
      unit: "percentunit",
      width: 8,
      queries: [
        {
          expr: `sum(rate(ingress_doctor_rate_limit_wait_seconds_sum{client="compute"}[${RATE}])) or vector(0)`,
          legend: "waiting",
        },
      ],
    },
    {
      title: "Age of what was read",
      description: "By collection; health is that of the backend service whose answer is oldest.",
      kind: "timeseries",
      unit: "s",
      width: 8,
      queries: [
        {
          expr: "time() - min by (collection) (ingress_doctor_google_last_read_timestamp_seconds)",
          legend: "{{collection}}",
        },
      ],
    },
  ],
};

/** Everything the dashboard shows, in its order. */
export const ROWS: readonly RowPlan[] = [INGRESSES, CONTROLLER, GOOGLE];
