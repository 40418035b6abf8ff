// The screens of the security office, with how much waits in two of them.
import { office as api } from '../../api/office';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { officeTexts as t } from './messages';
import './Office.css';

type Tab = keyof typeof t.tabs;
const places: Record<Tab, string> = {
  registers: '/office',
  tasks: '/office/tasks',
  notices: '/office/notices',
  department: '/office/department',
  duties: '/office/duties',
  calendar: '/office/calendar',
  figures: '/office/figures',
  definitions: '/office/definitions',
};

export function OfficeTabs({ current }: { current: Tab }) {
  const { data } = useLoad(() => api.registers(), [current]);
  const tabs = (Object.keys(places) as Tab[]).filter((tab) => tab !== 'definitions' || current === tab || data?.may_define);
  const count = (tab: Tab) => (tab === 'tasks' ? (data?.tasks ?? 0) : tab === 'notices' ? (data?.notices ?? 0) : 0);
  return (
    <nav aria-label={t.tabsLabel}>
      <ul className="office-tabs">
        {tabs.map((tab) => (
          <li key={tab}>
            <Link href={places[tab]} className="office-tab" aria-current={tab === current ? 'page' : undefined}>
              {count(tab) > 0 ? t.tabCount(t.tabs[tab], count(tab)) : t.tabs[tab]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
