import { FRONTEND_CONFIG_ANNOTATION, frontendConfigName } from "../../gke/ingress-annotations.ts";
import { annotateFix } from "../../kubectl.ts";
import { nearest } from "../../nearest.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID813",
  slug: "frontend-config-missing",
  severity: "error",
  symptoms: ["degraded"],
  stage: "frontend",
  reads: ["ingress", "frontendConfigs"],
  rows: ["FC-01"],
  summary: "The Ingress names a FrontendConfig that does not exist in its namespace.",
  why: "The load balancer is built without the FrontendConfig: no redirect to HTTPS, no SSL policy. Every sync then ends in an error and is retried for ever, and leftovers are not cleaned up.",
  fix: "Create the FrontendConfig in the namespace of the Ingress, correct its name, or remove the annotation.",
  confirm: ["kubectl -n NAMESPACE get frontendconfigs", "kubectl -n NAMESPACE describe ingress INGRESS"],
  sources: ["ingress-gce: pkg/controller/controller.go (toRuntimeInfo)"],
  messages: {
    missing:
      "FrontendConfig {name} does not exist in namespace {namespace}, so redirect and SSL policy do not apply.",
    near: "FrontendConfig {name} does not exist in namespace {namespace}, which has {near}, so redirect and SSL policy do not apply.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const { namespace } = ingress.ref;
    const name = frontendConfigName(ingress);
    if (name === undefined || !report.knows(topology.frontendConfigs)) return;
    const present = topology.frontendConfigs.value
      .filter(({ ref }) => ref.namespace === namespace)
      .map(({ ref }) => ref.name)
      .sort();
    if (present.includes(name)) return;
    const [near] = nearest(present, name);
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${FRONTEND_CONFIG_ANNOTATION}]` };
    const fix = annotateFix(ingress.ref, { [FRONTEND_CONFIG_ANNOTATION]: near });
    if (near === undefined) report("missing", { subject, fix }, { name, namespace });
    else report("near", { subject, fix }, { name, namespace, near });
  },
});
