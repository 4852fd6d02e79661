import { allowHttp, frontendConfigName, preSharedCertificates } from "./gke/ingress-annotations.ts";
import type { UrlRequest } from "./gke/match-url.ts";
import type { Frontend } from "./route.ts";
import type { Topology } from "./topology.ts";

/** What the Ingress asks for; see the table of HTTP and HTTPS in `edgeHop`, pkg/loadbalancers/l7.go of ingress-gce. */
export function expectedFrontends(topology: Topology): Readonly<Record<UrlRequest["scheme"], Frontend>> {
  const { ingress } = topology;
  const tls = ingress.tls.some(({ secretName }) => secretName) || preSharedCertificates(ingress).length > 0;
  const http = allowHttp(ingress).effective ? httpFrontend(topology) : "closed";
  return {
    http: { kind: http, finding: undefined },
    https: { kind: tls ? "open" : "closed", finding: undefined },
  };
}

/** A FrontendConfig that is absent changes nothing; internal load balancers refuse the redirect. */
function httpFrontend({ ingress, ownership, frontendConfigs }: Topology): Frontend["kind"] {
  const name = frontendConfigName(ingress);
  if (name === undefined || (ownership.kind === "owned" && ownership.product === "internal")) return "open";
  if (!frontendConfigs.known) return "unknown";
  const config = frontendConfigs.value.find(
    ({ ref }) => ref.name === name && ref.namespace === ingress.ref.namespace,
  );
  return config?.redirectToHttps?.enabled ? "redirect" : "open";
}
