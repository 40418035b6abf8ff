// All registers and workflows of the body, by group.
import { office as api, type OfficeRegister } from '../../api/office';
import { ButtonLink } from '../../components/Button/Button';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';

export default function OfficePage() {
  const { data, error, reload } = useLoad(() => api.registers(), []);
  const items = data?.items ?? [];
  const groups = [...Object.keys(t.groups), ...items.map((item) => item.group).filter((group) => !(group in t.groups))];
  return (
    <Page title={t.title} lead={t.lead}>
      <OfficeTabs current="registers" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && items.length === 0 && <p className="empty">{t.noRegisters}</p>}
      {[...new Set(groups)].map((group) => (
        <Group key={group} group={group} items={items.filter((item) => item.group === group)} />
      ))}
    </Page>
  );
}

function Group({ group, items }: { group: string; items: OfficeRegister[] }) {
  if (items.length === 0) return null;
  return (
    <section className="section" aria-labelledby={`office-${group || 'broken'}`}>
      <h2 id={`office-${group || 'broken'}`}>{t.groups[group] ?? (group || t.broken)}</h2>
      <ul className="office-registers">
        {items.map((item) => (
          <li key={item.name} className="office-register">
            <h3>{item.broken ? item.title : <Link href={`/office/registers/${item.name}`}>{item.title}</Link>}</h3>
            {item.broken && <p>{t.broken}</p>}
            {item.summary !== '' && <p className="office-summary">{item.summary}</p>}
            {item.open !== undefined && <p className="meta">{t.counts(item.open, item.overdue ?? 0)}</p>}
            {item.may_open && (
              <div>
                <ButtonLink href={`/office/registers/${item.name}/new`} size="small" icon="add" aria-label={t.openOf(item.title)}>
                  {t.open}
                </ButtonLink>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
