import firewallChangeRequired from "../../../../src/diagnostics/rules/live/firewall-change-required.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import {
  backendConfig,
  container,
  event,
  ingress,
  negName,
  notRead,
  pod,
  servedAnnotations,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { firewall } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { withAddresses } from "../../../support/static-addresses.ts";
import { eventsUnreadable } from "../../../support/sync-failures.ts";

const COMMAND =
  "gcloud compute firewall-rules create k8s-fw-l7--0123 --network shared --allow tcp:8080 --source-ranges 130.211.0.0/22,35.191.0.0/16 --project host-project";
const SUPPRESS = "networking.gke.io/suppress-firewall-xpn-error";

/** Ingress `web` whose backend Google calls `health`. */
function reporting(
  health: string,
  more: Readonly<Record<string, string>> = {},
  changes: Partial<Snapshot> = {},
) {
  const backends = JSON.stringify({ [negName("web")]: health });
  const annotations = servedAnnotations({ "ingress.kubernetes.io/backends": backends, ...more });
  return snapshot({ ingress: ingress({ annotations }), ...changes });
}

function requested(health: string, command = COMMAND, reason = "XPN") {
  const message = `Firewall change required by security admin: \`${command}\``;
  return reporting(health, {}, { events: known([event(), event({ reason, message })]) });
}

const suppressed = (health: string, changes: Partial<Snapshot> = {}) =>
  reporting(health, { [SUPPRESS]: "true" }, changes);
const unready = pod(1, { containers: [container({ ready: false })], ready: false });
const gated = pod(1, { ready: false });
const text = `Every backend of Ingress web reports UNHEALTHY although the containers of 2 pods behind them are ready, and ${SUPPRESS} keeps the controller from saying that it may not open the firewall; the firewall itself is not visible in the cluster.`;

export default ruleCases(firewallChangeRequired, {
  healthy: [
    { name: "no request", given: snapshot() },
    { name: "a failing backend without any request", given: reporting("UNHEALTHY") },
    {
      name: "a rule that is to be deleted",
      given: requested("UNHEALTHY", "gcloud compute firewall-rules delete k8s-fw-l7--0123"),
    },
    { name: "silenced requests and healthy backends", given: suppressed("HEALTHY") },
    {
      name: "silenced requests and containers that are not ready",
      given: suppressed("UNHEALTHY", { pods: known([unready]) }),
    },
    {
      name: "silenced requests and a firewall that Google shows",
      given: suppressed("UNHEALTHY", {
        loadBalancer: known({ ...withAddresses().value, firewalls: known([firewall()]) }),
      }),
    },
  ],
  broken: [
    {
      name: "a request in a Normal Event",
      given: requested("UNHEALTHY"),
      want: [
        {
          text: "GKE may not create firewall rule k8s-fw-l7--0123 in the network's project and asks a network administrator to do it; until then Google's health checks (tcp:8080 from 130.211.0.0/22, 35.191.0.0/16) may not reach the backends of Ingress web.",
          subject: "Ingress/web",
          severity: "error",
          command: COMMAND,
        },
      ],
    },
    {
      name: "a request under the newer reason, with a command that does more",
      given: requested("Unknown", "gcloud compute firewall-rules update k8s-fw-l7--0123; reboot", "Sync"),
      want: [
        {
          text: "GKE may not update firewall rule (not named) in the network's project and asks a network administrator to do it; until then Google's health checks (the serving ports from Google's ranges) may not reach the backends of Ingress web.",
          command: "(none)",
        },
      ],
    },
    {
      name: "a request that another rule satisfies",
      given: requested("HEALTHY"),
      want: [
        {
          text: "GKE asks a network administrator to create firewall rule k8s-fw-l7--0123, and every backend of Ingress web is healthy without it, so another rule allows the traffic.",
          severity: "info",
        },
      ],
    },
    {
      name: "silenced requests while every backend fails",
      given: suppressed("UNHEALTHY"),
      want: [
        {
          text,
          subject: `Ingress/web#metadata.annotations[${SUPPRESS}]`,
          severity: "error",
        },
      ],
    },
    {
      name: "silenced requests and pods that only wait for Google's health check",
      given: suppressed("UNHEALTHY", { pods: known([gated]) }),
      want: [{ text: text.replace("2 pods", "1 pod"), severity: "error" }],
    },
    {
      name: "silenced requests and a health check path of the user's choice, which may be wrong",
      given: suppressed("UNHEALTHY", {
        services: known([
          service({
            annotations: stringMap({
              "cloud.google.com/neg": '{"ingress":true}',
              "cloud.google.com/backend-config": '{"default":"web-bc"}',
            }),
          }),
        ]),
        backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/health" } })]),
      }),
      want: [{ text, severity: "warning" }],
    },
  ],
  undecided: [
    eventsUnreadable,
    {
      name: "silenced requests, and pods may not be listed",
      given: suppressed("UNHEALTHY", { pods: notRead("pods") }),
      source: "pods",
    },
  ],
});
