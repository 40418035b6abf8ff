// One's own address for mail about notices.
import { useEffect, useState, type FormEvent } from 'react';
import { mail as api } from '../../api/mail';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { mailTexts as t } from './messages';

export function OwnMail() {
  const { data, error, reload } = useLoad(() => api.own(), []);
  const [address, setAddress] = useState('');
  const [saved, setSaved] = useState(false);
  const save = useAction();
  useEffect(() => setAddress(data?.address ?? ''), [data]);
  const put = (next: string | null) =>
    void save.run(async () => {
      setSaved(false);
      await api.setOwn(next);
      await reload();
      setSaved(true);
    });
  const send = (event: FormEvent) => {
    event.preventDefault();
    put(address.trim() || null);
  };
  return (
    <section className="section" aria-labelledby="own-mail">
      <h2 id="own-mail">{t.ownTitle}</h2>
      <p>{t.ownLead}</p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {save.error !== null && <ErrorNotice error={save.error} />}
      {data && (
        <form className="form" onSubmit={send}>
          <p className="field-hint">{data.address === null ? t.ownOff : !data.receives ? t.ownStopped : !data.may_stop ? t.ownFixed : ''}</p>
          <TextField label={t.address} type="email" value={address} readOnly={!data.may_stop} onChange={(event) => setAddress(event.target.value)} />
          <p role="status" className="field-hint">
            {saved && t.saved}
          </p>
          {data.may_stop && (
            <div className="office-actions">
              <Button type="submit" disabled={save.busy || address.trim() === ''}>
                {t.save}
              </Button>
              {data.receives && (
                <Button disabled={save.busy} onClick={() => put(null)}>
                  {t.stop}
                </Button>
              )}
            </div>
          )}
        </form>
      )}
    </section>
  );
}
