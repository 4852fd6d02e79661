import type { Finding } from "../diagnostics/finding.ts";
import { findingArticles } from "./finding-section.ts";
import { type Html, html } from "./html.ts";

/** A Service with something wrong about network endpoint groups that no Ingress uses. */
export interface ReportService {
  readonly namespace: string;
  readonly name: string;
  /** In their total order. */
  readonly findings: readonly Finding[];
}

/** What was found about Services that belong to no Ingress; nothing where there is none. */
export function servicesSection(services: readonly ReportService[]): Html | undefined {
  if (services.length === 0) return undefined;
  const parts = services.map(
    ({ namespace, name, findings }, index) =>
      html`<div class="service"><h3><span class="namespace">${namespace}/</span>${name}</h3>${findingArticles(findings, `service-${index}`)}</div>`,
  );
  return html`<section class="services" aria-labelledby="services"><h2 id="services">Services with NEGs that no Ingress uses</h2>${parts}</section>`;
}
