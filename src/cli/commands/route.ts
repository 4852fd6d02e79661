import { buildTopology } from "../../diagnostics/build-topology.ts";
import { closestRoutes } from "../../diagnostics/closest-routes.ts";
import { diagnose } from "../../diagnostics/engine.ts";
import type { UrlRequest } from "../../diagnostics/gke/match-url.ts";
import { liveRoutes } from "../../diagnostics/live-route.ts";
import { parseRequestUrl } from "../../diagnostics/request-url.ts";
import type { RouteExplanation } from "../../diagnostics/route.ts";
import { routeUrl } from "../../diagnostics/route-url.ts";
import { cleanText } from "../../diagnostics/text.ts";
import type { Ingress } from "../../model/ingress.ts";
import { mapObserved } from "../../model/observed.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import type { ROUTE_FORMATS } from "../formats.ts";
import { type Inventory, readLoadBalancers, snapshotsOf } from "../inventory.ts";
import { renderJson, renderYaml } from "../render/data.ts";
import { type Explained, routeData, routeText } from "../render/route.ts";
import { routeTable, tableData, tableText } from "../render/route-table.ts";
import { readSource, type SourceOptions } from "../source.ts";
import type { Terminal } from "../terminal.ts";

/** Options of `route`. */
export interface RouteOptions extends SourceOptions {
  readonly output: (typeof ROUTE_FORMATS)[number];
  readonly all?: boolean;
  readonly ingress?: string;
}

/** Says where a URL goes and what answers it, or shows the whole table of routes. */
export async function runRoute(
  url: string | undefined,
  options: RouteOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if ((url === undefined) !== (options.all === true)) {
    throw new CliError("route needs either a URL, such as https://shop.example.com/cart, or --all");
  }
  const request = url === undefined ? undefined : requestOf(url);
  const inventory = await readSource(options, terminal);
  const chosen = chosenIngresses(inventory, options.ingress);
  if (request !== undefined) return showRoutes(request, chosen, { options, terminal, inventory });
  await readLoadBalancers(inventory, chosen, terminal.progress);
  const table = routeTable(snapshotsOf(inventory, chosen));
  terminal.out(
    options.output === "text" ? tableText(table, inventory.origin) : printed(tableData(table), options),
  );
  return EXIT.ok;
}

function requestOf(url: string): UrlRequest {
  const parsed = parseRequestUrl(url);
  if (!parsed.ok) throw new CliError(`route needs an absolute http or https URL, ${parsed.problem}`);
  return parsed.request;
}

function chosenIngresses(inventory: Inventory, name: string | undefined): readonly Ingress[] {
  const chosen = inventory.ingresses.filter(({ ref }) => name === undefined || ref.name === name);
  if (chosen.length > 0) return chosen;
  throw new CliError(
    `there is no Ingress${name === undefined ? "" : ` ${name}`} in what was read: choose a namespace with -n, or all with -A`,
  );
}

interface Showing {
  readonly options: RouteOptions;
  readonly terminal: Terminal;
  readonly inventory: Inventory;
}

/** Google is asked only about the Ingresses that the request may go through. */
async function showRoutes(
  request: UrlRequest,
  ingresses: readonly Ingress[],
  { options, terminal, inventory }: Showing,
): Promise<ExitCode> {
  let found = explain(snapshotsOf(inventory, ingresses), request);
  if (inventory.cloud !== undefined) {
    const closest = found.map(({ topology }) => topology.ingress);
    await readLoadBalancers(inventory, closest, terminal.progress);
    found = explain(snapshotsOf(inventory, closest), request);
  }
  terminal.out(
    options.output === "text"
      ? routeText(found, inventory.origin, terminal)
      : printed(found.map(routeData), options),
  );
  return exitCodeOf(found, inventory.origin);
}

/** Follows a request through each Ingress and keeps those that name its host best. */
function explain(snapshots: readonly Snapshot[], request: UrlRequest): readonly Explained[] {
  const all = snapshots.flatMap((snapshot): Explained[] => {
    const { findings, applicable } = diagnose(snapshot);
    if (!applicable) return [];
    const topology = buildTopology(snapshot);
    const explanation = routeUrl(topology, findings, request);
    const live = mapObserved(liveRoutes(topology, findings), (routes) => routes?.follow(request));
    return [{ ingress: snapshot.ingress.ref, topology, explanation, live }];
  });
  const closest = closestRoutes(all);
  if (closest.length > 0) return closest;
  throw new CliError(
    `no Ingress of GKE in what was read has a rule for host ${cleanText(request.host)}: choose other namespaces with -n or -A, or one Ingress with --ingress`,
  );
}

/** The worst that is expected, by the Ingress or by the live load balancer. */
function exitCodeOf(found: readonly Explained[], origin: Inventory["origin"]): ExitCode {
  const codes = found.flatMap(({ explanation, live }) => [
    codeOf(explanation, origin),
    ...(live.known && live.value?.differs === true ? [codeOf(live.value.explanation, origin)] : []),
  ]);
  return codes.find((code) => code === EXIT.findings) ?? codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

/** From manifests nobody knows what answers, but where a request goes is known. */
function codeOf({ answer, backend }: RouteExplanation, origin: Inventory["origin"]): ExitCode {
  if (answer === "served" || answer === "redirect") return EXIT.ok;
  if (answer !== "unknown") return EXIT.findings;
  return origin === "manifests" && backend !== undefined ? EXIT.ok : EXIT.undecided;
}

function printed(value: unknown, { output }: RouteOptions): string {
  return output === "json" ? renderJson(value) : renderYaml(value);
}
