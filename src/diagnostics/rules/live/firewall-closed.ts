import type { Firewall } from "../../../model/load-balancer.ts";
import { clusterFirewalls, clusterNetwork } from "../../cluster-firewalls.ts";
import { firewallReach } from "../../firewall-reach.ts";
import { GOOGLE_RANGES } from "../../google-ranges.ts";
import { liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { listed } from "../../text.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID908",
  slug: "firewall-closed",
  severity: "error",
  symptoms: ["502"],
  stage: "network",
  reads: ["backends", "loadBalancer"],
  rows: ["FW-02", "FW-03"],
  summary: "No firewall rule lets Google's health checks reach the serving port.",
  why: "Health checks, and the requests of external load balancers, come from Google's ranges straight to the serving port. Where the VPC firewall drops them every endpoint is unhealthy, and requests are answered 502.",
  fix: "Allow TCP from 130.211.0.0/22 and 35.191.0.0/16 to the serving and health check ports of the nodes.",
  confirm: ["gcloud compute firewall-rules list --filter='sourceRanges:35.191.0.0/16'"],
  sources: [
    "Google Cloud: External Application Load Balancer overview (firewall rules)",
    "ingress-gce: pkg/firewalls/firewalls.go",
  ],
  messages: {
    denied:
      "Firewall rule {rule} denies TCP {port} from {ranges}, so Google's probers do not reach Service {service}.",
    unopened:
      "No firewall rule allows TCP {port} from {ranges}, so Google's probers do not reach Service {service}.",
  },

  check(topology, report) {
    for (const found of liveBackends(topology, report)) {
      const { backend, place } = found;
      const firewalls = clusterFirewalls(found);
      if (backend.reportedHealth === "HEALTHY" || !report.knows(backend.endpoints)) continue;
      if (!report.knows(firewalls)) continue;
      const network = clusterNetwork(found)?.split("/")[1];
      for (const { port, ranges, by } of closedPorts(backend, firewalls.value)) {
        const parameters = { port, ranges: listed(ranges), service: backend.serviceName };
        const fix = { command: openCommand(port, ranges, network ?? "NETWORK") };
        if (by === undefined) report("unopened", { ...place, fix }, parameters);
        else report("denied", { ...place, fix }, { ...parameters, rule: by });
      }
    }
  },
});

interface ClosedPort {
  readonly port: number;
  readonly ranges: readonly string[];
  /** The rule that denies it; undefined where no rule opens it. */
  readonly by: string | undefined;
}

/** Ports Google's ranges surely do not reach. */
function closedPorts(backend: Backend, firewalls: readonly Firewall[]): readonly ClosedPort[] {
  return askedPorts(backend)
    .map((port) => ({ port, ...closedRanges(firewalls, port) }))
    .filter(({ ranges }) => ranges.length > 0);
}

/** Ports that traffic and health checks go to: of the endpoints, or the node port. */
function askedPorts({ endpoints, resolution, healthCheck, port }: Backend): readonly number[] {
  const mode = resolution.known ? resolution.value.backend?.mode : undefined;
  const check = healthCheck.known ? healthCheck.value?.port.value : undefined;
  const serving =
    mode === "instance-group" ? [port?.nodePort ?? 0] : endpoints.known ? endpoints.value.ports : [];
  const asked = check?.kind === "fixed" ? [...serving, check.number] : serving;
  return [...new Set(asked)].filter((number) => number > 0).sort((a, b) => a - b);
}

function closedRanges(
  firewalls: readonly Firewall[],
  port: number,
): { readonly ranges: readonly string[]; readonly by: string | undefined } {
  const denied = GOOGLE_RANGES.map((range) => ({
    range,
    reach: firewallReach(firewalls, range, port),
  })).filter(({ reach }) => reach.kind === "denied");
  const [first] = denied;
  return {
    ranges: denied.map(({ range }) => range),
    by: first?.reach.kind === "denied" ? first.reach.by : undefined,
  };
}

function openCommand(port: number, ranges: readonly string[], network: string): string {
  return shellCommand(
    "gcloud",
    "compute",
    "firewall-rules",
    "create",
    `allow-google-probes-${port}`,
    `--network=${network}`,
    `--allow=tcp:${port}`,
    `--source-ranges=${ranges.join(",")}`,
  );
}
