/**
 * The API's name of a read by the path of its URL, such as `urlMaps.aggregatedList`; `other` for a path of no known
 * form. What comes out names collections and methods only, never a resource.
 */
export function callMethod(pathname: string): string {
  const [, place = ""] = /\/projects\/[^/]+(?:\/(.*))?$/.exec(pathname) ?? [];
  if (/\/projects\/[^/]+$/.test(pathname)) return "projects.get";
  if (/^regions\/[^/]+$/.test(place)) return "regions.get";
  const [, scope, collection, method] = METHODS.exec(place) ?? [];
  if (scope === undefined || collection === undefined) return "other";
  if (scope === "aggregated") return `${collection}.aggregatedList`;
  const isRegional = scope.startsWith("regions/");
  const client = isRegional
    ? `region${collection.slice(0, 1).toUpperCase()}${collection.slice(1)}`
    : collection;
  return `${client}.${method ?? "list"}`;
}

/** Scope, collection, and the method on one resource of it. */
const METHODS =
  /^(aggregated|global|regions\/[^/]+|zones\/[^/]+)\/([A-Za-z]{1,40})(?:\/[^/]+\/([A-Za-z]{1,40}))?$/;
