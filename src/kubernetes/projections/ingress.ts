import type { Ingress, IngressBackend, IngressPath, IngressRule, IngressTls } from "../../model/ingress.ts";
import { compact, each, field, filledText, number, record, text, texts } from "../../model/json.ts";
import { annotations, createdAt, deletedAt, lastUserWriteAt, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "networking.k8s.io/v1", kind: "Ingress" };

/** Projects a raw Ingress; accepts any JSON and never throws. */
export function projectIngress(raw: unknown): Ingress {
  const metadata = record(raw, "metadata");
  const spec = record(raw, "spec");
  const addresses = each(record(record(raw, "status"), "loadBalancer"), "ingress", projectAddress);
  return compact(
    {
      ref: projectRef(raw, TYPE),
      uid: text(metadata, "uid") ?? "",
      generation: number(metadata, "generation") ?? 0,
      createdAt: createdAt(raw),
      changedAt: lastUserWriteAt(raw),
      annotations: annotations(raw),
      finalizers: texts(metadata, "finalizers"),
      rules: each(spec, "rules", projectRule),
      tls: each(spec, "tls", projectTls),
      addresses: Object.freeze(addresses.filter(Boolean)),
    },
    {
      deletedAt: deletedAt(raw),
      className: text(spec, "ingressClassName"),
      defaultBackend: record(spec, "defaultBackend") && projectBackend(record(spec, "defaultBackend")),
    },
  );
}

function projectAddress(entry: object): string {
  return filledText(entry, "ip") ?? text(entry, "hostname") ?? "";
}

function projectRule(rule: object): IngressRule {
  const http = record(rule, "http");
  return Object.freeze({
    host: text(rule, "host") ?? "",
    paths: http === undefined ? undefined : each(http, "paths", projectPath),
  });
}

function projectPath(entry: object): IngressPath {
  return compact(
    { path: text(entry, "path") ?? "", backend: projectBackend(field(entry, "backend")) },
    { pathType: text(entry, "pathType") },
  );
}

/** The API server refuses a backend with neither form; offline input may still have one: an unnamed Service. */
function projectBackend(backend: unknown): IngressBackend {
  const resource = record(backend, "resource");
  if (resource !== undefined) {
    return Object.freeze({
      kind: "resource",
      resourceKind: text(resource, "kind") ?? "",
      name: text(resource, "name") ?? "",
    });
  }
  const service = record(backend, "service");
  const port = record(service, "port");
  return Object.freeze({
    kind: "service",
    service: text(service, "name") ?? "",
    port: compact({}, { name: filledText(port, "name"), number: number(port, "number") || undefined }),
  });
}

function projectTls(entry: object): IngressTls {
  return compact({ hosts: texts(entry, "hosts") }, { secretName: filledText(entry, "secretName") });
}
