import type { BackendConfig } from "../../model/gke-config.ts";
import { compact, each, filledText, flag, number, record, text, texts } from "../../model/json.ts";
import { createdAt, deletedAt, lastWriteAt, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "cloud.google.com/v1", kind: "BackendConfig" };

/** Projects a raw BackendConfig of v1 or v1beta1; accepts any JSON and never throws. */
export function projectBackendConfig(raw: unknown): BackendConfig {
  const spec = record(raw, "spec");
  const required = {
    ref: projectRef(raw, TYPE),
    createdAt: createdAt(raw),
    changedAt: lastWriteAt(raw),
    customRequestHeaders: texts(record(spec, "customRequestHeaders"), "headers"),
  };
  return compact(required, {
    deletedAt: deletedAt(raw),
    healthCheck: projectHealthCheck(record(spec, "healthCheck")),
    timeoutSec: number(spec, "timeoutSec"),
    drainingTimeoutSec: number(record(spec, "connectionDraining"), "drainingTimeoutSec"),
    sessionAffinity: projectAffinity(record(spec, "sessionAffinity")),
    iap: projectIap(record(spec, "iap")),
    cdn: projectCdn(record(spec, "cdn")),
    securityPolicy: record(spec, "securityPolicy") && (text(record(spec, "securityPolicy"), "name") ?? ""),
    logging: projectLogging(record(spec, "logging")),
  });
}

function projectHealthCheck(check: object | undefined): BackendConfig["healthCheck"] {
  if (check === undefined) return undefined;
  return compact(
    {},
    {
      checkIntervalSec: number(check, "checkIntervalSec"),
      timeoutSec: number(check, "timeoutSec"),
      healthyThreshold: number(check, "healthyThreshold"),
      unhealthyThreshold: number(check, "unhealthyThreshold"),
      type: text(check, "type"),
      requestPath: text(check, "requestPath"),
      port: number(check, "port"),
    },
  );
}

function projectAffinity(affinity: object | undefined): BackendConfig["sessionAffinity"] {
  if (affinity === undefined) return undefined;
  return compact(
    {},
    {
      type: text(affinity, "affinityType"),
      cookieTtlSec: number(affinity, "affinityCookieTtlSec"),
    },
  );
}

function projectIap(iap: object | undefined): BackendConfig["iap"] {
  if (iap === undefined) return undefined;
  const secretName = filledText(record(iap, "oauthclientCredentials"), "secretName");
  return compact({ enabled: flag(iap, "enabled") ?? false }, { secretName });
}

function projectCdn(cdn: object | undefined): BackendConfig["cdn"] {
  if (cdn === undefined) return undefined;
  const secrets = each(cdn, "signedUrlKeys", (key) => text(key, "secretName") ?? "");
  return compact(
    { enabled: flag(cdn, "enabled") ?? false, signedUrlSecrets: Object.freeze(secrets.filter(Boolean)) },
    { cacheMode: text(cdn, "cacheMode"), negativeCaching: flag(cdn, "negativeCaching") },
  );
}

function projectLogging(logging: object | undefined): BackendConfig["logging"] {
  if (logging === undefined) return undefined;
  return compact({}, { enable: flag(logging, "enable"), sampleRate: number(logging, "sampleRate") });
}
