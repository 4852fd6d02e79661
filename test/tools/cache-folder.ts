import { homedir } from "node:os";
import { join } from "node:path";

/** Where tests keep what is dear to make: below `$INGRESS_DOCTOR_CACHE`, else below the user's cache folder. */
export function cacheFolder(name: string): string {
  const own = process.env.INGRESS_DOCTOR_CACHE;
  if (own !== undefined && own !== "") return join(own, name);
  const user = process.env.XDG_CACHE_HOME;
  const base = user !== undefined && user !== "" ? user : join(homedir(), ".cache");
  return join(base, "ingress-doctor", name);
}
