import { useState } from 'react';
import { users as api } from '../../api';
import type { Department, Role, User } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { CheckGroup, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { accounts } from '../../messages/accounts';
import { ja } from '../../messages/ja';
import { firstDay, fromDay, lastDay, untilDay } from '../../lib/days';

interface Props {
  user: User | null;
  departments: Department[];
  roles: Role[];
  onClose: () => void;
  // A new person gets a provisional password, shown once.
  onSaved: (user: User, password: string | null) => void;
}

export function UserDialog({ user, departments, roles, onClose, onSaved }: Props) {
  const [login, setLogin] = useState(user?.login ?? '');
  const [name, setName] = useState(user?.name ?? '');
  const [department, setDepartment] = useState(user?.department_id ?? '');
  const [chosen, setChosen] = useState<string[]>(user?.roles ?? []);
  const [from, setFrom] = useState(firstDay(user?.valid_from));
  const [to, setTo] = useState(lastDay(user?.valid_to));
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const save = () => {
    const incomplete = [login, name, department].some((text) => text.trim() === '');
    setMissing(incomplete);
    if (incomplete) return;
    void run(async () => {
      const common = { name: name.trim(), department_id: department, roles: chosen };
      if (user) {
        const days = {
          ...(from !== firstDay(user.valid_from) ? { valid_from: fromDay(from) } : {}),
          ...(to !== lastDay(user.valid_to) ? { valid_to: untilDay(to) } : {}),
        };
        onSaved(await api.change(user.id, { ...common, ...days }), null);
        return;
      }
      const days = { ...(from ? { valid_from: fromDay(from) } : {}), ...(to ? { valid_to: untilDay(to) } : {}) };
      const made = await api.create({ login: login.trim(), ...common, ...days });
      onSaved(made.user, made.password);
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
      <TextField label={accounts.users.validFrom} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
      <TextField
        label={accounts.users.validTo}
        hint={accounts.users.validHint}
        type="date"
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
    </FormDialog>
  );
}
