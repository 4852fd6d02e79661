import type { Ingress } from "../../src/model/ingress.ts";
import { type StringMap, stringMap } from "../../src/model/refs.ts";
import { ingress } from "./builders.ts";

/** Ingress `web` that GKE has never touched: no finalizer, no address, only these annotations. */
export function untouched(
  annotations: Readonly<Record<string, string>>,
  changes: Partial<Ingress> = {},
): Ingress {
  return ingress({ annotations: stringMap(annotations), finalizers: [], addresses: [], ...changes });
}

/** The same with a class annotation. */
export function ofClass(value: string, changes: Partial<Ingress> = {}): Ingress {
  return untouched({ "kubernetes.io/ingress.class": value }, changes);
}

/** What GKE leaves on an Ingress of another class. */
export function leftoversOf(value: string): StringMap {
  return stringMap({
    "kubernetes.io/ingress.class": value,
    "ingress.kubernetes.io/url-map": "k8s2-um-x",
    "ingress.kubernetes.io/backends": "{}",
  });
}
