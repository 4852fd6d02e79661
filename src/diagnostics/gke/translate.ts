import type {
  Ingress,
  IngressBackend,
  IngressPath,
  IngressRule,
  PortReference,
} from "../../model/ingress.ts";
import type { Observed, Unknown } from "../../model/observed.ts";
import { type ObjectKey, objectKey } from "../../model/refs.ts";
import { type BackendRequest, type BackendResolution, backendKey, resolveBackend } from "./backend.ts";
import { ingressProduct } from "./ingress-class.ts";
import { type GkeLookup, SYSTEM_DEFAULT_BACKEND, SYSTEM_DEFAULT_KEY } from "./lookup.ts";
import { expandPath } from "./path-rules.ts";
import type { TranslationError } from "./translation-error.ts";
import type { HostRule, PathRule, UrlMapTable } from "./url-map.ts";

/** The place in the Ingress that something comes from; `field` is its JSON path. */
export type RouteOrigin =
  | {
      readonly kind: "path";
      /** E.g. `spec.rules[0].http.paths[1]`. */
      readonly field: string;
      readonly ruleIndex: number;
      readonly pathIndex: number;
    }
  | { readonly kind: "default"; readonly field: "spec.defaultBackend" }
  | { readonly kind: "system-default"; readonly field: "" }
  /** No place in an Ingress: a port that its Service exposes by itself. */
  | { readonly kind: "standalone"; readonly field: "" };

/** Where the URL map sends traffic. */
export interface BackendTarget {
  /** {@link backendKey}; equal for two places that name the same port in the same way. */
  readonly key: string;
  readonly service: ObjectKey;
  /** As the Ingress names it. */
  readonly port: PortReference;
  readonly origin: RouteOrigin;
  /** Unknown when the Service could not be read; the controller may then have left the path out. */
  readonly resolution: Observed<BackendResolution>;
}

/** A {@link TranslationError} and the place that caused it. */
export type TranslationFailure = TranslationError & {
  readonly origin: RouteOrigin;
  /** Whether the path is in the table all the same. */
  readonly kept: boolean;
};

/** A rule whose paths are all lost, because a later rule has the same host. */
export interface OverwrittenHost {
  /** `*` for a rule without a host. */
  readonly host: string;
  readonly ruleIndex: number;
  readonly byRuleIndex: number;
}

/** A URL map path that is lost, because a later path of the same rule becomes the same one. */
export interface OverwrittenPath {
  readonly host: string;
  /** The path in the URL map, e.g. `/foo/*`. */
  readonly path: string;
  readonly lost: BackendTarget;
  readonly by: BackendTarget;
}

/** What the controller makes of an Ingress. */
export interface Translation {
  /** Hosts and paths in the controller's order. Without errors this is what Google gets. */
  readonly table: UrlMapTable<BackendTarget>;
  /** Every backend that is named, one per key with the place of its first use, kept in the table or not. */
  readonly targets: readonly BackendTarget[];
  /** In the controller's order. Any error stops every change of the load balancer. */
  readonly errors: readonly TranslationFailure[];
  /** Reads that failed and leave open whether there are more errors. */
  readonly undecided: readonly Unknown[];
  readonly overwrittenHosts: readonly OverwrittenHost[];
  readonly overwrittenPaths: readonly OverwrittenPath[];
  /** Indexes of rules without `http`: they route nothing and clear nothing. */
  readonly emptyRules: readonly number[];
}

/**
 * Translates an Ingress as the controller does, whoever owns it.
 *
 * A later rule for a host replaces the earlier one and takes the later place; inside a rule the later of two
 * equal paths stays. Sources: `TranslateIngress` in pkg/controller/translator/translator.go and
 * `PutPathRulesForHost` in pkg/utils/gceurlmap.go of ingress-gce.
 */
export function translateIngress(ingress: Ingress, lookup: GkeLookup): Translation {
  return new Translator(ingress, lookup).translate();
}

interface TranslatedRule {
  readonly host: string;
  readonly ruleIndex: number;
  readonly paths: readonly PathRule<BackendTarget>[];
  readonly overwritten: readonly OverwrittenPath[];
}

class Translator {
  readonly #ingress: Ingress;
  readonly #lookup: GkeLookup;
  readonly #targets = new Map<string, BackendTarget>();
  readonly #errors: TranslationFailure[] = [];
  readonly #undecided = new Set<Unknown>();

  constructor(ingress: Ingress, lookup: GkeLookup) {
    this.#ingress = ingress;
    this.#lookup = lookup;
  }

  translate(): Translation {
    const rules = new Map<string, TranslatedRule>();
    const overwrittenHosts: OverwrittenHost[] = [];
    const emptyRules: number[] = [];
    for (const [ruleIndex, rule] of this.#ingress.rules.entries()) {
      if (rule.paths === undefined) {
        emptyRules.push(ruleIndex);
        continue;
      }
      const translated = this.#rule(rule, rule.paths, ruleIndex);
      const { host } = translated;
      const earlier = rules.get(host);
      if (earlier !== undefined) {
        overwrittenHosts.push({ host, ruleIndex: earlier.ruleIndex, byRuleIndex: ruleIndex });
        rules.delete(host);
      }
      rules.set(host, translated);
    }
    const fallback = this.#fallback();
    const kept = [...rules.values()];
    return {
      table: {
        hosts: kept.map(({ host, paths }): HostRule<BackendTarget> => ({ host, paths, fallback })),
        fallback,
      },
      targets: [...this.#targets.values()],
      errors: this.#errors,
      undecided: [...this.#undecided],
      overwrittenHosts,
      overwrittenPaths: kept.flatMap(({ overwritten }) => overwritten),
      emptyRules,
    };
  }

  #rule(rule: IngressRule, paths: readonly IngressPath[], ruleIndex: number): TranslatedRule {
    const host = rule.host === "" ? "*" : rule.host;
    const written = paths.flatMap((path, pathIndex) => {
      const field = `spec.rules[${ruleIndex}].http.paths[${pathIndex}]`;
      return this.#path(path, { kind: "path", field, ruleIndex, pathIndex });
    });
    return { host, ruleIndex, ...lastOfEachPath(host, written) };
  }

  #path(path: IngressPath, origin: RouteOrigin): PathRule<BackendTarget>[] {
    const target = this.#target(path.backend, origin);
    if (target === undefined) return [];
    const { resolution } = target;
    const expansion = expandPath(path);
    const dropped = resolution.known && resolution.value.backend === undefined;
    this.#report(target, expansion.ok && !dropped);
    // A path is looked at only once its backend is found.
    if (dropped) return [];
    if (!expansion.ok) {
      this.#errors.push({ ...expansion.error, origin, kept: false });
      return [];
    }
    return expansion.paths.map((expanded) => ({ path: expanded, target }));
  }

  /** The fallback of every host; an error of any kind leaves none. */
  #fallback(): BackendTarget | undefined {
    const own = this.#ingress.defaultBackend;
    const target =
      own === undefined
        ? this.#resolve(
            { ...SYSTEM_DEFAULT_BACKEND, product: ingressProduct(this.#ingress) },
            { kind: "system-default", field: "" },
          )
        : this.#target(own, { kind: "default", field: "spec.defaultBackend" });
    if (target === undefined) return undefined;
    this.#report(target, false);
    return target.resolution.known && target.resolution.value.error !== undefined ? undefined : target;
  }

  #target(backend: IngressBackend, origin: RouteOrigin): BackendTarget | undefined {
    if (backend.kind === "resource") {
      const { resourceKind, name } = backend;
      this.#errors.push({ kind: "resource-backend", object: "", resourceKind, name, origin, kept: false });
      return undefined;
    }
    const { namespace } = this.#ingress.ref;
    const product = ingressProduct(this.#ingress);
    return this.#resolve({ namespace, service: backend.service, port: backend.port, product }, origin);
  }

  #resolve(request: BackendRequest, origin: RouteOrigin): BackendTarget {
    const key = backendKey(request.namespace, request.service, request.port);
    const first = this.#targets.get(key);
    if (first !== undefined) return { ...first, origin };
    const resolution = resolveBackend(request, this.#lookup);
    const service = objectKey(request.namespace, request.service);
    const target = { key, service, port: request.port, origin, resolution };
    this.#targets.set(key, target);
    return target;
  }

  #report({ resolution, origin }: BackendTarget, kept: boolean): void {
    const open = resolution.known ? resolution.value.undecided : [resolution];
    for (const unknown of open) this.#undecided.add(unknown);
    const error = resolution.known ? resolution.value.error : undefined;
    if (error === undefined) return;
    const reported: TranslationError =
      origin.kind === "system-default"
        ? { kind: "default-backend", object: SYSTEM_DEFAULT_KEY, cause: error }
        : error;
    this.#errors.push({ ...reported, origin, kept });
  }
}

function lastOfEachPath(
  host: string,
  written: readonly PathRule<BackendTarget>[],
): Pick<TranslatedRule, "paths" | "overwritten"> {
  const last = new Map(written.map((rule) => [rule.path, rule]));
  const overwritten: OverwrittenPath[] = [];
  const paths: PathRule<BackendTarget>[] = [];
  for (const rule of written) {
    const winner = last.get(rule.path) ?? rule;
    if (winner === rule) paths.push(rule);
    else overwritten.push({ host, path: rule.path, lost: rule.target, by: winner.target });
  }
  return { paths, overwritten };
}
