import { expectedFrontends } from "../diagnostics/expected-frontends.ts";
import { builtObjects } from "../diagnostics/gke/status-annotations.ts";
import { counted } from "../diagnostics/text.ts";
import type { Topology } from "../diagnostics/topology.ts";
import type { HopDraft } from "./draft-path.ts";

/** What listens at the address: a forwarding rule for each open port, and one box where there is none. */
export function frontendHops(topology: Topology): readonly HopDraft[] {
  const { http, https } = expectedFrontends(topology);
  const built = builtObjects(topology.ingress);
  const hops: HopDraft[] = [];
  const draft = { column: "frontend", state: "ok" } as const;
  if (http.kind !== "closed") {
    const redirects = http.kind === "redirect";
    hops.push({
      ...draft,
      id: "http",
      title: "HTTP, port 80",
      lines: [...(redirects ? ["redirects to HTTPS"] : []), ...nameLine(built.forwardingRule)],
      ...(redirects ? { ends: true } : {}),
    });
  }
  if (https.kind !== "closed") {
    const certificates = built.sslCertificates.length;
    const lines = certificates > 0 ? [counted(certificates, "certificate")] : [];
    hops.push({
      ...draft,
      id: "https",
      title: "HTTPS, port 443",
      lines: [...lines, ...nameLine(built.httpsForwardingRule)],
    });
  }
  return hops.length > 0
    ? hops
    : [
        {
          ...draft,
          id: "closed",
          title: "Nothing listens",
          lines: ["neither HTTP nor HTTPS"],
          state: "affected",
        },
      ];
}

function nameLine(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}
