// Rows with the columns of the definition. Each row is a group of controls, so that it reads in order on any width.
import { useEffect, useRef } from 'react';
import { Button } from '../../components/Button/Button';
import { ja } from '../../messages/ja';
import { FieldInput, type InputProps } from './FieldInput';
import { rowOf, type Row } from './formModel';
import { officeTexts as t } from './messages';

export function TableInput({ slot, rows, required, error, onChange }: Omit<InputProps, 'draft'> & { rows: Row[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const count = useRef(rows.length);
  // The focus goes into a row that was added.
  useEffect(() => {
    if (rows.length > count.current) frame.current?.lastElementChild?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    count.current = rows.length;
  }, [rows.length]);
  const columns = slot.columns ?? [];
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
                  onChange={(draft) => onChange(rows.map((each, at) => (at === n ? { ...each, [column.key]: draft } : each)))}
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
