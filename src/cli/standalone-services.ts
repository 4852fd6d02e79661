import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { diagnoseStandaloneNegs, type StandaloneDiagnosis } from "../diagnostics/standalone-negs.ts";
import { cleanText } from "../diagnostics/text.ts";
import { known } from "../model/observed.ts";
import { desiredStatus } from "../reconciler/status.ts";
import type { Inventory } from "./inventory.ts";
import type { ServiceItem } from "./report.ts";

/** Diagnoses the Services of an inventory that ask for standalone NEGs; those with nothing wrong are left out. */
export function standaloneServices(inventory: Inventory): readonly ServiceItem[] {
  const services = inventory.listers.services.all();
  if (!services.known) return [];
  const namespaces = [...new Set(services.value.map(({ ref }) => ref.namespace))].sort();
  return namespaces.flatMap((namespace) =>
    diagnosedIn(namespace, inventory)
      .filter(({ findings }) => findings.some(({ severity }) => severity !== "info"))
      .map((diagnosis) => itemOf(diagnosis, inventory.takenAt)),
  );
}

function diagnosedIn(namespace: string, { listers, ingresses, takenAt, unread }: Inventory) {
  const own = ingresses.filter(({ ref }) => ref.namespace === namespace);
  const sources = {
    takenAt,
    ingresses: known(own),
    services: listers.services.inNamespace(namespace),
    systemDefaultBackend: known(undefined),
    endpointSlices: listers.endpointSlices.inNamespace(namespace),
    pods: listers.pods.inNamespace(namespace),
    workloads: listers.workloads.inNamespace(namespace),
    backendConfigs: listers.backendConfigs.inNamespace(namespace),
    frontendConfigs: listers.frontendConfigs.inNamespace(namespace),
    managedCertificates: listers.managedCertificates.inNamespace(namespace),
    serviceNegs: listers.serviceNegs.inNamespace(namespace),
    nodes: listers.nodes.all(),
    secrets: listers.secrets.inNamespace(namespace),
    networkPolicies: listers.networkPolicies.inNamespace(namespace),
    events: listers.events.inNamespace(namespace),
    ...unread,
  };
  return diagnoseStandaloneNegs(sources, own);
}

/** In the words and limits of a published status, so that it is shown like an Ingress. */
function itemOf(diagnosis: StandaloneDiagnosis, takenAt: number): ServiceItem {
  const { service, findings } = diagnosis;
  const whole: Diagnosis = {
    ...diagnosis,
    ingress: service,
    observedGeneration: 0,
    applicable: true,
    conditions: [],
    routes: [],
    backends: [],
    addresses: [],
  };
  return {
    namespace: cleanText(service.namespace),
    name: cleanText(service.name),
    diagnosis: { findings },
    status: desiredStatus(whole, undefined, takenAt),
  };
}
