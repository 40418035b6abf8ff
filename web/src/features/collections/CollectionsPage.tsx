import { useState } from 'react';
import { collections as api } from '../../api';
import type { Collection, NewCollection } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatBytes, formatNumber } from '../../lib/format';
import { Link, navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useWords } from '../organisation/words';
import { ja } from '../../messages/ja';
import { useSession } from '../session/session';
import './Collections.css';

export default function CollectionsPage() {
  const { session } = useSession();
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const [creating, setCreating] = useState(false);
  const mayCreate = session.user.powers.includes('collections.manage');
  return (
    <Page
      title={ja.collections.title}
      lead={ja.collections.lead}
      actions={
        mayCreate && (
          <Button kind="solid" icon="add" onClick={() => setCreating(true)}>
            {ja.collections.create}
          </Button>
        )
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.length === 0 && <p className="empty">{ja.collections.empty}</p>}
      {data && data.length > 0 && (
        <ul className="cards">
          {data.map((item) => (
            <CollectionCard key={item.id} item={item} />
          ))}
        </ul>
      )}
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

function CollectionCard({ item }: { item: Collection }) {
  return (
    <li className="card">
      <h2>
        <Link href={`/collections/${item.id}`}>{item.name}</Link>
      </h2>
      {item.description && <p>{item.description}</p>}
      <div className="meta">
        <LabelBadge label={item.label} />
        <span>{ja.collections.readersOf(item.readers)}</span>
        {item.department && <span>{ja.collections.department(item.department)}</span>}
        <span>{ja.collections.size(formatNumber(item.documents), formatBytes(item.bytes))}</span>
      </div>
    </li>
  );
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const [value, setValue] = useState<NewCollection>({ name: '', description: '', confidentiality: 2, readers: 'department' });
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const create = () => {
    setMissing(value.name.trim() === '');
    if (value.name.trim() === '') return;
    void run(async () => {
      const made = await api.create({ ...value, name: value.name.trim() });
      onClose();
      navigate(`/collections/${made.id}`);
    });
  };
  return (
    <FormDialog title={ja.collections.create} submit={ja.create} busy={busy} onSubmit={create} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <TextField
        label={ja.collections.name}
        value={value.name}
        required
        maxLength={100}
        error={missing ? ja.collections.nameMissing : undefined}
        onChange={(event) => setValue({ ...value, name: event.target.value })}
      />
      <TextArea
        label={ja.collections.description}
        value={value.description}
        maxLength={1000}
        onChange={(event) => setValue({ ...value, description: event.target.value })}
      />
      <SelectField
        label={ja.collections.confidentiality}
        value={value.confidentiality}
        onChange={(event) => setValue({ ...value, confidentiality: Number(event.target.value) })}
      >
        {words.profile.confidentiality.map((level, index) => (
          <option key={level.name} value={index + 1}>
            {ja.collections.level(level.name, level.criterion)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={ja.collections.readers}
        value={value.readers}
        onChange={(event) => setValue({ ...value, readers: event.target.value as NewCollection['readers'] })}
      >
        <option value="all">{words.term('whole_body')}</option>
        <option value="department">{ja.collections.ownUnit}</option>
      </SelectField>
    </FormDialog>
  );
}
