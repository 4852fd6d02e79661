import type { Clock } from "../reconciler/ports.ts";
import { ComputeFailure, type ComputeFailureKind } from "./errors.ts";

/** Longest wait for a token; the library sets no limit of its own to metadata requests on Google's machines. */
const TOKEN_TIMEOUT_MS = 3_000;

/** A token is asked for anew this long after the last one; the library caches and refreshes it by expiry. */
const TOKEN_REUSE_MS = 60_000;

/** How long a negative answer holds before it is checked again. */
export const RECHECK_MS = 60_000;

const SCOPE = "https://www.googleapis.com/auth/compute.readonly";

/**
 * How the search for credentials stands.
 *
 * - `pending`: not looked yet; `not-needed`: an emulator is read;
 * - `absent`: there are none; `refused`: there is an identity and Google gives it no token;
 * - `unreachable`: what gives tokens did not answer in time.
 */
export type CredentialsState = "pending" | "not-needed" | "found" | "absent" | "refused" | "unreachable";

/** Where request headers that prove an identity come from. */
export interface Credentials {
  /** Headers for one request. Rejects with {@link ComputeFailure}, at once while a negative answer holds. */
  headers(): Promise<Headers>;
  /** Forgets the token because the API did not accept it. */
  refuse(): void;
  /** The negative answer that holds; undefined while there is none. */
  failure(): ComputeFailure | undefined;
  state(): CredentialsState;
}

/** For an emulator: no identity at all. */
export const anonymous: Credentials = {
  headers: () => Promise.resolve(new Headers()),
  refuse: () => undefined,
  failure: () => undefined,
  state: () => "not-needed",
};

/** State that each negative answer means. */
const STATE_OF: Partial<Record<ComputeFailureKind, CredentialsState>> = {
  "no-credentials": "absent",
  "identity-denied": "refused",
};

/** The part of google-auth-library that is used, loaded when first needed. */
export interface AuthLibrary {
  /** A fresh lookup of Application Default Credentials. */
  token(): Promise<string | null | undefined>;
  /** Makes the library forget that it found no metadata server. */
  forgetAbsence(): void;
}

/**
 * Application Default Credentials, fetched in a step of their own.
 *
 * Inside a Compute call a metadata server that answers 404 looks like a missing resource, and one that is silent
 * is waited for without end; here both are told apart and bounded.
 */
export class GoogleCredentials implements Credentials {
  readonly #clock: Clock;
  readonly #load: () => Promise<AuthLibrary>;
  #library: Promise<AuthLibrary> | undefined;
  #answer: { readonly until: number; readonly headers: Headers | ComputeFailure } | undefined;
  #asking: Promise<Headers> | undefined;

  constructor(clock: Clock, load: () => Promise<AuthLibrary> = loadAuthLibrary) {
    this.#clock = clock;
    this.#load = load;
  }

  headers(): Promise<Headers> {
    const answer = this.#answer;
    if (answer !== undefined && answer.until > this.#clock.monotonic()) {
      return answer.headers instanceof ComputeFailure
        ? Promise.reject(answer.headers)
        : Promise.resolve(answer.headers);
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  refuse(): void {
    if (this.#answer?.headers instanceof Headers) this.#answer = undefined;
    this.#library = undefined;
  }

  failure(): ComputeFailure | undefined {
    const { headers } = this.#answer ?? {};
    return headers instanceof ComputeFailure ? headers : undefined;
  }

  state(): CredentialsState {
    const { headers } = this.#answer ?? {};
    if (headers === undefined) return "pending";
    return headers instanceof ComputeFailure ? (STATE_OF[headers.kind] ?? "unreachable") : "found";
  }

  async #ask(): Promise<Headers> {
    try {
      this.#library ??= this.#load();
      const library = await this.#library;
      if (this.#answer?.headers instanceof ComputeFailure) library.forgetAbsence();
      const token = await this.#inTime(library.token());
      if (!token) throw new ComputeFailure("no-credentials");
      const headers = new Headers({ authorization: `Bearer ${token}` });
      this.#answer = { until: this.#clock.monotonic() + TOKEN_REUSE_MS, headers };
      return headers;
    } catch (error) {
      const failure = classify(error);
      // A fresh lookup next time: a library object keeps what it found at its first one.
      this.#library = undefined;
      this.#answer = { until: this.#clock.monotonic() + RECHECK_MS, headers: failure };
      throw failure;
    }
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new ComputeFailure("identity-unreachable"));
      const cancel = this.#clock.after(TOKEN_TIMEOUT_MS, late);
      work.then(resolve, reject).finally(cancel);
    });
  }
}

function classify(error: unknown): ComputeFailure {
  if (error instanceof ComputeFailure) return error;
  const message = error instanceof Error ? error.message : "";
  if (message.includes("Could not load the default credentials")) return new ComputeFailure("no-credentials");
  const status = statusOf(error);
  const isRefusal = status !== undefined && status >= 400 && status < 500 && status !== 429;
  return new ComputeFailure(isRefusal ? "identity-denied" : "identity-unreachable");
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { status, response } = error as { status?: unknown; response?: { status?: unknown } };
  const found = status ?? response?.status;
  return typeof found === "number" ? found : undefined;
}

async function loadAuthLibrary(): Promise<AuthLibrary> {
  const { GoogleAuth, gcpMetadata } = await import("google-auth-library");
  // With a project id the library does not run gcloud to find one; the token does not depend on it.
  const auth = new GoogleAuth({ scopes: [SCOPE], projectId: "-" });
  return {
    token: async () => (await auth.getClient()).getAccessToken().then(({ token }) => token),
    forgetAbsence: () => gcpMetadata.resetIsAvailableCache(),
  };
}
