import { useState } from 'react';
import { users as api } from '../../api';
import type { Department, Role, User } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { CheckGroup, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';

interface Props {
  user: User | null;
  departments: Department[];
  roles: Role[];
  onClose: () => void;
  // A new person gets a one-time password, shown once.
  onSaved: (user: User, password: string | null) => void;
}

export function UserDialog({ user, departments, roles, onClose, onSaved }: Props) {
  const [login, setLogin] = useState(user?.login ?? '');
  const [name, setName] = useState(user?.name ?? '');
  const [department, setDepartment] = useState(user?.department_id ?? '');
  const [chosen, setChosen] = useState<string[]>(user?.roles ?? []);
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const save = () => {
    const incomplete = [login, name, department].some((text) => text.trim() === '');
    setMissing(incomplete);
    if (incomplete) return;
    void run(async () => {
      if (user) {
        onSaved(await api.change(user.id, { name: name.trim(), department_id: department, roles: chosen }), null);
        return;
      }
      const made = await api.create({ login: login.trim(), name: name.trim(), department_id: department, roles: chosen });
      onSaved(made, (await api.resetPassword(made.id)).password);
    });
  };
  return (
    <FormDialog title={user ? ja.users.editOf(user.name) : ja.users.create} submit={ja.save} busy={busy} onSubmit={save} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{ja.users.missing}</p>
        </Notice>
      )}
      <TextField
        label={ja.users.columns.login}
        value={login}
        required
        disabled={user !== null}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setLogin(event.target.value)}
      />
      <TextField label={ja.users.columns.name} value={name} required autoComplete="off" onChange={(event) => setName(event.target.value)} />
      <SelectField label={ja.users.columns.department} value={department} required onChange={(event) => setDepartment(event.target.value)}>
        <option value="">{ja.users.noDepartment}</option>
        {departments.map((item) => (
          <option key={item.id} value={item.id}>
            {item.name}
          </option>
        ))}
      </SelectField>
      <CheckGroup
        legend={ja.users.columns.roles}
        options={roles.map((role) => ({ value: role.code, label: role.name }))}
        chosen={chosen}
        onChange={setChosen}
      />
    </FormDialog>
  );
}
