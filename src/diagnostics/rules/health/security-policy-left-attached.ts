import { refKey } from "../../../model/refs.ts";
import { configuredBackends } from "../../configured-backends.ts";
import { patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID624",
  slug: "security-policy-left-attached",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends", "loadBalancer"],
  rows: ["BC-08", "SEC-03"],
  summary: "A Cloud Armor policy is attached that the BackendConfig does not name.",
  why: "A BackendConfig without spec.securityPolicy leaves the backend service as it is: a policy that was named before stays attached, and so does one attached by hand. Only an empty name detaches it.",
  fix: "Name the policy in the BackendConfig, or set spec.securityPolicy.name to an empty text to detach it.",
  confirm: [
    "gcloud compute backend-services describe BACKEND_SERVICE --global --format='value(securityPolicy)'",
    "kubectl get backendconfig BACKENDCONFIG -n NAMESPACE -o jsonpath='{.spec.securityPolicy}'",
  ],
  sources: ["ingress-gce pkg/backends/features/securitypolicy.go", "ingress-gce issues 1706 and 2209"],
  messages: {
    attached:
      "Cloud Armor policy {policy} is attached to backend service {service}, and BackendConfig {config} names none; GKE neither changes nor removes it.",
  },

  check({ backends, loadBalancer }, report) {
    for (const { backend, resolved, config } of configuredBackends(backends, report)) {
      if (config.securityPolicy !== undefined || !report.knows(loadBalancer)) continue;
      const { backendServices } = loadBalancer.value;
      if (!report.knows(backendServices)) continue;
      for (const { name, serviceKey, securityPolicy } of backendServices.value) {
        if (serviceKey !== refKey(resolved.service.ref) || (securityPolicy ?? "") === "") continue;
        report(
          "attached",
          {
            subject: { ...config.ref, fieldPath: "spec.securityPolicy" },
            backend: backend.key,
            fix: patchFix(config.ref, [
              { op: "add", path: "/spec/securityPolicy", value: { name: securityPolicy } },
            ]),
          },
          { policy: securityPolicy ?? "", service: name, config: config.ref.name },
        );
      }
    }
  },
});
