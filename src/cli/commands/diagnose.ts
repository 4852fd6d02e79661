import type { Ingress } from "../../model/ingress.ts";
import { CliError, type ExitCode } from "../failure.ts";
import type { REPORT_FORMATS } from "../formats.ts";
import { type Inventory, readLoadBalancers } from "../inventory.ts";
import { exitCodeOf, type FailOn, type Report, reportOn } from "../report.ts";
import { readSource, type SourceOptions } from "../source.ts";
import { standaloneServices } from "../standalone-services.ts";
import type { Terminal } from "../terminal.ts";

/** Options of `diagnose`. */
export interface DiagnoseOptions extends SourceOptions {
  readonly output: (typeof REPORT_FORMATS)[number];
  readonly failOn: FailOn;
  readonly hints?: boolean;
}

/** Diagnoses the Ingresses of a cluster or of manifests and prints what was found. */
export async function runDiagnose(
  name: string | undefined,
  options: DiagnoseOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const inventory = await readSource(options, terminal);
  const services = name === undefined ? standaloneServices(inventory) : [];
  const chosen = services.length > 0 ? inventory.ingresses : chosenIngresses(inventory, name);
  await readLoadBalancers(inventory, chosen, terminal.progress);
  const report = { ...reportOn(inventory, chosen, name !== undefined), services };
  terminal.out(await render(report, options, terminal));
  return exitCodeOf(report, options.failOn);
}

function chosenIngresses({ ingresses, origin }: Inventory, name: string | undefined): readonly Ingress[] {
  const chosen = name === undefined ? ingresses : ingresses.filter(({ ref }) => ref.name === name);
  if (chosen.length > 0) return chosen;
  const where = origin === "manifests" ? "among the manifests" : "in what was read";
  if (name === undefined) {
    throw new CliError(
      origin === "manifests"
        ? `there is no Ingress ${where}: name the files that hold one`
        : `there is no Ingress ${where}: choose a namespace with -n, or all with -A`,
    );
  }
  const names = ingresses.map(({ ref }) => ref.name).slice(0, 10);
  throw new CliError(
    `there is no Ingress ${name} ${where}${names.length === 0 ? "; there is none at all" : `; there are ${names.join(", ")}`}`,
  );
}

async function render(
  report: Report,
  { output, hints = false }: DiagnoseOptions,
  { width, paint }: Terminal,
): Promise<string> {
  switch (output) {
    case "text":
      return (await import("../render/text.ts")).renderText(report, { width, paint, hints });
    case "markdown":
      return (await import("../render/markdown.ts")).renderMarkdown(report);
    case "sarif":
      return (await import("../render/sarif.ts")).renderSarif(report);
    case "junit":
      return (await import("../render/junit.ts")).renderJunit(report);
    case "html":
      return (await import("../render/html.ts")).renderHtml(report);
    default: {
      const { renderJson, renderYaml, resourceList } = await import("../render/data.ts");
      return output === "json" ? renderJson(resourceList(report)) : renderYaml(resourceList(report));
    }
  }
}
