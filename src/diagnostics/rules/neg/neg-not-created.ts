import { parseNegStatus } from "../../gke/neg-annotation.ts";
import { hasNegs, negEffect } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID705",
  slug: "neg-not-created",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["backends", "ingress", "sync"],
  rows: ["NEG-14"],
  consequence: true,
  settles: true,
  summary: "A network endpoint group that the Ingress needs does not exist.",
  why: "The Ingress controller links the NEGs of each backend and the NEG controller makes them. Where one is missing the sync of the whole Ingress stops. Right after creation that is normal for a minute; the annotation cloud.google.com/neg-status names NEGs before they exist.",
  fix: "Read the Events of the Service for what keeps the NEG controller from making its NEGs.",
  confirm: [
    "kubectl describe service SERVICE -n NAMESPACE",
    "kubectl get servicenetworkendpointgroups -n NAMESPACE -o yaml",
    "gcloud compute network-endpoint-groups list",
  ],
  sources: ["ingress-gce pkg/backends/neg_linker.go", "kubernetes/ingress-gce issue 1755"],
  messages: {
    notFound: "Network endpoint group {neg} does not exist, so the sync of Ingress {ingress} stops.",
    refused:
      "The NEG controller has not been able to make the network endpoint groups of port {port} of Service {service}.",
    absent: "The NEG controller has made no network endpoint group for port {port} of Service {service}.",
  },

  check(topology, report) {
    const { backends, ingress } = topology;
    const missed = currentErrors(topology, report, "neg-missing").filter(
      ({ place }) => place.subject.kind === "Ingress",
    );
    for (const { cause, place } of missed) {
      const backend = backends.find((one) => asksFor(one, cause.neg));
      const at = backend === undefined ? place : { ...place, backend: backend.key };
      report("notFound", at, { neg: cause.neg, ingress: ingress.ref.name });
    }
    for (const backend of backends) {
      const state = missingNegs(backend);
      if (state === undefined || !report.knows(backend.serviceNegs)) continue;
      const { message, facts, place } = state;
      report(message, { ...place, backend: backend.key }, facts);
    }
  },
});

/** True when a NEG name is one that the controllers give for the backend's port. */
function asksFor({ service, serviceNegs, port }: Backend, neg: string): boolean {
  if (serviceNegs.known && serviceNegs.value.some(({ ref }) => ref.name === neg)) return true;
  const status = service.known && service.value ? parseNegStatus(service.value) : undefined;
  return status?.kind === "valid" && port !== undefined && status.value.negs.get(String(port.port)) === neg;
}

/** What the NEG controller's own objects tell of NEGs that are not there; undefined when they tell nothing. */
function missingNegs(backend: Backend) {
  const { origin, resolution, serviceNegs, reportedHealth } = backend;
  const resolved = resolution.known ? resolution.value.backend : undefined;
  if (origin === "system-default" || resolved?.mode !== "neg" || reportedHealth !== undefined)
    return undefined;
  const { service, port } = resolved;
  const symptoms = origin === "standalone" ? negEffect(backend).symptoms : undefined;
  const place = { subject: service.ref, ...(symptoms && { symptoms }) };
  const facts = { port: portText(port), service: service.ref.name };
  if (!serviceNegs.known) return { message: "absent", place, facts } as const;
  if (hasNegs(backend)) return undefined;
  if (serviceNegs.value.length > 0) return { message: "refused", place, facts } as const;
  // A Service that was processed has the annotation; then the list of NEG objects is what is incomplete.
  return parseNegStatus(service).kind === "absent"
    ? ({ message: "absent", place, facts } as const)
    : undefined;
}
