import { isIPv4 } from "node:net";
import type { Node, Pod } from "../model/pod.ts";
import type { ProbeTarget } from "../model/probe.ts";
import type { EndpointSlice } from "../model/service.ts";

/** What decides whether an address may be asked; everything from the caches, nothing from the target itself. */
export interface AddressFacts {
  /** Namespace of the Ingress. */
  readonly namespace: string;
  /** The Pod that the target names, as the cache of that namespace holds it. */
  readonly pod: Pod | undefined;
  /** EndpointSlices of the target's Service. */
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
  /** Addresses of the API server. */
  readonly apiServer: readonly string[];
}

/**
 * Whether the controller may connect to the address of a target.
 *
 * Only a Pod's own IP, of a Pod in the Ingress' namespace that its Service's EndpointSlices name with that very
 * address; never a node, the API server, or a range no Pod has. Addresses are compared after parsing and only
 * dotted decimal IPv4 is one, so no other spelling of a forbidden address gets as far as a comparison.
 */
export function isAllowedAddress(target: ProbeTarget, facts: AddressFacts): boolean {
  const { address, port } = target;
  if (!isIPv4(address) || !isPort(port) || isReserved(address)) return false;
  if (facts.apiServer.includes(address)) return false;
  if (facts.nodes.some(({ addresses }) => addresses.includes(address))) return false;
  return isOwnAddress(target, facts) && isEndpoint(target, facts);
}

/** A Pod on the host's network has the node's address, and what listens there is not the Pod's alone. */
function isOwnAddress({ address, pod: name }: ProbeTarget, { pod, namespace }: AddressFacts): boolean {
  if (pod === undefined || pod.ref.namespace !== namespace || pod.ref.name !== name) return false;
  return !pod.hostNetwork && pod.phase === "Running" && pod.deletedAt === undefined && pod.ip === address;
}

function isEndpoint({ address, service, pod }: ProbeTarget, { slices, namespace }: AddressFacts): boolean {
  return slices.some(
    (slice) =>
      slice.ref.namespace === namespace &&
      slice.service === service &&
      slice.addressType === "IPv4" &&
      slice.endpoints.some((endpoint) => endpoint.pod === pod && endpoint.addresses[0] === address),
  );
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/**
 * This host, loopback, link-local (the metadata server is 169.254.169.254), multicast, and reserved space.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
function isReserved(address: string): boolean {
  const [first = 0, second = 0, third = 0] = address.split(".").map(Number);
  if (first === 0 || first === 127 || first >= 224) return true;
  if (first === 169 && second === 254) return true;
  // IETF protocol assignments; NAT64 and DS-Lite discovery live there.
  return first === 192 && second === 0 && third === 0;
}
