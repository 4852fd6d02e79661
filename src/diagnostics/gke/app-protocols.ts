import type { Service, ServicePort } from "../../model/service.ts";
import { type Parsed, parseJsonAnnotation } from "./annotation-value.ts";
import { type GoDecoder, goMap, goString } from "./go-decode.ts";
import { failJson } from "./go-json.ts";

/** Annotations that give ports their protocol, in the order in which the controller looks for them. */
export const APP_PROTOCOLS_ANNOTATIONS = [
  "service.alpha.kubernetes.io/app-protocols",
  "cloud.google.com/app-protocols",
] as const;

/** Protocols the load balancer can speak to a backend. HTTP2 is over TLS; there is no clear-text one. */
export const APP_PROTOCOLS = ["HTTP", "HTTPS", "HTTP2"] as const;

/** One of {@link APP_PROTOCOLS}. */
export type AppProtocol = (typeof APP_PROTOCOLS)[number];

const appProtocol: GoDecoder<AppProtocol> = (node) => {
  const written = goString(node, "");
  const protocol = APP_PROTOCOLS.find((name) => name === written);
  if (protocol !== undefined) return protocol;
  return failJson(node.at, `${JSON.stringify(written)} is none of ${APP_PROTOCOLS.join(", ")}`);
};

/**
 * Reads the app-protocols annotation: Service port *name* to protocol.
 *
 * One value that is no protocol makes the whole annotation invalid, whichever port it is for. Keys that name
 * no port, such as a port number, are valid and without effect.
 */
export function parseAppProtocols(service: Service): Parsed<ReadonlyMap<string, AppProtocol>> {
  return parseJsonAnnotation(service.annotations, {
    keys: APP_PROTOCOLS_ANNOTATIONS,
    decode: goMap(appProtocol, "HTTP"),
    zero: new Map(),
  });
}

/** The protocol that the annotation gives a port; undefined when it says nothing about it. */
export function annotatedProtocol(
  parsed: Parsed<ReadonlyMap<string, AppProtocol>>,
  port: ServicePort,
): AppProtocol | undefined {
  // An unnamed port is looked up under the empty name.
  return parsed.kind === "valid" ? parsed.value.get(port.name ?? "") : undefined;
}
