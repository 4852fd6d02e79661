import type { Service } from "../../model/service.ts";
import { type Parsed, parseJsonAnnotation } from "./annotation-value.ts";
import { goBoolean, goList, goMap, goNumberMap, goString, goStruct } from "./go-decode.ts";

/** Annotation by which a Service asks for network endpoint groups. */
export const NEG_ANNOTATION = "cloud.google.com/neg";

/** Annotation in which the NEG controller writes the names it intends to use. */
export const NEG_STATUS_ANNOTATION = "cloud.google.com/neg-status";

/** What {@link NEG_ANNOTATION} asks for. */
export interface NegAnnotation {
  /** NEGs for every port that an Ingress names. */
  readonly ingress: boolean;
  /** Standalone NEGs: Service port number to custom name, which is empty where none is given. */
  readonly exposedPorts: ReadonlyMap<number, string>;
  readonly zones: readonly string[];
}

/** What the NEG controller wrote: its intent, even where no NEG exists yet. */
export interface NegStatus {
  /** Service port number, as text, to NEG name. */
  readonly negs: ReadonlyMap<string, string>;
  /** Zones with candidate nodes; empty when there is no such node. */
  readonly zones: readonly string[];
}

const exposedPort = goStruct<{ name: string }>({ name: { name: "name", decode: goString } });

const negAnnotation = goStruct<NegAnnotation>({
  ingress: { name: "ingress", decode: goBoolean },
  exposedPorts: {
    name: "exposed_ports",
    decode: goNumberMap((node, name) => exposedPort(node, { name }).name, ""),
  },
  zones: { name: "zones", decode: goList(goString, "") },
});

const negStatus = goStruct<NegStatus>({
  negs: { name: "network_endpoint_groups", decode: goMap(goString, "") },
  zones: { name: "zones", decode: goList(goString, "") },
});

/**
 * Reads `cloud.google.com/neg`.
 *
 * The Ingress controller treats an invalid value as an absent one, silently; the NEG controller reports it on
 * the Service and creates nothing.
 */
export function parseNegAnnotation(service: Service): Parsed<NegAnnotation> {
  return parseJsonAnnotation(service.annotations, {
    keys: [NEG_ANNOTATION],
    decode: negAnnotation,
    zero: { ingress: false, exposedPorts: new Map(), zones: [] },
  });
}

/** Reads `cloud.google.com/neg-status`. */
export function parseNegStatus(service: Service): Parsed<NegStatus> {
  return parseJsonAnnotation(service.annotations, {
    keys: [NEG_STATUS_ANNOTATION],
    decode: negStatus,
    zero: { negs: new Map(), zones: [] },
  });
}
