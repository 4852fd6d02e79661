import { patchFix } from "../../kubectl.ts";
import { namedFrontendConfig } from "../../named-frontend-config.ts";
import { nearest } from "../../nearest.ts";
import { defineRule } from "../../rule.ts";

/** Redirect codes that a FrontendConfig can name (ingress-gce pkg/apis/frontendconfig/v1beta1/types.go). */
const CODES = ["MOVED_PERMANENTLY_DEFAULT", "FOUND", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"] as const;

export default defineRule({
  code: "GID817",
  slug: "frontend-config-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "frontendConfigs"],
  rows: ["FC-05"],
  summary: "A FrontendConfig names a redirect code that the load balancer does not know.",
  why: "The code is passed to Compute Engine as it is written. An unknown one is refused together with the redirect, and the sync stops before the front end is built.",
  fix: "Set responseCodeName to MOVED_PERMANENTLY_DEFAULT, FOUND, TEMPORARY_REDIRECT or PERMANENT_REDIRECT.",
  confirm: ["kubectl -n NAMESPACE get frontendconfig NAME -o yaml"],
  sources: [
    "ingress-gce: pkg/apis/frontendconfig/v1beta1/types.go",
    "Compute API: urlMaps, HttpRedirectAction",
  ],
  messages: {
    unknown:
      "FrontendConfig {config} asks for redirect code {code}, which is none of {known}, so the redirect is refused.",
  },

  check(topology, report) {
    const config = namedFrontendConfig(topology, report);
    const { enabled, responseCodeName: code } = config?.redirectToHttps ?? {};
    if (config === undefined || enabled !== true || !code || CODES.some((known) => known === code)) return;
    const path = "/spec/redirectToHttps/responseCodeName";
    const [near] = nearest(CODES, code);
    const value = near ?? "MOVED_PERMANENTLY_DEFAULT";
    const fix = patchFix(config.ref, [{ op: "add", path, value }]);
    const subject = { ...config.ref, fieldPath: "spec.redirectToHttps.responseCodeName" };
    report("unknown", { subject, fix }, { config: config.ref.name, code, known: CODES.join(", ") });
  },
});
