import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID621",
  slug: "default-backend-unhealthy",
  severity: "info",
  symptoms: [],
  stage: "hygiene",
  reads: ["backends", "ingress"],
  rows: ["DEF-02"],
  summary: "GKE's own default backend is unhealthy, which the routes of the Ingress do not feel.",
  why: "Requests that no rule matches go to GKE's default backend in kube-system, which answers 404. While it is unhealthy they get 502 instead, and consoles show the load balancer with an unhealthy backend although every route works.",
  fix: "Repair the Deployment l7-default-backend in kube-system, or name a default backend in the Ingress.",
  confirm: ["kubectl get deployment,pods -n kube-system -l k8s-app=glbc"],
  sources: ["ingress-gce docs: default backend", "ingress-gce issue 42"],
  messages: {
    unhealthy:
      "Google reports GKE's default backend behind Ingress {ingress} as {health}, so requests that no rule matches get 502 instead of 404; its routes are not concerned.",
  },

  check({ backends, ingress }, report) {
    const backend = backends.find(({ origin }) => origin === "system-default");
    if (backend === undefined || !report.knows(backend.service)) return;
    const health = backend.reportedHealth;
    if (health !== "UNHEALTHY") return;
    const subject = backend.service.value?.ref ?? ingress.ref;
    report("unhealthy", { subject, backend: backend.key }, { ingress: ingress.ref.name, health });
  },
});
