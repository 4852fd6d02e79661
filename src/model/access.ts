/** Whether objects of a namespace may be shown. */
export type MayRead = (namespace: string) => boolean;

/** What became of a token: whose namespaces may be shown, or why none is. */
export type Access =
  | { readonly kind: "granted"; readonly mayRead: MayRead }
  /** The API server does not know the token. */
  | { readonly kind: "refused" }
  /** The API server could not be asked. */
  | { readonly kind: "unavailable" };

/** Asks the cluster's own authentication and authorization. */
export interface AccessReview {
  /** What the bearer of `token` may see of `namespaces`. Never throws. */
  check(token: string, namespaces: readonly string[]): Promise<Access>;
}
