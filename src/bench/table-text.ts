/** Tables as text: the first columns are words and begin on the left, the others are numbers and end on the right. */

/** Two blanks between columns, none at the ends of lines. */
export function tableText(rows: readonly (readonly string[])[], words: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string => (column < words ? text.padEnd(widths[column]!) : text.padStart(widths[column]!));
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd());
}

export const countText = (count: number): string => count.toLocaleString('en');
