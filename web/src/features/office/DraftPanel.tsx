// A draft beside a field: made on request, shown, and taken over by the person who writes. Nothing is stored in the case here.
import { useEffect, useId, useRef, useState } from 'react';
import { chats, endpoints as endpointsApi } from '../../api';
import { ApiError } from '../../api/client';
import { sheets, type DraftOpen } from '../../api/sheets';
import { followStream } from '../../api/stream';
import type { ChatEvent } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { SelectField } from '../../components/Field/Field';
import { Notice } from '../../components/Notice/Notice';
import { useLoad } from '../../lib/useLoad';
import { OfficeError } from './OfficeError';
import { sheetTexts as s } from './sheetMessages';

interface Made {
  open: DraftOpen | null;
  text: string;
  ended: boolean;
  problem: string;
}

export function DraftPanel({ id, field, title, written, onTake }: { id: string; field: string; title: string; written: string; onTake: (text: string) => void }) {
  const [shown, setShown] = useState(false);
  return shown ? (
    <Panel id={id} field={field} title={title} written={written} onTake={onTake} onClose={() => setShown(false)} />
  ) : (
    <div>
      <Button size="small" aria-label={s.draftOf(title)} onClick={() => setShown(true)}>
        {s.draft}
      </Button>
    </div>
  );
}

function Panel({ id, field, title, written, onTake, onClose }: { id: string; field: string; title: string; written: string; onTake: (text: string) => void; onClose: () => void }) {
  const heading = useId();
  const [endpoint, setEndpoint] = useState('');
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [taken, setTaken] = useState(false);
  const running = useRef<AbortController | null>(null);
  const { data } = useLoad(() => endpointsApi.list(), []);
  const usable = (data ?? []).filter((each) => each.state === 'usable');
  useEffect(() => () => running.current?.abort(), []);

  const make = async (confirm: boolean) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setError(null);
    setTaken(false);
    setMade({ open: null, text: '', ended: false, problem: '' });
    const change = (next: (old: Made) => Made) => setMade((old) => (old === null ? old : next(old)));
    const onEvent = (event: ChatEvent) => {
      if (event.type === 'open') change((old) => ({ ...old, open: event.data as unknown as DraftOpen }));
      else if (event.type === 'delta') change((old) => ({ ...old, text: old.text + event.data.text }));
      else if (event.type === 'done') change((old) => ({ ...old, ended: true }));
      else if (event.type === 'error') change((old) => ({ ...old, ended: true, problem: event.data.title || s.stopped }));
    };
    try {
      await followStream(
        {
          first: (signal) => sheets.draft(id, { field, endpoint: endpoint || null, confirm }, signal),
          streamId: null,
          resume: chats.resume,
          onEvent,
          onReconnecting: () => undefined,
        },
        controller.signal,
      );
    } catch (problem) {
      if (controller.signal.aborted) return;
      setError(problem);
      setMade((old) => (old && old.text !== '' ? { ...old, ended: true, problem: s.stopped } : null));
    }
  };
  const stop = () => {
    if (made?.open) void chats.stop(made.open.stream_id).catch(() => undefined);
  };
  const take = (text: string) => {
    onTake(text);
    setTaken(true);
  };
  const asks = error instanceof ApiError && error.problem.key === 'guards.confirm';
  return (
    <section className="office-draft" aria-labelledby={heading}>
      <p className="field-label" id={heading}>
        {s.draftTitle(title)}
      </p>
      <p className="field-hint">{s.draftLead}</p>
      <SelectField label={s.by} hint={data && usable.length === 0 ? s.noModel : undefined} value={endpoint} onChange={(event) => setEndpoint(event.target.value)}>
        <option value="">{s.builtIn}</option>
        {usable.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      {error !== null && <OfficeError error={error} />}
      <div className="office-actions">
        {asks ? (
          <Button size="small" onClick={() => void make(true)}>
            {s.sendAnyway}
          </Button>
        ) : (
          <Button size="small" disabled={made !== null && !made.ended} onClick={() => void make(false)}>
            {s.draft}
          </Button>
        )}
        {made !== null && !made.ended && (
          <Button size="small" onClick={stop}>
            {s.stop}
          </Button>
        )}
        <Button size="small" onClick={onClose}>
          {s.discard}
        </Button>
      </div>
      {made?.open && made.open.notice !== '' && (
        <Notice tone="info">
          <p>{made.open.notice}</p>
        </Notice>
      )}
      <p role="status" className="field-hint">
        {taken ? s.taken : made === null ? '' : !made.ended ? s.drafting : made.open && made.open.notice === '' ? s.made(made.open.engine, made.open.model) : ''}
      </p>
      {made && made.text !== '' && (
        <div className="office-draft-text office-text" tabIndex={0} role="group" aria-labelledby={heading}>
          {made.text}
        </div>
      )}
      {made?.problem && <p className="field-error">{made.problem}</p>}
      {made?.ended && made.text !== '' && (
        <div className="office-actions">
          <Button size="small" kind="solid" onClick={() => take(made.text)}>
            {s.take}
          </Button>
          {written.trim() !== '' && (
            <Button size="small" onClick={() => take(`${written.trimEnd()}\n${made.text}`)}>
              {s.takeAfter}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
