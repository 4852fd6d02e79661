import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";

/** Environment variable with the path of the routes. */
export const POD_ROUTES = "POD_ROUTES";

/** Environment variable with the path of a file that gets a line `host:port` for every connection; none without. */
export const CONNECTIONS = "POD_ROUTES_CONNECTIONS";

/** A port on which nothing ever listens. */
const CLOSED_PORT = 1;

/** Loopback ports that stand in for ports of pods, by `address:port`. */
export type PodRoutes = Readonly<Record<string, number>>;

/** Writes the routes for other processes. */
export async function writePodRoutes(file: string, routes: PodRoutes): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(routes));
  // Nobody reads half of it.
  await rename(`${file}.new`, file);
}

/** The loopback port for one port of a pod; a closed one where nothing listens. */
export function podRoute(file: string, key: string): number {
  const routes = JSON.parse(readFileSync(file, "utf8")) as PodRoutes;
  return routes[key] ?? CLOSED_PORT;
}
