/** Names are compared by their first characters only, so that hostile lengths cost nothing. */
const MAX_COMPARED = 128;

/**
 * Names that `wanted` may have been meant to be, nearest first, at most `max`; equal names are left out.
 *
 * Near is a Damerau-Levenshtein distance (insert, delete, replace, swap neighbours; case counts nothing) of one
 * for up to four characters, else two. Equally near names come in alphabetical order.
 */
export function nearest(candidates: Iterable<string>, wanted: string, max = 1): string[] {
  const from = comparable(wanted);
  const limit = from.length <= 4 ? 1 : 2;
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(candidates)) {
    const distance = name === wanted ? undefined : editDistance(from, comparable(name), limit);
    if (distance !== undefined) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, max).map(({ name }) => name);
}

function comparable(name: string): string {
  return name.slice(0, MAX_COMPARED).toLowerCase();
}

/**
 * Edits between two texts, no stretch edited twice; undefined when there are more than `limit`, or so many that
 * nothing of the shorter text would be left.
 */
function editDistance(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = nextRow({ a, b, row, last, beforeLast });
    // Every way to the end passes this row, and no step makes it cheaper.
    if (Math.min(...current, ...last) > limit) return undefined;
    beforeLast = last;
    last = current;
  }
  const distance = last[b.length] ?? 0;
  return distance <= limit && distance < Math.min(a.length, b.length) ? distance : undefined;
}

interface RowInput {
  readonly a: string;
  readonly b: string;
  readonly row: number;
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function nextRow({ a, b, row, last, beforeLast }: RowInput): number[] {
  const current = [row];
  for (let column = 1; column <= b.length; column++) {
    const same = a[row - 1] === b[column - 1];
    let cost = Math.min(
      at(last, column) + 1,
      at(current, column - 1) + 1,
      at(last, column - 1) + (same ? 0 : 1),
    );
    const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
    if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
    current.push(cost);
  }
  return current;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
