import { useState } from 'react';
import { users as api } from '../../api';
import type { Department, Role, User } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { ErrorNotice } from '../../components/Notice/Notice';
import { SecretDialog } from '../../components/SecretDialog/SecretDialog';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { accounts } from '../../messages/accounts';
import { ja } from '../../messages/ja';
import { UserFactorsDialog } from '../factors/UserFactorsDialog';
import { texts as factorTexts } from '../factors/messages';
import { firstDay, lastDay } from '../../lib/days';
import { ReasonDialog } from './ReasonDialog';
import { UnusedSection } from './UnusedSection';
import { UserDialog } from './UserDialog';

type Open = { kind: 'create' } | { kind: 'edit' | 'suspend' | 'reset' | 'unlock' | 'factors'; user: User } | { kind: 'password'; user: User; password: string };

export default function UsersPage() {
  const list = useLoad(() => api.list(), []);
  const departments = useLoad(() => api.departments(), []);
  const roles = useLoad(() => api.roles(), []);
  const [open, setOpen] = useState<Open | null>(null);
  const [view, setView] = useState<'all' | 'unused'>('all');
  const { busy, error, run } = useAction();
  const close = () => setOpen(null);
  const after = async (done: Promise<unknown>) => {
    await done;
    close();
    await list.reload();
  };
  const reset = (user: User) =>
    void run(async () => {
      const { password } = await api.resetPassword(user.id);
      setOpen({ kind: 'password', user, password });
    });
  const problem = list.error ?? departments.error ?? roles.error;
  return (
    <Page
      title={ja.users.title}
      actions={
        <Button kind="solid" icon="add" onClick={() => setOpen({ kind: 'create' })}>
          {ja.users.create}
        </Button>
      }
    >
      <div className="table-actions" role="group" aria-label={accounts.users.tabs}>
        {(['all', 'unused'] as const).map((name) => (
          <Button
            key={name}
            kind={view === name ? 'solid' : 'outline'}
            aria-pressed={view === name}
            onClick={() => {
              setView(name);
              if (name === 'all') void list.reload();
            }}
          >
            {name === 'all' ? accounts.users.all : accounts.users.unusedTab}
          </Button>
        ))}
      </div>
      {view === 'unused' && <UnusedSection />}
      {problem !== null && (
        <ErrorNotice
          error={problem}
          onRetry={() => {
            void list.reload();
            void departments.reload();
            void roles.reload();
          }}
        />
      )}
      {error !== null && <ErrorNotice error={error} />}
      {list.loading && !list.data && <Spinner />}
      {view === 'all' && list.data?.length === 0 && <p className="empty">{ja.users.empty}</p>}
      {view === 'all' && list.data && list.data.length > 0 && (
        <UsersTable
          users={list.data}
          departments={departments.data ?? []}
          roles={roles.data ?? []}
          onOpen={setOpen}
          onRestore={(user) => void run(() => after(api.change(user.id, { enabled: true })))}
        />
      )}
      {(open?.kind === 'create' || open?.kind === 'edit') && (
        <UserDialog
          user={open.kind === 'edit' ? open.user : null}
          departments={departments.data ?? []}
          roles={roles.data ?? []}
          onClose={close}
          onSaved={(user, password) => {
            setOpen(password === null ? null : { kind: 'password', user, password });
            void list.reload();
          }}
        />
      )}
      {open?.kind === 'suspend' && (
        <ReasonDialog
          title={ja.users.suspendOf(open.user.name)}
          text={ja.users.suspendText(open.user.name)}
          label={accounts.users.suspendReason}
          missing={accounts.users.unused.reasonMissing}
          submit={ja.users.suspend}
          danger
          onSubmit={(reason) => after(api.change(open.user.id, { enabled: false, reason }))}
          onClose={close}
        />
      )}
      {open?.kind === 'unlock' && (
        <ReasonDialog
          title={accounts.users.unlockOf(open.user.name)}
          label={accounts.users.identity}
          hint={accounts.users.identityHint}
          missing={accounts.users.identityMissing}
          submit={accounts.users.unlock}
          onSubmit={(identity) => after(api.unlock(open.user.id, identity))}
          onClose={close}
        />
      )}
      {open?.kind === 'reset' && (
        <FormDialog
          title={ja.users.resetOf(open.user.name)}
          submit={ja.users.resetConfirm}
          busy={busy}
          onSubmit={() => reset(open.user)}
          onClose={close}
        >
          <p>{ja.users.resetText(open.user.name)}</p>
        </FormDialog>
      )}
      {open?.kind === 'factors' && <UserFactorsDialog user={open.user} onClose={close} />}
      {open?.kind === 'password' && (
        <SecretDialog title={ja.users.oneTime} text={ja.users.oneTimeText(open.user.name)} secret={open.password} onClose={close} />
      )}
    </Page>
  );
}

function UsersTable({
  users,
  departments,
  roles,
  onOpen,
  onRestore,
}: {
  users: User[];
  departments: Department[];
  roles: Role[];
  onOpen: (open: Open) => void;
  onRestore: (user: User) => void;
}) {
  const { columns } = ja.users;
  const departmentName = (user: User) => user.department ?? departments.find((item) => item.id === user.department_id)?.name ?? ja.none;
  const roleNames = (user: User) => user.roles.map((code) => roles.find((role) => role.code === code)?.name ?? code).join('、') || ja.none;
  return (
    <Table caption={ja.users.title} columns={Object.values(columns)}>
      {users.map((user) => (
        <tr key={user.id}>
          <th scope="row">{user.name}</th>
          <td data-label={columns.login}>{user.login}</td>
          <td data-label={columns.department}>{departmentName(user)}</td>
          <td data-label={columns.roles}>{roleNames(user)}</td>
          <td data-label={columns.state}>
            <UserState user={user} />
          </td>
          <td>
            <div className="table-actions">
              <Button size="small" aria-label={ja.users.editOf(user.name)} onClick={() => onOpen({ kind: 'edit', user })}>
                {ja.edit}
              </Button>
              <Button size="small" aria-label={ja.users.resetOf(user.name)} onClick={() => onOpen({ kind: 'reset', user })}>
                {ja.users.reset}
              </Button>
              {user.locked_until && (
                <Button size="small" aria-label={accounts.users.unlockOf(user.name)} onClick={() => onOpen({ kind: 'unlock', user })}>
                  {accounts.users.unlock}
                </Button>
              )}
              <Button size="small" aria-label={factorTexts.user.openOf(user.name)} onClick={() => onOpen({ kind: 'factors', user })}>
                {factorTexts.user.open}
              </Button>
              {user.enabled ? (
                <Button size="small" aria-label={ja.users.suspendOf(user.name)} onClick={() => onOpen({ kind: 'suspend', user })}>
                  {ja.users.suspend}
                </Button>
              ) : (
                <Button size="small" aria-label={ja.users.restoreOf(user.name)} onClick={() => onRestore(user)}>
                  {ja.users.restore}
                </Button>
              )}
            </div>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function UserState({ user }: { user: User }) {
  const text = accounts.users;
  const period = user.valid_from !== null || user.valid_to !== null;
  return (
    <>
      <span className={`state-tag state-${user.state === 'active' ? 'good' : 'off'}`}>{text.states[user.state]}</span>
      {user.privileged && <span className="table-note">{text.privileged}</span>}
      {user.locked_until && <span className="table-note table-note-error">{text.lockedUntil(formatTime(user.locked_until))}</span>}
      {user.password !== 'own' && <span className="table-note">{text.passwords[user.password]}</span>}
      {period && <span className="table-note">{text.period(firstDay(user.valid_from), lastDay(user.valid_to))}</span>}
      <span className="table-note">{user.last_login_at ? text.lastLogin(formatTime(user.last_login_at)) : text.never}</span>
    </>
  );
}
