import type { Service } from "../../../model/service.ts";
import type { Fix } from "../../finding.ts";
import type { InvalidAnnotation } from "../../gke/annotation-value.ts";
import { NEG_ANNOTATION, parseNegAnnotation } from "../../gke/neg-annotation.ts";
import { annotateFix } from "../../kubectl.ts";
import { enableNegFix, NEG_FIELD } from "../../neg-fix.ts";
import { type ReadBackend, readOwnBackends } from "../../own-backends.ts";
import { defineRule, type Place } from "../../rule.ts";

export default defineRule({
  code: "GID405",
  slug: "neg-annotation-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends"],
  rows: ["SVC-05"],
  summary: "The annotation cloud.google.com/neg of a Service cannot be read.",
  why: "The Ingress controller treats a value it cannot read as an absent one, without a word; the NEG controller makes no group and says so on the Service. A ClusterIP Service then stops the whole Ingress, a NodePort Service falls back to instance groups.",
  fix: "Write the annotation as JSON, with true and false unquoted.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl describe service SERVICE -n NAMESPACE",
  ],
  sources: [
    "ingress-gce pkg/controller/translator/translator.go, maybeEnableNEG",
    "ingress-gce pkg/neg/controller.go, handleErr",
  ],
  messages: {
    unreadable:
      "The annotation cloud.google.com/neg {raw} of Service {service} cannot be read: {reason}. {effect}.",
  },

  check({ backends }, report) {
    for (const read of readOwnBackends(backends, report)) {
      const { backend, service, resolved } = read;
      const effect = effectOf(read);
      if (service === undefined || effect === undefined || service.type === "ExternalName") continue;
      const annotation = resolved?.negAnnotation ?? parseNegAnnotation(service);
      if (annotation.kind !== "invalid") continue;
      const { raw, reason } = annotation;
      report(
        "unreadable",
        {
          subject: { ...service.ref, fieldPath: NEG_FIELD },
          backend: backend.key,
          fix: repairFix(service, annotation, effect),
          ...PLACES[effect],
        },
        { raw, service: service.ref.name, reason, effect: effectText(effect, service) },
      );
    }
  },
});

/** What the missing groups do: to the Ingress, or to whoever counts on standalone ones. */
type Effect = "stops" | "falls-back" | "unmade";

const PLACES: Readonly<Record<Effect, Pick<Place, "severity" | "symptoms">>> = {
  stops: {},
  "falls-back": { severity: "warning", symptoms: ["degraded"] },
  unmade: { symptoms: ["no-neg"] },
};

function effectText(effect: Effect, { type }: Service): string {
  switch (effect) {
    case "stops":
      return `GKE treats it as absent, and a Service of type ${type} is then no backend, so no change of this Ingress is applied`;
    case "falls-back":
      return "GKE treats it as absent and sends traffic through node ports instead of network endpoint groups";
    case "unmade":
      return "The NEG controller makes no network endpoint group for it";
  }
}

/** Undefined where another error comes first. */
function effectOf({ backend, resolved, error }: ReadBackend): Effect | undefined {
  if (backend.origin === "standalone") return "unmade";
  if (resolved === undefined) return error?.kind === "service-type" ? "stops" : undefined;
  return resolved.negForced ? "stops" : "falls-back";
}

/** Where the Ingress needs NEGs, the repaired text has to ask for them, too. */
function repairFix(service: Service, { repaired }: InvalidAnnotation, effect: Effect): Partial<Fix> {
  if (effect === "unmade") {
    return repaired === undefined ? {} : annotateFix(service.ref, { [NEG_ANNOTATION]: repaired });
  }
  if (repaired !== undefined && (effect !== "stops" || asksForNeg(service, repaired))) {
    return annotateFix(service.ref, { [NEG_ANNOTATION]: repaired });
  }
  return enableNegFix(service, repaired);
}

function asksForNeg(service: Service, text: string): boolean {
  const parsed = parseNegAnnotation({ ...service, annotations: { [NEG_ANNOTATION]: text } });
  return parsed.kind === "valid" && parsed.value.ingress;
}
