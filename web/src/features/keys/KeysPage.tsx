import { useState } from 'react';
import { keys as api } from '../../api';
import type { ApiKey } from '../../api/types';
import { Button, IconButton } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { SecretDialog } from '../../components/SecretDialog/SecretDialog';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';

export default function KeysPage() {
  const words = useWords();
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<ApiKey | null>(null);
  const [removing, setRemoving] = useState<ApiKey | null>(null);
  const action = useAction();
  const { columns } = ja.keys;
  const remove = () =>
    void action.run(async () => {
      if (removing) await api.remove(removing.id);
      setRemoving(null);
      await reload();
    });
  return (
    <Page
      title={ja.keys.title}
      lead={ja.keys.lead}
      actions={
        <Button kind="solid" icon="add" onClick={() => setCreating(true)}>
          {ja.keys.create}
        </Button>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.length === 0 && <p className="empty">{ja.keys.empty}</p>}
      {data && data.length > 0 && (
        <Table caption={ja.keys.title} columns={Object.values(columns)}>
          {data.map((key) => (
            <tr key={key.id}>
              <th scope="row">{key.name}</th>
              <td data-label={columns.prefix}>
                <code>{key.prefix}…</code>
              </td>
              <td data-label={columns.place}>
                {key.segments.map(words.segment).join('、') || ja.none}
                {key.sources !== '' && <> {key.sources}</>}
              </td>
              <td data-label={columns.created}>{formatTime(key.created_at)}</td>
              <td data-label={columns.used}>{formatTime(key.last_used_at) || ja.keys.never}</td>
              <td>
                <IconButton icon="trash" label={ja.keys.removeOf(key.name)} onClick={() => setRemoving(key)} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {creating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onMade={(key) => {
            setCreating(false);
            setMade(key);
            void reload();
          }}
        />
      )}
      {made?.secret && <SecretDialog title={ja.keys.secret} text={ja.keys.secretText} secret={made.secret} onClose={() => setMade(null)} />}
      {removing && (
        <FormDialog
          title={ja.keys.removeOf(removing.name)}
          submit={ja.remove}
          danger
          busy={action.busy}
          onSubmit={remove}
          onClose={() => setRemoving(null)}
        >
          {action.error !== null && <ErrorNotice error={action.error} />}
          <p>{ja.keys.removeText(removing.name)}</p>
        </FormDialog>
      )}
    </Page>
  );
}

function CreateDialog({ onClose, onMade }: { onClose: () => void; onMade: (key: ApiKey) => void }) {
  const [name, setName] = useState('');
  const [sources, setSources] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const create = () => {
    setMissing(name.trim() === '');
    if (name.trim() !== '') void run(async () => onMade(await api.create(name.trim(), sources.trim())));
  };
  return (
    <FormDialog title={ja.keys.create} submit={ja.create} busy={busy} onSubmit={create} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <TextField
        label={ja.keys.name}
        value={name}
        required
        maxLength={100}
        error={missing ? ja.keys.missing : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={ja.keys.sources}
        hint={ja.keys.sourcesHint}
        value={sources}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => setSources(event.target.value)}
      />
    </FormDialog>
  );
}
