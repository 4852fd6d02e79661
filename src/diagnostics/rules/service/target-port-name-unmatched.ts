import type { Pod } from "../../../model/pod.ts";
import type { Service, ServicePort } from "../../../model/service.ts";
import { patchFix } from "../../kubectl.ts";
import { nearest } from "../../nearest.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portField, portText } from "../../service-port.ts";
import { counted, listed } from "../../text.ts";

export default defineRule({
  code: "GID408",
  slug: "target-port-name-unmatched",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: ["PRT-03"],
  summary: "A Service port targets a container port name that no pod has.",
  why: "Kubernetes looks a named target port up among the container ports of each pod. Where no container has that name, the EndpointSlice carries no port, and neither network endpoint group nor node port reaches the pod, however ready it is.",
  fix: "Give the container port that name, or target a name or number that the container has.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.spec.ports}'",
    "kubectl get pods -n NAMESPACE -o jsonpath='{.items[*].spec.containers[*].ports}'",
  ],
  sources: [
    "Kubernetes documentation: Service, port definitions",
    "ingress-gce pkg/utils/endpointslices/index.go",
  ],
  messages: {
    unmatched:
      "Port {port} of Service {service} targets container port {target}; the containers of its {pods} declare {declared}. So the Service port has no endpoints.",
  },

  check({ backends }, report) {
    for (const { backend, service, resolved } of readOwnBackends(backends, report)) {
      const port = resolved?.port;
      if (service === undefined || port === undefined || typeof port.targetPort === "number") continue;
      // The lookup also wants the same protocol; a port that is not TCP is another finding.
      if (port.protocol !== "TCP" || !report.knows(backend.pods) || !report.knows(backend.endpoints))
        continue;
      const pods = backend.pods.value.filter(({ deletedAt }) => deletedAt === undefined);
      const names = portNames(pods);
      const carried = backend.endpoints.value.ports.length > 0;
      if (pods.length === 0 || carried || names.includes(port.targetPort)) continue;
      report(
        "unmatched",
        {
          subject: { ...service.ref, fieldPath: `${portField(service, port)}.targetPort` },
          backend: backend.key,
          fix: retarget(service, port, likelyTarget(pods, names, port.targetPort)),
        },
        {
          port: portText(port),
          service: service.ref.name,
          target: port.targetPort,
          pods: counted(pods.length, "pod"),
          declared: declaredText(pods),
        },
      );
    }
  },
});

function tcpPorts(pods: readonly Pod[]) {
  return pods.flatMap(({ containers }) =>
    containers.flatMap(({ ports }) => ports.filter(({ protocol }) => protocol === "TCP")),
  );
}

function portNames(pods: readonly Pod[]): readonly string[] {
  return [...new Set(tcpPorts(pods).flatMap(({ name }) => (name ? [name] : [])))].sort();
}

function declaredText(pods: readonly Pod[]): string {
  const texts = tcpPorts(pods).map(({ name, containerPort }) =>
    name ? `${name} (${containerPort})` : `${containerPort}`,
  );
  return texts.length === 0 ? "no port" : listed([...new Set(texts)].sort());
}

/** A similar name, else the only port that there is. */
function likelyTarget(
  pods: readonly Pod[],
  names: readonly string[],
  wanted: string,
): string | number | undefined {
  const [similar] = nearest(names, wanted);
  const [number, ...others] = new Set(tcpPorts(pods).map(({ containerPort }) => containerPort));
  return similar ?? (others.length === 0 ? (names[0] ?? number) : undefined);
}

function retarget(service: Service, port: ServicePort, target: string | number | undefined) {
  const index = service.ports.indexOf(port);
  if (target === undefined) return {};
  return patchFix(service.ref, [
    { op: "test", path: `/spec/ports/${index}/port`, value: port.port },
    { op: "add", path: `/spec/ports/${index}/targetPort`, value: target },
  ]);
}
