// Another scheme left several classes: somebody of the unit chooses. As strict or stricter holds at once; lower becomes a request.
import { useState } from 'react';
import { lowering as api } from '../../api/lowering';
import type { Ranks, Unruled, UnruledPage as Queue } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { Rank } from './Rank';
import { Reason } from './Reason';

const axes = ['confidentiality', 'integrity', 'availability'] as const;
const shortest = 5;

export function ChoiceDialog({
  item,
  given,
  least,
  scheme,
  onClose,
  onChosen,
}: {
  item: Unruled;
  given: Ranks;
  least: Ranks;
  scheme: Queue;
  onClose: () => void;
  onChosen: (name: string, approval: string | null) => void;
}) {
  const [ranks, setRanks] = useState(given);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const open = axes.filter((axis) => scheme[axis].length > 0 && least[axis] < given[axis]);
  const choose = () => {
    const short = [...reason.trim()].length < shortest;
    setMissing(short);
    if (short) return;
    void run(async () => {
      const named = Object.fromEntries(open.map((axis) => [axis, ranks[axis]]));
      const made = await api.choose(item.what === 'collection' ? 'collections' : 'documents', item.id, { ...named, reason: reason.trim() });
      onChosen(item.name, made.approval);
    });
  };
  return (
    <FormDialog title={ja.classes.chooseOf(item.name)} submit={ja.classes.choose} busy={busy} onSubmit={choose} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{ja.classes.chooseLead}</p>
      {item.what === 'collection' && <p>{ja.classes.chooseWhole}</p>}
      {open.map((axis) => (
        <Rank
          key={axis}
          label={ja.classes[axis]}
          names={scheme[axis]}
          from={least[axis]}
          value={ranks[axis]}
          now={(name, rank) => (rank === given[axis] ? ja.classes.stays(name) : name)}
          onChange={(rank) => setRanks({ ...ranks, [axis]: rank })}
        />
      ))}
      <Reason value={reason} error={missing ? ja.classes.missingFive : undefined} onChange={setReason} />
    </FormDialog>
  );
}
