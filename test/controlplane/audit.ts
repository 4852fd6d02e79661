import { readFileSync } from "node:fs";

/** One answered request, from the API server's audit log. */
export interface AuditEntry {
  /** Such as `system:serviceaccount:<namespace>:<name>`; the administrator is `admin`. */
  readonly user: string;
  /** `JTI=<id>` of the token it came with, as a ServiceAccount's; different for two processes of one account. */
  readonly credential: string | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Epoch milliseconds. */
  readonly answeredAt: number;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, ... */
  readonly verb: string;
  /** API group; empty for core and for paths such as `/metrics`. */
  readonly group: string;
  /** Plural and subresource, such as `ingresses/status`; empty for paths such as `/metrics`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly code: number;
}

interface RawEntry {
  readonly user: { readonly username: string; readonly extra?: Readonly<Record<string, string[]>> };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly verb: string;
  readonly stage: string;
  readonly objectRef?: {
    apiGroup?: string;
    resource: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

const READING_VERBS = new Set(["get", "list", "watch"]);

/** Requests so far that have been answered whole, oldest first; a control plane logs them with `audit: true`. */
export function readAuditLog(path: string): AuditEntry[] {
  // The server may be in the middle of writing the last line.
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const entries = lines.map((line) => JSON.parse(line) as RawEntry);
  return entries.filter((entry) => entry.stage === "ResponseComplete").map(toAuditEntry);
}

/** Requests of `user` that change the cluster. */
export function writesBy(user: string, entries: readonly AuditEntry[]): AuditEntry[] {
  return entries.filter((entry) => entry.user === user && !READING_VERBS.has(entry.verb));
}

function toAuditEntry({ user, verb, objectRef, responseStatus, ...times }: RawEntry): AuditEntry {
  const subresource = objectRef?.subresource === undefined ? "" : `/${objectRef.subresource}`;
  return {
    user: user.username,
    credential: user.extra?.["authentication.kubernetes.io/credential-id"]?.[0],
    receivedAt: Date.parse(times.requestReceivedTimestamp),
    answeredAt: Date.parse(times.stageTimestamp),
    verb,
    group: objectRef?.apiGroup ?? "",
    resource: `${objectRef?.resource ?? ""}${subresource}`,
    namespace: objectRef?.namespace,
    name: objectRef?.name,
    code: responseStatus?.code ?? 0,
  };
}
