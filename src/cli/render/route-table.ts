import { buildTopology } from "../../diagnostics/build-topology.ts";
import type { RouteDiagnosis } from "../../diagnostics/diagnosis.ts";
import { diagnose } from "../../diagnostics/engine.ts";
import { sampleHost } from "../../diagnostics/expected-url-map.ts";
import { type LiveRoute, type LiveRoutes, liveRoutes } from "../../diagnostics/live-route.ts";
import type { RouteBackend } from "../../diagnostics/route.ts";
import { samplePath } from "../../diagnostics/route-diagnosis.ts";
import { cleanText } from "../../diagnostics/text.ts";
import type { Observed } from "../../model/observed.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Inventory } from "../inventory.ts";
import { columns } from "./layout.ts";

/** The routes of one Ingress beside those of its load balancer. */
interface IngressRoutes {
  readonly ingress: ObjectRef;
  readonly routes: readonly RouteDiagnosis[];
  readonly live: Observed<LiveRoutes | undefined>;
}

/** Every route of every Ingress that GKE serves. */
export function routeTable(snapshots: readonly Snapshot[]): readonly IngressRoutes[] {
  return snapshots.flatMap((snapshot) => {
    const { ingress, routes, findings, applicable } = diagnose(snapshot);
    if (!applicable) return [];
    return [{ ingress, routes, live: liveRoutes(buildTopology(snapshot), findings) }];
  });
}

const HEADER = ["INGRESS", "HOST", "PATH", "TYPE", "BACKEND", "ANSWER", "FINDING"];

/** The table for people. Where no load balancer was read it has no column for them, and says why below. */
export function tableText(table: readonly IngressRoutes[], origin: Inventory["origin"]): string {
  const isLive = table.some(({ live }) => live.known);
  const rows = table.flatMap(({ ingress, routes, live }) => {
    const name = `${ingress.namespace}/${ingress.name}`;
    const strays = live.known ? (live.value?.strays ?? []) : [];
    return [
      ...routes.map((route) => [name, ...cells(route), ...(isLive ? [liveCell(route, live)] : [])]),
      ...strays.map(({ host, path, backend }) => [
        name,
        host,
        path,
        "-",
        "-",
        "-",
        "-",
        backendText(backend),
      ]),
    ];
  });
  const cleaned = rows.map((row) => row.map((cell) => cleanText(cell)));
  const header = isLive ? [...HEADER, "LIVE"] : HEADER;
  const unread = origin === "manifests" ? [] : unreadLines(table);
  return `${[...columns([header, ...cleaned], Number.POSITIVE_INFINITY), ...unread].join("\n")}\n`;
}

/** The same for programs. Rules that only the load balancer has carry `live` alone. */
export function tableData(table: readonly IngressRoutes[]): readonly object[] {
  return table.flatMap(({ ingress: { namespace, name }, routes, live }) => {
    const ingress = { namespace, name };
    const strays = live.known ? (live.value?.strays ?? []) : [];
    return [
      ...routes.map((route) => ({ ingress, ...route, live: liveData(route, live) })),
      ...strays.map(({ host, path, backend }) => ({ ingress, host, path, live: { differs: true, backend } })),
    ];
  });
}

function cells({ host, path, pathType, service, port, answer, frozen, finding }: RouteDiagnosis): string[] {
  return [
    host,
    path || "-",
    pathType,
    service === "" ? "-" : `${service}:${port}`,
    frozen ? `${answer}, older version` : answer,
    finding ?? "-",
  ];
}

/** What the load balancer does with a request that the route is for. */
function followed(route: RouteDiagnosis, live: LiveRoutes): LiveRoute {
  const request = { host: sampleHost(route.host), path: samplePath(route) };
  const plain = live.follow({ scheme: "http", ...request });
  return plain.explanation.frontend.kind === "open" ? plain : live.follow({ scheme: "https", ...request });
}

function liveCell(route: RouteDiagnosis, live: IngressRoutes["live"]): string {
  if (!live.known) return "?";
  if (live.value === undefined) return "no URL map";
  const { differs, explanation } = followed(route, live.value);
  if (!differs) return "same";
  return explanation.frontend.kind === "closed" ? "closed" : backendText(explanation.backend);
}

function liveData(route: RouteDiagnosis, live: IngressRoutes["live"]): object {
  if (!live.known) return { undecided: { reason: live.reason, needs: live.needs } };
  if (live.value === undefined) return { differs: true };
  const { differs, explanation } = followed(route, live.value);
  return { differs, backend: explanation.backend, answer: explanation.answer };
}

function backendText(backend: RouteBackend | undefined): string {
  if (backend === undefined) return "unknown";
  if (backend.systemDefault) return "default backend";
  return backend.port === "" ? backend.service : `${backend.service}:${backend.port}`;
}

/** Each reason once. */
function unreadLines(table: readonly IngressRoutes[]): readonly string[] {
  const needs = new Set(table.flatMap(({ live }) => (live.known ? [] : [live.needs])));
  return [...needs].map((need) => `Live URL maps were not read: that needs ${cleanText(need)}.`);
}
