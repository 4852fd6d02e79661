/** The server's own rendering of a list (`meta.k8s.io/v1` Table), reduced to what is printed. */
export interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows?: readonly {
    readonly cells: readonly unknown[];
    readonly object: { readonly metadata: { readonly name: string; readonly namespace?: string } };
  }[];
}

export interface TableOptions {
  /** Adds the columns that `kubectl get -o wide` adds. */
  readonly wide?: boolean;
  /** Adds a leading NAMESPACE column, as `kubectl get -A` does. */
  readonly withNamespace?: boolean;
}

const GAP = "   ";

/** Lays a Table out in aligned columns as `kubectl get` does, without a trailing line break. */
export function formatTable(table: Table, options: TableOptions = {}): string {
  const shown = table.columnDefinitions.map((column) => options.wide === true || column.priority === 0);
  const header = table.columnDefinitions.map((column) => column.name.toUpperCase());
  const lines = (table.rows ?? []).map((row) => [
    ...(options.withNamespace === true ? [row.object.metadata.namespace ?? ""] : []),
    ...row.cells.filter((_, index) => shown[index]).map(formatCell),
  ]);
  if (lines.length === 0) return "No resources found";
  const first = [
    ...(options.withNamespace === true ? ["NAMESPACE"] : []),
    ...header.filter((_, index) => shown[index]),
  ];
  return alignColumns([first, ...lines]);
}

function formatCell(cell: unknown): string {
  return cell === null || cell === undefined ? "<none>" : String(cell);
}

/** Pads the cells of each line so that columns begin below each other. */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const pad = (line: readonly string[]) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP);
  return lines.map((line) => pad(line).trimEnd()).join("\n");
}
