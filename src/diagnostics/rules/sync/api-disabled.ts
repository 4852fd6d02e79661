import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import { parseProject } from "../../sync/google-error.ts";

export default defineRule({
  code: "GID106",
  slug: "api-disabled",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-04"],
  summary: "The Compute Engine API or billing of the project is switched off.",
  why: "Without the Compute Engine API the controller can neither read nor build a load balancer. Without billing the API refuses every call.",
  fix: "Switch the Compute Engine API on again, and link the project to an active billing account.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud services list --enabled --filter=compute.googleapis.com --project PROJECT",
    "gcloud billing projects describe PROJECT",
  ],
  sources: ["Google Cloud: Troubleshoot API errors (accessNotConfigured, billing)"],
  messages: {
    api: "The Compute Engine API is switched off in the project, so {effect}.",
    billing: "Compute Engine refuses calls because the project has no active billing, so {effect}.",
  },

  check(topology, report) {
    for (const { cause, place, effect, text } of currentErrors(topology, report, "api-disabled")) {
      if (cause.billing) {
        const fix = { summary: "Link the project to an active billing account." };
        report("billing", { ...place, fix }, { effect });
        continue;
      }
      const project = parseProject(text);
      const enable = ["gcloud", "services", "enable", "compute.googleapis.com"];
      const command = shellCommand(...enable, ...(project === undefined ? [] : ["--project", project]));
      const fix = { summary: "Switch the Compute Engine API on again.", command };
      report("api", { ...place, fix }, { effect });
    }
  },
});
