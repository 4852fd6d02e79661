import { X509Certificate } from "node:crypto";
import type { CertificateFacts, SecretFacts } from "../../model/gke-config.ts";
import { compact, record, text } from "../../model/json.ts";
import { projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "v1", kind: "Secret" };

/** Largest `tls.crt` that is parsed, in base64 characters; a chain of ten 4096-bit certificates is far below. */
const MAX_CERTIFICATE = 128 * 1024;

/** Projects a raw Secret to its key names and public certificate; no private value is kept. */
export function projectSecret(raw: unknown): SecretFacts {
  const data = record(raw, "data") ?? {};
  const keys = new Set([...Object.keys(data), ...Object.keys(record(raw, "stringData") ?? {})]);
  return compact(
    {
      ref: projectRef(raw, TYPE),
      type: text(raw, "type") ?? "Opaque",
      keys: Object.freeze([...keys].sort()),
    },
    { certificate: projectCertificate(publicCertificate(raw)) },
  );
}

/** PEM text of `tls.crt`: base64 in `data`, plain in the `stringData` of a manifest. */
function publicCertificate(raw: unknown): string | undefined {
  const plain = text(record(raw, "stringData"), "tls.crt");
  const encoded = text(record(raw, "data"), "tls.crt");
  if (plain !== undefined) return plain.length <= MAX_CERTIFICATE ? plain : undefined;
  if (encoded === undefined || encoded.length > MAX_CERTIFICATE) return undefined;
  return Buffer.from(encoded, "base64").toString("latin1");
}

/** Facts of the first (leaf) certificate of a PEM text; undefined when it does not parse. */
function projectCertificate(pem: string | undefined): CertificateFacts | undefined {
  if (pem === undefined) return undefined;
  try {
    const certificate = new X509Certificate(pem);
    return Object.freeze({
      expiresAt: certificate.validToDate.getTime(),
      dnsNames: Object.freeze(dnsNames(certificate.subjectAltName ?? "")),
    });
  } catch {
    return undefined;
  }
}

/** Node prints alternative names as `DNS:a, IP Address:1.2.3.4`, quoting names with special characters. */
function dnsNames(alternativeNames: string): string[] {
  return alternativeNames
    .split(", ")
    .filter((entry) => entry.startsWith("DNS:"))
    .map((entry) => entry.slice("DNS:".length));
}
