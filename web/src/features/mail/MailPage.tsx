// Who is told of notices by mail, and what became of the letters.
import { useState, type FormEvent } from 'react';
import { mail as api, type Mail } from '../../api/mail';
import { Button } from '../../components/Button/Button';
import { Checkbox, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { mailTexts as t } from './messages';

export default function MailPage() {
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const act = useAction();
  const change = (work: () => Promise<Mail>) =>
    void act.run(async () => {
      await work();
      await reload();
    });
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {act.error !== null && <ErrorNotice error={act.error} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          {!data.configured && <Notice tone="warning">{t.off}</Notice>}
          <section className="section" aria-labelledby="mail-rule">
            <h2 id="mail-rule">{t.rule}</h2>
            <Checkbox label={t.ruleAsk} checked={data.opt_out} disabled={act.busy} onChange={(event) => change(() => api.rule(event.target.checked))} />
          </section>
          <Boxes mail={data} busy={act.busy} change={change} />
          <Letters mail={data} />
        </>
      )}
    </Page>
  );
}

function Boxes({ mail, busy, change }: { mail: Mail; busy: boolean; change: (work: () => Promise<Mail>) => void }) {
  const [login, setLogin] = useState('');
  const [address, setAddress] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    change(async () => {
      const next = await api.set(login.trim(), address.trim());
      setLogin('');
      setAddress('');
      return next;
    });
  };
  return (
    <section className="section" aria-labelledby="mail-boxes">
      <h2 id="mail-boxes">{t.boxes}</h2>
      {mail.boxes.length === 0 ? (
        <p className="empty">{t.noBoxes}</p>
      ) : (
        <Table caption={t.boxes} columns={t.boxColumns}>
          {mail.boxes.map((box) => (
            <tr key={`${box.login} ${box.address}`}>
              <th scope="row">{box.name}</th>
              <td>{box.address}</td>
              <td>{box.own ? t.own : t.administrator}</td>
              <td>{box.receives ? t.receives : t.stopped}</td>
              <td>
                <Button size="small" disabled={busy || box.login === ''} aria-label={t.dropOf(box.name)} onClick={() => change(() => api.set(box.login, null))}>
                  {t.drop}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <form className="form" aria-label={t.add} onSubmit={send}>
        <TextField label={t.login} required value={login} onChange={(event) => setLogin(event.target.value)} />
        <TextField label={t.address} type="email" required value={address} onChange={(event) => setAddress(event.target.value)} />
        <div>
          <Button type="submit" disabled={busy || login.trim() === '' || address.trim() === ''}>
            {t.save}
          </Button>
        </div>
      </form>
    </section>
  );
}

function Letters({ mail }: { mail: Mail }) {
  return (
    <section className="section" aria-labelledby="mail-letters">
      <h2 id="mail-letters">{t.letters}</h2>
      {mail.items.length === 0 ? (
        <p className="empty">{t.noLetters}</p>
      ) : (
        <Table caption={t.letters} columns={t.letterColumns}>
          {mail.items.map((letter) => (
            <tr key={letter.id}>
              <th scope="row">{formatTime(letter.made_at)}</th>
              <td>
                {letter.person}
                <div className="meta">{letter.address}</div>
              </td>
              <td>{letter.notices}</td>
              <td>{t.states[letter.state] ?? letter.state}</td>
              <td>
                {t.tries(letter.tries, letter.error)}
                {letter.state === 'waiting' && letter.tries > 0 && <div className="meta">{t.next(formatTime(letter.next_at))}</div>}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
