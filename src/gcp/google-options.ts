import { type Endpoint, parseEndpoint } from "./endpoint.ts";

/** How Google Cloud is read. */
export interface GoogleConfig {
  /** Undefined to find it out. */
  readonly project: string | undefined;
  /** Undefined for Google's own. */
  readonly endpoint: Endpoint | undefined;
}

/** What a user wrote, as text. */
export interface GoogleOptions {
  /** `auto` or `off`. */
  readonly mode: string;
  readonly project: string | undefined;
  readonly endpoint: string | undefined;
}

/** The options as they are used, undefined when Google is not read; or what is wrong with them, in one line. */
export type ParsedGoogleOptions =
  | { readonly ok: true; readonly google: GoogleConfig | undefined }
  | { readonly ok: false; readonly problem: string };

/** Project ids may have a domain in front: example.com:shop. */
const PROJECT_ID = /^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/;

/** Reads the options `--google`, `--google-project` and `--google-endpoint` of controller and command. */
export function parseGoogleOptions({ mode, project, endpoint }: GoogleOptions): ParsedGoogleOptions {
  if (mode !== "auto" && mode !== "off") return refused(`--google is "${mode}"; it must be auto or off`);
  if (project !== undefined && !PROJECT_ID.test(project)) {
    return refused(`--google-project is "${project}", which is no project id`);
  }
  const parsed = endpoint === undefined ? undefined : parseEndpoint(endpoint);
  if (endpoint !== undefined && parsed === undefined) {
    return refused(
      `--google-endpoint is "${endpoint}"; it must be https://HOST, or http://127.0.0.1:PORT for an emulator`,
    );
  }
  return { ok: true, google: mode === "off" ? undefined : Object.freeze({ project, endpoint: parsed }) };
}

function refused(problem: string): ParsedGoogleOptions {
  return { ok: false, problem };
}
