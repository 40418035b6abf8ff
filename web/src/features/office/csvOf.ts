// Rows as CSV for a spreadsheet: UTF-8 with a mark, every cell quoted, and none that a spreadsheet would take for a formula. Pure.
const formula = /^[\s']*[=+\-@＝＋－＠\t\r]/;

export function csvOf(rows: string[][]): string {
  const cell = (text: string) => `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
