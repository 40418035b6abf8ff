// One case: where it stands, what can be done now, what is written, and how it came here. Drawn from its definition alone.
import { useEffect, useMemo, useRef, useState } from 'react';
import { office as api, type OfficeCase, type OfficeDefinition } from '../../api/office';
import { ButtonLink } from '../../components/Button/Button';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { warekiMinute } from '../../lib/wareki';
import { CaseActions } from './CaseActions';
import { CaseDossier } from './CaseDossier';
import { CaseFields } from './CaseFields';
import { CaseFiles } from './CaseFiles';
import { CaseHistory, CaseNotices } from './CaseHistory';
import { CaseLinks, CaseRemarks } from './CaseAround';
import { officeTexts as t } from './messages';
import { NamesProvider } from './names';
import { OfficeError } from './OfficeError';
import { Due, StateTag } from './StateTag';
import './Office.css';

export interface Loaded {
  one: OfficeCase;
  definition: OfficeDefinition;
}

// A case is shown by the version of the definition that it was opened under.
export async function loadCase(id: string): Promise<Loaded> {
  const one = await api.get(id);
  return { one, definition: (await api.definition(one.definition, one.version)).definition };
}

export interface PartProps extends Loaded {
  onChange: (next: OfficeCase, said: string) => void;
  onReload: () => void;
}

export default function CasePage({ id }: { id: string }) {
  const { data, error, reload, set } = useLoad(() => loadCase(id), [id]);
  const [said, setSaid] = useState({ text: '', n: 0 });
  const message = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (said.n > 0) message.current?.focus();
  }, [said.n]);
  // What is on the screen has been seen.
  const unseen = data?.one.notices.filter((notice) => notice.unseen) ?? [];
  const told = unseen.map((notice) => notice.id).join(' ');
  useEffect(() => {
    for (const notice of told.split(' ').filter(Boolean)) api.see(notice).catch(() => undefined);
  }, [told]);
  const known = useMemo(() => (data ? namesOf(data.one) : {}), [data]);
  const change = (next: OfficeCase, text: string) => {
    set((old) => ({ ...old, one: next }));
    setSaid((old) => ({ text, n: old.n + 1 }));
  };
  const part = data && { ...data, onChange: change, onReload: () => void reload() };
  return (
    <Page
      title={data ? [data.one.number, data.one.subject].filter(Boolean).join('　') : t.title}
      lead={data?.definition.title}
      actions={data && <ButtonLink href={`/office/cases/${id}/print`}>{t.print}</ButtonLink>}
    >
      {data && (
        <p>
          <Link href={`/office/registers/${data.one.definition}`}>{t.backTo(data.definition.title)}</Link>
        </p>
      )}
      <div ref={message} tabIndex={-1} role="status" className="office-said">
        {said.text !== '' && (
          <Notice tone="success">
            <p>{said.text}</p>
          </Notice>
        )}
      </div>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {part && (
        <NamesProvider known={known} departments>
          {unseen.length > 0 && (
            <Notice tone="info">
              {unseen.map((notice) => (
                <p key={notice.id}>{notice.text}</p>
              ))}
            </Notice>
          )}
          <Facts one={part.one} />
          <States {...part} />
          <CaseActions {...part} />
          <CaseFields {...part} />
          <CaseFiles {...part} />
          <CaseDossier {...part} />
          <CaseRemarks {...part} />
          <CaseLinks {...part} />
          <CaseHistory one={part.one} />
          <CaseNotices one={part.one} />
        </NamesProvider>
      )}
    </Page>
  );
}

// Where the server sends no names, a field of one person, department or case has its words as its text.
function namesOf(one: OfficeCase): Record<string, string> {
  const single = one.fields.filter((field) => typeof field.value === 'string' && field.text !== '').map((field) => [String(field.value), field.text]);
  return { ...Object.fromEntries(single), ...one.names };
}

function Facts({ one }: { one: OfficeCase }) {
  return (
    <dl className="facts">
      {[
        [t.builtin.state, <StateTag key="s" title={one.state_title} kind={one.kind} />],
        [t.due, <Due key="d" item={one} />],
        [t.builtin.unit, one.unit],
        [t.opener, one.opener],
        [t.openedAt, warekiMinute(one.opened_at)],
        [t.assigned, one.assigned || t.nobody],
      ].map(([name, value]) => (
        <div key={String(name)}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{t.label}</dt>
        <dd>
          <LabelBadge label={one.label} />
        </dd>
      </div>
    </dl>
  );
}

// The case and its branches that go on beside it.
function States({ one, definition }: Loaded) {
  const help = definition.states.find((state) => state.key === one.state)?.help;
  if (one.regions.length === 0 && !help) return null;
  return (
    <section className="section" aria-labelledby="office-states">
      <h2 id="office-states">{t.states}</h2>
      {help && <p>{help}</p>}
      {one.regions.length > 0 && (
        <ul className="office-branches">
          <li>
            <strong>{t.mainState}</strong>
            <StateTag title={one.state_title} kind={one.kind} />
          </li>
          {one.regions.map((region) => (
            <li key={region.region}>
              <strong>{region.title}</strong>
              <StateTag title={region.state_title} kind={region.kind} />
              {!region.live && <span className="field-hint">{t.notLive}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
