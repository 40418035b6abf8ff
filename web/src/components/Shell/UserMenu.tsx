// Disclosure with the person's name: account and logout.
import { useCallback, useRef, useState } from 'react';
import { useSession } from '../../features/session/session';
import { askForElevation } from '../../lib/elevation';
import { Link } from '../../lib/router';
import { useDismiss } from '../../lib/useDismiss';
import { texts as privileges } from '../../features/privileges/messages';
import { accounts } from '../../messages/accounts';
import { ja } from '../../messages/ja';
import { Icon } from '../Icon/Icon';

export function UserMenu() {
  const { session, logout, lock } = useSession();
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setOpen(false), []);
  useDismiss(open, close, frame, button);
  return (
    <div className="user-menu" ref={frame}>
      <button
        ref={button}
        type="button"
        className="user-menu-button"
        aria-expanded={open}
        aria-controls="user-menu"
        aria-label={ja.nav.userMenu(session.user.name)}
        onClick={() => setOpen(!open)}
      >
        <Icon name="user" />
        <span className="user-menu-name">{session.user.name}</span>
        <Icon name="down" size={16} />
      </button>
      {open && (
        <ul id="user-menu" className="user-menu-list">
          <li className="user-menu-about">
            {session.user.name}
            <span>{session.user.department}</span>
          </li>
          <li>
            <Link href="/account" onClick={() => setOpen(false)}>
              {ja.nav.account}
            </Link>
          </li>
          {session.elevation.asked && session.elevation.id === null && (
            <li>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  askForElevation();
                }}
              >
                {privileges.use}
              </button>
            </li>
          )}
          <li>
            <button type="button" onClick={() => void lock()}>
              {accounts.nav.lock}
            </button>
          </li>
          <li>
            <button type="button" onClick={() => void logout()}>
              {ja.nav.logout}
            </button>
          </li>
        </ul>
      )}
    </div>
  );
}
