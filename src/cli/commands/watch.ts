import type { ObjectKey } from "../../model/refs.ts";
import { systemClock } from "../../telemetry/clock.ts";
import type { ExitCode } from "../failure.ts";
import { Follower } from "../follower.ts";
import type { FOLLOW_FORMATS } from "../formats.ts";
import { takeSignals } from "../interruption.ts";
import { connect } from "../live-inventory.ts";
import { createView } from "../progress-view.ts";
import { requireOneScope, type SourceOptions, scopeOf } from "../source.ts";
import type { Terminal } from "../terminal.ts";

/** Options of `watch`. */
export interface WatchOptions extends SourceOptions {
  readonly output: (typeof FOLLOW_FORMATS)[number];
}

/** Follows the Ingresses of a cluster until it is interrupted. */
export async function runWatch(
  name: string | undefined,
  options: WatchOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  requireOneScope(options);
  const view = createView({
    terminal,
    clock: systemClock,
    output: options.output,
    isSingle: name !== undefined,
    footer: () => ["", "Ctrl-C ends this."],
  });
  const follower: Follower = new Follower({
    cluster: connect(scopeOf(options), () => follower.nodes()),
    clock: systemClock,
    wants: wantsName(name),
    seen: (sighting) => view.seen(sighting),
    gone: (key) => view.gone(key),
  });
  const signals = takeSignals();
  terminal.progress("Reading the cluster");
  const started = follower.start().then(() => {
    terminal.progress("");
    const isEmpty = follower.existing().length === 0;
    if (isEmpty)
      terminal.note(`there is no Ingress${name === undefined ? "" : ` ${name}`} yet; waiting for one`);
  });
  try {
    return await Promise.race([signals.code, started.then(() => signals.code)]);
  } finally {
    terminal.progress("");
    view.end();
    signals.release();
    await follower.stop();
  }
}

/** Takes the Ingress of this name, or every one. */
export function wantsName(name: string | undefined): (key: ObjectKey) => boolean {
  return name === undefined ? () => true : (key) => key.endsWith(`/${name}`);
}
