import { counted } from "../diagnostics/text.ts";
import type { BackendView } from "./backend-view.ts";
import { type Html, html } from "./html.ts";
import type { ZoneHealth } from "./zone-health.ts";

/** Most backends one Ingress shows. */
const MAX_BACKENDS = 40;

/** Each Service port with its health check and its endpoints by zone, as Kubernetes and Google count them. */
export function backendsSection(backends: readonly BackendView[], id: string): Html | undefined {
  const own = backends.filter(({ systemDefault }) => !systemDefault);
  if (own.length === 0) return undefined;
  const cut = own.length - MAX_BACKENDS;
  return html`<section><h4>Health by zone</h4>${note(own)}${own
    .slice(0, MAX_BACKENDS)
    .map((backend, index) => backendPart(backend, `${id}-backend-${index}`))}${
    cut > 0 ? html`<p class="quiet">${counted(cut, "more backend")} left out.</p>` : undefined
  }</section>`;
}

/** Said once, not below every table. */
function note(own: readonly BackendView[]): Html | undefined {
  if (own.some(({ live, zones: rows }) => live !== undefined || rows.length === 0)) return undefined;
  return html`<p class="quiet">As Kubernetes sees it; health as Google sees it was not read.</p>`;
}

function backendPart(backend: BackendView, id: string): Html {
  const { name, mode, protocol, healthCheck } = backend;
  const how = [
    mode === "neg" ? "network endpoint groups" : mode === "instance-group" ? "instance groups" : undefined,
    protocol,
  ].filter((part) => part !== undefined);
  return html`<div class="backend"><h5 id="${id}">${name}${how.length === 0 ? "" : html` <span class="quiet">${how.join(", ")}</span>`}</h5>${
    healthCheck === undefined ? undefined : html`<p class="quiet">Health check: ${healthCheck}.</p>`
  }${zones(backend, id)}</div>`;
}

function zones({ zones: rows, endpoints, live, exists }: BackendView, id: string): Html {
  if (exists === false) return html`<p>The Service does not exist, so nothing stands behind it.</p>`;
  if (rows.length === 0) {
    return html`<p>${endpoints === undefined ? "Endpoints were not read." : "There is no endpoint."}</p>`;
  }
  const google =
    live === undefined
      ? undefined
      : html`<th scope="col">In group</th><th scope="col">Healthy</th><th scope="col">Unhealthy</th>`;
  return html`<div class="scroll" role="group" tabindex="0" aria-labelledby="${id}"><table class="zones"><thead><tr><th scope="col">Zone</th><th scope="col">Ready</th><th scope="col">Not ready</th>${google}</tr></thead><tbody>${rows.map((row) => zoneRow(row, live !== undefined))}</tbody></table></div>`;
}

function zoneRow({ zone, ready, notReady, inGroup, healthy, unhealthy }: ZoneHealth, isLive: boolean): Html {
  const bad = (count: number) => html`<td class="${count > 0 ? "count bad" : "count"}">${count}</td>`;
  const google = isLive
    ? html`<td class="count">${inGroup}</td><td class="count">${healthy}</td>${bad(unhealthy)}`
    : undefined;
  return html`<tr><th scope="row">${zone === "" ? "zone not known" : zone}</th><td class="count">${ready}</td>${bad(notReady)}${google}</tr>`;
}
