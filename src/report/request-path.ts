import type { Finding } from "../diagnostics/finding.ts";

/** Hops of a request in walking order, as the columns of the picture. */
export const COLUMNS = [
  { name: "client", title: "Internet" },
  { name: "address", title: "Address" },
  { name: "frontend", title: "Forwarding rule" },
  { name: "rule", title: "Host and paths" },
  { name: "service", title: "Backend service" },
  { name: "group", title: "Endpoint group" },
  { name: "pods", title: "Pods" },
] as const;

/** One of {@link COLUMNS}. */
export type Column = (typeof COLUMNS)[number]["name"];

/**
 * How a request fares at one hop.
 *
 * - `broken`: it ends here, because of a finding about this hop;
 * - `affected`: it ends here, because of something elsewhere;
 * - `warned`: it passes, and a finding warns about this hop;
 * - `waiting`: time alone may cure what is missing;
 * - `unreached`: no request comes this far;
 * - `unknown`: it could not be read;
 * - `ok`: it passes, as far as is known.
 */
export type HopState = "ok" | "broken" | "affected" | "warned" | "waiting" | "unreached" | "unknown";

/** One box of the picture. Its texts come from the cluster and are not cleaned. */
export interface PathNode {
  readonly id: string;
  readonly column: Column;
  readonly title: string;
  readonly lines: readonly string[];
  readonly state: HopState;
  /** The finding that decides the state, the most likely cause before others. */
  readonly finding?: Finding;
  /** One mark for each endpoint, while they are few. */
  readonly endpoints?: readonly EndpointMark[];
  /** What ends the walk here without being a fault, e.g. a redirect: no edge leaves. */
  readonly ends?: true;
}

/** One endpoint as the picture marks it. */
export type EndpointMark = "good" | "bad" | "unsure";

/** A way from one box to the next. */
export interface PathEdge {
  readonly from: string;
  readonly to: string;
  /** False when no request takes it. */
  readonly taken: boolean;
}

/** The way of requests through one load balancer, from the Internet to the pods. */
export interface RequestPath {
  readonly nodes: readonly PathNode[];
  readonly edges: readonly PathEdge[];
}
