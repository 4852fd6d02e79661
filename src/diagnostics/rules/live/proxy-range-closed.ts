import type { Firewall, Subnetwork } from "../../../model/load-balancer.ts";
import { clusterFirewalls, clusterNetwork } from "../../cluster-firewalls.ts";
import { firewallReach } from "../../firewall-reach.ts";
import { liveBackends } from "../../live-backends.ts";
import { activeProxySubnets } from "../../proxy-subnets.ts";
import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";

export default defineRule({
  code: "GID909",
  slug: "proxy-range-closed",
  severity: "error",
  symptoms: ["502"],
  stage: "network",
  reads: ["backends", "loadBalancer", "ownership"],
  rows: ["ILB-02"],
  summary: "No firewall rule lets the proxies of the internal load balancer reach the pods.",
  why: "Requests of an internal Ingress come from the proxy-only subnet, not from Google's probe ranges. With only the latter open, health checks are green and every request fails with 503.",
  fix: "Allow TCP from the proxy-only subnet to the serving ports of the nodes.",
  confirm: [
    "gcloud compute networks subnets list --filter='purpose:REGIONAL_MANAGED_PROXY'",
    "gcloud compute firewall-rules list",
  ],
  sources: ["Google Cloud: Proxy-only subnets for Envoy-based load balancers"],
  messages: {
    closed:
      "No firewall rule allows TCP {port} from proxy-only subnet {subnet} ({range}), so requests do not reach Service {service}.",
  },

  check(topology, report) {
    const { ownership } = topology;
    if (ownership.kind !== "owned" || ownership.product === "external") return;
    for (const found of liveBackends(topology, report)) {
      const { backend, loadBalancer, place } = found;
      const firewalls = clusterFirewalls(found);
      if (!report.knows(backend.endpoints)) continue;
      if (!report.knows(firewalls) || !report.knows(loadBalancer.subnetworks)) continue;
      const { ports } = backend.endpoints.value;
      for (const { name, range, port } of closedProxyPorts(
        loadBalancer.subnetworks.value,
        firewalls.value,
        ports,
      )) {
        const fix = { command: openCommand(port, range, clusterNetwork(found)?.split("/")[1] ?? "NETWORK") };
        report("closed", { ...place, fix }, { port, subnet: name, range, service: backend.serviceName });
      }
    }
  },
});

function closedProxyPorts(
  subnetworks: readonly Subnetwork[],
  firewalls: readonly Firewall[],
  ports: readonly number[],
) {
  return activeProxySubnets(subnetworks).flatMap(({ name, range }) =>
    ports
      .filter((port) => firewallReach(firewalls, range, port).kind === "denied")
      .map((port) => ({ name, range, port })),
  );
}

function openCommand(port: number, range: string, network: string): string {
  const rule = ["compute", "firewall-rules", "create", `allow-proxies-${port}`];
  return shellCommand(
    "gcloud",
    ...rule,
    `--network=${network}`,
    `--allow=tcp:${port}`,
    `--source-ranges=${range}`,
  );
}
