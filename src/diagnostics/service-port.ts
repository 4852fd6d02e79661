import type { PortReference } from "../model/ingress.ts";
import type { Service, ServicePort } from "../model/service.ts";
import { listed } from "./text.ts";

/** A Service port as a message shows it: `http (80)`, or `80` where it has no name. */
export function portText({ name, port }: ServicePort): string {
  return name === undefined || name === "" ? String(port) : `${name} (${port})`;
}

/** The ports a Service declares, for a message. */
export function declaredPorts({ ports }: Service): string {
  return ports.length === 0 ? "no port" : listed(ports.map(portText));
}

/** The port that a backend names. */
export function referenceText({ name, number }: PortReference): string {
  return name ?? String(number ?? 0);
}

/** JSON path of a port inside its Service. */
export function portField(service: Service, port: ServicePort): string {
  return `spec.ports[${service.ports.indexOf(port)}]`;
}
