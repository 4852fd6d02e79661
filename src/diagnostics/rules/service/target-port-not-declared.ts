import type { Container, Pod } from "../../../model/pod.ts";
import type { Severity } from "../../finding.ts";
import { patchFix } from "../../kubectl.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portField, portText } from "../../service-port.ts";
import { listed } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID409",
  slug: "target-port-not-declared",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: ["PRT-02"],
  summary: "A Service port targets a number that no container declares.",
  why: "The load balancer connects to the target port of each pod. Declared container ports are informational, but where containers declare others and Google reports no healthy endpoint, nothing listens on this one and every connection is refused. A headless Service changes nothing: the target port counts, and it defaults to the Service port.",
  fix: "Target the port that the container listens on.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.spec.ports}'",
    "kubectl get pods -n NAMESPACE -o jsonpath='{.items[*].spec.containers[*].ports}'",
  ],
  sources: [
    "Kubernetes API reference: ContainerPort",
    "Google Cloud documentation: Container-native load balancing",
  ],
  messages: {
    undeclared:
      "Port {port} of Service {service} targets port {target}; the containers of its pods declare {declared}, and Google reports the backend {health}.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      const target = resolved?.port.targetPort;
      if (resolved === undefined || typeof target !== "number" || !report.knows(backend.pods)) continue;
      const pods = backend.pods.value.filter(isServing);
      const containers = pods.flatMap((pod) => pod.containers);
      const declared = tcpPorts(containers);
      if (declared.length === 0 || declared.includes(target) || isProbed(containers, target)) continue;
      const { service, port } = resolved;
      const index = service.ports.indexOf(port);
      report(
        "undeclared",
        {
          subject: { ...service.ref, fieldPath: `${portField(service, port)}.targetPort` },
          backend: backend.key,
          severity: severityOf(backend, containers),
          fix: patchFix(
            service.ref,
            declared.length === 1
              ? [
                  { op: "test", path: `/spec/ports/${index}/port`, value: port.port },
                  { op: "add", path: `/spec/ports/${index}/targetPort`, value: declared[0] },
                ]
              : [],
          ),
        },
        {
          port: portText(port),
          service: service.ref.name,
          target,
          declared: listed(declared.map(String)),
          health: backend.reportedHealth ?? "nowhere yet",
        },
      );
    }
  },
});

/** A pod whose containers are not ready refuses connections on every port, for a reason of its own. */
function isServing({ deletedAt, containers }: Pod): boolean {
  return deletedAt === undefined && containers.every(({ ready }) => ready);
}

function tcpPorts(containers: readonly Container[]): readonly number[] {
  const ports = containers.flatMap((container) => container.ports);
  const numbers = ports.flatMap(({ protocol, containerPort }) => (protocol === "TCP" ? [containerPort] : []));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** A readiness probe that succeeds on the port proves that something listens there. */
function isProbed(containers: readonly Container[], target: number): boolean {
  return containers.some(({ readinessProbe }) => readinessProbe?.port === target);
}

/** A container that declares nothing may listen on any port, and a healthy endpoint proves that one does. */
function severityOf({ reportedHealth }: Backend, containers: readonly Container[]): Severity {
  if (reportedHealth === "HEALTHY") return "info";
  const allDeclare = containers.every(({ ports }) => ports.length > 0);
  if (reportedHealth === "UNHEALTHY") return allDeclare ? "error" : "warning";
  return allDeclare ? "warning" : "info";
}
