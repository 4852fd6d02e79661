import { reportEntry } from "../../report/entry.ts";
import { renderReport } from "../../report/render-report.ts";
import type { Report } from "../report.ts";

/** A report as one HTML page that needs nothing else. */
export function renderHtml({ origin, takenAt, items, services, leftOut, placeOf }: Report): string {
  const entries = items.map(({ snapshot, diagnosis }) => {
    const place = placeOf({ ...diagnosis.ingress, kind: "Ingress" });
    return reportEntry(snapshot, diagnosis, place && `${place.file}:${place.line}`);
  });
  return renderReport({
    generatedAt: takenAt,
    origin,
    entries,
    services: services.map(({ namespace, name, diagnosis: { findings } }) => ({ namespace, name, findings })),
    leftOut,
  });
}
