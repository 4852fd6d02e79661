import { duration } from "../../diagnostics/text.ts";
import { systemClock } from "../../telemetry/clock.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { Follower, type Sighting } from "../follower.ts";
import type { FOLLOW_FORMATS } from "../formats.ts";
import { conditionOf } from "../goals.ts";
import { takeSignals } from "../interruption.ts";
import { connect } from "../live-inventory.ts";
import { createView } from "../progress-view.ts";
import { renderJsonLine } from "../render/data.ts";
import { progressData } from "../render/progress.ts";
import { renderText } from "../render/text.ts";
import type { FailOn } from "../report.ts";
import { type SourceOptions, scopeOf } from "../source.ts";
import type { Terminal } from "../terminal.ts";
import { type Outcome, WaitJudge } from "../wait-judge.ts";
import { wantsName } from "./watch.ts";

/** Options of `wait`. */
export interface WaitOptions extends Omit<SourceOptions, "allNamespaces"> {
  readonly output: (typeof FOLLOW_FORMATS)[number];
  /** Of {@link GOALS}; `ready` without any. */
  readonly for?: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds that an error or an open question must stand before the command gives up. */
  readonly giveUpAfter: number;
  readonly failOn: FailOn;
}

const CODES: Readonly<Record<Outcome, ExitCode>> = {
  reached: EXIT.ok,
  broken: EXIT.findings,
  undecided: EXIT.undecided,
  timeout: EXIT.undecided,
  deleted: EXIT.undecided,
};

/** Follows one Ingress until it is ready, cannot become so, or time is up. */
export async function runWait(name: string, options: WaitOptions, terminal: Terminal): Promise<ExitCode> {
  const clock = systemClock;
  const conditions = [...new Set((options.for ?? ["ready"]).map(conditionOf))];
  const judge = new WaitJudge({ ...options, conditions, clock });
  const goal = conditions.join(" and ");
  const view = createView({
    terminal,
    clock,
    output: options.output,
    isSingle: true,
    footer: () => ["", `Waiting for ${goal}; ${duration(judge.timeLeft())} left. Ctrl-C ends this.`],
  });
  let last: Sighting | undefined;
  const follower: Follower = new Follower({
    cluster: connect(scopeOf(options), () => follower.nodes()),
    clock,
    wants: wantsName(name),
    seen: (sighting) => {
      last = sighting;
      view.seen(sighting);
      judge.seen(sighting);
    },
    gone: (key) => {
      view.gone(key);
      judge.gone();
    },
  });
  const signals = takeSignals();
  terminal.progress("Reading the cluster");
  const started = follower.start().then(() => {
    terminal.progress("");
    if (follower.existing().length === 0) throw noSuchIngress(name, follower.names());
  });
  try {
    const ended = await Promise.race([signals.code, judge.outcome, started.then(() => judge.outcome)]);
    view.end();
    if (typeof ended === "number") return ended;
    terminal.out(conclusion(ended, { last, goal, name, options, terminal }));
    return CODES[ended];
  } finally {
    terminal.progress("");
    view.end();
    judge.stop();
    signals.release();
    await follower.stop();
  }
}

function noSuchIngress(name: string, names: readonly string[]): CliError {
  const known = names.length === 0 ? "there is none at all" : `there are ${names.slice(0, 10).join(", ")}`;
  return new CliError(`there is no Ingress ${name} in what was read; ${known}`);
}

interface Ending {
  readonly last: Sighting | undefined;
  readonly goal: string;
  readonly name: string;
  readonly options: WaitOptions;
  readonly terminal: Terminal;
}

const ENDINGS: Readonly<Record<Outcome, (subject: string, goal: string, options: WaitOptions) => string>> = {
  reached: (subject, goal) => `${subject}: ${goal}.`,
  broken: (subject, goal) => `${subject} does not become ${goal} by itself:`,
  undecided: (subject, goal) => `${subject}: whether it is ${goal} cannot be decided:`,
  timeout: (subject, goal, { timeout }) => `${subject} is not ${goal} after ${duration(timeout)}:`,
  deleted: (subject) => `${subject} was deleted.`,
};

/** Says how it ended, and where that was not well, what the diagnosis says. */
function conclusion(outcome: Outcome, { last, goal, name, options, terminal }: Ending): string {
  if (options.output === "json") {
    return renderJsonLine({ outcome, ...(last === undefined ? {} : progressData(last)) });
  }
  const subject = last === undefined ? `Ingress ${name}` : `${last.namespace}/${last.name}`;
  const sentence = `${ENDINGS[outcome](subject, goal, options)}\n`;
  if (outcome === "reached" || outcome === "deleted" || last === undefined) return sentence;
  const report = {
    origin: "cluster",
    takenAt: last.at,
    items: [last],
    services: [],
    leftOut: 0,
    placeOf: () => undefined,
  } as const;
  return `${sentence}${renderText(report, { width: terminal.width, paint: terminal.paint, hints: false })}`;
}
