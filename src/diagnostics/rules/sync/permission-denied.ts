import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import { parseProject } from "../../sync/google-error.ts";

export default defineRule({
  code: "GID104",
  slug: "permission-denied",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-04"],
  summary: "GKE's service agent lacks a permission in the project.",
  why: "The controller calls Compute Engine as the GKE service agent of the project. When its role binding is removed, or is missing in the host project of a Shared VPC, Compute Engine answers 403 and the sync stops.",
  fix: "Give the GKE service agent the role roles/container.serviceAgent in the project again, and in a Shared VPC roles/container.hostServiceAgentUser in the host project.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud projects get-iam-policy PROJECT --flatten=bindings --filter='bindings.members:container-engine-robot' --format='table(bindings.role)'",
  ],
  sources: ["Google Cloud: GKE service agent", "gcpdiag gke/ERR/2021_007"],
  messages: {
    named: "Google answers 403 because the GKE service agent lacks permission {permission}, so {effect}.",
    unnamed:
      "Google answers 403 to the GKE service agent without naming the permission, so {effect}: {text}.",
  },

  check(topology, report) {
    for (const { cause, place, effect, text } of currentErrors(topology, report, "permission")) {
      const { permission, resource } = cause;
      const command = bindingCommand(parseProject(resource ?? text));
      const at = command === undefined ? place : { ...place, fix: { command } };
      if (permission === undefined) report("unnamed", at, { effect, text });
      else report("named", at, { permission, effect });
    }
  },
});

/** The project's number is not in the message, so the shell looks it up; the id is checked to be a plain word. */
function bindingCommand(project: string | undefined): string | undefined {
  if (project === undefined) return undefined;
  const number = `$(gcloud projects describe ${project} --format='value(projectNumber)')`;
  const member = `serviceAccount:service-${number}@container-engine-robot.iam.gserviceaccount.com`;
  return `gcloud projects add-iam-policy-binding ${project} --member="${member}" --role=roles/container.serviceAgent`;
}
