import type { Address, Scope } from "../model/load-balancer.ts";
import {
  GLOBAL_STATIC_IP_ANNOTATION,
  REGIONAL_STATIC_IP_ANNOTATION,
  staticIp,
} from "./gke/ingress-annotations.ts";
import type { Product } from "./gke/ingress-class.ts";
import { isOwnProject } from "./own-project.ts";
import type { Topology } from "./topology.ts";

/** What is wrong with the reserved address that an Ingress names. */
export type StaticIpFault =
  /** An IP address stands where a name is wanted. */
  | { readonly kind: "literal"; readonly annotation: string; readonly name: string }
  /** `found` is the scope in which an address of that name exists; undefined where Google was not read. */
  | {
      readonly kind: "wrong-scope";
      readonly annotation: string;
      readonly name: string;
      readonly found: Scope | undefined;
    }
  | {
      readonly kind: "missing";
      readonly annotation: string;
      readonly name: string;
      /** Whether Google was asked and has none in any scope; else the controller says so. */
      readonly isAbsent: boolean;
    };

/** Name of an address resource; an IP literal never is one. */
const RESOURCE_NAME = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Why the reserved address cannot be used; undefined when nothing says so.
 *
 * The controller looks the name up in the scope of the load balancer, whichever annotation holds it, so an
 * annotation of the other scope is a fault only together with the controller's word that the name was not found.
 */
export function staticIpFault({
  ingress,
  ownership,
  sync,
  loadBalancer,
  settling,
}: Topology): StaticIpFault | undefined {
  const choice = staticIp(ingress);
  if (choice.kind !== "named" || ownership.kind !== "owned") return undefined;
  const { annotation, name } = choice;
  if (isLiteral(name)) return { kind: "literal", annotation, name };
  const reported =
    sync.known &&
    sync.value.errors.some(({ cause }) => cause.kind === "static-ip-missing" && cause.name === name);
  const live =
    loadBalancer.known && loadBalancer.value.addresses.known ? loadBalancer.value.addresses.value : undefined;
  const inOther = live && scopesOf(live, name, ownership.product);
  if (inOther?.wanted) return undefined;
  if (inOther?.other !== undefined) return { kind: "wrong-scope", annotation, name, found: inOther.other };
  // An address that was reserved a moment ago is not in the last list.
  const isAbsent = live !== undefined && !settling.open && isOwnProject({ ingress, loadBalancer });
  if (!reported && !isAbsent) return undefined;
  return isForOther(annotation, ownership.product) && live === undefined
    ? { kind: "wrong-scope", annotation, name, found: undefined }
    : { kind: "missing", annotation, name, isAbsent: isAbsent && !reported };
}

function isLiteral(name: string): boolean {
  return /^[0-9.]+$|:/.test(name) && !RESOURCE_NAME.test(name);
}

/** The reserved address that an Ingress names, in the scope its load balancer needs; undefined where not read. */
export function reservedAddress({
  ingress,
  ownership,
  loadBalancer,
}: Pick<Topology, "ingress" | "ownership" | "loadBalancer">): Address | undefined {
  const choice = staticIp(ingress);
  if (choice.kind !== "named" || ownership.kind !== "owned" || !loadBalancer.known) return undefined;
  const { addresses } = loadBalancer.value;
  const { product } = ownership;
  return addresses.known
    ? addresses.value.find(({ name, scope }) => name === choice.name && isScopeOf(scope, product))
    : undefined;
}

/** Whether the name exists in the scope that the product needs, and else in which other one. */
function scopesOf(
  addresses: readonly Address[],
  name: string,
  product: Product,
): { readonly wanted: boolean; readonly other: Scope | undefined } {
  const scopes = addresses.filter((address) => address.name === name).map(({ scope }) => scope);
  const isWanted = (scope: Scope) => isScopeOf(scope, product);
  return { wanted: scopes.some(isWanted), other: scopes.filter((scope) => !isWanted(scope)).sort()[0] };
}

function isScopeOf(scope: Scope, product: Product): boolean {
  return (scope === "global") === (product === "external");
}

function isForOther(annotation: string, product: Product): boolean {
  return (
    annotation === (product === "external" ? REGIONAL_STATIC_IP_ANNOTATION : GLOBAL_STATIC_IP_ANNOTATION)
  );
}

/** What kind of address a product needs, in words. */
export function neededAddress(product: Product): string {
  switch (product) {
    case "external":
      return "a global external address";
    case "internal":
      return "a regional internal address with purpose SHARED_LOADBALANCER_VIP";
    case "regional-external":
      return "a regional external address";
  }
}
