import type { ObjectKey } from "../model/refs.ts";
import type { Clock } from "../reconciler/ports.ts";
import type { Sighting } from "./follower.ts";
import { renderJsonLine } from "./render/data.ts";
import { changeKey, checklist, overview, progressData, progressLine } from "./render/progress.ts";
import type { Terminal } from "./terminal.ts";

/** Shows Ingresses that are followed. */
export interface ProgressView {
  seen(sighting: Sighting): void;
  gone(key: ObjectKey): void;
  /** Shows the last state, and nothing after it. */
  end(): void;
}

/** What a view shows. */
export interface ViewOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly output: "text" | "json";
  /** Whether it is about one Ingress, which then gets the whole screen. */
  readonly isSingle: boolean;
  /** Lines below on a screen, as they are when it is drawn. */
  readonly footer: () => readonly string[];
}

/** On a terminal a screen that is kept up to date; elsewhere, or as data, a line for each change. */
export function createView(options: ViewOptions): ProgressView {
  const { terminal, output } = options;
  return output === "text" && terminal.draw !== undefined
    ? new ScreenView(options, terminal.draw)
    : new LineView(options);
}

/** Appends one line for each change, for logs and programs. */
class LineView implements ProgressView {
  readonly #options: ViewOptions;
  readonly #shown = new Map<ObjectKey, string>();

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  seen(sighting: Sighting): void {
    const change = changeKey(sighting);
    if (this.#shown.get(sighting.key) === change) return;
    this.#shown.set(sighting.key, change);
    const { terminal, output } = this.#options;
    terminal.out(output === "json" ? renderJsonLine(progressData(sighting)) : `${progressLine(sighting)}\n`);
  }

  gone(key: ObjectKey): void {
    this.#shown.delete(key);
    const { terminal, output, clock } = this.#options;
    const time = new Date(clock.now()).toISOString().replace(/\.\d+/, "");
    const [namespace, name] = key.split("/");
    terminal.out(
      output === "json"
        ? renderJsonLine({ time, namespace, name, deleted: true })
        : `${time} ${namespace}/${name} was deleted\n`,
    );
  }

  end(): void {}
}

/** Durations are shown by the second. */
const REDRAW_MS = 1_000;

/** What changes within this time is drawn at once. */
const COLLECT_MS = 50;

/** Draws the latest state over the one before. */
class ScreenView implements ProgressView {
  readonly #options: ViewOptions;
  readonly #draw: (lines: readonly string[]) => void;
  readonly #sightings = new Map<ObjectKey, Sighting>();
  #cancel: (() => void) | undefined;
  #isDrawnSoon = false;
  #isOver = false;

  constructor(options: ViewOptions, draw: (lines: readonly string[]) => void) {
    this.#options = options;
    this.#draw = draw;
  }

  seen(sighting: Sighting): void {
    this.#sightings.set(sighting.key, sighting);
    this.#drawSoon();
  }

  gone(key: ObjectKey): void {
    this.#sightings.delete(key);
    this.#drawSoon();
  }

  end(): void {
    this.#cancel?.();
    if (!this.#isOver && this.#sightings.size > 0) this.#draw(this.#body());
    this.#isOver = true;
  }

  #drawSoon(): void {
    if (this.#isDrawnSoon) return;
    this.#isDrawnSoon = true;
    this.#drawAfter(COLLECT_MS);
  }

  #drawAfter(milliseconds: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.after(milliseconds, () => this.#redraw());
  }

  #redraw(): void {
    this.#isDrawnSoon = false;
    this.#draw([...this.#body(), ...this.#options.footer()]);
    this.#drawAfter(REDRAW_MS);
  }

  #body(): readonly string[] {
    const { terminal, clock, isSingle } = this.#options;
    const options = { width: terminal.width, paint: terminal.paint, now: clock.now() };
    const all = [...this.#sightings.values()];
    const [first] = all;
    return isSingle && first !== undefined ? checklist(first, options) : overview(all, options);
  }
}
