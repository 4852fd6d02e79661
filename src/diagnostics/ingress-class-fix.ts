import type { Ingress } from "../model/ingress.ts";
import type { Fix } from "./finding.ts";
import { INGRESS_CLASS_ANNOTATION } from "./gke/ingress-class.ts";
import { annotateFix } from "./kubectl.ts";
import { shellCommand } from "./shell.ts";

/** The command that gives an Ingress one of GKE's classes, where GKE reads it, and takes it from where it does not. */
export function classFix({ ref, className }: Ingress, wanted: string): Partial<Fix> {
  const annotations = { [INGRESS_CLASS_ANNOTATION]: wanted };
  if (className === undefined) return annotateFix(ref, annotations);
  // A merge patch, because a JSON patch cannot add to annotations that may or may not be there.
  const patch = JSON.stringify({ metadata: { annotations }, spec: { ingressClassName: null } });
  const target = ["kubectl", "patch", "ingress", ref.name, "-n", ref.namespace];
  return { command: shellCommand(...target, "--type=merge", "-p", patch) };
}
