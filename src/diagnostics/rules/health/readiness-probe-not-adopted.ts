import { checkedBackends } from "../../checked-backend.ts";
import { describeHealthCheck, describeMismatch } from "../../health-check-text.ts";
import { describeProbe } from "../../pods/describe-trouble.ts";
import { defineRule } from "../../rule.ts";
import { suggestedPlace } from "../../suggested-health-check.ts";

export default defineRule({
  code: "GID602",
  slug: "readiness-probe-not-adopted",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends"],
  rows: ["HC-05", "HC-06"],
  summary: "The readiness probe of the pods does not become Google's health check.",
  why: "GKE copies a readiness probe only when it makes the health check, and only a plain one: httpGet without host and without headers other than Host, in the backend's protocol, on a port that the same container declares and the Service targets. Otherwise Google's prober asks for the path /, and readiness in Kubernetes and in the load balancer go separate ways.",
  fix: "State the health check in a BackendConfig.",
  confirm: [
    "kubectl get pods -n NAMESPACE -o jsonpath='{.items[*].spec.containers[*].readinessProbe}'",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: ["ingress-gce pkg/controller/translator/translator.go, getHTTPProbe and isSimpleHTTPProbe"],
  messages: {
    refused:
      "The readiness probe of pod {pod}, container {container} ({probe}), is not copied into Google's health check of Service {service}, because {mismatch}; Google asks {check}.",
  },

  check({ backends }, report) {
    for (const checked of checkedBackends(backends, report)) {
      const { backend, resolved, check } = checked;
      if (check.probe?.kind !== "refused" || check.path.source.kind !== "default") continue;
      // Where the health check fails, `health-check-failing` tells the same as its reason.
      if (backend.reportedHealth === "UNHEALTHY") continue;
      const { pod, container, probe, mismatch } = check.probe;
      report(
        "refused",
        { ...suggestedPlace(checked), backend: backend.key },
        {
          pod,
          container,
          probe: describeProbe(probe),
          service: resolved.service.ref.name,
          mismatch: describeMismatch(mismatch),
          check: describeHealthCheck(check),
        },
      );
    }
  },
});
