import { stringMap } from "../model/refs.ts";
import type { Service } from "../model/service.ts";
import type { Fix } from "./finding.ts";
import { NEG_ANNOTATION, parseNegAnnotation } from "./gke/neg-annotation.ts";
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
  const { exposedPorts, zones } =
    parsed.kind === "valid" ? parsed.value : { exposedPorts: new Map<number, string>(), zones: [] };
  if ([...exposedPorts.values()].some((name) => name !== "")) return {};
  const ports = Object.fromEntries([...exposedPorts.keys()].map((port) => [port, {}]));
  const value = {
    ingress: true,
    ...(exposedPorts.size === 0 ? {} : { exposed_ports: ports }),
    ...(zones.length === 0 ? {} : { zones }),
  };
  return annotateFix(service.ref, { [NEG_ANNOTATION]: JSON.stringify(value) });
}

/** Field path of the NEG annotation. */
export const NEG_FIELD = `metadata.annotations[${NEG_ANNOTATION}]`;
