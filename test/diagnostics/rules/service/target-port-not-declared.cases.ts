import targetPortNotDeclared from "../../../../src/diagnostics/rules/service/target-port-not-declared.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Container } from "../../../../src/model/pod.ts";
import {
  container,
  httpProbe,
  ingress,
  negName,
  notRead,
  pod,
  servedAnnotations,
  service,
  servicePort,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function targeting(targetPort: number | string, state: string, ...containers: Container[]) {
  const backends = JSON.stringify({ [negName("web")]: state });
  return snapshot({
    ingress: ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }) }),
    services: known([service({ ports: [servicePort({ targetPort })] })]),
    pods: known([pod(1, containers.length === 0 ? {} : { containers })]),
  });
}

const command = `kubectl patch service web -n shop --type=json -p '[{"op":"test","path":"/spec/ports/0/port","value":80},{"op":"add","path":"/spec/ports/0/targetPort","value":8080}]'`;

export default ruleCases(targetPortNotDeclared, {
  healthy: [
    { name: "declared", given: targeting(8080, "UNHEALTHY") },
    { name: "a name, which is another finding", given: targeting("http", "UNHEALTHY") },
    {
      name: "containers that declare nothing",
      given: targeting(9000, "UNHEALTHY", container({ ports: [] })),
    },
    {
      name: "a readiness probe succeeds there",
      given: targeting(9000, "UNHEALTHY", container({ readinessProbe: httpProbe({ port: 9000 }) })),
    },
    {
      name: "containers that are not ready",
      given: targeting(9000, "UNHEALTHY", container({ ready: false })),
    },
    { name: "no pods", given: { ...targeting(9000, "UNHEALTHY"), pods: known([]) } },
  ],
  broken: [
    {
      name: "the Service port where the container port belongs, and Google says unhealthy",
      given: targeting(80, "UNHEALTHY"),
      want: [
        {
          text: "Port http (80) of Service web targets port 80; the containers of its pods declare 8080, and Google reports the backend UNHEALTHY.",
          subject: "Service/web#spec.ports[0].targetPort",
          severity: "error",
          command,
        },
      ],
    },
    {
      name: "a container beside it declares nothing and may listen there",
      given: targeting(9000, "UNHEALTHY", container(), container({ name: "proxy", ports: [] })),
      want: [
        {
          text: "Port http (80) of Service web targets port 9000; the containers of its pods declare 8080, and Google reports the backend UNHEALTHY.",
          severity: "warning",
        },
      ],
    },
    {
      name: "Google has not said anything yet",
      given: targeting(9000, "Unknown"),
      want: [
        {
          text: "Port http (80) of Service web targets port 9000; the containers of its pods declare 8080, and Google reports the backend Unknown.",
          severity: "warning",
        },
      ],
    },
    {
      name: "healthy all the same",
      given: targeting(9000, "HEALTHY"),
      want: [
        {
          text: "Port http (80) of Service web targets port 9000; the containers of its pods declare 8080, and Google reports the backend HEALTHY.",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
    {
      name: "pods may not be listed",
      given: { ...targeting(80, "UNHEALTHY"), pods: notRead("pods") },
      source: "pods",
    },
  ],
});
