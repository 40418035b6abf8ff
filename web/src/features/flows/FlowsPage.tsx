import { useState } from 'react';
import { endpoints, flows as api } from '../../api';
import type { Endpoint, Flow, NewFlow } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { CheckGroup, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { untilDay } from '../../lib/days';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';
import '../endpoints/Endpoints.css';
import { EndRecordDialog } from '../services/EndRecordDialog';
import { flows as text, records, services } from '../services/messages';
import { RecordCard, RecordList } from '../services/RecordCard';

export default function FlowsPage() {
  const { segment: segmentName } = useWords();
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const models = useLoad(() => endpoints.list(), []).data ?? [];
  const [creating, setCreating] = useState(false);
  const [ending, setEnding] = useState<Flow | null>(null);
  const nameOf = (flow: Flow) =>
    `${segmentName(flow.from_segment)} → ${
      flow.to_endpoint !== ''
        ? (models.find((model) => model.id === flow.to_endpoint)?.name ?? flow.to_endpoint)
        : text.toSegment(segmentName(flow.to_segment))
    }`;
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
              name={nameOf(item)}
              record={item}
              facts={[
                [text.purpose, item.purpose],
                [text.content, item.content.map((form) => text.forms[form] ?? form).join('、')],
                [text.route, item.route || ja.none],
                [text.permittedBy, item.permitted_by],
                [records.registeredBy, item.opened_by],
              ]}
              onEnd={() => setEnding(item)}
            />
          )}
        />
      )}
      {creating && <FlowDialog models={models} onClose={close} />}
      {ending && <EndRecordDialog name={nameOf(ending)} end={(reason) => api.end(ending.id, reason)} onClose={close} />}
    </Page>
  );
}

function FlowDialog({ models, onClose }: { models: Endpoint[]; onClose: (changed: boolean) => void }) {
  const words = useWords();
  const [value, setValue] = useState<NewFlow>({ from_segment: '', purpose: '', content: ['text'], route: '', permitted_by: '' });
  const [to, setTo] = useState('');
  const [until, setUntil] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const change = (part: Partial<NewFlow>) => setValue({ ...value, ...part });
  const save = () => {
    const incomplete =
      value.content.length === 0 || to === '' || [value.from_segment, value.purpose, value.permitted_by].some((part) => part.trim() === '');
    setMissing(incomplete);
    if (incomplete) return;
    const [kind, target] = to.split(':');
    void run(async () => {
      await api.open({
        ...value,
        ...(kind === 'endpoint' ? { to_endpoint: target } : { to_segment: target }),
        ...(until === '' ? {} : { valid_to: untilDay(until) }),
      });
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
      <SelectField label={text.from} value={value.from_segment} required onChange={(event) => change({ from_segment: event.target.value })}>
        <option value="">{text.choose}</option>
        {words.profile.segments.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField label={text.to} value={to} required onChange={(event) => setTo(event.target.value)}>
        <option value="">{text.choose}</option>
        {models.map((model) => (
          <option key={model.id} value={`endpoint:${model.id}`}>
            {text.toEndpoint(model.name)}
          </option>
        ))}
        {words.profile.segments.map(({ code, name }) => (
          <option key={code} value={`segment:${code}`}>
            {text.toSegment(name)}
          </option>
        ))}
      </SelectField>
      <TextField label={text.purpose} value={value.purpose} required onChange={(event) => change({ purpose: event.target.value })} />
      <CheckGroup
        legend={text.content}
        options={Object.entries(text.forms).map(([form, label]) => ({ value: form, label }))}
        chosen={value.content}
        onChange={(content) => change({ content })}
      />
      <TextField label={text.route} hint={text.routeHint} value={value.route ?? ''} onChange={(event) => change({ route: event.target.value })} />
      <TextField
        label={text.permittedBy}
        value={value.permitted_by}
        required
        onChange={(event) => change({ permitted_by: event.target.value })}
      />
      <TextField label={services.validTo} hint={services.validToHint} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
    </FormDialog>
  );
}
