import type { KubeEvent } from "../../model/event.ts";
import type { Ingress } from "../../model/ingress.ts";

/** Words in the names of components and finalizers of other ingress controllers. */
const OTHER_CONTROLLER =
  /nginx|traefik|haproxy|\bkong|istio|contour|\balb\b|elbv2|ingress\.k8s\.aws|azure|cilium|openshift|ambassador|emissary|apisix|voyager|skipper|pomerium|ngrok|tailscale|cloudflare/i;

/**
 * What other ingress controllers left on an Ingress, sorted: components of Events, finalizers, and host names
 * in the status, where GKE writes IP addresses only.
 *
 * Tools that serve no traffic (cert-manager, external-dns) also write Events on Ingresses and do not count.
 */
export function otherControllerTraces(ingress: Ingress, events: readonly KubeEvent[]): readonly string[] {
  const components = events
    .filter(({ about }) => about.kind === "Ingress" && isSame(about, ingress))
    .map(({ component }) => component)
    .filter((component) => OTHER_CONTROLLER.test(component))
    .map((component) => `Events of ${component}`);
  const finalizers = ingress.finalizers
    .filter((finalizer) => OTHER_CONTROLLER.test(finalizer))
    .map((finalizer) => `finalizer ${finalizer}`);
  const hostNames = ingress.addresses
    .filter((address) => !/^[0-9a-f.:]+$/i.test(address))
    .map((address) => `host name ${address} in the status`);
  return [...new Set([...components, ...finalizers, ...hostNames])].sort();
}

function isSame(about: KubeEvent["about"], { uid, ref }: Ingress): boolean {
  if (about.uid !== "" && uid !== "") return about.uid === uid;
  return about.namespace === ref.namespace && about.name === ref.name;
}
