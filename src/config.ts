import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { ConfigError } from "./config-error.ts";
import { type LeaseConfig, parseLease, parseShard } from "./election-config.ts";
import { type GoogleConfig, parseGoogleOptions } from "./gcp/google-options.ts";
import { type ListenAddress, type PageConfig, parseListen, parsePage } from "./listen-config.ts";
import type { Shard } from "./reconciler/shard.ts";
import { LOG_LEVELS, type LogLevel } from "./telemetry/logger.ts";

/** How the controller runs. Read once, never changed. */
export interface Config {
  /** Path of a kubeconfig; undefined for the pod's ServiceAccount, `KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig: string | undefined;
  /** Context inside the kubeconfig; undefined for its current one. */
  readonly context: string | undefined;
  /** Namespaces to watch; undefined for all. */
  readonly namespaces: readonly string[] | undefined;
  /** Lease that decides which replica writes; undefined when this process always may. */
  readonly lease: LeaseConfig | undefined;
  /** Which namespaces this process diagnoses. */
  readonly shard: Shard;
  /** Where `/livez`, `/readyz` and `/metrics` are served. */
  readonly listen: ListenAddress;
  /** Where the report is served to people; undefined when it is not. */
  readonly page: PageConfig | undefined;
  readonly logLevel: LogLevel;
  /** How Google Cloud is read; undefined when it is not. */
  readonly google: GoogleConfig | undefined;
  /** Whether pods of unhealthy backends are asked what Google's health check asks. */
  readonly probe: boolean;
}

interface Option {
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
}

const OPTIONS = {
  kubeconfig: { value: "PATH", help: "kubeconfig to use; in a pod its ServiceAccount is used without one" },
  context: { value: "NAME", help: "context of the kubeconfig" },
  namespace: { value: "NAME", help: "watch only this namespace; repeat it or separate names by commas" },
  "leader-elect": {
    help: "write only while holding a Lease; --no-leader-elect for a single replica",
    default: "true",
  },
  "lease-namespace": { value: "NAME", help: "namespace of the Lease", default: "ingress-doctor" },
  "lease-name": {
    value: "NAME",
    help: "name of the Lease; with shards each has its own, <NAME>-<I>-of-<N>",
    default: "ingress-doctor",
  },
  "lease-duration": {
    value: "TIME",
    help: "others take the Lease when it was not renewed for so long",
    default: "15s",
  },
  "lease-renew-deadline": {
    value: "TIME",
    help: "a leader that could not renew for so long stops",
    default: "10s",
  },
  "lease-retry-period": {
    value: "TIME",
    help: "time between two renewals",
    default: "2s",
  },
  shards: { value: "N", help: "divide the namespaces among so many shards", default: "1" },
  shard: {
    value: "I",
    help: "shard of this process, from 0 to N-1; without it the ordinal in the host name, modulo N",
  },
  listen: { value: "HOST:PORT", help: "address of /livez, /readyz and /metrics", default: "127.0.0.1:8080" },
  page: { value: "HOST:PORT", help: "serve the report to people here; off without it" },
  "page-access": {
    value: "MODE",
    help: "token asks the API server who may see what, local shows all to whoever reaches a loopback address",
    default: "token",
  },
  "log-level": { value: "LEVEL", help: `one of ${LOG_LEVELS.join(", ")}`, default: "info" },
  google: {
    value: "MODE",
    help: "auto reads load balancers where there are credentials, off does not",
    default: "auto",
  },
  "google-project": { value: "ID", help: "project of the load balancers; found out without one" },
  "google-endpoint": {
    value: "URL",
    help: "another Compute Engine API, such as an emulator on this machine",
  },
  probe: {
    help: "ask pods of unhealthy backends what Google's health check asks them",
    default: "false",
  },
  version: { help: "print the version" },
  help: { help: "print this text" },
} as const satisfies Readonly<Record<string, Option>>;

type OptionName = keyof typeof OPTIONS;

/**
 * Reads flags, and the environment variable `INGRESS_DOCTOR_<FLAG>` for each flag that is not given.
 *
 * Answers `help` or `version` when that was asked for. Throws {@link ConfigError} for anything unknown or malformed.
 * `host` is the name of the machine or pod this runs on.
 */
export function readConfig(
  args: readonly string[],
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  host: string = hostname(),
): Config | "help" | "version" {
  const given = parseFlags(args);
  if (given.help === true) return "help";
  if (given.version === true) return "version";
  const text = (name: OptionName) => textOf(given, env, name);
  const namespaces = namesOf(given.namespace ?? env[variable("namespace")]);
  for (const namespace of namespaces) requireName("namespace", namespace);
  const shard = parseShard(text("shards") ?? "", text("shard"), host);
  return Object.freeze({
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    namespaces: namespaces.length === 0 ? undefined : Object.freeze([...new Set(namespaces)]),
    lease: readLease(text, shard, isOn("leader-elect", given, env)),
    shard,
    listen: Object.freeze(parseListen("listen", text("listen") ?? "")),
    page: parsePage(text("page"), text("page-access") ?? ""),
    logLevel: parseLogLevel(text("log-level") ?? ""),
    google: parseGoogle(text("google") ?? "", text("google-project"), text("google-endpoint")),
    probe: isOn("probe", given, env),
  });
}

/** What `--help` prints. */
export function usage(): string {
  const lines = Object.entries(OPTIONS as Readonly<Record<string, Option>>).map(([name, option]) => {
    const flag = `--${name}${option.value === undefined ? "" : ` ${option.value}`}`;
    const fallback = option.default === undefined ? "" : ` (default ${option.default})`;
    return `  ${flag.padEnd(28)} ${option.help}${fallback}`;
  });
  return [
    "Watches GKE Ingresses and writes an IngressDiagnosis next to each.",
    "",
    "Usage: ingress-doctor-controller [flags]",
    "",
    ...lines,
    "",
    `Each flag can be given as environment variable as well, e.g. ${variable("log-level")}=debug.`,
    "",
  ].join("\n");
}

type Flags = Readonly<Partial<Record<OptionName, string | boolean | string[]>>>;

function parseFlags(args: readonly string[]): Flags {
  const options = Object.fromEntries(
    Object.entries(OPTIONS as Readonly<Record<string, Option>>).map(([name, { value }]) => [
      name,
      { type: value === undefined ? "boolean" : "string", multiple: name === "namespace" } as const,
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, strict: true, allowNegative: true }).values as Flags;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The first sentence says what is wrong; what follows is advice about positional arguments.
    throw new ConfigError(`${message.split(/\.\s|\n/, 1)[0]?.replace(/\.$/, "")}; see --help`);
  }
}

function textOf(given: Flags, env: Readonly<NodeJS.ProcessEnv>, name: OptionName): string | undefined {
  const option: Option = OPTIONS[name];
  const value = given[name] ?? env[variable(name)];
  return typeof value === "string" && value !== "" ? value : option.default;
}

function variable(name: OptionName): string {
  return `INGRESS_DOCTOR_${name.toUpperCase().replaceAll("-", "_")}`;
}

function isOn(name: "leader-elect" | "probe", given: Flags, env: Readonly<NodeJS.ProcessEnv>): boolean {
  const flag = given[name];
  if (typeof flag === "boolean") return flag;
  const value = env[variable(name)] ?? OPTIONS[name].default;
  if (value !== "true" && value !== "false") {
    throw new ConfigError(`${variable(name)} is "${value}"; it must be true or false`);
  }
  return value === "true";
}

function readLease(
  text: (name: OptionName) => string | undefined,
  shard: Shard,
  isElecting: boolean,
): LeaseConfig | undefined {
  const lease = parseLease(
    {
      namespace: nameOf("lease-namespace", text),
      name: nameOf("lease-name", text),
      duration: text("lease-duration") ?? "",
      renewDeadline: text("lease-renew-deadline") ?? "",
      retryPeriod: text("lease-retry-period") ?? "",
    },
    shard,
  );
  if (isElecting) return lease;
  if (shard.count === 1) return undefined;
  throw new ConfigError(
    `--shards is ${shard.count}, which needs leader election; remove --no-leader-elect or --shards`,
  );
}

function nameOf(option: OptionName, text: (name: OptionName) => string | undefined): string {
  const name = text(option) ?? "";
  requireName(option, name);
  return name;
}

function namesOf(value: Flags[OptionName]): string[] {
  const lists = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  const names = lists.flatMap((list) => list.split(",")).map((name) => name.trim());
  return names.filter((name) => name !== "");
}

function requireName(option: OptionName, name: string): void {
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) {
    throw new ConfigError(`--${option} is "${name}", which is not a Kubernetes name`);
  }
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((candidate) => candidate === text);
  if (level === undefined) {
    throw new ConfigError(`--log-level is "${text}"; it must be one of ${LOG_LEVELS.join(", ")}`);
  }
  return level;
}

function parseGoogle(
  mode: string,
  project: string | undefined,
  endpoint: string | undefined,
): Config["google"] {
  const parsed = parseGoogleOptions({ mode, project, endpoint });
  if (!parsed.ok) throw new ConfigError(parsed.problem);
  return parsed.google;
}
