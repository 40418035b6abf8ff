// The queue of documents whose class nobody knew: their manager rules here. Names only; nobody reads them before.
import { useCallback, useState } from 'react';
import { classes as api } from '../../api';
import type { UnruledDocument, UnruledPage as Queue } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatBytes, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';

export default function UnruledPage() {
  const [after, setAfter] = useState<string | null>(null);
  const { data, error, loading, reload } = useLoad(() => api.unruled(after), [after]);
  const [ruling, setRuling] = useState<UnruledDocument | null>(null);
  const [done, setDone] = useState('');
  const { columns } = ja.classes;
  const ruled = useCallback(
    (name: string) => {
      setRuling(null);
      setDone(ja.classes.done(name));
      void reload();
    },
    [reload],
  );
  return (
    <Page title={ja.classes.title} lead={ja.classes.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      <div role="status">
        {done !== '' && (
          <Notice tone="info">
            <p>{done}</p>
          </Notice>
        )}
      </div>
      {loading && !data && <Spinner />}
      {data?.items.length === 0 && <p className="empty">{ja.classes.empty}</p>}
      {data && data.items.length > 0 && (
        <Table caption={ja.classes.title} columns={Object.values(columns)}>
          {data.items.map((document) => (
            <tr key={document.id}>
              <th scope="row">{document.name}</th>
              <td data-label={columns.place}>
                {document.department} {document.collection}
              </td>
              <td data-label={columns.bytes}>{formatBytes(document.bytes)}</td>
              <td data-label={columns.created}>{formatTime(document.created_at)}</td>
              <td data-label={columns.rule}>
                {document.own ? (
                  ja.classes.own
                ) : (
                  <Button aria-label={ja.classes.ruleOf(document.name)} onClick={() => setRuling(document)}>
                    {ja.classes.rule}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data?.next && <Button onClick={() => setAfter(data.next ?? null)}>{ja.classes.more}</Button>}
      {ruling && data && <RulingDialog document={ruling} scheme={data} onClose={() => setRuling(null)} onRuled={ruled} />}
    </Page>
  );
}

function RulingDialog({
  document,
  scheme,
  onClose,
  onRuled,
}: {
  document: UnruledDocument;
  scheme: Queue;
  onClose: () => void;
  onRuled: (name: string) => void;
}) {
  // Nothing is chosen lightly: the highest class stands until the manager takes another.
  const [c, setC] = useState(scheme.confidentiality.length);
  const [i, setI] = useState(scheme.integrity.length);
  const [a, setA] = useState(scheme.availability.length);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const rule = () => {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    void run(async () => {
      // An axis that the scheme does not have is not ruled on.
      const integrity = scheme.integrity.length > 0 ? i : undefined;
      const availability = scheme.availability.length > 0 ? a : undefined;
      await api.rule(document.id, { confidentiality: c, integrity, availability, reason: reason.trim() });
      onRuled(document.name);
    });
  };
  return (
    <FormDialog title={ja.classes.ruleOf(document.name)} submit={ja.classes.rule} busy={busy} onSubmit={rule} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <Rank label={ja.classes.confidentiality} names={scheme.confidentiality} value={c} onChange={setC} />
      <Rank label={ja.classes.integrity} names={scheme.integrity} value={i} onChange={setI} />
      <Rank label={ja.classes.availability} names={scheme.availability} value={a} onChange={setA} />
      <TextArea
        label={ja.classes.reason}
        hint={ja.classes.reasonHint}
        required
        rows={3}
        maxLength={600}
        value={reason}
        error={missing ? ja.classes.missing : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}

function Rank({ label, names, value, onChange }: { label: string; names: string[]; value: number; onChange: (rank: number) => void }) {
  if (names.length === 0) return null;
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {names.map((name, n) => (
        <option key={name} value={n + 1}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
