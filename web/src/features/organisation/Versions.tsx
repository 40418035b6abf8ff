// Versions of the profile: draft from a file, look at what changes, confirm (somebody else), put in force.
import { useState } from 'react';
import { organisation as api } from '../../api';
import type { OrganisationProfile, ProfileVersion, ProfileVersionWhole } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { Dialog, FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { texts } from './messages';
import { useWords } from './words';

const t = texts.version;
type Open = { kind: 'draft' } | { kind: 'look' | 'confirm' | 'start'; version: ProfileVersion };

export function Versions({ versions, onChanged }: { versions: ProfileVersion[]; onChanged: () => void }) {
  const { session } = useSession();
  const words = useWords();
  const [open, setOpen] = useState<Open | null>(null);
  const may = (power: string) => session.user.powers.includes(power);
  const done = () => {
    setOpen(null);
    onChanged();
    void words.reload();
  };
  const close = () => setOpen(null);
  return (
    <div className="org-block">
      {may('profile.manage') && (
        <div>
          <Button kind="solid" icon="add" onClick={() => setOpen({ kind: 'draft' })}>
            {t.draft}
          </Button>
        </div>
      )}
      <Table caption={texts.sections.versions} columns={Object.values(t.columns)}>
        {versions.map((version) => (
          <tr key={version.number}>
            <th scope="row">{t.of(version.number)}</th>
            <td data-label={t.columns.state}>{t.states[version.state]}</td>
            <td data-label={t.columns.note}>
              {version.note}
              {version.exception !== null && `（${version.exception}）`}
            </td>
            <td data-label={t.columns.drafted}>{formatTime(version.drafted_at)}</td>
            <td data-label={t.columns.confirmed}>{formatTime(version.confirmed_at)}</td>
            <td data-label={t.columns.started}>{formatTime(version.started_at)}</td>
            <td>
              <div className="table-actions">
                <Button size="small" aria-label={t.lookOf(version.number)} onClick={() => setOpen({ kind: 'look', version })}>
                  {t.look}
                </Button>
                {version.state === 'draft' && may('profile.confirm') && (
                  <Button size="small" aria-label={t.confirmOf(version.number)} onClick={() => setOpen({ kind: 'confirm', version })}>
                    {t.confirm}
                  </Button>
                )}
                {version.state === 'confirmed' && may('profile.manage') && (
                  <Button size="small" aria-label={t.startOf(version.number)} onClick={() => setOpen({ kind: 'start', version })}>
                    {t.start}
                  </Button>
                )}
              </div>
            </td>
          </tr>
        ))}
      </Table>
      {open?.kind === 'draft' && <DraftDialog onClose={close} onDone={done} />}
      {open?.kind === 'look' && <LookDialog version={open.version} onClose={close} />}
      {open?.kind === 'confirm' && <ConfirmDialog version={open.version} own={open.version.drafted_by === session.user.id} onClose={close} onDone={done} />}
      {open?.kind === 'start' && <StartDialog version={open.version} onClose={close} onDone={done} />}
    </div>
  );
}

function DraftDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const save = () => {
    setMissing(!file || note.trim() === '');
    if (!file || note.trim() === '') return;
    void run(async () => {
      await api.draft(JSON.parse(await file.text()) as OrganisationProfile, note.trim());
      onDone();
    });
  };
  return (
    <FormDialog title={t.draft} submit={t.draft} busy={busy} onSubmit={save} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{texts.incomplete}</p>
        </Notice>
      )}
      <TextField label={t.file} type="file" accept=".json,application/json" required onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
      <TextField label={t.note} value={note} required onChange={(event) => setNote(event.target.value)} />
    </FormDialog>
  );
}

function LookDialog({ version, onClose }: { version: ProfileVersion; onClose: () => void }) {
  const { data, error } = useLoad<ProfileVersionWhole>(() => api.version(version.number), [version.number]);
  const address = data && `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(data.document, null, 1))}`;
  return (
    <Dialog title={t.of(version.number)} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {!data && error === null && <Spinner />}
      {data && (
        <>
          <p>{data.changed.length === 0 ? t.same : t.changed}</p>
          <ul className="org-list">
            {data.changed.map((member) => (
              <li key={member}>{t.members[member] ?? member}</li>
            ))}
          </ul>
          {address && (
            <p>
              <a href={address} download={`profile-${version.number}.json`}>
                {t.download}
              </a>
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}

function ConfirmDialog({ version, own, onClose, onDone }: { version: ProfileVersion; own: boolean; onClose: () => void; onDone: () => void }) {
  const [exception, setException] = useState('');
  const { busy, error, run } = useAction();
  const save = () =>
    void run(async () => {
      await api.confirm(version.number, exception.trim() || null);
      onDone();
    });
  return (
    <FormDialog title={t.confirmOf(version.number)} submit={t.confirm} busy={busy} onSubmit={save} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{version.note}</p>
      {own && <TextField label={t.exception} value={exception} onChange={(event) => setException(event.target.value)} />}
    </FormDialog>
  );
}

function StartDialog({ version, onClose, onDone }: { version: ProfileVersion; onClose: () => void; onDone: () => void }) {
  const { busy, error, run } = useAction();
  const save = () =>
    void run(async () => {
      await api.start(version.number);
      onDone();
    });
  return (
    <FormDialog title={t.startOf(version.number)} submit={t.start} busy={busy} onSubmit={save} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{t.startText}</p>
    </FormDialog>
  );
}
