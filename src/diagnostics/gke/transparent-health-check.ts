import type { Service } from "../../model/service.ts";
import { type Parsed, parseJsonAnnotation } from "./annotation-value.ts";
import { goBoolean, goStruct } from "./go-decode.ts";

/** Annotation by which a Service asks GKE to check the node's own health endpoint instead of the pod's. */
export const TRANSPARENT_HEALTH_CHECK_ANNOTATION = "networking.gke.io/transparent-health-checker";

const optIn = goStruct<{ enabled: boolean }>({ enabled: { name: "enabled", decode: goBoolean } });

/** Whether the Service asks for transparent health checks; GKE ignores an invalid value silently. */
export function parseTransparentHealthCheck(service: Service): Parsed<{ readonly enabled: boolean }> {
  return parseJsonAnnotation(service.annotations, {
    keys: [TRANSPARENT_HEALTH_CHECK_ANNOTATION],
    decode: optIn,
    zero: { enabled: false },
  });
}
