import type { PortReference } from "../../model/ingress.ts";
import type { ObjectKey } from "../../model/refs.ts";
import { goList, goString, goStruct } from "./go-decode.ts";
import { decodeGoJson } from "./go-json.ts";

/** What the controller writes into the description of a backend service. */
export interface BackendDescription {
  /** `namespace/name` of the Service. */
  readonly service: ObjectKey;
  /** The port as an Ingress names it; undefined when the text is of no known form. */
  readonly port: PortReference | undefined;
  /** E.g. `NEG`, `HTTP2`, `L7ILB`. */
  readonly features: readonly string[];
}

const description = goStruct<{ service: string; port: string; features: readonly string[] }>({
  service: { name: "kubernetes.io/service-name", decode: goString },
  port: { name: "kubernetes.io/service-port", decode: goString },
  features: { name: "x-features", decode: goList(goString, "") },
});

/** Reads the description of a backend service; undefined when no Ingress controller wrote it. */
export function parseBackendDescription(text: string): BackendDescription | undefined {
  const parsed = decodeGoJson(text, description, { service: "", port: "", features: [] });
  if (!parsed.ok || !parsed.value.service.includes("/")) return undefined;
  const { service, port, features } = parsed.value;
  return { service, port: parseGoPort(port), features };
}

/** A port reference as Go prints it, e.g. `&ServiceBackendPort{Name:http,Number:0,}`. */
export function goPortText(port: PortReference): string {
  return `&ServiceBackendPort{Name:${port.name ?? ""},Number:${port.number ?? 0},}`;
}

/** Reads {@link goPortText}, or the bare number or name that older controllers wrote. */
export function parseGoPort(text: string): PortReference | undefined {
  const printed = /^&ServiceBackendPort\{Name:([^,{}]*),Number:([0-9]+),\}$/.exec(text);
  const [, name = "", bare = ""] = printed ?? ["", "", text];
  if (name !== "") return { name };
  if (/^[0-9]+$/.test(bare)) return { number: Number(bare) };
  return /^[a-z0-9-]+$/.test(bare) ? { name: bare } : undefined;
}
