import { type CauseMatcher, captures, type ErrorText, type SyncCause } from "./causes.ts";

/** Errors of the load balancer part of a sync: name, Secrets, address, URL map, proxies, certificates. */
export const FRONTEND_MATCHERS: readonly CauseMatcher[] = [
  classUnavailable,
  nameInvalid,
  staticIp,
  protocols,
  secrets,
  frontendConfig,
  managedCertificate,
  network,
  tooLarge,
  redirectCode,
  certificate,
  urlMap,
  ({ google }) =>
    // `IPAddress` is the field of a forwarding rule; the one of a network endpoint is `ipAddress`.
    /\bIPAddress$/.test(google?.field ?? "")
      ? { kind: "address-invalid", ...(google?.value === undefined ? {} : { address: google.value }) }
      : undefined,
];

function classUnavailable({ text }: ErrorText): SyncCause | undefined {
  if (!/ingress class .{0,128}\bis not supported in this environment\b/is.test(text)) return undefined;
  const instead = captures(text, /please use "?([a-z][a-z-]{0,62}[a-z])"?/i)?.[0];
  return { kind: "class-unavailable", ...(instead === undefined ? {} : { instead }) };
}

function nameInvalid({ text }: ErrorText): SyncCause | undefined {
  const found = captures(text, /invalid loadbalancer name "?([^\s,"]{0,512})/i);
  return found && { kind: "name-invalid", name: found[0] ?? "" };
}

function staticIp({ text }: ErrorText): SyncCause | undefined {
  const missing = captures(text, /static IP name (.{1,256}?) doesn't translate to an existing static IP/is);
  if (missing) return { kind: "static-ip-missing", name: missing[0] ?? "" };
  return /both global-static-ip and regional-static-ip cannot be specified/i.test(text)
    ? { kind: "static-ip-annotations-conflict" }
    : undefined;
}

function protocols({ text }: ErrorText): SyncCause | undefined {
  if (/both HTTP and HTTPS are disabled/i.test(text)) return { kind: "protocols-disabled" };
  return /invalid internal ingress https config|static-?ip to use both HTTP and HTTPS|SHARED_LOADBALANCER_VIP/i.test(
    text,
  )
    ? { kind: "internal-protocols" }
    : undefined;
}

function secrets({ text }: ErrorText): SyncCause | undefined {
  if (/\bsecret "" does not exist/i.test(text)) return { kind: "secret-unnamed" };
  const missing = captures(text, /\bsecrets? "([^"]{1,253})" (?:not found|does not exist)/i);
  if (missing) return { kind: "secret-missing", secret: missing[0] ?? "" };
  const incomplete = captures(
    text,
    /\bsecret "([^"]{1,253})" does not specify (cert|private key) as string data/i,
  );
  if (incomplete === undefined) return undefined;
  const key = incomplete[1] === "cert" ? "tls.crt" : "tls.key";
  return { kind: "secret-key-missing", secret: incomplete[0] ?? "", key };
}

function frontendConfig({ text }: ErrorText): SyncCause | undefined {
  if (/no FrontendConfig for Ingress exists/i.test(text)) return { kind: "frontend-config-missing" };
  if (/cannot enable HTTPS Redirects with L7 ILB/i.test(text)) return { kind: "redirect-on-internal" };
  return /cannot enable HTTPS Redirects with the V1 Ingress naming scheme/i.test(text)
    ? { kind: "redirect-needs-v2-names" }
    : undefined;
}

function managedCertificate({ text }: ErrorText): SyncCause | undefined {
  const found = captures(text, /^ManagedCertificate ([^\s]{1,512}) missing\b/i);
  return found && { kind: "managed-certificate-missing", name: (found[0] ?? "").replace(/^.{1,253}?:/, "") };
}

function network({ text }: ErrorText): SyncCause | undefined {
  if (/\bproxy-only subnet|\b(?:reserved and active|active) subnetwork is required\b/i.test(text)) {
    return { kind: "proxy-only-subnet-missing" };
  }
  return /\bnetwork tier\b|\bnetworkTier\b/i.test(text) ? { kind: "network-tier" } : undefined;
}

function tooLarge({ google }: ErrorText): SyncCause | undefined {
  if (google === undefined) return undefined;
  const { status, reason, field = "", text } = google;
  const size = captures(text, /maximum size:? (\d{1,9})[^;]{0,32}; actual size:? (\d{1,9})/i);
  const large = status === 413 || reason === "fieldSizeTooLarge" || size !== undefined;
  const counts = size === undefined ? {} : { max: Number(size[0]), actual: Number(size[1]) };
  if (/sslCertificates\b/i.test(field) || /\bsslCertificates\b/.test(text.slice(0, 200))) {
    const many = large || /\btoo many\b|\bexceed|\bmaximum\b|\bat most\b|\blimit\b/i.test(text);
    return many ? { kind: "too-many-certificates", ...counts } : undefined;
  }
  return large ? { kind: "url-map-too-large", field, ...counts } : undefined;
}

function redirectCode({ text, google }: ErrorText): SyncCause | undefined {
  const refused =
    /redirect_?response_?code/i.test(text) || (google?.status === 400 && /redirectUrlMap/i.test(text));
  if (!refused) return undefined;
  return { kind: "redirect-code-invalid", ...(google?.value === undefined ? {} : { value: google.value }) };
}

function certificate({ text, google }: ErrorText): SyncCause | undefined {
  const created = captures(text, /Cert creation failures - ([^\s]{1,256})/);
  const refused =
    google?.status === 400 && /\.(certificate|privateKey|selfManaged)\b/.test(google.field ?? "");
  const reason = /^sslCertificate/i.test(google?.reason ?? "");
  if (created === undefined && !refused && !reason) return undefined;
  return {
    kind: "certificate-refused",
    ...(created?.[0] ? { certificate: created[0] } : {}),
    problem: certificateProblem(google?.text ?? text, google?.reason ?? ""),
  };
}

function certificateProblem(
  text: string,
  reason: string,
): "malformed" | "key-mismatch" | "key-size" | "other" {
  if (/\b(not|n't) (match|belong|correspond)|mismatch/i.test(`${text} ${reason}`)) return "key-mismatch";
  if (/\bkey (size|type|length|algorithm|is too large)\b|\bunsupported key\b|\bRSA[- ]?\d{4}\b/i.test(text))
    return "key-size";
  return /pars|\bPEM\b|malformed|\binvalid\b|decod/i.test(`${text} ${reason}`) ? "malformed" : "other";
}

function urlMap({ text, google }: ErrorText): SyncCause | undefined {
  const field = google?.field ?? "";
  if (google?.status !== 400) return undefined;
  if (!/\b(Create|Update)U(rl|RL)Map\b/.test(text) && !/\.(pathMatchers|hostRules)\b/.test(field))
    return undefined;
  return {
    kind: "url-map-refused",
    ...(field === "" ? {} : { field }),
    ...(google.value === undefined ? {} : { value: google.value }),
  };
}
