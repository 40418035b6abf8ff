// Remarks, people who take part, and other cases that this one is linked with.
import { useState, type FormEvent } from 'react';
import { office as api } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { SelectField, TextArea } from '../../components/Field/Field';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import type { PartProps } from './CasePage';
import { findCases, findPeople } from './finds';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { Picker } from './Picker';

export function CaseRemarks(part: PartProps) {
  if (!part.one.may_comment) return null;
  return (
    <section className="section" aria-labelledby="office-remarks">
      <h2 id="office-remarks">{t.comments}</h2>
      <Comment key={`c${part.one.history.length}`} {...part} />
      <details className="office-later">
        <summary>{t.participants}</summary>
        <Participant key={`p${part.one.history.length}`} {...part} />
      </details>
    </section>
  );
}

function Comment({ one, onChange }: PartProps) {
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const put = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setMissing(text.trim() === '');
    if (text.trim() !== '') void put.run(async () => onChange(await api.comment(one.id, text.trim()), t.done(t.comments)));
  };
  return (
    <form className="form office-form" onSubmit={send} noValidate>
      {put.error !== null && <OfficeError error={put.error} />}
      <TextArea label={t.comment} rows={3} error={missing ? t.commentMissing : undefined} value={text} onChange={(event) => setText(event.target.value)} />
      <div>
        <Button type="submit" disabled={put.busy}>
          {t.addComment}
        </Button>
      </div>
    </form>
  );
}

function Participant({ one, onChange }: PartProps) {
  const [login, setLogin] = useState('');
  const put = useAction();
  return (
    <div className="form office-form">
      <Picker label={t.participant} hint={`${t.participantHint}${t.findPeople}`} several={false} chosen={login === '' ? [] : [login]} find={findPeople} onChange={(next) => setLogin(next[0] ?? '')} />
      {put.error !== null && <OfficeError error={put.error} />}
      <div>
        <Button disabled={put.busy || login === ''} onClick={() => void put.run(async () => onChange(await api.addParticipant(one.id, login), t.done(t.participants)))}>
          {t.addParticipant}
        </Button>
      </div>
    </div>
  );
}

export function CaseLinks(part: PartProps) {
  const { links, history } = part.one;
  return (
    <section className="section" aria-labelledby="office-links">
      <h2 id="office-links">{t.links}</h2>
      {links.length === 0 && <p className="field-hint">{t.noLinks}</p>}
      <ul className="office-files">
        {links.map((link) => (
          <li key={link.id}>
            {link.definition === '' ? link.number : <Link href={`/office/cases/${link.id}`}>{`${link.number} ${link.subject}`}</Link>}
            <span className="meta">{link.state || t.hidden}</span>
          </li>
        ))}
      </ul>
      <LinkForm key={history.length} {...part} />
    </section>
  );
}

// Its parts are asked for only when somebody opens it.
function LinkForm({ one, onChange }: PartProps) {
  const [open, setOpen] = useState(false);
  const { data } = useLoad(async () => (open ? (await api.registers()).items.filter((item) => !item.broken) : []), [open]);
  const [register, setRegister] = useState(one.definition);
  const [other, setOther] = useState('');
  const put = useAction();
  return (
    <details className="office-later" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.addLink}</summary>
      <div className="form office-form">
        <SelectField
          label={t.linkIn}
          value={register}
          onChange={(event) => {
            setRegister(event.target.value);
            setOther('');
          }}
        >
          {(data ?? []).map((item) => (
            <option key={item.name} value={item.name}>
              {item.title}
            </option>
          ))}
        </SelectField>
        <Picker key={register} label={t.linkFind} hint={t.findCases} several={false} chosen={other === '' ? [] : [other]} find={(words) => findCases(register, words)} onChange={(next) => setOther(next[0] ?? '')} />
        {put.error !== null && <OfficeError error={put.error} />}
        <div>
          <Button disabled={put.busy || other === ''} onClick={() => void put.run(async () => onChange(await api.link(one.id, other), t.done(t.addLink)))}>
            {t.link}
          </Button>
        </div>
      </div>
    </details>
  );
}
