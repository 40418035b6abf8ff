// The frame of every screen: skip link, header, left navigation (a drawer on narrow screens), main content.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { AlarmBanner } from '../../features/alarms/AlarmBanner';
import { ChatHistory } from '../../features/chat/ChatHistory';
import { decisionTexts } from '../../features/decisions/messages';
import { useWaiting } from '../../features/decisions/waiting';
import { useWords } from '../../features/organisation/words';
import { ElevationPlace } from '../../features/privileges/ElevationPlace';
import { LoginReport } from '../../features/session/LoginReport';
import { useSession } from '../../features/session/session';
import { Link, useLocation } from '../../lib/router';
import { ja } from '../../messages/ja';
import { ButtonLink, IconButton } from '../Button/Button';
import { Icon, type IconName } from '../Icon/Icon';
import { UserMenu } from './UserMenu';
import './Shell.css';

const adminLinks = [
  { power: 'decide.section', href: '/unruled', text: ja.nav.classes },
  { power: 'policies.read', href: '/admin/policies', text: ja.nav.policies },
  { power: 'policies.read', href: '/admin/coverage', text: ja.nav.coverage },
  { power: 'endpoints.manage', href: '/admin/endpoints', text: ja.nav.endpoints },
  { power: 'endpoints.manage', href: '/admin/services', text: ja.nav.services },
  { power: 'profile.manage', href: '/admin/switches', text: ja.nav.switches },
  { power: 'profile.manage', href: '/admin/mail', text: ja.nav.mail },
  { power: 'endpoints.manage', href: '/admin/flows', text: ja.nav.flows },
  { power: 'endpoints.manage', href: '/admin/guards', text: ja.nav.guards },
  { power: 'users.manage', href: '/admin/users', text: ja.nav.users },
  { power: 'users.manage', href: '/admin/organisation', text: ja.nav.organisation },
  { power: 'users.manage', href: '/admin/staff-import', text: ja.nav.staffImport },
  { power: 'endpoints.manage', href: '/admin/usage', text: ja.nav.usage },
  { power: 'keys.manage', href: '/admin/keys', text: ja.nav.keys },
  { power: 'log.read', href: '/admin/log', text: ja.nav.log },
  { power: 'log.read', href: '/admin/reviews', text: ja.nav.reviews },
  { power: 'log.read', href: '/admin/retention', text: ja.nav.retention },
  { power: 'alarms.read', href: '/admin/alarms', text: ja.nav.alarms },
  { power: 'log.read', href: '/admin/backups', text: ja.nav.backups },
  { power: 'stops.manage', href: '/admin/stops', text: ja.nav.stops },
  { power: 'privileges.read', href: '/admin/privileges', text: ja.nav.privileges },
];

export function Shell({ children }: { children: ReactNode }) {
  const { session } = useSession();
  const words = useWords();
  const { path } = useLocation();
  const uses = session.user.powers.includes('approvals.use');
  const waiting = useWaiting(session.user.id, uses && !session.password_must_change);
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    nav.current?.querySelector<HTMLElement>('a, button, input')?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      menu.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open]);

  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {ja.skip}
      </a>
      <header className="shell-header">
        <button
          ref={menu}
          type="button"
          className="icon-button shell-menu"
          aria-expanded={open}
          aria-controls="shell-nav"
          aria-label={open ? ja.nav.close : ja.nav.open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
        </button>
        <Link href="/chat" className="shell-brand">
          <img src="/favicon.svg" width="28" height="28" alt="" />
          <strong>{ja.product}</strong>
          <span>{session.body.name}</span>
        </Link>
        {session.segment !== '' && <span className="shell-segment">{words.segment(session.segment)}</span>}
        <UserMenu />
      </header>
      <div className="shell-body">
        {open && <div className="shell-shade" onClick={() => setOpen(false)} />}
        <nav ref={nav} id="shell-nav" className={open ? 'shell-nav shell-nav-open' : 'shell-nav'} aria-label={ja.nav.label}>
          <div className="shell-nav-close">
            <IconButton icon="close" label={ja.nav.close} onClick={() => setOpen(false)} />
          </div>
          <ButtonLink href="/chat" kind="solid" icon="add">
            {ja.nav.newChat}
          </ButtonLink>
          <ul className="shell-links">
            {uses && <NavLink href="/decisions" icon="check" text={ja.nav.decisions} note={waiting > 0 ? decisionTexts.badge(waiting) : ''} path={path} />}
            <NavLink href="/collections" icon="folder" text={ja.nav.collections} path={path} />
            <NavLink href="/search" icon="search" text={ja.nav.search} path={path} />
            <NavLink href="/readings" icon="book" text={ja.nav.readings} path={path} />
            <NavLink href="/policies" icon="info" text={ja.nav.publicPolicies} path={path} />
            {uses && <NavLink href="/approvals" icon="stamp" text={ja.nav.approvals} path={path} />}
            {uses && <NavLink href="/disposals" icon="trash" text={ja.nav.disposals} path={path} />}
            <NavLink href="/duties" icon="calendar" text={ja.nav.duties} path={path} />
            {uses && <NavLink href="/office" icon="document" text={ja.nav.office} path={path} />}
          </ul>
          <ChatHistory path={path} />
          <AdminLinks path={path} powers={session.user.powers} />
        </nav>
        <main id="main" className="shell-main" tabIndex={-1} inert={open}>
          <LoginReport />
          <AlarmBanner path={path} />
          <ElevationPlace path={path}>{children}</ElevationPlace>
        </main>
      </div>
    </div>
  );
}

function NavLink({ href, icon, text, note, path }: { href: string; icon?: IconName; text: string; note?: string; path: string }) {
  return (
    <li>
      <Link href={href} className="shell-link" aria-current={path === href ? 'page' : path.startsWith(`${href}/`) ? 'true' : undefined}>
        {icon && <Icon name={icon} />}
        {text}
        {note && <span className="shell-note">{note}</span>}
      </Link>
    </li>
  );
}

function AdminLinks({ path, powers }: { path: string; powers: string[] }) {
  const links = adminLinks.filter((link) => powers.includes(link.power));
  if (links.length === 0) return null;
  return (
    <section className="shell-admin" aria-labelledby="admin-title">
      <h2 id="admin-title" className="shell-nav-title">
        <Icon name="settings" size={18} />
        {ja.nav.admin}
      </h2>
      <ul className="shell-links">
        {links.map((link) => (
          <NavLink key={link.href} href={link.href} text={link.text} path={path} />
        ))}
      </ul>
    </section>
  );
}
