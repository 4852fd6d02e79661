import { type CauseMatcher, captures, type ErrorText, type SyncCause } from "./causes.ts";

/** Errors about backend services, health checks, instance groups and NEGs, on Ingress or Service. */
export const BACKEND_MATCHERS: readonly CauseMatcher[] = [
  healthCheck,
  nodePort,
  instanceGroup,
  securityPolicy,
  iap,
  negConfiguration,
  negConflict,
  negEndpoint,
  ({ text }) =>
    /transparent health check|\bTHC\b/i.test(text) ? { kind: "transparent-health-check" } : undefined,
  missingResource,
];

function healthCheck({ text, google }: ErrorText): SyncCause | undefined {
  const flip = captures(
    text,
    /the \w{1,16} health check configuration on the existing health check ([^\s]{1,256}) is nil/i,
  );
  if (flip) return { kind: "health-check-protocol-flip", healthCheck: flip[0] ?? "" };
  const type = captures(text, /Protocol "([^"]{0,64})" is not valid, must be one of/i);
  if (type) return { kind: "health-check-type-invalid", type: type[0] ?? "" };
  if (google?.status !== 400) return undefined;
  const field = google.field ?? "";
  const own = /\b(checkIntervalSec|timeoutSec|healthyThreshold|unhealthyThreshold|requestPath)$/i.test(field);
  if (!own && !/\bensuring health check\b/i.test(text)) return undefined;
  return {
    kind: "health-check-refused",
    ...(field === "" ? {} : { field }),
    ...(google.value === undefined ? {} : { value: google.value }),
  };
}

function nodePort({ text }: ErrorText): SyncCause | undefined {
  const prober = captures(text, /unable to find nodeport (.{0,256}) in any service/is);
  if (prober === undefined && !/namedPorts\[\d{1,4}\]\.port': '0'/.test(text)) return undefined;
  const port = captures(prober?.[0] ?? "", /Number:(\d{1,5})/)?.[0];
  return { kind: "node-port-missing", ...(port === undefined || port === "0" ? {} : { port }) };
}

function instanceGroup({ text }: ErrorText): SyncCause | undefined {
  return /error retrieving IG for linking with backend/i.test(text)
    ? { kind: "instance-group-missing" }
    : undefined;
}

function securityPolicy({ text }: ErrorText): SyncCause | undefined {
  if (/security policies not supported for regional backend service/i.test(text)) {
    return { kind: "security-policy-unsupported" };
  }
  const failed = captures(text, /failed to set security policy from "[^"]{0,256}" to "([^"]{0,256})"/i);
  return failed && { kind: "security-policy-missing", name: failed[0] ?? "" };
}

function iap({ text }: ErrorText): SyncCause | undefined {
  return /cannot switch to default OAuth once IAP credentials have been set/i.test(text)
    ? { kind: "iap-credentials-switched" }
    : undefined;
}

function negConfiguration({ text }: ErrorText): SyncCause | undefined {
  if (/\bNEG annotation is invalid\b/i.test(text)) return { kind: "neg-annotation-invalid" };
  if (/custom neg name cannot be used with ingress enabled/i.test(text))
    return { kind: "neg-custom-name-with-ingress" };
  if (/NEG is not supported for ipv6 only service/i.test(text)) return { kind: "neg-ipv6-only" };
  const port = captures(
    text,
    /\bports? ([^\s]{1,64}) specified in "[^"]{1,64}" doesn't exist in the service/i,
  );
  return port && { kind: "neg-port-missing", port: port[0] ?? "" };
}

function negConflict({ text }: ErrorText): SyncCause | undefined {
  const label = captures(
    text,
    /\bNeg ([^\s]{1,256}) has a label mismatch\b.{0,256}?\bbut found ([^\s.]{1,128})/is,
  );
  if (label) return { kind: "neg-name-conflict", neg: shortName(label[0] ?? ""), owner: label[1] ?? "" };
  const conflict =
    /found conflicting description in neg|NEG is used by another syncer|found a custom named neg .{1,128} with an empty description|expected description of NEG object/is;
  if (!conflict.test(text)) return undefined;
  const neg = captures(
    text,
    /\b(?:description in|custom named|NEG object) (?:neg )?"?([^\s":]{1,128})/i,
  )?.[0];
  return { kind: "neg-name-conflict", ...(neg === undefined ? {} : { neg: shortName(neg) }) };
}

function negEndpoint({ text }: ErrorText): SyncCause | undefined {
  if (/endpoint corresponds to an? non-existing node|node not found/i.test(text)) {
    const node = captures(text, /failed to get node ([^\s"]{1,253})/i)?.[0];
    const slice = captures(text, /in endpoint slice ([^\s:]{1,512})/i)?.[0];
    return {
      kind: "neg-endpoint-node",
      ...(node === undefined ? {} : { node }),
      ...(slice === undefined ? {} : { endpointSlice: slice }),
    };
  }
  if (/\bNEG in zone ""|\bproviderID\b|zone is missing|zone.{0,40}\bnot found for node/i.test(text)) {
    const node = captures(text, /\bnode "?([a-z0-9][a-z0-9.-]{0,252})"?/)?.[0];
    return { kind: "neg-node-without-zone", ...(node === undefined ? {} : { node }) };
  }
  const outside = captures(
    text,
    /IP address ('?[0-9a-fA-F.:]{2,45}'?)? ?.{0,64}doesn't belong to the \(sub\)network/is,
  );
  if (outside) {
    const address = (outside[0] ?? "").replaceAll("'", "");
    return { kind: "neg-address-outside-subnet", ...(address === "" ? {} : { address }) };
  }
  return /\bdegraded mode\b/i.test(text) ? { kind: "neg-degraded" } : undefined;
}

/** What Compute Engine did not find, by the collection its link names. */
function missingResource({ google }: ErrorText): SyncCause | undefined {
  if (google === undefined) return undefined;
  const absent =
    google.status === 404 || /\b(was not found|cannot be found|does not exist)\b/i.test(google.text);
  if (!absent) return undefined;
  const { collection = "", name = "", location = "" } = google.resource ?? {};
  if (google.resource === undefined) {
    const quoted = captures(google.text, /\bresource '([^']{1,512})'/i)?.[0];
    return { kind: "resource-missing", collection, name: shortName(quoted ?? "") };
  }
  switch (collection) {
    case "networkEndpointGroups":
      return { kind: "neg-missing", neg: name, ...zoneOf(location) };
    case "sslCertificates":
      return { kind: "certificate-missing", name, location };
    case "sslPolicies":
      return { kind: "ssl-policy-missing", name };
    case "securityPolicies":
      return { kind: "security-policy-missing", name };
    default:
      return { kind: "resource-missing", collection, name };
  }
}

function zoneOf(location: string): { readonly zone?: string } {
  return location.startsWith("zones/") ? { zone: location.slice("zones/".length) } : {};
}

function shortName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
