import { parseGoPort } from "../../src/diagnostics/gke/backend-description.ts";
import { lookupIn, SYSTEM_DEFAULT_KEY } from "../../src/diagnostics/gke/lookup.ts";
import {
  type BackendTarget,
  type Translation,
  translateIngress,
} from "../../src/diagnostics/gke/translate.ts";
import { projectBackendConfig } from "../../src/kubernetes/projections/backend-config.ts";
import { projectIngress } from "../../src/kubernetes/projections/ingress.ts";
import { projectSecret } from "../../src/kubernetes/projections/secret.ts";
import { projectService } from "../../src/kubernetes/projections/service.ts";
import type { PortReference } from "../../src/model/ingress.ts";
import { known } from "../../src/model/observed.ts";
import { refKey } from "../../src/model/refs.ts";
import { type ErrorIdentity, identifyRecordedError } from "./recorded-error.ts";
import type { RecordedBackend, RecordedTranslation } from "./recorded-translation.ts";

/** What only one side has; both empty when the same entries come in another order or number. */
export interface Disagreement {
  readonly recorded: readonly string[];
  readonly translated: readonly string[];
}

/** A line that the model does not agree with. */
export interface Difference {
  readonly id: string;
  readonly urlMap?: Disagreement;
  readonly errors?: Disagreement;
}

/** How far the model agrees with a file. */
export interface Agreement {
  readonly lines: number;
  readonly urlMapAgrees: number;
  readonly errorsAgree: number;
  /** Lines in which both agree. */
  readonly agree: number;
  readonly differences: readonly Difference[];
}

/** Translates every line with the GKE model and compares with what the real translator made of it. */
export function compareAll(lines: readonly RecordedTranslation[]): Agreement {
  const results = lines.map(compareLine);
  return {
    lines: lines.length,
    urlMapAgrees: results.filter(({ urlMap }) => urlMap === undefined).length,
    errorsAgree: results.filter(({ errors }) => errors === undefined).length,
    agree: results.filter(agrees).length,
    differences: results.filter((result) => !agrees(result)),
  };
}

function agrees({ urlMap, errors }: Difference): boolean {
  return urlMap === undefined && errors === undefined;
}

function compareLine(line: RecordedTranslation): Difference {
  const translation = translateLine(line);
  const urlMap = disagreement(recordedUrlMap(line), translatedUrlMap(translation));
  const errors = disagreement(recordedErrors(line), translatedErrors(translation));
  return { id: line.id, ...(urlMap && { urlMap }), ...(errors && { errors }) };
}

function disagreement(recorded: readonly string[], translated: readonly string[]): Disagreement | undefined {
  if (recorded.join("\n") === translated.join("\n")) return undefined;
  return {
    recorded: recorded.filter((text) => !translated.includes(text)),
    translated: translated.filter((text) => !recorded.includes(text)),
  };
}

function translateLine({ ingress, objects }: RecordedTranslation): Translation {
  const ofKind = (kind: string) => objects.filter((object) => (object as { kind?: unknown }).kind === kind);
  const services = ofKind("Service").map(projectService);
  const lookup = lookupIn({
    services: known(services),
    systemDefaultBackend: known(services.find(({ ref }) => refKey(ref) === SYSTEM_DEFAULT_KEY)),
    backendConfigs: known(ofKind("BackendConfig").map(projectBackendConfig)),
    secrets: known(ofKind("Secret").map(projectSecret)),
  });
  return translateIngress(projectIngress(ingress), lookup);
}

/** One text for the fallback, each host and each path, in order. Hosts tell apart their equal paths. */
function recordedUrlMap({ urlMap }: RecordedTranslation): readonly string[] {
  const fallback = urlMap.default === null ? "nothing" : recordedBackend(urlMap.default);
  return [
    `default -> ${fallback}`,
    ...urlMap.hosts.flatMap(({ host, paths }) => [
      `host ${host}`,
      ...paths.map((rule) => `${host} ${rule.path} -> ${recordedBackend(rule)}`),
    ]),
  ];
}

function translatedUrlMap({ table }: Translation): readonly string[] {
  return [
    `default -> ${table.fallback === undefined ? "nothing" : translatedBackend(table.fallback)}`,
    ...table.hosts.flatMap(({ host, paths }) => [
      `host ${host}`,
      ...paths.map(({ path, target }) => `${host} ${path} -> ${translatedBackend(target)}`),
    ]),
  ];
}

function recordedBackend({ service, port, neg }: RecordedBackend): string {
  return backendText(service, parseGoPort(port) ?? {}, neg);
}

function translatedBackend({ service, port, resolution }: BackendTarget): string {
  if (!resolution.known) return `${service} that could not be read`;
  return backendText(service, port, resolution.value.backend?.mode === "neg");
}

function backendText(service: string, port: PortReference, neg: boolean): string {
  return `${service} port ${port.name ?? port.number ?? "?"}${neg ? " by NEG" : ""}`;
}

function recordedErrors({ errors }: RecordedTranslation): readonly string[] {
  return errors.map(identifyRecordedError).map(errorText).sort();
}

function translatedErrors({ errors, undecided }: Translation): readonly string[] {
  return [...errors.map(errorText), ...undecided.map(({ source }) => `undecided ${source}`)].sort();
}

function errorText({ kind, object }: ErrorIdentity): string {
  return `${kind} ${object}`;
}
