import { urlMapPathFault } from "../../gke/url-map-path.ts";
import { defineRule, type Report } from "../../rule.ts";
import { type CurrentError, currentErrors } from "../../sync/current-errors.ts";

const MESSAGES = {
  counted:
    "Compute Engine refuses the URL map: {field} has {actual} elements and may have {max}, so {effect}.",
  large: "Compute Engine refuses the URL map because {field} is too large, so {effect}: {text}.",
  refused: "Compute Engine refuses the URL map, so {effect}: {text}.",
} as const;

export default defineRule({
  code: "GID114",
  slug: "url-map-rejected",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["LIM-01", "LIM-02"],
  summary: "Compute Engine refuses the URL map made from the hosts and paths.",
  why: "The controller checks neither the number of hosts and paths nor most path texts. Compute Engine does, and refuses the whole map, so no route of the Ingress is changed.",
  fix: "Split the Ingress into several with fewer hosts and paths each, or correct the value that the message names.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "kubectl get ingress INGRESS -n NAMESPACE --output jsonpath='{.spec.rules[*].host}' | wc -w",
  ],
  sources: ["Google Cloud: Cloud Load Balancing quotas, URL maps", "kubernetes issue 46098"],
  messages: MESSAGES,

  check(topology, report) {
    const place = { subject: { ...topology.ingress.ref, fieldPath: "spec.rules" } };
    for (const error of currentErrors(topology, report, "url-map-too-large")) {
      reportSize(error, place, report);
    }
    for (const { cause, effect, text } of currentErrors(topology, report, "url-map-refused")) {
      if (isBadPath(cause.field, cause.value)) continue;
      const fix = { summary: "Correct the value that the message names." };
      report("refused", { ...place, fix }, { effect, text });
    }
  },
});

type TooLarge = CurrentError<Extract<CurrentError["cause"], { readonly kind: "url-map-too-large" }>>;

function reportSize(
  { cause, effect, text }: TooLarge,
  place: Parameters<Report<typeof MESSAGES>>[1],
  report: Report<typeof MESSAGES>,
): void {
  const { field, max, actual } = cause;
  const shown = field === "" ? "a part" : field;
  const fix = { summary: "Split the Ingress into several with fewer hosts and paths each." };
  if (max === undefined || actual === undefined)
    report("large", { ...place, fix }, { field: shown, effect, text });
  else report("counted", { ...place, fix }, { field: shown, max, actual, effect });
}

/** A path that breaks the rules for paths is the finding of the rules about paths. */
function isBadPath(field = "", value = ""): boolean {
  return /\.paths\[\d{1,5}\]$/.test(field) && urlMapPathFault(value) !== undefined;
}
