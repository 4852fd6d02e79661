/**
 * What a Compute Engine error text says, as far as its fixed parts go.
 *
 * The sentence in the middle changes between versions, so nothing here depends on it: only the HTTP number, the
 * code word in front, the reason word at the end, and what stands in quotes.
 */
export interface GoogleError {
  /** HTTP status, e.g. 403. */
  readonly status: number;
  /** Reason word, e.g. `quotaExceeded` (at the end) or `QUOTA_EXCEEDED` (in front); empty when there is none. */
  readonly reason: string;
  /** Everything after the HTTP status. */
  readonly text: string;
  /** The API field refused, e.g. `resource.hostRules`. */
  readonly field?: string;
  /** The value refused. */
  readonly value?: string;
  /** The first resource that the text names. */
  readonly resource?: GoogleResource;
}

/** A Compute Engine resource as a link in an error text names it. */
export interface GoogleResource {
  readonly project: string;
  /** `global`, `regions/<region>` or `zones/<zone>`. */
  readonly location: string;
  /** API collection, e.g. `sslCertificates`. */
  readonly collection: string;
  readonly name: string;
}

/** The reason word is looked for in this many characters at the end. */
const TAIL = 96;

/** Longest quoted part that is read. Bounds every pattern below to linear time. */
const RESOURCE =
  /projects\/([^/'"\s]{1,128})\/(global|(?:regions|zones)\/[^/'"\s]{1,64})\/([A-Za-z]{1,48})\/([^/'"\s,]{1,128})/;

/** Reads the first Compute Engine error in a text; undefined when it holds none. */
export function parseGoogleError(message: string): GoogleError | undefined {
  const start = /\bError (\d{3})\b:?\s?|\bHTTP response code (\d{3})\b(?: with body:)?\s?/.exec(message);
  if (start === null) return undefined;
  const text = message.slice(start.index + start[0].length);
  const field = /\bfield '([^']{1,256})'(?:: '([^']{0,512})')?/.exec(text);
  const resource = parseGoogleResource(text);
  return {
    status: Number(start[1] ?? start[2]),
    reason: trailingWord(text) ?? leadingWord(text) ?? "",
    text,
    ...(field?.[1] === undefined ? {} : { field: field[1] }),
    ...(field?.[2] === undefined ? {} : { value: field[2] }),
    ...(resource === undefined ? {} : { resource }),
  };
}

/** Reads the first resource link in a text, whole or from `projects/` on. */
export function parseGoogleResource(text: string): GoogleResource | undefined {
  const [, project, location, collection, name] = RESOURCE.exec(text) ?? [];
  if (project === undefined || location === undefined || collection === undefined || name === undefined)
    return undefined;
  return { project, location, collection, name };
}

/** `..., quotaExceeded` ends most texts. */
function trailingWord(text: string): string | undefined {
  return /,\s?([A-Za-z]{1,64})[\s"'.)\]]{0,8}$/.exec(text.slice(-TAIL))?.[1];
}

/** `QUOTA_EXCEEDED - ...` begins the text of a failed operation. */
function leadingWord(text: string): string | undefined {
  return /^([A-Z][A-Z_]{2,64})\b/.exec(text)?.[1];
}

/** The project id in a resource link; undefined unless it has the form of one (numbers do not). */
export function parseProject(text: string): string | undefined {
  return /\bprojects\/([a-z][a-z0-9-]{4,28}[a-z0-9])\b/.exec(text)?.[1];
}
