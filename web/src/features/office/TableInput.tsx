// Rows with the columns of the definition. Each row is a group of controls, so that it reads in order on any width.
import { useEffect, useRef } from 'react';
import { Button } from '../../components/Button/Button';
import { ja } from '../../messages/ja';
import { FieldInput, type InputProps } from './FieldInput';
import { rowOf, type Row } from './formModel';
import { officeTexts as t } from './messages';
import { sheetTexts as s } from './sheetMessages';

export function TableInput({ slot, rows, required, error, onChange }: Omit<InputProps, 'draft'> & { rows: Row[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const count = useRef(rows.length);
  // The focus goes into a row that was added.
  useEffect(() => {
    if (rows.length > count.current) frame.current?.lastElementChild?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    count.current = rows.length;
  }, [rows.length]);
  const columns = slot.columns ?? [];
  const set = (n: number, key: string, draft: Row[string]) => onChange(rows.map((each, at) => (at === n ? { ...each, [key]: draft } : each)));
  if (slot.rows) return <SheetInput slot={slot} rows={rows} error={error} set={set} />;
  return (
    <fieldset className="field" data-invalid={error ? true : undefined}>
      <legend className="field-label">
        {slot.title}
        {required && <span className="field-required">{ja.required}</span>}
      </legend>
      {slot.help && <p className="field-hint">{slot.help}</p>}
      {error && <p className="field-error">{error}</p>}
      {rows.length === 0 && <p className="field-hint">{t.noRows}</p>}
      <div ref={frame} className="office-rows">
        {rows.map((row, n) => (
          <fieldset key={n} className="office-table-row">
            <legend>{t.rowName(n + 1)}</legend>
            <div className="office-row">
              {columns.map((column) => (
                <FieldInput
                  key={column.key}
                  slot={column}
                  draft={row[column.key] ?? ''}
                  required={column.required === true}
                  onChange={(draft) => set(n, column.key, draft)}
                />
              ))}
            </div>
            <div>
              <Button size="small" icon="trash" aria-label={t.removeRow(slot.title, n + 1)} onClick={() => onChange(rows.filter((_, at) => at !== n))}>
                {t.removeShort}
              </Button>
            </div>
          </fieldset>
        ))}
      </div>
      <div>
        <Button size="small" icon="add" aria-label={t.addRowTo(slot.title)} onClick={() => onChange([...rows, rowOf(columns, {})])}>
          {t.addRow}
        </Button>
      </div>
    </fieldset>
  );
}

// Rows that the program made of clauses: what it wrote is read, what people answer is written, and there are no more rows and no fewer.
function SheetInput({ slot, rows, error, set }: { slot: InputProps['slot']; rows: Row[]; error?: string; set: (n: number, key: string, draft: Row[string]) => void }) {
  const columns = slot.columns ?? [];
  const place = (what: string) => columns.find((column) => column.given === what);
  const text = (row: Row, what: string) => String(row[place(what)?.key ?? ''] ?? '');
  const left = rows.filter((row) => !row[slot.rows?.answer ?? '']).length;
  return (
    <fieldset className="field" data-invalid={error ? true : undefined}>
      <legend className="field-label">{slot.title}</legend>
      {slot.help && <p className="field-hint">{slot.help}</p>}
      {error && <p className="field-error">{error}</p>}
      <p className="field-hint">{rows.length === 0 ? s.none : s.left(rows.length, left)}</p>
      <div className="office-rows">
        {rows.map((row, n) => (
          <fieldset key={text(row, 'clause')} className="office-table-row">
            <legend>{text(row, 'label')}</legend>
            <p className="office-text">{text(row, 'text')}</p>
            {text(row, 'before') !== '' && <p className="field-hint">{s.before(text(row, 'before'))}</p>}
            <div className="office-row">
              {columns
                .filter((column) => !column.given)
                .map((column) => (
                  <FieldInput key={column.key} slot={column} draft={row[column.key] ?? ''} onChange={(draft) => set(n, column.key, draft)} />
                ))}
            </div>
          </fieldset>
        ))}
      </div>
    </fieldset>
  );
}
