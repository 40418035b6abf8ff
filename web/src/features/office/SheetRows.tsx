// A sheet as it stands in a case: each clause with its answer.
import type { OfficeField, Value } from '../../api/office';
import { Table } from '../../components/Table/Table';
import { sheetTexts as s } from './sheetMessages';

const textIn = (row: Value, key: string) => (typeof row === 'object' && row !== null && !Array.isArray(row) ? String(row[key] ?? '') : '');

export function SheetRows({ field, rows }: { field: OfficeField; rows: Value[] }) {
  const columns = (field.columns ?? []).filter((column) => !['document', 'version', 'clause'].includes(column.given ?? ''));
  const id = field.columns?.find((column) => column.given === 'clause')?.key ?? '';
  const shown = (row: Value, key: string) => {
    const text = textIn(row, key);
    const choices = columns.find((column) => column.key === key)?.choices;
    return choices ? (choices.find((choice) => choice.key === text)?.title ?? (key === field.rows?.answer ? s.unanswered : '')) : text;
  };
  return (
    <Table caption={field.title} columns={columns.map((column) => column.title)}>
      {rows.map((row) => (
        <tr key={textIn(row, id)}>
          {columns.map((column) =>
            column.given === 'label' ? (
              <th key={column.key} scope="row">
                {textIn(row, column.key)}
              </th>
            ) : (
              <td key={column.key} data-label={column.title}>
                {shown(row, column.key)}
              </td>
            ),
          )}
        </tr>
      ))}
    </Table>
  );
}
