/**
 * Why Compute Engine refuses a path of a URL map.
 *
 * - `relative`: it does not start with a slash;
 * - `misplaced-star`: a `*` stands elsewhere than at the end behind a slash;
 * - `forbidden-character`: it holds `?` or `#`, which begin a query string or a fragment.
 */
export type UrlMapPathFault = "relative" | "misplaced-star" | "forbidden-character";

/** What Compute Engine refuses about a path; undefined for a legal one. Source: PathRule.paths of its API. */
export function urlMapPathFault(path: string): UrlMapPathFault | undefined {
  if (!path.startsWith("/")) return "relative";
  const plain = path.endsWith("/*") ? path.slice(0, -1) : path;
  if (plain.includes("*")) return "misplaced-star";
  return /[?#]/.test(plain) ? "forbidden-character" : undefined;
}

/** Signs that do not occur in plain paths. Quantifiers are bounded, so the search is linear. */
const SIGNS_OF_EXPRESSION = [
  /\.[*+?]/,
  /\[[^\]]{1,64}\]/,
  /\((?:\?|[^)]{0,64}[|*+.\\[])/,
  /\{[^}]{0,64}\}/,
  /[\]}][*+?]/,
  /[|^\\]/,
  /\$$/,
];

/** Whether a path is written as a regular expression or template; `(`, `$` or `+` alone do not make it one. */
export function looksLikeExpression(path: string): boolean {
  return SIGNS_OF_EXPRESSION.some((sign) => sign.test(path));
}
