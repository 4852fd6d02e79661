import { counted } from "../diagnostics/text.ts";
import type { BackendView } from "./backend-view.ts";
import type { DraftPath, HopDraft } from "./draft-path.ts";
import type { EndpointMark, HopState } from "./request-path.ts";

/** Most backends in one picture, and most endpoints marked one by one. */
const [MAX_BACKENDS, MAX_MARKS] = [8, 10];

/** The boxes behind the URL map. */
export interface BackendHops extends DraftPath {
  /** Id of the box in column `service` that stands for a backend, by its key. */
  readonly shownAs: ReadonlyMap<string, string>;
}

/**
 * Backend services, their endpoint groups and pods; what exceeds the picture is one last row.
 *
 * @param weight of a backend by its key; the lightest are left to that row
 */
export function backendHops(backends: readonly BackendView[], weight: (key: string) => number): BackendHops {
  const ranked = backends.toSorted((a, b) => weight(b.key) - weight(a.key));
  const kept = new Set(backends.length <= MAX_BACKENDS ? backends : ranked.slice(0, MAX_BACKENDS - 1));
  const shown = backends.filter((backend) => kept.has(backend));
  const rest = backends.filter((backend) => !kept.has(backend));
  const rows = shown.map((backend, index) =>
    backend.systemDefault ? systemDefaultRow(backend, index) : backendRow(backend, index),
  );
  if (rest.length > 0) rows.push(restRow(rest));
  return {
    hops: rows.flat(),
    links: rows.flatMap((row) => row.slice(1).map((hop, index) => [row[index]?.id ?? "", hop.id] as const)),
    shownAs: new Map(
      rows.flatMap(([service]) => (service?.backends ?? []).map((key) => [key, service?.id ?? ""] as const)),
    ),
  };
}

function systemDefaultRow({ key, exists }: BackendView, index: number): HopDraft[] {
  return [
    {
      id: `service-${index}`,
      column: "service",
      title: "GKE's default backend",
      lines: ["answers 404"],
      state: exists === undefined ? "unknown" : "ok",
      backends: [key],
    },
  ];
}

function backendRow(backend: BackendView, index: number): HopDraft[] {
  const backends = [backend.key];
  const { protocol, exists, liveName } = backend;
  const kind =
    exists === false ? "does not exist" : `Service${protocol === undefined ? "" : `, ${protocol}`}`;
  return [
    {
      id: `service-${index}`,
      column: "service",
      title: backend.name,
      lines: [kind, ...(liveName === undefined ? [] : [liveName])],
      state: exists === undefined ? "unknown" : "ok",
      backends,
    },
    { id: `group-${index}`, column: "group", ...groupText(backend), backends },
    { id: `pods-${index}`, column: "pods", ...podsText(backend), backends },
  ];
}

function groupText(backend: BackendView): Pick<HopDraft, "title" | "lines" | "state"> {
  const { mode, nodePort, negs, zones } = backend;
  const named = zones.filter(({ zone }) => zone !== "");
  const spread =
    named.length === 0 ? [] : [named.length === 1 ? (named[0]?.zone ?? "") : `${named.length} zones`];
  if (mode === "neg") return { title: "NEG", lines: [...spread, ...negs.slice(0, 1)], state: "ok" };
  if (mode === "instance-group") {
    const port = nodePort === undefined ? [] : [`node port ${nodePort}`];
    return { title: "Instance group", lines: [...port, ...spread], state: "ok" };
  }
  return { title: "Not known", lines: [], state: "unknown" };
}

function podsText(backend: BackendView): Pick<HopDraft, "title" | "lines" | "state" | "endpoints"> {
  const { endpoints, live, reportedHealth } = backend;
  const reported = reportedHealth === undefined ? [] : [`Google: ${reportedHealth.toLowerCase()}`];
  const health =
    live === undefined ? reported : [`Google: ${live.healthy} of ${live.healthy + live.unhealthy} healthy`];
  if (endpoints === undefined) return { title: "Not read", lines: health, state: "unknown" };
  const { ready, notReady } = endpoints;
  const total = ready + notReady;
  const marks = endpointMarks(backend);
  return {
    title: total === 0 ? "No endpoints" : `${ready} of ${total} ready`,
    lines: health,
    state: "ok" as HopState,
    ...(total > 0 && total <= MAX_MARKS ? { endpoints: marks } : {}),
  };
}

/** Ready endpoints that Google calls unhealthy are bad too; which ones they are is not shown, only how many. */
function endpointMarks({ endpoints, live, reportedHealth }: BackendView): readonly EndpointMark[] {
  const { ready = 0, notReady = 0 } = endpoints ?? {};
  const unhealthy =
    live === undefined ? (reportedHealth === "UNHEALTHY" ? ready : 0) : live.unhealthy - notReady;
  const bad = Math.min(Math.max(unhealthy, 0), ready);
  return [
    ...Array<EndpointMark>(ready - bad).fill("good"),
    ...Array<EndpointMark>(bad + notReady).fill("bad"),
  ];
}

function restRow(rest: readonly BackendView[]): HopDraft[] {
  const backends = rest.map(({ key }) => key);
  const known = rest.flatMap(({ endpoints }) => endpoints ?? []);
  const ready = known.reduce((sum, one) => sum + one.ready, 0);
  const total = known.reduce((sum, one) => sum + one.ready + one.notReady, 0);
  return [
    {
      id: "service-rest",
      column: "service",
      title: counted(rest.length, "more backend"),
      lines: [],
      state: "ok",
      backends,
    },
    {
      id: "group-rest",
      column: "group",
      title: `Their groups`,
      lines: [],
      state: "ok",
      backends,
    },
    {
      id: "pods-rest",
      column: "pods",
      title: known.length === 0 ? "Not read" : `${ready} of ${total} ready`,
      lines: [],
      state: known.length === 0 ? "unknown" : "ok",
      backends,
    },
  ];
}
