import type { Ingress } from "../model/ingress.ts";
import type { Fix } from "./finding.ts";
import { INGRESS_CLASS_ANNOTATION } from "./gke/ingress-class.ts";
import { annotateFix, mergeFix } from "./kubectl.ts";

/** The command that gives an Ingress one of GKE's classes, where GKE reads it, and takes it from where it does not. */
export function classFix({ ref, className }: Ingress, wanted: string): Partial<Fix> {
  const annotations = { [INGRESS_CLASS_ANNOTATION]: wanted };
  if (className === undefined) return annotateFix(ref, annotations);
  // A merge patch, because a JSON patch cannot add to annotations that may or may not be there.
  return mergeFix(ref, { metadata: { annotations }, spec: { ingressClassName: null } });
}
