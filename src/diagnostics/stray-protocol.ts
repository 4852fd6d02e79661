import type { Service, ServicePort } from "../model/service.ts";
import { type AppProtocol, parseAppProtocols } from "./gke/app-protocols.ts";
import { nearest } from "./nearest.ts";

/** An entry of the app-protocols annotation that names no port. */
export interface StrayProtocol {
  readonly annotation: string;
  readonly key: string;
  readonly protocol: AppProtocol;
  /** The annotation's text with the name of the port as the key. */
  readonly corrected: string;
}

/**
 * The entry without effect that was probably meant for a port: its key is one of the port's numbers, resembles
 * its name, or there is no other port. None when it asks for HTTP, which the port has anyway.
 */
export function strayProtocol(service: Service, port: ServicePort): StrayProtocol | undefined {
  const parsed = parseAppProtocols(service);
  if (parsed.kind !== "valid" || parsed.value.has(port.name ?? "")) return undefined;
  const names = new Set(service.ports.map(({ name }) => name ?? ""));
  const stray = [...parsed.value].filter(([key, protocol]) => !names.has(key) && protocol !== "HTTP");
  const numbers = [port.port, port.targetPort, port.nodePort].map(String);
  const meant =
    stray.find(([key]) => numbers.includes(key)) ??
    stray.find(([key]) => nearest([port.name ?? ""], key).length > 0) ??
    (service.ports.length === 1 ? stray[0] : undefined);
  if (meant === undefined) return undefined;
  const [key, protocol] = meant;
  const entries = [...parsed.value].map(([name, value]) => [name === key ? (port.name ?? "") : name, value]);
  return {
    annotation: parsed.key,
    key,
    protocol,
    corrected: JSON.stringify(Object.fromEntries(entries)),
  };
}
