import { type CauseMatcher, captures, type SyncCause } from "./causes.ts";

/** Errors of the Ingress translator and of the BackendConfigs it validates (ingress-gce, controller/errors). */
export const TRANSLATION_MATCHERS: readonly CauseMatcher[] = [
  systemDefaultBackend,
  serviceMissing,
  servicePortMissing,
  serviceType,
  appProtocols,
  backendConfigOfPort,
  backendConfigInvalid,
  path,
  ({ text }) =>
    /\bIngress Backend is not a service\b/i.test(text) ? { kind: "resource-backend" } : undefined,
  serviceAnnotation,
];

/** Errors of one translation, which the controller joins into one message. */
export function splitTranslationErrors(text: string): readonly string[] {
  const body = text.replace(/^.{0,64}?invalid ingress spec:\s?/s, "");
  return body
    .split("; ")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function systemDefaultBackend({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(text, /system default backend service "([^"]{1,256})"/);
  return found && { kind: "system-default-backend-missing", service: found[0] ?? "" };
}

function serviceMissing({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(text, /could not find service "([^"]{1,512})"/i);
  return found && { kind: "service-missing", service: found[0] ?? "" };
}

function servicePortMissing({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(text, /could not find port "([^"]{1,256})" in service "([^"]{1,512})"/i);
  return found && { kind: "service-port-missing", port: portText(found[0] ?? ""), service: found[1] ?? "" };
}

function serviceType({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(text, /service "([^"]{1,512})" is type "([^"]{1,64})", expected/i);
  return found && { kind: "service-type-unsupported", service: found[0] ?? "", type: found[1] ?? "" };
}

function appProtocols({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(
    text,
    /could not parse "[^"]{0,128}app-protocols" annotation on service "([^"]{1,512})"(?:, err: (.{0,512}))?/is,
  );
  return found && { kind: "app-protocols-invalid", service: found[0] ?? "", problem: found[1] ?? "" };
}

function backendConfigOfPort({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(
    text,
    /error getting BackendConfig for port "([^"]{1,256})" on service "([^"]{1,512})"(?:, err: (.{0,512}))?/is,
  );
  if (found === undefined) return undefined;
  const [port = "", service = "", problem = ""] = found;
  return /no BackendConfig for service port exists/i.test(problem)
    ? { kind: "backend-config-missing", service, port: portText(port) }
    : { kind: "backend-config-annotation-invalid", service, port: portText(port), problem };
}

function backendConfigInvalid({ text }: { readonly text: string }): SyncCause | undefined {
  const found = captures(text, /BackendConfig ([^\s]{1,512}) is not valid: (.{0,512})/is);
  if (found === undefined) return undefined;
  const [backendConfig = "", problem = ""] = found;
  const missing = captures(problem, /^error retrieving secret ([^\s:]{1,253}): .{0,300}\bnot found\b/is);
  if (missing) return { kind: "secret-missing", secret: missing[0] ?? "", backendConfig };
  const incomplete = captures(problem, /^secret ([^\s]{1,253}) missing ([A-Za-z_]{1,64}) data/i);
  if (incomplete === undefined) return { kind: "backend-config-invalid", backendConfig, problem };
  return { kind: "secret-key-missing", secret: incomplete[0] ?? "", key: incomplete[1] ?? "", backendConfig };
}

function path({ text }: { readonly text: string }): SyncCause | undefined {
  const wildcard = captures(text, /failed to validate (\w{1,64}) path (.{0,2048}) due to invalid wildcard/is);
  if (wildcard) return { kind: "path-invalid", pathType: wildcard[0] ?? "", path: wildcard[1] ?? "" };
  const empty = captures(text, /failed to validate (\w{1,64}) path type due to empty path/i);
  if (empty) return { kind: "path-invalid", pathType: empty[0] ?? "", path: "" };
  const type = captures(text, /unsupported path type: (.{0,128})/is);
  return type && { kind: "path-invalid", pathType: type[0] ?? "", path: "" };
}

function serviceAnnotation({ text }: { readonly text: string }): SyncCause | undefined {
  return /invalid value for Service annotation\b/i.test(text)
    ? { kind: "service-annotation-invalid", problem: text }
    : undefined;
}

/** `&ServiceBackendPort{Name:https,Number:0,}` is how Go prints a port reference; the user wrote `https`. */
function portText(printed: string): string {
  const [name = "", number = ""] = captures(printed, /\{Name:([^,}]{0,64}),Number:(\d{0,10}),?\}/) ?? [];
  if (name !== "") return name;
  return number === "" ? printed : number;
}
