import { buildTopology } from "../../diagnostics/build-topology.ts";
import { closestRoutes } from "../../diagnostics/closest-routes.ts";
import { describeRoute } from "../../diagnostics/describe-route.ts";
import type { RouteDiagnosis } from "../../diagnostics/diagnosis.ts";
import { diagnose } from "../../diagnostics/engine.ts";
import type { UrlRequest } from "../../diagnostics/gke/match-url.ts";
import { parseRequestUrl } from "../../diagnostics/request-url.ts";
import type { RouteExplanation } from "../../diagnostics/route.ts";
import { routeUrl } from "../../diagnostics/route-url.ts";
import { cleanText } from "../../diagnostics/text.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import type { ROUTE_FORMATS } from "../formats.ts";
import { type Inventory, snapshotsOf } from "../inventory.ts";
import { renderJson, renderYaml } from "../render/data.ts";
import { columns, labelled } from "../render/layout.ts";
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
  const snapshots = snapshotsIn(inventory, options.ingress);
  return request === undefined
    ? printTable(snapshots, options, terminal)
    : printRoutes(explain(snapshots, request), { options, terminal, inventory });
}

function requestOf(url: string): UrlRequest {
  const parsed = parseRequestUrl(url);
  if (!parsed.ok) throw new CliError(`route needs an absolute http or https URL, ${parsed.problem}`);
  return parsed.request;
}

function snapshotsIn(inventory: Inventory, name: string | undefined): readonly Snapshot[] {
  const chosen = inventory.ingresses.filter(({ ref }) => name === undefined || ref.name === name);
  if (chosen.length === 0) {
    throw new CliError(
      `there is no Ingress${name === undefined ? "" : ` ${name}`} in what was read: choose a namespace with -n, or all with -A`,
    );
  }
  return snapshotsOf(inventory, chosen);
}

/** The way of the request through one Ingress. */
interface Explained {
  readonly ingress: ObjectRef;
  readonly explanation: RouteExplanation;
}

/** Follows a request through each Ingress and keeps those that name its host best. */
function explain(snapshots: readonly Snapshot[], request: UrlRequest): readonly Explained[] {
  const all = snapshots.flatMap((snapshot): Explained[] => {
    const { findings, applicable } = diagnose(snapshot);
    if (!applicable) return [];
    const explanation = routeUrl(buildTopology(snapshot), findings, request);
    return [{ ingress: snapshot.ingress.ref, explanation }];
  });
  const closest = closestRoutes(all);
  if (closest.length > 0) return closest;
  throw new CliError(
    `no Ingress of GKE in what was read has a rule for host ${cleanText(request.host)}: choose other namespaces with -n or -A, or one Ingress with --ingress`,
  );
}

interface Printing {
  readonly options: RouteOptions;
  readonly terminal: Terminal;
  readonly inventory: Inventory;
}

function printRoutes(found: readonly Explained[], { options, terminal, inventory }: Printing): ExitCode {
  if (options.output === "text") {
    const parts = found.map(({ ingress, explanation }) =>
      [
        terminal.paint("strong", cleanText(`Ingress ${ingress.namespace}/${ingress.name}`)),
        ...describeRoute(explanation).flatMap((sentence) => labelled("  ", sentence, terminal.width)),
      ].join("\n"),
    );
    terminal.out(`${parts.join("\n\n")}\n`);
  } else {
    printData(
      found.map(({ ingress, explanation }) => ({
        ingress: { namespace: ingress.namespace, name: ingress.name },
        ...explanation,
        sentences: describeRoute(explanation),
      })),
      { options, terminal },
    );
  }
  const codes = found.map(({ explanation }) => exitCodeOf(explanation, inventory.origin));
  return codes.find((code) => code === EXIT.findings) ?? codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

/** From manifests nobody knows what answers, but where a request goes is known. */
function exitCodeOf({ answer, backend }: RouteExplanation, origin: Inventory["origin"]): ExitCode {
  if (answer === "served" || answer === "redirect") return EXIT.ok;
  if (answer !== "unknown") return EXIT.findings;
  return origin === "manifests" && backend !== undefined ? EXIT.ok : EXIT.undecided;
}

const HEADER = ["INGRESS", "HOST", "PATH", "TYPE", "BACKEND", "ANSWER", "FINDING"];

function printTable(snapshots: readonly Snapshot[], options: RouteOptions, terminal: Terminal): ExitCode {
  const diagnoses = snapshots.map((snapshot) => diagnose(snapshot)).filter(({ applicable }) => applicable);
  if (options.output === "text") {
    const rows = diagnoses.flatMap(({ ingress, routes }) =>
      routes.map((route) => [`${ingress.namespace}/${ingress.name}`, ...cells(route)]),
    );
    const cleaned = rows.map((row) => row.map((cell) => cleanText(cell)));
    terminal.out(`${columns([HEADER, ...cleaned], Number.POSITIVE_INFINITY).join("\n")}\n`);
  } else {
    printData(
      diagnoses.flatMap(({ ingress: { namespace, name }, routes }) =>
        routes.map((route) => ({ ingress: { namespace, name }, ...route })),
      ),
      { options, terminal },
    );
  }
  return EXIT.ok;
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

function printData(value: unknown, { options, terminal }: Pick<Printing, "options" | "terminal">): void {
  terminal.out(options.output === "json" ? renderJson(value) : renderYaml(value));
}
