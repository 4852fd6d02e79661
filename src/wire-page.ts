import type { Config } from "./config.ts";
import type { BoundedServer } from "./http/bounded-server.ts";
import { TokenAccess } from "./kubernetes/token-access.ts";
import type { Transport } from "./kubernetes/transport.ts";
import { ClusterReport } from "./page/cluster-report.ts";
import { startPageServer } from "./page/page-server.ts";
import type { GatherSources } from "./reconciler/gather.ts";
import type { Clock, Logger } from "./reconciler/ports.ts";
import { ownsNamespace } from "./reconciler/shard.ts";

/** What the page is wired to. */
export interface PageParts {
  readonly config: Pick<Config, "page" | "shard">;
  readonly sources: GatherSources;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Serves the report where the configuration asks for it. Rejects when it cannot listen. */
export async function servePage({
  config,
  sources,
  transport,
  clock,
  logger,
}: PageParts): Promise<BoundedServer | undefined> {
  const { page, shard } = config;
  if (page === undefined) return undefined;
  return startPageServer({
    host: page.host,
    port: page.port,
    access: page.access === "token" ? new TokenAccess(transport) : undefined,
    report: new ClusterReport({ sources, clock, owns: (namespace) => ownsNamespace(shard, namespace) }),
    failed: (error) =>
      logger.error("the page failed", { error: error instanceof Error ? error.message : "unknown" }),
  });
}
