import { text, time } from "../../model/json.ts";

/** Last segment of a Compute Engine URL: the resource's name; empty for no URL. */
export function nameOf(url: string | undefined): string {
  return url?.slice(url.lastIndexOf("/") + 1) ?? "";
}

/** Names of the resources that a list of URLs points at. */
export function namesOf(urls: readonly string[]): readonly string[] {
  return Object.freeze(urls.map(nameOf));
}

/** The segment behind `/kind/` in a URL, e.g. the zone in `.../zones/us-central1-a/...`; empty when absent. */
export function segment(url: string | undefined, kind: "zones" | "regions" | "projects"): string {
  const [, after = ""] = (url ?? "").split(`/${kind}/`);
  return after.split("/")[0] ?? "";
}

/** Scope of a resource by its own URL: a region's name, or `global`. */
export function scopeOf(raw: unknown): string {
  return segment(text(raw, "selfLink"), "regions") || "global";
}

/** Creation time in epoch milliseconds; 0 when the API left it out. */
export function createdAt(raw: unknown): number {
  return time(raw, "creationTimestamp") ?? 0;
}

/** Name of a resource; empty when the API left it out. */
export function ownName(raw: unknown): string {
  return text(raw, "name") ?? "";
}

/** Name of the resource that a URL field points at; undefined when the field is absent. */
export function optionalName(raw: unknown, key: string): string | undefined {
  const url = text(raw, key);
  return url === undefined ? undefined : nameOf(url);
}
