import type { RouteTable } from "./route-table.ts";

/** What a page's script knows of each Ingress, in the order of the page. */
export type PageData = readonly PageIngress[];

/** One Ingress, as the script of a page sees it. */
export interface PageIngress {
  /** Id of its element. */
  readonly id: string;
  /** `namespace/name`, cleaned. */
  readonly name: string;
  /** What it is found by, besides what its line says. */
  readonly words: readonly string[];
  /** Undefined where GKE does not serve it. */
  readonly routeTable?: RouteTable;
}
