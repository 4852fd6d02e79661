import { compact, each, filledText, number, numberOrText, record, text, texts } from "../../model/json.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import { annotations, createdAt, deletedAt, lastUserWriteAt, projectMap, projectRef } from "./metadata.ts";
import { sharedText, shareEqual } from "./sharing.ts";

const TYPE = { apiVersion: "v1", kind: "Service" };

/** Projects a raw Service; accepts any JSON and never throws. */
export function projectService(raw: unknown): Service {
  const spec = record(raw, "spec");
  const required = {
    ref: projectRef(raw, TYPE),
    uid: text(record(raw, "metadata"), "uid") ?? "",
    createdAt: createdAt(raw),
    changedAt: lastUserWriteAt(raw),
    annotations: annotations(raw),
    type: sharedText(spec, "type") ?? "ClusterIP",
    headless: text(spec, "clusterIP") === "None",
    selector: record(spec, "selector") && projectMap(spec, "selector"),
    ports: shareEqual(each(spec, "ports", projectPort)),
    ipFamilies: shareEqual(texts(spec, "ipFamilies")),
  };
  return compact(required, {
    deletedAt: deletedAt(raw),
    externalTrafficPolicy: filledText(spec, "externalTrafficPolicy"),
    externalName: filledText(spec, "externalName"),
  });
}

function projectPort(entry: object): ServicePort {
  const port = number(entry, "port") ?? 0;
  return compact(
    {
      port,
      protocol: sharedText(entry, "protocol") ?? "TCP",
      targetPort: numberOrText(entry, "targetPort") || port,
    },
    {
      name: sharedText(entry, "name") || undefined,
      nodePort: number(entry, "nodePort") || undefined,
      appProtocol: filledText(entry, "appProtocol"),
    },
  );
}
