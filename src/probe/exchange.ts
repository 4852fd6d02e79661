import type { Socket } from "node:net";
import { connect as connectTcp } from "node:net";
import type { ProbeOutcome, ProbeTarget, Redirect } from "../model/probe.ts";

/** Longest that one request takes, connecting and body included, in milliseconds. */
export const DEADLINE_MS = 3000;

/** Most of a body that is read; none of it is kept. */
export const MAX_BODY_BYTES = 1024;

/** Most of the headers that is read. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** What Google's probers call themselves, with who really asks. */
export const USER_AGENT = "GoogleHC/1.0 (compatible; ingress-doctor)";

/** Opens a TCP connection to an address that was checked already. */
export type Connect = (address: string, port: number) => Socket;

/** Connects to the address itself, which is never a name. */
export const connectDirectly: Connect = (address, port) => connectTcp({ host: address, port });

/** One request, from the connection to the first result; what comes later changes nothing. */
export class Exchange {
  readonly target: ProbeTarget;
  readonly socket: Socket;
  readonly result: Promise<ProbeOutcome>;
  #answer: ProbeOutcome | undefined;
  #outcome: ProbeOutcome | undefined;
  #read = 0;

  /**
   * @param deadlineMs milliseconds for the whole exchange; a slow answer cannot prolong it
   */
  constructor(target: ProbeTarget, socket: Socket, deadlineMs: number) {
    this.target = target;
    this.socket = socket;
    const timer = setTimeout(
      // Packets that vanish on the way say nothing about the pod.
      () => this.end(socket.connecting ? { kind: "unreachable" } : { kind: "timeout", waitedMs: deadlineMs }),
      deadlineMs,
    );
    socket.on("error", (error) => this.failed(error));
    // The result waits for the close, so that whoever counts exchanges counts connections.
    this.result = new Promise((resolve) => {
      socket.on("close", () => {
        clearTimeout(timer);
        this.end({ kind: "reset" });
        if (this.#outcome !== undefined) resolve(this.#outcome);
      });
    });
  }

  /** The status arrived; the exchange goes on only to let a short body through. */
  answered(status: number, location: unknown): void {
    const redirect = typeof location === "string" ? redirectOf(location, this.target) : undefined;
    this.#answer = { kind: "answered", status, ...(redirect === undefined ? {} : { redirect }) };
  }

  /** Counts body bytes; enough of them end the exchange. */
  received(bytes: number): void {
    this.#read += bytes;
    if (this.#read >= MAX_BODY_BYTES) this.end({ kind: "reset" });
  }

  /** Something failed; what it means depends on how far the exchange had come. */
  failed(error: Error): void {
    this.end({ kind: failureOf(error) });
  }

  /** Ends the exchange. A status that arrived counts, whatever ended the rest. */
  end(outcome: ProbeOutcome): void {
    this.#outcome ??= this.#answer ?? outcome;
    this.socket.destroy();
  }
}

/** Error codes of the network, by what they say about the endpoint. */
const KINDS: Readonly<Record<string, "refused" | "reset" | "unreachable">> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  EPERM: "unreachable",
};

function failureOf(error: Error): "refused" | "reset" | "unreachable" | "tls-error" | "not-http" {
  const code = "code" in error ? String(error.code) : "";
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return "tls-error";
  return KINDS[code] ?? "not-http";
}

/** Longest path of a redirect that is reported. */
const MAX_LOCATION = 200;

/** Host, query and fragment of a redirect are left out: they may hold what is nobody else's business. */
function redirectOf(location: string, { scheme, address }: ProbeTarget): Redirect | undefined {
  try {
    const base = `${scheme === "HTTP" ? "http" : "https"}://${address}`;
    const { protocol, pathname } = new URL(location, base);
    if (protocol !== "http:" && protocol !== "https:") return undefined;
    return { scheme: protocol === "https:" ? "https" : "http", path: pathname.slice(0, MAX_LOCATION) };
  } catch {
    return undefined;
  }
}
