import type { UrlRequest } from "./gke/match-url.ts";
import { withoutPort } from "./gke/match-url.ts";
import { cleanText } from "./text.ts";

/** A request read from a URL, or what was got instead of an absolute http or https URL, as a clause for people. */
export type ParsedUrl =
  | { readonly ok: true; readonly request: UrlRequest }
  | { readonly ok: false; readonly problem: string };

/** Longest host name of the DNS. */
const MAX_HOST = 253;

/**
 * Reads the request that a client sends for a URL.
 *
 * Unlike `new URL`, it keeps `//`, `/../`, percent-encoding and a default port as written, because they can
 * decide which rule takes the request. Other than that it does what clients do: international names become
 * `xn--` names, and other characters outside ASCII are percent-encoded.
 */
export function parseRequestUrl(text: string): ParsedUrl {
  const url = text.trim();
  const scheme = /^https?:\/\//i.exec(url)?.[0].toLowerCase();
  if (scheme === undefined) {
    return wrong(
      `got ${url === "" ? "nothing" : quoted(url)}, which does not start with http:// or https://`,
    );
  }
  const forbidden = url.search(FORBIDDEN);
  if (forbidden >= 0) {
    const code = (url.codePointAt(forbidden) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return wrong(
      `got one with U+${code} at character ${forbidden + 1}, which a URL holds in percent-encoding only`,
    );
  }
  const rest = url.slice(scheme.length);
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const problem = authorityProblem(authority);
  if (problem !== undefined) return wrong(problem);
  const host = wireHost(authority);
  if (host === undefined) return wrong(`got one whose host ${quoted(authority)} is no host name`);
  const path = (end < 0 ? "/" : rest.slice(end)).replace(/[\u0080-\u{10ffff}]+/gu, percentEncode);
  return {
    ok: true,
    request: {
      scheme: scheme === "https://" ? "https" : "http",
      host,
      path: path.startsWith("/") ? path : `/${path}`,
    },
  };
}

/** The port that a request goes to: the one in its host, else the default of its scheme. */
export function requestPort({ scheme, host }: UrlRequest): number {
  const port = host.slice(withoutPort(host).length + 1);
  return port === "" ? (scheme === "https" ? 443 : 80) : Number(port);
}

/** Whitespace and control characters: no client sends them in a request line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
const FORBIDDEN = /[\u0000-\u0020\u007f-\u009f\u2028\u2029\ufeff]/;

function authorityProblem(authority: string): string | undefined {
  if (authority.includes("@")) return "got one with a user name or password in it";
  const host = withoutPort(authority);
  if (host === "") return "got one without a host";
  if (host.length > MAX_HOST)
    return `got one whose host has ${host.length} characters; ${MAX_HOST} are the most`;
  const port = authority.slice(host.length + 1);
  if (port !== "" && (port.length > 5 || Number(port) < 1 || Number(port) > 65535)) {
    return `got one with port ${quoted(port)}; ports go from 1 to 65535`;
  }
  return undefined;
}

/** The host as a client writes it into the Host header, its case kept; undefined when it is no host name. */
function wireHost(authority: string): string | undefined {
  const host = withoutPort(authority);
  const port = authority === `${host}:` ? "" : authority.slice(host.length);
  if (/^[a-z0-9._-]+$/i.test(host)) return `${host}${port}`;
  try {
    // Left to the platform: international names and IPv6 addresses.
    const { hostname } = new URL(`http://${host}/`);
    return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(hostname) ? `${hostname}${port}` : undefined;
  } catch {
    return undefined;
  }
}

function percentEncode(run: string): string {
  return encodeURIComponent(run.toWellFormed());
}

/** Shows a part of the argument, a password in it masked. */
function quoted(text: string): string {
  return `"${cleanText(text.slice(0, 2048).replace(/[^/@]*@/, "...@"), 100)}"`;
}

function wrong(problem: string): ParsedUrl {
  return { ok: false, problem };
}
