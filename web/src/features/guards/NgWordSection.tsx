// The body's NG words: search, add, remove, and CSV in both directions.
import { useState } from 'react';
import { guards as api } from '../../api';
import type { NgImport, NgWord } from '../../api/types';
import { Button, IconButton } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { toBase64 } from '../../lib/base64';
import { saveBase64 } from '../../lib/download';
import { formatNumber } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { guardTexts as t } from './messages';

export function NgWordSection() {
  const [q, setQ] = useState('');
  const { data, error, loading, reload, set } = useLoad(() => api.words(q, null), [q]);
  const [importing, setImporting] = useState(false);
  const action = useAction();
  const more = () =>
    void action.run(async () => {
      const page = await api.words(q, data?.next ?? null);
      set((old) => ({ ...page, items: [...old.items, ...page.items] }));
    });
  const remove = (word: NgWord) =>
    void action.run(async () => {
      await api.changeWords({ remove: [word.word] });
      await reload();
    });
  const download = (encoding: 'utf8' | 'cp932') =>
    void action.run(async () => {
      const file = await api.exportWords(encoding);
      saveBase64(file.name, file.bytes_base64, 'text/csv');
    });
  return (
    <section className="section guard-words" aria-labelledby="ng-words">
      <h2 id="ng-words">{t.wordsTitle}</h2>
      <p>{t.wordsLead}</p>
      <AddWord onAdded={() => void reload()} />
      <div className="table-actions">
        <Button size="small" onClick={() => setImporting(true)}>
          {t.importTitle}
        </Button>
        <Button size="small" icon="download" disabled={action.busy} onClick={() => download('utf8')}>
          {t.exportUtf8}
        </Button>
        <Button size="small" icon="download" disabled={action.busy} onClick={() => download('cp932')}>
          {t.exportCp932}
        </Button>
      </div>
      <TextField label={t.searchWords} type="search" value={q} onChange={(event) => setQ(event.target.value)} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {loading && !data && <Spinner />}
      {data && <p role="status">{data.items.length === 0 ? t.noWords : t.wordsTotal(formatNumber(data.total))}</p>}
      {data && data.items.length > 0 && (
        <Table caption={t.wordsTitle} columns={[t.word, t.note, t.columns.actions]}>
          {data.items.map((word) => (
            <tr key={word.word}>
              <td>{word.word}</td>
              <td>{word.note}</td>
              <td>
                <IconButton icon="trash" label={t.removeWord(word.word)} onClick={() => remove(word)} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data?.next && (
        <Button disabled={action.busy} onClick={more}>
          {ja.more}
        </Button>
      )}
      {importing && (
        <ImportDialog
          onClose={(changed) => {
            setImporting(false);
            if (changed) void reload();
          }}
        />
      )}
    </section>
  );
}

function AddWord({ onAdded }: { onAdded: () => void }) {
  const [word, setWord] = useState('');
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const add = () => {
    const short = Array.from(word.trim()).length < 2;
    setMissing(short);
    if (short) return;
    void run(async () => {
      await api.changeWords({ add: [{ word: word.trim(), note: note.trim() }] });
      setWord('');
      setNote('');
      onAdded();
    });
  };
  return (
    <form
      className="guard-word-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextField label={t.word} value={word} error={missing ? t.wordMissing : undefined} onChange={(event) => setWord(event.target.value)} />
      <TextField label={t.note} value={note} onChange={(event) => setNote(event.target.value)} />
      <Button type="submit" icon="add" disabled={busy}>
        {t.addWord}
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  );
}

// First a dry run that tells what would change, then the change.
function ImportDialog({ onClose }: { onClose: (changed: boolean) => void }) {
  const [csv, setCsv] = useState('');
  const [plan, setPlan] = useState<NgImport | null>(null);
  const { busy, error, run } = useAction();
  const look = (file: File | undefined) =>
    void run(async () => {
      setPlan(null);
      if (!file) return;
      const base64 = await toBase64(file);
      setPlan(await api.importWords(base64, true));
      setCsv(base64);
    });
  const replace = () =>
    void run(async () => {
      await api.importWords(csv, false);
      onClose(true);
    });
  return (
    <FormDialog title={t.importTitle} submit={t.replace} busy={busy || !plan} onSubmit={replace} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <TextField label={t.file} hint={t.importHint} type="file" accept=".csv,text/csv" onChange={(event) => look(event.target.files?.[0])} />
      <div role="status">
        {plan && (
          <Notice tone="info">
            <p>{t.plan(plan.encoding, formatNumber(plan.words), plan.added.length, plan.removed.length)}</p>
            {plan.removed.length > 0 && <p>{plan.removed.slice(0, 10).join('、')}</p>}
          </Notice>
        )}
      </div>
    </FormDialog>
  );
}
