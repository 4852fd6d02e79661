import { Argument, Command, Option } from "commander";
import { HOPS } from "../diagnostics/hops.ts";
import { VERSION } from "../version.ts";
import type { DiagnoseOptions } from "./commands/diagnose.ts";
import type { RouteOptions } from "./commands/route.ts";
import type { RulesOptions } from "./commands/rules.ts";
import { addCompletion } from "./completion-commands.ts";
import type { ExitCode } from "./failure.ts";
import { addFollowing } from "./follow-options.ts";
import { REPORT_FORMATS, ROUTE_FORMATS, RULE_FORMATS } from "./formats.ts";
import { withSource } from "./source-options.ts";
import type { Terminal } from "./terminal.ts";

const EXIT_CODES = `
Exit codes:
  0  no finding at or above --fail-on (manifests: also when only a cluster could tell more)
  1  at least one finding; for route: the URL is answered by an error, or not at all
  2  it could not be decided, or the command could not run
`;

const DIAGNOSE_EXAMPLES = `
Examples:
  ingress-doctor diagnose                        the namespace of your context
  ingress-doctor diagnose web -n shop            one Ingress
  ingress-doctor diagnose -A --fail-on warning   the whole cluster, stricter
  kubectl kustomize . | ingress-doctor diagnose -f -
`;

/**
 * Describes the command line; every action loads its code only when it is chosen.
 *
 * @param done receives the exit code of the chosen action
 */
export function createProgram(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = createCommands(terminal, done);
  addCompletion(program, () => createCommands(terminal, done));
  return program;
}

function createCommands(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command("ingress-doctor")
    .description("Says why a GKE Ingress answers 404 or 502, and what to change.")
    .version(VERSION, "-V, --version", "print the version")
    .option("--debug", "show the stack of an error")
    .showHelpAfterError("Add --help to see what there is.")
    .addHelpText("after", EXIT_CODES);
  addDiagnose(program, terminal, done);
  addRoute(program, terminal, done);
  addFollowing(program, terminal, done);
  addRules(program, terminal, done);
  return program;
}

function addDiagnose(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  withSource(program.command("diagnose"))
    .description("diagnose the Ingresses of a cluster, or of manifests with -f")
    .argument("[name]", "only the Ingress of this name")
    .addOption(outputOption(REPORT_FORMATS))
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on")
        .choices(["error", "warning"])
        .default("error"),
    )
    .option("--hints", "also show findings that break nothing")
    .addHelpText("after", DIAGNOSE_EXAMPLES + EXIT_CODES)
    .action(async (name: string | undefined, options: DiagnoseOptions) => {
      const { runDiagnose } = await import("./commands/diagnose.ts");
      done(await runDiagnose(name, options, terminal));
    });
}

function addRoute(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  withSource(program.command("route"))
    .description("say which rule, Service and pods a URL hits, and what answers")
    .argument("[url]", "such as https://shop.example.com/cart")
    .option("--all", "show every route with its expected answer instead")
    .option("--ingress <name>", "look at this Ingress only")
    .addOption(outputOption(ROUTE_FORMATS))
    .addHelpText("after", EXIT_CODES)
    .action(async (url: string | undefined, options: RouteOptions) => {
      const { runRoute } = await import("./commands/route.ts");
      done(await runRoute(url, options, terminal));
    });
}

function addRules(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  program
    .command("explain")
    .description("show the page of a rule")
    .addArgument(new Argument("<code>", "such as GID601 or HealthCheckFailing"))
    .addOption(outputOption(RULE_FORMATS))
    .action(async (code: string, { output }: Pick<RulesOptions, "output">) => {
      const { runExplain } = await import("./commands/rules.ts");
      done(runExplain(code, output, terminal));
    });
  const hops = HOPS.map(({ name }) => name);
  program
    .command("rules")
    .description("list the rules")
    .addOption(new Option("--hop <hop>", "only rules about this hop").choices(hops))
    .addOption(
      new Option("--severity <severity>", "only of this severity").choices(["error", "warning", "info"]),
    )
    .option("--search <word>", "only rules that mention it")
    .addOption(outputOption(RULE_FORMATS))
    .action(async (options: RulesOptions) => {
      const { runRules } = await import("./commands/rules.ts");
      done(runRules(options, terminal));
    });
}

function outputOption(formats: readonly string[]): Option {
  return new Option("-o, --output <format>", "how to print").choices(formats).default("text");
}
