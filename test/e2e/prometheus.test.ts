import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROWS } from "../../scripts/dashboard-panels.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { findFreePorts } from "../controlplane/server-process.ts";
import { DemoCluster, NAMESPACE } from "../demo/demo-cluster.ts";
import { CHART } from "../deploy/helm.ts";
import { type ActiveAlert, PrometheusServer } from "../prometheus/prometheus-server.ts";

/** A minute of the rules is this long here, so that nobody waits for a quarter of an hour. */
const SECONDS_PER_MINUTE = 2;

const ALERT = "IngressBackendDown";
const INGRESS = "checkout";

let folder: string;
let cluster: DemoCluster;
let prometheus: PrometheusServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ingress-doctor-prometheus-"));
  cluster = await DemoCluster.start(() => {});
  await cluster.install();
  await cluster.applyExamples();
  const [port] = await findFreePorts(1);
  prometheus = await PrometheusServer.start(folder, `127.0.0.1:${port}`, shortenedRules());
  await cluster.startController(`127.0.0.1:${port}`);
});

afterAll(async () => {
  await prometheus?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The shipped rules with every `for` scaled down. */
function shortenedRules(): string {
  const rules = readFileSync(join(CHART, "files/alerts.yaml"), "utf8").replaceAll("RUNBOOKS", "docs");
  return rules.replaceAll(
    /for: (\d+)m/g,
    (_, minutes: string) => `for: ${Number(minutes) * SECONDS_PER_MINUTE}s`,
  );
}

async function alertOn(ingress: string): Promise<ActiveAlert | undefined> {
  const alerts = await prometheus.alerts();
  return alerts.find(({ labels }) => labels.alertname === ALERT && labels.ingress === ingress);
}

async function awaitAlert(state: ActiveAlert["state"] | undefined): Promise<ActiveAlert | undefined> {
  const isReached = async () => {
    const alert = await alertOn(INGRESS);
    return alert?.state === state ? { alert } : undefined;
  };
  return (await waitFor(isReached, { what: `the state ${state} of ${ALERT}`, timeoutMs: 60_000 })).alert;
}

function askHealthAt(requestPath: string): Promise<unknown> {
  const config = {
    apiVersion: "cloud.google.com/v1",
    kind: "BackendConfig",
    metadata: { name: INGRESS, namespace: NAMESPACE },
  };
  return cluster.client.patch(config, { spec: { healthCheck: { requestPath } } });
}

test("the alert for an unhealthy backend is pending, firing, resolved, and comes again", async () => {
  const pending = await awaitAlert("pending");
  expect(pending?.labels).toMatchObject({ namespace: NAMESPACE, service: INGRESS, severity: "critical" });
  const firing = await awaitAlert("firing");
  expect(firing?.annotations.summary).toContain("No endpoint of Service checkout");
  expect(firing?.activeAt).toBe(pending?.activeAt);

  await askHealthAt("/");
  await awaitAlert(undefined);
  expect((await prometheus.alerts()).some(({ labels }) => labels.ingress === "shop")).toBe(false);

  await askHealthAt("/healthz");
  const again = await awaitAlert("pending");
  expect(Date.parse(again?.activeAt ?? "")).toBeGreaterThan(Date.parse(pending?.activeAt ?? ""));
  await awaitAlert("firing");
  // The first instant of firing lies one `for` after that of pending: 5 minutes, scaled.
  const [waited] = await prometheus.query(
    `min_over_time(timestamp(ALERTS{alertname="${ALERT}", ingress="${INGRESS}", alertstate="firing"})[10m:1s])
       - on (ingress) min_over_time(timestamp(ALERTS{alertname="${ALERT}", ingress="${INGRESS}", alertstate="pending"})[10m:1s])`,
  );
  const seconds = Number(waited?.value[1]);
  expect(seconds).toBeGreaterThanOrEqual(5 * SECONDS_PER_MINUTE);
}, 240_000);

test.each(
  ROWS.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries }) => queries.map((query) => [title, query.expr] as const)),
  ),
)("the panel %s has data for %s", async (_, expr) => {
  const filled = expr.replaceAll("$__rate_interval", "30s").replaceAll(/"\$\w+"/g, '".*"');
  await eventually(async () => expect(await prometheus.query(filled)).not.toEqual([]));
});
