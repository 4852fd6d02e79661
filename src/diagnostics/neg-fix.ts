import { stringMap } from "../model/refs.ts";
import type { Service } from "../model/service.ts";
import type { Fix } from "./finding.ts";
import { NEG_ANNOTATION, type NegAnnotation, parseNegAnnotation } from "./gke/neg-annotation.ts";
import { annotateFix } from "./kubectl.ts";

/**
 * The annotation that makes a Service ask for NEGs for Ingresses and keeps its other settings; no command where
 * a NEG has a name of its own, because the two exclude each other.
 *
 * @param written the annotation to start from; defaults to the Service's
 */
export function enableNegFix(service: Service, written = service.annotations[NEG_ANNOTATION]): Partial<Fix> {
  const annotations = stringMap(written === undefined ? {} : { [NEG_ANNOTATION]: written });
  const parsed = parseNegAnnotation({ ...service, annotations });
  const wanted =
    parsed.kind === "valid" ? parsed.value : { exposedPorts: new Map<number, string>(), zones: [] };
  if ([...wanted.exposedPorts.values()].some((name) => name !== "")) return {};
  return writeNegFix(service, { ...wanted, ingress: true });
}

/** A command that sets the NEG annotation of a Service; what is empty is left out. */
export function writeNegFix({ ref }: Service, { ingress, exposedPorts, zones }: NegAnnotation): Partial<Fix> {
  const ports = [...exposedPorts].map(([port, name]) => [port, name === "" ? {} : { name }] as const);
  const value = {
    ...(ingress ? { ingress } : {}),
    ...(ports.length === 0 ? {} : { exposed_ports: Object.fromEntries(ports) }),
    ...(zones.length === 0 ? {} : { zones }),
  };
  return annotateFix(ref, { [NEG_ANNOTATION]: JSON.stringify(value) });
}

/** Field path of the NEG annotation. */
export const NEG_FIELD = `metadata.annotations[${NEG_ANNOTATION}]`;
