import { foreignAnnotations } from "../../gke/foreign-annotations.ts";
import { defineRule } from "../../rule.ts";

/** More than this many say nothing new. */
const MAX_REPORTED = 20;

export default defineRule({
  code: "GID009",
  slug: "foreign-annotations",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["ingress", "ownership"],
  rows: ["CLS-05"],
  summary: "Settings of another controller stand on an Ingress that GKE serves.",
  why: "GKE ignores annotations of other controllers without a word. A redirect, time-out, rewrite or allow-list that is written there does not exist, and the application may rely on it.",
  fix: "Move the setting to what does the same on GKE, or remove the annotation.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE --output jsonpath='{.metadata.annotations}'"],
  sources: ["ingress-gce issues 51, 2770", "Google Cloud: Configure Ingress features"],
  messages: {
    equivalent:
      "Annotation {key} on Ingress {ingress} is a setting of {owner}, which GKE ignores; GKE has {equivalent}.",
    none: "Annotation {key} on Ingress {ingress} is a setting of {owner}, which GKE ignores and has no equivalent for.",
  },

  check({ ingress, ownership }, report) {
    if (ownership.kind !== "owned") return;
    for (const { key, owner, equivalent } of foreignAnnotations(ingress).slice(0, MAX_REPORTED)) {
      const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${key}]` };
      const parameters = { key, ingress: ingress.ref.name, owner };
      if (equivalent === undefined) {
        report(
          "none",
          { subject, fix: { summary: "Remove the annotation, or do in the application what it asks for." } },
          parameters,
        );
      } else {
        report(
          "equivalent",
          { subject, fix: { summary: `Use ${equivalent} instead.` } },
          { ...parameters, equivalent },
        );
      }
    }
  },
});
