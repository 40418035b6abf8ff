// The request for a lower class: what it is now, what it shall be, and why. Others decide.
import { useState } from 'react';
import { lowering as api, type Labelled, type LoweringChoice } from '../../api/lowering';
import { Checkbox, SelectField, TextArea } from '../../components/Field/Field';
import { Dialog, FormDialog } from '../../components/Dialog/Dialog';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { text } from './messages';

type Axis = 'confidentiality' | 'integrity' | 'availability';
const axes: Axis[] = ['confidentiality', 'integrity', 'availability'];
const letters: Record<Axis, 'c' | 'i' | 'a'> = { confidentiality: 'c', integrity: 'i', availability: 'a' };
const shortest = 5;

export function LowerDialog({ what, id, onClose }: { what: Labelled; id: string; onClose: () => void }) {
  const { data, error, reload } = useLoad(() => api.choice(what, id), [what, id]);
  if (data) return <Form what={what} choice={data} onClose={onClose} />;
  return (
    <Dialog title={text.ask} onClose={onClose}>
      {error !== null ? <ErrorNotice error={error} onRetry={() => void reload()} /> : <Spinner />}
    </Dialog>
  );
}

function Form({ what, choice, onClose }: { what: Labelled; choice: LoweringChoice; onClose: () => void }) {
  const [ranks, setRanks] = useState<Record<Axis, number>>({ confidentiality: choice.label.c, integrity: choice.label.i, availability: choice.label.a });
  const [everyone, setEveryone] = useState(false);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState({ reason: false, nothing: false });
  const { busy, error, run } = useAction();
  const send = () => {
    const lower = axes.filter((axis) => ranks[axis] < choice.label[letters[axis]]);
    const found = { reason: [...reason.trim()].length < shortest, nothing: lower.length === 0 && !everyone };
    setWrong(found);
    if (found.reason || found.nothing) return;
    const named = Object.fromEntries(lower.map((axis) => [axis, ranks[axis]]));
    void run(async () => {
      const { approval } = await api.ask(what, choice.id, { ...named, ...(everyone ? { everyone } : {}), reason: reason.trim() });
      navigate(`/approvals/${approval}`);
    });
  };
  return (
    <FormDialog title={text.title(choice.name)} submit={text.submit} busy={busy} onSubmit={send} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{text.lead}</p>
      {typeof choice.documents === 'number' && <p>{text.together(choice.documents)}</p>}
      <p className="meta">
        {text.now} <LabelBadge label={choice.label} />
      </p>
      {axes.map((axis) => (
        <Rank key={axis} axis={axis} names={choice[axis]} now={choice.label[letters[axis]]} value={ranks[axis]} onChange={(rank) => setRanks({ ...ranks, [axis]: rank })} />
      ))}
      {choice.label.readers.length > 0 && (
        <div className="field">
          <Checkbox label={text.everyone} checked={everyone} onChange={(event) => setEveryone(event.target.checked)} />
          <p className="field-hint">{text.everyoneHint(choice.label.readers.join('、'))}</p>
        </div>
      )}
      {wrong.nothing && (
        <p className="field-error" role="alert">
          {text.nothing}
        </p>
      )}
      <TextArea
        label={text.reason}
        hint={text.reasonHint}
        required
        rows={3}
        maxLength={2000}
        value={reason}
        error={wrong.reason ? text.missing : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}

// Only what is not higher than now can be chosen; an axis on its lowest rank has no choice.
function Rank({ axis, names, now, value, onChange }: { axis: Axis; names: string[]; now: number; value: number; onChange: (rank: number) => void }) {
  if (now < 2 || now > names.length) return null;
  return (
    <SelectField label={text.axes[axis]} value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {names.slice(0, now).map((name, n) => (
        <option key={name} value={n + 1}>
          {n + 1 === now ? text.stays(name) : name}
        </option>
      ))}
    </SelectField>
  );
}
