import { useState } from 'react';
import { endpoints as api, services } from '../../api';
import type { Endpoint, EndpointInput } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { Checkbox, CheckGroup, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { useWords } from '../organisation/words';
import { useSession } from '../session/session';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';

const blank: EndpointInput = {
  name: '',
  protocol: 'openai',
  url: '',
  model: '',
  ceiling: 2,
  segments: [],
  region: '',
  governing_law: '',
  service: '',
  home: '',
  enabled: true,
};

function inputOf(endpoint: Endpoint | null, segment: string): EndpointInput {
  if (!endpoint) return { ...blank, segments: segment === '' ? [] : [segment] };
  const { name, protocol, url, model, ceiling, segments, region, governing_law, service, home, enabled } = endpoint;
  return { name, protocol, url, model, ceiling, segments, region, governing_law, service: service ?? '', home, enabled };
}

export function EndpointDialog({ endpoint, onClose }: { endpoint: Endpoint | null; onClose: (changed: boolean) => void }) {
  const { session } = useSession();
  const words = useWords();
  const [value, setValue] = useState<EndpointInput>(inputOf(endpoint, session.segment));
  const [apiKey, setApiKey] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const approved = useLoad(() => services.list(), []).data?.filter((item) => item.state === 'in force' || item.id === endpoint?.service) ?? [];
  const change = (part: Partial<EndpointInput>) => setValue({ ...value, ...part });
  const save = () => {
    const incomplete = [value.name, value.url, value.model].some((text) => text.trim() === '');
    setMissing(incomplete);
    if (incomplete) return;
    void run(async () => {
      const body = apiKey === '' ? value : { ...value, api_key: apiKey };
      // What is not approved names no service; a record that stays as it was is not named again.
      const { service, ...rest } = body;
      const named = service === (endpoint?.service ?? '') ? rest : body;
      await (endpoint ? api.change(endpoint.id, named) : api.create(named));
      onClose(true);
    });
  };
  return (
    <FormDialog
      title={endpoint ? ja.endpoints.editTitle(endpoint.name) : ja.endpoints.create}
      submit={ja.save}
      busy={busy}
      onSubmit={save}
      onClose={() => onClose(false)}
    >
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{ja.endpoints.missing}</p>
        </Notice>
      )}
      <TextField label={ja.endpoints.name} value={value.name} required onChange={(event) => change({ name: event.target.value })} />
      <SelectField label={ja.endpoints.protocol} value={value.protocol} onChange={(event) => change({ protocol: event.target.value })}>
        {Object.entries(ja.endpoints.protocols).map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </SelectField>
      <TextField
        label={ja.endpoints.url}
        hint={ja.endpoints.urlHint}
        type="url"
        value={value.url}
        required
        spellCheck={false}
        onChange={(event) => change({ url: event.target.value })}
      />
      <TextField
        label={ja.endpoints.model}
        value={value.model}
        required
        spellCheck={false}
        onChange={(event) => change({ model: event.target.value })}
      />
      <TextField
        label={ja.endpoints.apiKey}
        hint={endpoint?.has_api_key ? ja.endpoints.apiKeyKeep : undefined}
        type="password"
        value={apiKey}
        autoComplete="off"
        onChange={(event) => setApiKey(event.target.value)}
      />
      <SelectField label={ja.endpoints.ceiling} value={value.ceiling} onChange={(event) => change({ ceiling: Number(event.target.value) })}>
        {words.profile.confidentiality.map((level, index) => (
          <option key={level.name} value={index + 1}>
            {ja.endpoints.ceilingOf(level.name)}
          </option>
        ))}
      </SelectField>
      {words.profile.segments.length > 0 && (
        <CheckGroup
          legend={ja.endpoints.segments}
          options={words.profile.segments.map(({ code, name }) => ({ value: code, label: name }))}
          chosen={value.segments}
          onChange={(segments) => change({ segments })}
        />
      )}
      <TextField label={ja.endpoints.region} value={value.region} onChange={(event) => change({ region: event.target.value })} />
      <TextField label={ja.endpoints.law} value={value.governing_law} onChange={(event) => change({ governing_law: event.target.value })} />
      <SelectField label={ja.endpoints.service} value={value.service} onChange={(event) => change({ service: event.target.value })}>
        <option value="">{ja.endpoints.noService}</option>
        {approved.map((item) => (
          <option key={item.id} value={item.id}>
            {item.name}（{item.approval}）
          </option>
        ))}
      </SelectField>
      <SelectField label={ja.endpoints.home} value={value.home} onChange={(event) => change({ home: event.target.value })}>
        <option value="">{ja.endpoints.noHome}</option>
        {words.profile.segments.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <Checkbox label={ja.endpoints.enabled} checked={value.enabled} onChange={(event) => change({ enabled: event.target.checked })} />
    </FormDialog>
  );
}
