// Who is appointed to what, today and to come.
import { useState } from 'react';
import { organisation as api, users as usersApi } from '../../api';
import type { Appointment, AppointmentKind, Department, NewAppointment, Role, User } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { texts } from './messages';

const t = texts.appointment;
type Open = { kind: 'create' } | { kind: 'end' | 'leave'; item: Appointment };

export function Appointments() {
  const list = useLoad(() => api.appointments(), []);
  const people = useLoad(() => Promise.all([usersApi.list(), usersApi.departments(), usersApi.roles()]), []);
  const [open, setOpen] = useState<Open | null>(null);
  const done = () => {
    setOpen(null);
    void list.reload();
  };
  const problem = list.error ?? people.error;
  return (
    <div className="org-block">
      <div>
        <Button kind="solid" icon="add" disabled={!people.data} onClick={() => setOpen({ kind: 'create' })}>
          {t.create}
        </Button>
      </div>
      {problem !== null && <ErrorNotice error={problem} onRetry={() => void Promise.all([list.reload(), people.reload()])} />}
      {list.loading && !list.data && <Spinner />}
      {list.data?.length === 0 && <p className="empty">{t.none}</p>}
      {list.data && list.data.length > 0 && <AppointmentTable items={list.data} onOpen={setOpen} />}
      {open?.kind === 'create' && people.data && <CreateDialog people={people.data} onClose={() => setOpen(null)} onDone={done} />}
      {(open?.kind === 'end' || open?.kind === 'leave') && <EndDialog kind={open.kind} item={open.item} onClose={() => setOpen(null)} onDone={done} />}
    </div>
  );
}

function AppointmentTable({ items, onOpen }: { items: Appointment[]; onOpen: (open: Open) => void }) {
  const { columns } = t;
  return (
    <Table caption={texts.sections.appointments} columns={Object.values(columns)}>
      {items.map((item) => (
        <tr key={item.id}>
          <th scope="row">{item.user}</th>
          <td data-label={columns.department}>{item.department}</td>
          <td data-label={columns.role}>
            {item.role_name ?? t.placeOnly}
            {item.system !== null && `（${item.system}）`}
          </td>
          <td data-label={columns.kind}>
            {t.kinds[item.kind] ?? item.kind}
            {!item.in_force && `（${t.coming}）`}
          </td>
          <td data-label={columns.from}>{item.from}</td>
          <td data-label={columns.to}>{item.to ?? ''}</td>
          <td data-label={columns.basis}>{item.basis}</td>
          <td>
            <div className="table-actions">
              <Button size="small" aria-label={t.endOf(item.user, item.role_name ?? t.placeOnly)} onClick={() => onOpen({ kind: 'end', item })}>
                {t.end}
              </Button>
              <Button size="small" aria-label={t.leaveOf(item.user)} onClick={() => onOpen({ kind: 'leave', item })}>
                {t.leave}
              </Button>
            </div>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function CreateDialog({ people, onClose, onDone }: { people: [User[], Department[], Role[]]; onClose: () => void; onDone: () => void }) {
  const [users, departments, roles] = people;
  const [value, setValue] = useState<NewAppointment>({
    user_id: '',
    department_id: '',
    role: null,
    system: null,
    kind: 'concurrent',
    from: '',
    to: null,
    basis: '',
  });
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const change = (part: Partial<NewAppointment>) => setValue({ ...value, ...part });
  const save = () => {
    const incomplete = [value.user_id, value.department_id, value.from, value.basis].some((text) => text.trim() === '');
    setMissing(incomplete);
    if (incomplete) return;
    void run(async () => {
      await api.appoint(value);
      onDone();
    });
  };
  const options = (items: { value: string; text: string }[]) =>
    items.map((item) => (
      <option key={item.value} value={item.value}>
        {item.text}
      </option>
    ));
  return (
    <FormDialog title={t.create} submit={t.create} busy={busy} onSubmit={save} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{t.incomplete}</p>
        </Notice>
      )}
      <SelectField label={t.user} value={value.user_id} required onChange={(event) => change({ user_id: event.target.value })}>
        <option value="">{t.choose}</option>
        {options(users.map((user) => ({ value: user.id, text: `${user.name}（${user.login}）` })))}
      </SelectField>
      <SelectField label={t.department} value={value.department_id} required onChange={(event) => change({ department_id: event.target.value })}>
        <option value="">{t.choose}</option>
        {options(departments.map((item) => ({ value: item.id, text: item.name })))}
      </SelectField>
      <SelectField label={t.role} value={value.role ?? ''} onChange={(event) => change({ role: event.target.value || null })}>
        <option value="">{t.placeOnly}</option>
        {options(roles.map((role) => ({ value: role.code, text: role.name })))}
      </SelectField>
      <SelectField label={t.kind} value={value.kind} onChange={(event) => change({ kind: event.target.value as AppointmentKind })}>
        {options(Object.entries(t.kinds).map(([code, text]) => ({ value: code, text })))}
      </SelectField>
      <TextField label={t.system} value={value.system ?? ''} onChange={(event) => change({ system: event.target.value || null })} />
      <TextField label={t.from} type="date" value={value.from} required onChange={(event) => change({ from: event.target.value })} />
      <TextField label={t.to} type="date" value={value.to ?? ''} onChange={(event) => change({ to: event.target.value || null })} />
      <TextField label={t.basis} value={value.basis} required onChange={(event) => change({ basis: event.target.value })} />
    </FormDialog>
  );
}

function EndDialog({ kind, item, onClose, onDone }: { kind: 'end' | 'leave'; item: Appointment; onClose: () => void; onDone: () => void }) {
  const [day, setDay] = useState('');
  const { busy, error, run } = useAction();
  const save = () =>
    void run(async () => {
      await (kind === 'end' ? api.end(item.id, day || null) : api.leave(item.user_id, day || null));
      onDone();
    });
  return (
    <FormDialog
      title={kind === 'end' ? t.endOf(item.user, item.role_name ?? t.placeOnly) : t.leaveOf(item.user)}
      submit={kind === 'end' ? t.end : t.leave}
      danger
      busy={busy}
      onSubmit={save}
      onClose={onClose}
    >
      {error !== null && <ErrorNotice error={error} />}
      {kind === 'leave' && <p>{t.leaveText(item.user)}</p>}
      <TextField label={t.lastDay} hint={t.lastDayHint} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
    </FormDialog>
  );
}

