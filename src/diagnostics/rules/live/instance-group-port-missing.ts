import type { BackendService, InstanceGroup } from "../../../model/load-balancer.ts";
import { attachedInstanceGroups, liveBackends } from "../../live-backends.ts";
import { defineRule, type Place, type Report } from "../../rule.ts";

const MESSAGES = {
  missing:
    "Instance group {group} in zone {zone} has no port named {name}, to which the requests for Service {service} are sent.",
  other:
    "Instance group {group} in zone {zone} gives the name {name} to port {found}, while Service {service} has node port {wanted}.",
} as const;

export default defineRule({
  code: "GID911",
  slug: "instance-group-port-missing",
  severity: "error",
  symptoms: ["502"],
  stage: "network",
  reads: ["backends", "loadBalancer", "settling"],
  rows: ["PRT-08", "DRF-03"],
  summary: "An instance group lacks the named port that the backend service sends to.",
  why: "A backend service of nodes knows its port by a name that every instance group maps to a number. GKE adds the name when it syncs. Where somebody overwrote the list of named ports, as gcloud set-named-ports does, requests and health checks have no port to go to.",
  fix: "Touch the Ingress, so that GKE adds the named port again, and keep other tools from setting the ports of its instance groups.",
  confirm: [
    "gcloud compute instance-groups get-named-ports INSTANCE_GROUP --zone=ZONE",
    "gcloud compute backend-services describe BACKEND_SERVICE --global --format='value(portName,port)'",
  ],
  sources: [
    "ingress-gce: pkg/instancegroups/manager.go (EnsureInstanceGroupsAndPorts)",
    "gcloud compute instance-groups set-named-ports: clears all existing named ports",
  ],
  messages: MESSAGES,

  check(topology, report) {
    if (topology.settling.open) return;
    for (const { backend, live, loadBalancer, place } of liveBackends(topology, report)) {
      const { instanceGroups } = loadBalancer;
      const { portName: name } = live;
      if (name === undefined || !live.groups.some(({ kind }) => kind === "instance-group")) continue;
      if (!report.knows(instanceGroups)) continue;
      const wanted = backend.port?.nodePort;
      const attached = attachedInstanceGroups(live, instanceGroups.value);
      const faulty = attached.filter((group) => !serves(group, name, wanted) && !isHealthyIn(live, group));
      // One zone alone is made up for by the others.
      const isPartial = faulty.length < attached.length;
      const at = isPartial ? ({ ...place, severity: "warning", symptoms: ["degraded"] } as const) : place;
      for (const group of faulty)
        reportFaulty(group, { name, wanted, service: backend.serviceName }, at, report);
    }
  },
});

/** Which port is asked for, by name, by number where the Service has it, and for which Service. */
interface WantedPort {
  readonly name: string;
  readonly wanted: number | undefined;
  readonly service: string;
}

function reportFaulty(
  { name: group, zone, namedPorts }: InstanceGroup,
  { name, wanted = 0, service }: WantedPort,
  place: Place,
  report: Report<typeof MESSAGES>,
): void {
  const found = namedPorts.find((port) => port.name === name)?.port;
  const facts = { group, zone, name, service };
  if (found === undefined) report("missing", place, facts);
  else report("other", place, { ...facts, found, wanted });
}

function serves({ namedPorts }: InstanceGroup, name: string, nodePort: number | undefined): boolean {
  return namedPorts.some((one) => one.name === name && (nodePort === undefined || one.port === nodePort));
}

/** A node that Google calls healthy was asked on some port, whatever the list of names says. */
function isHealthyIn({ health }: BackendService, { zone }: InstanceGroup): boolean {
  return health.known && health.value.some((one) => one.zone === zone && one.state === "HEALTHY");
}
