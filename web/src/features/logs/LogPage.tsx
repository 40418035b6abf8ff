// The content log for those who may read it: filters, questions with their answers, files.
import { useState } from 'react';
import { contentLog as api } from '../../api';
import type { LogFilter, LoggedQuestion } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { Checkbox, SelectField, TextField } from '../../components/Field/Field';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { fromDay, untilDay } from '../../lib/days';
import { saveBase64 } from '../../lib/download';
import { formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { guardTexts, kindName } from '../guards/messages';
import { logTexts as t } from './messages';
import './Logs.css';

interface Fields {
  department: string;
  person: string;
  from: string;
  to: string;
  words: string;
  denied: boolean;
  basis: string;
}

const kNothing: Fields = { department: '', person: '', from: '', to: '', words: '', denied: false, basis: '' };

function filterOf(fields: Fields): LogFilter {
  return {
    department: fields.department || undefined,
    person: fields.person || undefined,
    from: fromDay(fields.from) || undefined,
    to: untilDay(fields.to) || undefined,
    words: fields.words.trim() || undefined,
    denied: fields.denied || undefined,
    basis: fields.basis.trim() || undefined,
  };
}

interface Shown {
  filter: LogFilter;
  items: LoggedQuestion[];
  next: string | null;
  back: string | null;
}

export default function LogPage() {
  const { data: choices, error: choicesError } = useLoad(() => api.people(), []);
  const [fields, setFields] = useState(kNothing);
  const [tried, setTried] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const [told, setTold] = useState('');
  const { busy, error, run } = useAction();
  const set = (change: Partial<Fields>) => setFields((old) => ({ ...old, ...change }));
  const missing = fields.person !== '' && fields.basis.trim() === '';
  const people = (choices?.people ?? []).filter(
    (person) => fields.department === '' || person.department === choices?.departments.find((d) => d.id === fields.department)?.name,
  );

  const look = (filter: LogFilter, older: Shown | null) =>
    run(async () => {
      const page = await api.questions({ ...filter, after: older?.next ?? undefined });
      setShown({ filter, items: [...(older?.items ?? []), ...page.items], next: page.next ?? null, back: page.searched_back_to });
    });
  const find = () => {
    setTried(true);
    setTold('');
    if (!missing) void look(filterOf(fields), null);
  };
  const download = (format: 'csv' | 'jsonl') => {
    setTried(true);
    if (missing) return;
    void run(async () => {
      let after: string | undefined;
      let questions = 0;
      let files = 0;
      do {
        const file = await api.export({ ...filterOf(fields), format, after });
        if (file.questions > 0 || files === 0) {
          saveBase64(file.name, file.bytes_base64, format === 'csv' ? 'text/csv' : 'application/x-ndjson');
          files++;
        }
        questions += file.questions;
        after = file.next ?? undefined;
      } while (after);
      setTold(t.exported(formatNumber(questions), files));
    });
  };

  return (
    <Page title={t.title} lead={t.lead}>
      <form
        className="section"
        aria-label={t.filters}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <div className="log-filters">
          <SelectField label={t.department} value={fields.department} onChange={(event) => set({ department: event.target.value, person: '' })}>
            <option value="">{t.everyone}</option>
            {(choices?.departments ?? []).map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
          <SelectField label={t.person} value={fields.person} onChange={(event) => set({ person: event.target.value })}>
            <option value="">{t.everyone}</option>
            {people.map((each) => (
              <option key={each.id} value={each.id}>
                {`${each.name}（${each.department}）`}
              </option>
            ))}
          </SelectField>
          <TextField label={t.from} type="date" value={fields.from} onChange={(event) => set({ from: event.target.value })} />
          <TextField label={t.to} type="date" value={fields.to} onChange={(event) => set({ to: event.target.value })} />
          <TextField label={t.words} type="search" value={fields.words} onChange={(event) => set({ words: event.target.value })} />
          <Checkbox label={t.denied} checked={fields.denied} onChange={(event) => set({ denied: event.target.checked })} />
        </div>
        {fields.person !== '' && (
          <TextField
            label={t.basis}
            hint={t.basisHint}
            required
            value={fields.basis}
            error={tried && missing ? t.basisMissing : undefined}
            onChange={(event) => set({ basis: event.target.value })}
          />
        )}
        <div className="table-actions">
          <Button type="submit" kind="solid" icon="search" disabled={busy}>
            {t.find}
          </Button>
          <Button icon="download" disabled={busy} onClick={() => download('csv')}>
            {t.exportCsv}
          </Button>
          <Button icon="download" disabled={busy} onClick={() => download('jsonl')}>
            {t.exportJsonl}
          </Button>
        </div>
        <p className="meta">{t.exportHint}</p>
      </form>
      {choicesError !== null && <ErrorNotice error={choicesError} />}
      {error !== null && <ErrorNotice error={error} />}
      {told && <p role="status">{told}</p>}
      {shown && (
        <>
          <p role="status">
            {shown.items.length === 0 ? t.none : t.found(formatNumber(shown.items.length))}
            {shown.next && shown.back && t.searchedBack(formatTime(shown.back))}
          </p>
          <ul className="log-list">
            {shown.items.map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </ul>
          {shown.next && (
            <div>
              <Button disabled={busy} onClick={() => void look(shown.filter, shown)}>
                {t.older}
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

function Entry({ entry }: { entry: LoggedQuestion }) {
  const who = entry.person.name || entry.person.id;
  const facts: [string, string][] = [
    [t.facts.engine, entry.engine === 'extractive' ? t.builtIn : entry.engine],
    [t.facts.model, entry.model ?? ''],
    [t.facts.state, t.states[entry.state] ?? entry.state],
    [t.facts.characters, [entry.characters.in, entry.characters.out, entry.characters.context].map(formatNumber).join('・')],
    [t.facts.passages, entry.passages.join('、')],
    [
      t.facts.findings,
      entry.findings.map((f) => t.finding(kindName(f.kind), guardTexts.actions[f.action] ?? f.action, f.count)).join('、'),
    ],
    [t.facts.clause, entry.decision === 'allow' ? '' : entry.clause],
    [t.facts.error, entry.error ?? ''],
    [t.facts.seq, [entry.seq, entry.answer_seq].filter((n) => n !== null).join('・')],
  ];
  return (
    <li className={entry.decision === 'deny' ? 'log-entry log-entry-denied' : 'log-entry'}>
      <h3>{t.entry(who, formatTime(entry.at))}</h3>
      <p className="meta">
        {[entry.person.login, entry.person.department, t.doors[entry.door] ?? entry.door, t.decisions[entry.decision] ?? entry.decision]
          .filter(Boolean)
          .join(' / ')}
      </p>
      <div>
        <LabelBadge label={entry.label} />
      </div>
      {entry.content === 'shown' ? (
        <>
          <h4>{t.question}</h4>
          <div className="log-text" tabIndex={0} role="group" aria-label={t.question}>
            {entry.question}
          </div>
          <h4>{t.answer}</h4>
          {entry.answer ? (
            <div className="log-text" tabIndex={0} role="group" aria-label={t.answer}>
              {entry.answer}
            </div>
          ) : (
            <p className="empty">{t.noAnswer}</p>
          )}
        </>
      ) : (
        <p>{t.contents[entry.content]}</p>
      )}
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </li>
  );
}
