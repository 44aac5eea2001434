/** Columns of a table for a select or a returning clause: `last_modified` arrives as `lastModified`. */
export function selection(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${table}.${column} as "${camelCase(column)}"`).join(', ');
}

function camelCase(column: string): string {
  return column.replaceAll(/_[a-z]/g, (pair) => pair.charAt(1).toUpperCase());
}
