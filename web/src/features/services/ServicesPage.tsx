import { useState } from 'react';
import { services as api } from '../../api';
import type { ExternalService, NewExternalService } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { untilDay } from '../../lib/days';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';
import '../endpoints/Endpoints.css';
import { EndRecordDialog } from './EndRecordDialog';
import { records, services as text } from './messages';
import { RecordCard, RecordList } from './RecordCard';

export default function ServicesPage() {
  const words = useWords();
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const [creating, setCreating] = useState(false);
  const [ending, setEnding] = useState<ExternalService | null>(null);
  const close = (changed: boolean) => {
    setCreating(false);
    setEnding(null);
    if (changed) void reload();
  };
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        <Button kind="solid" icon="add" onClick={() => setCreating(true)}>
          {text.create}
        </Button>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.length === 0 && <p className="empty">{text.empty}</p>}
      {data && (
        <RecordList
          items={data}
          card={(item) => (
            <RecordCard
              key={item.id}
              name={item.name}
              record={item}
              facts={[
                [text.provider, item.provider || ja.none],
                [text.ceiling, ja.endpoints.ceilingOf(words.confidentiality(item.ceiling))],
                [text.region, item.region || ja.none],
                [text.law, item.governing_law || ja.none],
                [text.approvedBy, item.approved_by || ja.none],
                [text.approval, item.approval],
                [records.registeredBy, item.registered_by],
              ]}
              onEnd={() => setEnding(item)}
            />
          )}
        />
      )}
      {creating && <ServiceDialog onClose={close} />}
      {ending && <EndRecordDialog name={ending.name} end={(reason) => api.end(ending.id, reason)} onClose={close} />}
    </Page>
  );
}

const blank: NewExternalService = { provider: '', name: '', ceiling: 2, region: '', governing_law: '', approved_by: '', approval: '' };

function ServiceDialog({ onClose }: { onClose: (changed: boolean) => void }) {
  const words = useWords();
  const [value, setValue] = useState(blank);
  const [until, setUntil] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const change = (part: Partial<NewExternalService>) => setValue({ ...value, ...part });
  const save = () => {
    const incomplete = [value.provider, value.name, value.approved_by, value.approval].some((part) => part.trim() === '');
    setMissing(incomplete);
    if (incomplete) return;
    void run(async () => {
      await api.register(until === '' ? value : { ...value, valid_to: untilDay(until) });
      onClose(true);
    });
  };
  return (
    <FormDialog title={text.create} submit={ja.save} busy={busy} onSubmit={save} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{text.missing}</p>
        </Notice>
      )}
      <TextField label={text.provider} value={value.provider} required onChange={(event) => change({ provider: event.target.value })} />
      <TextField label={text.name} value={value.name} required onChange={(event) => change({ name: event.target.value })} />
      <SelectField label={text.ceiling} value={value.ceiling} onChange={(event) => change({ ceiling: Number(event.target.value) })}>
        {words.profile.confidentiality.map((_, index) => index + 1).map((rank) => (
          <option key={rank} value={rank}>
            {ja.endpoints.ceilingOf(words.confidentiality(rank))}
          </option>
        ))}
      </SelectField>
      <TextField label={text.region} value={value.region} onChange={(event) => change({ region: event.target.value })} />
      <TextField label={text.law} value={value.governing_law} onChange={(event) => change({ governing_law: event.target.value })} />
      <TextField label={text.approvedBy} value={value.approved_by} required onChange={(event) => change({ approved_by: event.target.value })} />
      <TextField label={text.approval} value={value.approval} required onChange={(event) => change({ approval: event.target.value })} />
      <TextField label={text.validTo} hint={text.validToHint} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
    </FormDialog>
  );
}
