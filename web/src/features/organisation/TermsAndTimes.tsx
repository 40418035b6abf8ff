// Terms and time words. A change here makes a draft of the next version; nothing changes until that is confirmed and put in force.
import { useState } from 'react';
import { organisation as api } from '../../api';
import type { OrganisationProfile, TimeWord } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { texts } from './messages';

interface Props {
  document: OrganisationProfile;
  onDraft: (number: number) => void;
}

export function Terms({ document, onDraft }: Props) {
  const [key, setKey] = useState<string | null>(null);
  const { termColumns } = texts;
  const name = (code: string) => texts.termNames[code] ?? code;
  return (
    <>
      <Table caption={texts.sections.terms} columns={Object.values(termColumns)}>
        {Object.entries(document.terms).map(([code, word]) => (
          <tr key={code}>
            <th scope="row">{name(code)}</th>
            <td data-label={termColumns.word}>{word}</td>
            <td>
              <Button size="small" aria-label={texts.editTerm(name(code))} onClick={() => setKey(code)}>
                {ja.edit}
              </Button>
            </td>
          </tr>
        ))}
      </Table>
      {key !== null && (
        <TermDialog
          title={texts.editTerm(name(key))}
          word={document.terms[key] ?? ''}
          onClose={() => setKey(null)}
          save={async (word) => {
            const made = await api.draft({ ...document, terms: { ...document.terms, [key]: word } }, texts.termNote(name(key)));
            setKey(null);
            onDraft(made.number);
          }}
        />
      )}
    </>
  );
}

function TermDialog({ title, word, save, onClose }: { title: string; word: string; save: (word: string) => Promise<void>; onClose: () => void }) {
  const [value, setValue] = useState(word);
  const { busy, error, run } = useAction();
  return (
    <FormDialog title={title} submit={ja.save} busy={busy} onSubmit={() => void run(() => save(value.trim()))} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <TextField label={texts.termColumns.word} value={value} required onChange={(event) => setValue(event.target.value)} />
    </FormDialog>
  );
}

export function TimeWords({ document, onDraft }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { timeColumns } = texts;
  return (
    <>
      <Table caption={texts.sections.time} columns={Object.values(timeColumns)}>
        {document.time_words.map((item, index) => (
          <tr key={`${item.word}${item.process}`}>
            <th scope="row">{item.word}</th>
            <td data-label={timeColumns.process}>{item.process}</td>
            <td data-label={timeColumns.figure}>{item.minutes === null ? texts.undecided : texts.minutes(item.minutes)}</td>
            <td data-label={timeColumns.by}>{item.decided_by ?? ''}</td>
            <td data-label={timeColumns.on}>{item.decided_on ?? ''}</td>
            <td>
              <Button size="small" aria-label={texts.decideOf(item.word, item.process)} onClick={() => setChosen(index)}>
                {texts.decide}
              </Button>
            </td>
          </tr>
        ))}
      </Table>
      {chosen !== null && document.time_words[chosen] && (
        <TimeDialog
          item={document.time_words[chosen]}
          onClose={() => setChosen(null)}
          save={async (decided) => {
            const time_words = document.time_words.map((old, index) => (index === chosen ? decided : old));
            const made = await api.draft({ ...document, time_words }, texts.decideNote(decided.word, decided.process));
            setChosen(null);
            onDraft(made.number);
          }}
        />
      )}
    </>
  );
}

function TimeDialog({ item, save, onClose }: { item: TimeWord; save: (decided: TimeWord) => Promise<void>; onClose: () => void }) {
  const [minutes, setMinutes] = useState(item.minutes === null ? '' : String(item.minutes));
  const [by, setBy] = useState(item.decided_by ?? '');
  const [on, setOn] = useState(item.decided_on ?? '');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const submit = () => {
    const incomplete = !/^\d+$/.test(minutes) || by.trim() === '' || on === '';
    setMissing(incomplete);
    if (!incomplete) void run(() => save({ ...item, minutes: Number(minutes), decided_by: by.trim(), decided_on: on }));
  };
  return (
    <FormDialog title={texts.decideOf(item.word, item.process)} submit={ja.save} busy={busy} onSubmit={submit} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{texts.incomplete}</p>
        </Notice>
      )}
      <TextField label={texts.minutesField} value={minutes} required inputMode="numeric" onChange={(event) => setMinutes(event.target.value)} />
      <TextField label={texts.decidedBy} value={by} required onChange={(event) => setBy(event.target.value)} />
      <TextField label={texts.decidedOn} type="date" value={on} required onChange={(event) => setOn(event.target.value)} />
    </FormDialog>
  );
}
