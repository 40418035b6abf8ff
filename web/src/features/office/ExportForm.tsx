// A register, or the rows of one of its tables, as a file.
import { useState, type FormEvent } from 'react';
import { ledger, type ExportQuery, type LedgerFile, type LedgerFormat } from '../../api/ledger';
import { Button } from '../../components/Button/Button';
import { SelectField } from '../../components/Field/Field';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import { ledgerTexts } from './ledgerMessages';
import { OfficeError } from './OfficeError';

export function ExportForm({ name, asked, title }: { name: string; asked: ExportQuery; title: string }) {
  const save = useAction();
  const [format, setFormat] = useState<LedgerFormat>('xlsx');
  const [saved, setSaved] = useState<LedgerFile | null>(null);
  const write = (event: FormEvent) => {
    event.preventDefault();
    void save.run(async () => {
      setSaved(null);
      const file = await ledger.export(name, format, asked);
      saveBase64(file.name, file.content, format === 'xlsx' ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv');
      setSaved(file);
    });
  };
  return (
    <form className="form" aria-label={title} onSubmit={write}>
      {save.error !== null && <OfficeError error={save.error} />}
      <div className="office-row office-export">
        <SelectField label={ledgerTexts.format} value={format} onChange={(event) => setFormat(event.target.value as LedgerFormat)}>
          {Object.entries(ledgerTexts.formats).map(([key, title]) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </SelectField>
        <Button type="submit" icon="download" disabled={save.busy}>
          {title}
        </Button>
      </div>
      <p role="status" className="meta">
        {saved && `${ledgerTexts.exported(saved.rows)}${saved.missing.length > 0 ? ledgerTexts.missing(saved.missing) : ''}`}
      </p>
    </form>
  );
}
