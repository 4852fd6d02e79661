import { type Command, InvalidArgumentError, Option } from "commander";
import type { WaitOptions } from "./commands/wait.ts";
import type { WatchOptions } from "./commands/watch.ts";
import { parseDuration } from "./duration.ts";
import type { ExitCode } from "./failure.ts";
import { FOLLOW_FORMATS } from "./formats.ts";
import { GOALS } from "./goals.ts";
import { collect, withCluster, withNamespaces } from "./source-options.ts";
import type { Terminal } from "./terminal.ts";

const WAIT_EXIT_CODES = `
Exit codes:
  0    what was waited for is there
  1    an error stands that time does not cure, for longer than --give-up-after
  2    time is up, it cannot be decided, or the command could not run
  130  interrupted with Ctrl-C
`;

const WAIT_EXAMPLES = `
Examples:
  kubectl apply -f k8s/ && ingress-doctor wait web -n shop --timeout 15m
  ingress-doctor wait web --for address-assigned --timeout 5m
`;

/** Adds the commands that follow a cluster. */
export function addFollowing(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  withCluster(withNamespaces(program.command("watch")))
    .description("follow the Ingresses of a cluster, and show each change of their diagnoses")
    .argument("[name]", "only the Ingress of this name")
    .addOption(outputOption())
    .action(async (name: string | undefined, options: WatchOptions) => {
      const { runWatch } = await import("./commands/watch.ts");
      done(await runWatch(name, options, terminal));
    });
  withCluster(program.command("wait"))
    .description("wait until an Ingress is ready; for deploy pipelines")
    .argument("<name>", "the Ingress")
    .option("-n, --namespace <name>", "namespace; of your context without it")
    .addOption(durationOption("--timeout <duration>", "give up after that, such as 90s or 1h30m", "15m"))
    .option("--for <step>", `what to wait for, one of ${GOALS.join(", ")}; repeat it`, goals)
    .addOption(
      durationOption(
        "--give-up-after <duration>",
        "how long an error that time does not cure must stand",
        "30s",
      ),
    )
    .addOption(
      new Option("--fail-on <severity>", "with warning, warnings keep an Ingress from being ready, too")
        .choices(["error", "warning"])
        .default("error"),
    )
    .addOption(outputOption())
    .addHelpText("after", WAIT_EXAMPLES + WAIT_EXIT_CODES)
    .action(async (name: string, options: WaitOptions) => {
      const { runWait } = await import("./commands/wait.ts");
      done(await runWait(name, options, terminal));
    });
}

function outputOption(): Option {
  return new Option("-o, --output <format>", "how to print; json is one line for each change")
    .choices(FOLLOW_FORMATS)
    .default("text");
}

function durationOption(flags: string, description: string, usual: string): Option {
  return new Option(flags, description).argParser(duration).default(duration(usual), usual);
}

function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("Write it as 90s, 15m or 1h30m.");
  return milliseconds;
}

function goals(goal: string, before?: readonly string[]): readonly string[] {
  if (!GOALS.includes(goal)) throw new InvalidArgumentError(`Choose from ${GOALS.join(", ")}.`);
  return collect(goal, before);
}
