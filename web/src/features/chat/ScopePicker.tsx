// Which collections the answer may use, and which model answers.
import { useCallback, useId, useRef, useState } from 'react';
import { collections as collectionsApi, endpoints as endpointsApi } from '../../api';
import { Checkbox, SelectField } from '../../components/Field/Field';
import { Icon } from '../../components/Icon/Icon';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { useLoad } from '../../lib/useLoad';
import { useDismiss } from '../../lib/useDismiss';
import { ja } from '../../messages/ja';
import { useSession } from '../session/session';

export interface Scope {
  collections: string[];
  endpoint: string | null;
}

export function ScopePicker({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const available = useScopeOptions();
  const close = useCallback(() => setOpen(false), []);
  useDismiss(open, close, frame, button);
  const only = scope.collections.length === 1 ? available.collections.find((item) => item.id === scope.collections[0])?.name : undefined;
  const text = scope.collections.length === 0 ? ja.chat.pickerAll : (only ?? ja.chat.pickerCount(scope.collections.length));
  const endpoint =
    available.endpoints.find((item) => item.id === scope.endpoint)?.name ??
    (scope.endpoint === null ? ja.chat.endpointDefault : scope.endpoint);
  return (
    <div className="scope" ref={frame}>
      <button ref={button} type="button" className="scope-button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <Icon name="folder" size={18} />
        <span>
          <span className="visually-hidden">{ja.chat.picker}：</span>
          {text}
        </span>
        {available.endpoints.length > 0 && (
          <span className="scope-endpoint">
            <span className="visually-hidden">{ja.chat.endpoint}：</span>
            {endpoint}
          </span>
        )}
        <Icon name="down" size={14} />
      </button>
      {open && (
        <div id={id} className="scope-panel">
          <fieldset className="field">
            <legend className="field-label">{ja.chat.picker}</legend>
            <p className="field-hint">{available.collections.length === 0 ? ja.chat.pickerEmpty : ja.chat.pickerHint}</p>
            {available.collections.map((item) => (
              <div className="scope-choice" key={item.id}>
                <Checkbox
                  label={item.name}
                  checked={scope.collections.includes(item.id)}
                  onChange={(event) => onChange({ ...scope, collections: toggled(scope.collections, item.id, event.target.checked) })}
                />
                <LabelBadge label={item.label} />
              </div>
            ))}
          </fieldset>
          {available.endpoints.length > 0 && (
            <SelectField
              label={ja.chat.endpoint}
              value={scope.endpoint ?? ''}
              onChange={(event) => onChange({ ...scope, endpoint: event.target.value || null })}
            >
              <option value="">{ja.chat.endpointDefault}</option>
              {available.endpoints.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.name}
                </option>
              ))}
            </SelectField>
          )}
        </div>
      )}
    </div>
  );
}

function toggled(list: string[], id: string, on: boolean): string[] {
  return on ? [...list, id] : list.filter((other) => other !== id);
}

// Endpoints are asked for only by those who may see them: a refusal would be recorded against everyone who opens a page.
function useScopeOptions() {
  const { session } = useSession();
  const mayList = session.user.powers.includes('chat.use');
  const collections = useLoad(() => collectionsApi.list(), []);
  const endpoints = useLoad(async () => (mayList ? endpointsApi.list() : []), [mayList]);
  return { collections: collections.data ?? [], endpoints: (endpoints.data ?? []).filter((item) => item.state === 'usable') };
}
