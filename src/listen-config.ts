import { isIPv4 } from "node:net";
import { ConfigError } from "./config-error.ts";

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** How the report is served to people. */
export interface PageConfig extends ListenAddress {
  /** `token` asks the API server who may see what; `local` shows everything to whoever reaches this machine's loopback. */
  readonly access: "token" | "local";
}

/** Reads HOST:PORT; a missing host means every address. Throws {@link ConfigError} naming `option`. */
export function parseListen(option: string, text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new ConfigError(`--${option} is "${text}"; it must be HOST:PORT, for example 0.0.0.0:8080`);
  }
  return { host: match[1] || match[2] || "0.0.0.0", port };
}

/** Reads where and for whom the report is served; undefined when it is not. Throws {@link ConfigError}. */
export function parsePage(listen: string | undefined, access: string): PageConfig | undefined {
  if (access !== "token" && access !== "local") {
    throw new ConfigError(`--page-access is "${access}"; it must be token or local`);
  }
  if (listen === undefined) return undefined;
  const address = parseListen("page", listen);
  if (access === "local" && !isLoopback(address.host)) {
    throw new ConfigError(
      `--page-access is local and --page is "${listen}", where everybody could read all diagnoses; use 127.0.0.1, which kubectl port-forward reaches, or --page-access=token`,
    );
  }
  return Object.freeze({ ...address, access });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
