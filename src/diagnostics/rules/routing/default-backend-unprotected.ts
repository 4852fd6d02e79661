import type { BackendConfig } from "../../../model/gke-config.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import type { Backend, Topology } from "../../topology.ts";

export default defineRule({
  code: "GID313",
  slug: "default-backend-unprotected",
  severity: "info",
  symptoms: ["degraded"],
  stage: "hygiene",
  reads: ["backends", "ingress", "translation"],
  rows: ["DEF-05"],
  summary: "Routes are protected by Cloud Armor or IAP, and the default backend is not.",
  why: "A security policy or IAP belongs to a backend service. A request that matches no rule goes to the default backend, which has no BackendConfig unless it is one of the user's own, so it is answered without the protection.",
  fix: "Give the Ingress a default backend whose Service has a BackendConfig with the same protection.",
  confirm: ["kubectl get backendconfig -n NAMESPACE -o yaml"],
  sources: ["ingress-gce pkg/translator/translator.go, ToCompositeURLMap"],
  messages: {
    unprotected: "{protected} has {protection}; {fallback}, which answers what no rule matches, has none.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const fallback = fallbackOf(topology);
    if (fallback === undefined) return;
    const guarded: Backend[] = [];
    for (const backend of topology.backends) {
      if (!report.knows(backend.backendConfig)) return;
      if (protectionOf(backend.backendConfig.value) !== undefined) guarded.push(backend);
    }
    const [first] = guarded;
    if (first === undefined || guarded.includes(fallback) || !first.backendConfig.known) return;
    report(
      "unprotected",
      { subject: ingress.ref },
      {
        protected: listed([...new Set(guarded.map(({ serviceName }) => `Service ${serviceName}`))].sort()),
        protection: protectionOf(first.backendConfig.value) ?? "",
        fallback: `Service ${fallback.serviceName}`,
      },
    );
  },
});

function fallbackOf({ backends, translation }: Topology): Backend | undefined {
  const key = translation.table.fallback?.key;
  return backends.find((backend) => backend.key === key);
}

function protectionOf(config: BackendConfig | undefined): string | undefined {
  if (config?.iap?.enabled) return "IAP";
  return config?.securityPolicy ? `security policy ${config.securityPolicy}` : undefined;
}
