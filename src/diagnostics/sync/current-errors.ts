import { negEffect } from "../neg-state.ts";
import type { Place, Report } from "../rule.ts";
import type { SyncError } from "../sync-events.ts";
import type { Backend, Topology } from "../topology.ts";
import type { SyncCause } from "./causes.ts";

/** One cause that holds now, with the place to report it at. */
export interface CurrentError<Cause extends SyncCause = SyncCause> {
  readonly cause: Cause;
  readonly place: Place;
  /** The object it is reported on, e.g. `Service web`. */
  readonly object: string;
  /** What it keeps from happening, as the end of a sentence that names the object. */
  readonly effect: string;
  /** The error as the controller words it, cleaned. */
  readonly text: string;
  /** Epoch milliseconds; undefined where the source does not say. */
  readonly since: number | undefined;
}

type Kind = SyncCause["kind"];
type CauseOf<K extends Kind> = Extract<SyncCause, { readonly kind: K }>;

/**
 * Current errors of one kind, from Events and from the conditions of NEGs, each cause once per backend.
 *
 * Errors of garbage collection are left out: it runs behind a sync and keeps nothing from the load balancer.
 *
 * Records the rule as undecided when Events cannot be read; conditions may still tell.
 */
export function currentErrors<K extends Kind>(
  topology: Topology,
  report: Pick<Report<Readonly<Record<string, string>>>, "knows">,
  kind: K,
): readonly CurrentError<CauseOf<K>>[] {
  const { sync, backends, ingress } = topology;
  const errors = report.knows(sync) ? sync.value.errors : [];
  const reported = errors
    .filter(({ phase }) => phase !== "garbage-collection")
    .map((error) => fromEvent(error, topology));
  const stated = backends.filter(({ negErrors }) => negErrors.length > 0).flatMap(fromConditions);
  const found = [...reported, ...stated].filter(
    (error): error is CurrentError<CauseOf<K>> => error.cause.kind === kind,
  );
  const seen = new Set<string>();
  return found.filter(({ cause, place }) => {
    const key = JSON.stringify([cause, place.backend ?? ingress.ref.name]);
    return !seen.has(key) && seen.add(key);
  });
}

/** Errors of an Ingress stop every change of it; errors of a Service keep its endpoints away. */
function fromEvent({ phase, cause, subject, text, firstAt }: SyncError, topology: Topology): CurrentError {
  if (phase !== "neg") {
    return {
      cause,
      place: { subject },
      object: `Ingress ${subject.name}`,
      effect: `no change of Ingress ${subject.name} reaches its load balancer`,
      text,
      since: firstAt,
    };
  }
  const backend = topology.backends.find((one) => isBehind(one, subject.kind, subject.name));
  return { ...negError(cause, subject, backend), text, since: firstAt };
}

function isBehind({ serviceName, serviceNegs }: Backend, kind: string, name: string): boolean {
  if (kind === "Service") return serviceName === name;
  return serviceNegs.known && serviceNegs.value.some(({ ref }) => ref.name === name);
}

function fromConditions(backend: Backend): readonly CurrentError[] {
  return backend.negErrors.map(({ cause, neg, text, since }) => ({
    ...negError(cause, neg, backend),
    text,
    since,
  }));
}

function negError(
  cause: SyncCause,
  subject: SyncError["subject"],
  backend: Backend | undefined,
): Omit<CurrentError, "text" | "since"> {
  const object = `Service ${backend?.serviceName ?? subject.name}`;
  return {
    cause,
    place: {
      subject,
      symptoms: backend?.origin === "standalone" ? negEffect(backend).symptoms : ["no-address", "502"],
      ...(backend === undefined ? {} : { backend: backend.key }),
    },
    object,
    effect: `the network endpoint groups of ${object} are not made or not filled`,
  };
}
