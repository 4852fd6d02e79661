import { stringMap } from "../../../model/refs.ts";
import type { Service } from "../../../model/service.ts";
import type { InvalidAnnotation } from "../../gke/annotation-value.ts";
import { parseAppProtocols } from "../../gke/app-protocols.ts";
import { goMap, goString } from "../../gke/go-decode.ts";
import { decodeGoJson } from "../../gke/go-json.ts";
import { annotateFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID410",
  slug: "app-protocols-invalid",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["backends"],
  rows: ["PRT-07"],
  summary: "The annotation that names the protocol of Service ports cannot be read.",
  why: "The annotation is JSON that maps port names to HTTP, HTTPS or HTTP2, in upper case. One value outside of these, or text that is no JSON, makes the whole Ingress fail: no change of any host, path or certificate is applied. HTTP/2 without TLS does not exist here.",
  fix: "Write the annotation as JSON that maps port names to HTTP, HTTPS or HTTP2.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.metadata.annotations}'",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/annotations/service.go, ApplicationProtocols"],
  messages: {
    invalid:
      "The annotation {annotation} {raw} of Service {service} cannot be used: {reason}. No change of this Ingress is applied.",
  },

  check({ backends }, report) {
    for (const { backend, service, resolved, error } of readOwnBackends(backends, report)) {
      if (error?.kind !== "app-protocols" || service === undefined) continue;
      const parsed = parseAppProtocols(service);
      if (parsed.kind !== "invalid") continue;
      const { key: annotation, raw, reason } = parsed;
      const corrected = correctedValue(service, parsed, resolved?.port.name ?? "");
      report(
        "invalid",
        {
          subject: { ...service.ref, fieldPath: `metadata.annotations[${annotation}]` },
          backend: backend.key,
          fix: corrected === undefined ? {} : annotateFix(service.ref, { [annotation]: corrected }),
        },
        { annotation, raw, service: service.ref.name, reason },
      );
    }
  },
});

/** Words that are used for one of the three protocols elsewhere. H2C is none of them: it has no TLS. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["HTTP", "HTTP"],
  ["HTTPS", "HTTPS"],
  ["TLS", "HTTPS"],
  ["SSL", "HTTPS"],
  ["HTTP2", "HTTP2"],
  ["HTTP/2", "HTTP2"],
  ["H2", "HTTP2"],
  ["GRPC", "HTTP2"],
  ["GRPCS", "HTTP2"],
]);

/** The annotation with its slips corrected; undefined when it cannot be told what is meant. */
function correctedValue(
  service: Service,
  { key, raw, repaired }: InvalidAnnotation,
  portName: string,
): string | undefined {
  const bareWord = MEANT.get(
    raw
      .replace(/^"(.*)"$/, "$1")
      .trim()
      .toUpperCase(),
  );
  if (bareWord !== undefined) return JSON.stringify({ [portName]: bareWord });
  if (repaired !== undefined) return repaired;
  const written = decodeGoJson(raw, goMap(goString, ""), new Map<string, string>());
  if (!written.ok) return undefined;
  const meant = [...written.value].map(([name, value]) => [name, MEANT.get(value.trim().toUpperCase())]);
  const candidate = JSON.stringify(Object.fromEntries(meant));
  const parsed = parseAppProtocols({ ...service, annotations: stringMap({ [key]: candidate }) });
  return parsed.kind === "valid" && parsed.value.size === meant.length ? candidate : undefined;
}
