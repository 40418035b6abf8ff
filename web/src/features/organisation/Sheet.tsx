// Parts of the organisation sheet that are only looked at.
import { organisation as api } from '../../api';
import type { Coded, OrganisationProfile, UnitView } from '../../api/types';
import { Table } from '../../components/Table/Table';
import { useLoad } from '../../lib/useLoad';
import { texts } from './messages';
import { tree } from './units';

const nameIn = (items: Coded[], code: string) => items.find((item) => item.code === code)?.name ?? code;

export function Outline({ document }: { document: OrganisationProfile }) {
  const t = texts.outline;
  const yes = (value: boolean) => (value ? t.yes : t.no);
  const rows: [string, string][] = [
    [t.name, document.name],
    [t.selfName, document.self_name],
    [t.kind, document.kind],
    [t.security, document.word_for_security],
    [t.year, t.month(document.fiscal_year_start)],
    [t.incidents, document.incident_levels.join(' → ')],
    [t.bodies, document.scope.bodies.map((body) => body.name + (body.in_scope ? '' : t.outOf)).join('、')],
  ];
  const roleName = (code: string) => document.roles.find((role) => role.code === code)?.name ?? code;
  return (
    <div className="org-block">
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {document.scope.functions.length > 0 && (
        <>
          <h3>{t.functions}</h3>
          <ul className="org-list">
            {document.scope.functions.map((item) => (
              <li key={`${item.group}${item.number}`}>
                {`${item.group}（${item.number}）${item.name}（${item.members.join('、')}）${item.in_scope ? '' : t.outOf}`}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{t.categories}</h3>
      <Table caption={t.categories} columns={Object.values(t.categoryColumns)}>
        {document.staff_categories.map((item) => (
          <tr key={item.code}>
            <th scope="row">{item.name}</th>
            <td data-label={t.categoryColumns.staff}>{yes(item.counts_as_staff)}</td>
            <td data-label={t.categoryColumns.consent}>{yes(item.consent_asked)}</td>
            <td data-label={t.categoryColumns.net}>{yes(item.internet_and_mail)}</td>
            <td data-label={t.categoryColumns.contractor}>{yes(item.contractor)}</td>
          </tr>
        ))}
      </Table>
      <h3>{t.rules}</h3>
      <Table caption={t.rules} columns={Object.values(t.ruleColumns)}>
        {document.appointment_rules.map((rule) => (
          <tr key={`${rule.post}${rule.role}`}>
            <th scope="row">{rule.post}</th>
            <td data-label={t.ruleColumns.role}>{roleName(rule.role)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

export function Units({ units, kinds }: { units: UnitView[]; kinds: Coded[] }) {
  const { unitColumns } = texts;
  return (
    <Table caption={texts.sections.units} columns={Object.values(unitColumns)}>
      {tree(units).map(({ unit, depth }) => (
        <tr key={unit.id} className={unit.in_force ? undefined : 'org-closed'}>
          <th scope="row">
            <span aria-hidden="true">{'　'.repeat(depth)}</span>
            {unit.name}
            {!unit.in_force && `（${texts.closed}）`}
          </th>
          <td data-label={unitColumns.kind}>{nameIn(kinds, unit.kind)}</td>
          <td data-label={unitColumns.from}>{unit.from ?? ''}</td>
          <td data-label={unitColumns.to}>{unit.to ?? ''}</td>
        </tr>
      ))}
    </Table>
  );
}

export function Roles({ document }: { document: OrganisationProfile }) {
  const { roleColumns } = texts;
  const appointments = useLoad(() => api.appointments(), []);
  const roleName = (code: string | null) => document.roles.find((role) => role.code === code)?.name ?? '';
  const holders = (code: string) =>
    appointments.data ? String(new Set(appointments.data.filter((item) => item.in_force && item.role === code).map((item) => item.user_id)).size) : '';
  const permits = (code: string) =>
    Object.entries(document.permitters)
      .filter(([, role]) => role === code)
      .map(([key]) => texts.permits[key] ?? key)
      .join('、');
  return (
    <Table caption={texts.sections.roles} columns={Object.values(roleColumns)}>
      {document.roles.map((role) => (
        <tr key={role.code}>
          <th scope="row">{role.name}</th>
          <td data-label={roleColumns.scope}>{nameIn(document.role_scopes, role.scope)}</td>
          <td data-label={roleColumns.superior}>{roleName(role.superior)}</td>
          <td data-label={roleColumns.holders}>{holders(role.code)}</td>
          <td data-label={roleColumns.permits}>{permits(role.code)}</td>
        </tr>
      ))}
    </Table>
  );
}

export function Scheme({ document }: { document: OrganisationProfile }) {
  const { levelColumns } = texts;
  return (
    <div className="org-block">
      {(['confidentiality', 'integrity', 'availability'] as const).map((axis) => (
        <div key={axis}>
          <h3>{texts.axes[axis]}</h3>
          <Table caption={texts.axes[axis]} columns={Object.values(levelColumns)}>
            {document[axis].map((level, index) => (
              <tr key={level.name}>
                <td data-label={levelColumns.rank}>{index + 1}</td>
                <th scope="row">{level.name}</th>
                <td data-label={levelColumns.criterion}>{level.criterion}</td>
              </tr>
            ))}
          </Table>
        </div>
      ))}
    </div>
  );
}

export function Segments({ document }: { document: OrganisationProfile }) {
  const { segmentColumns } = texts;
  if (document.segments.length === 0) return <p className="empty">{texts.noSegments}</p>;
  const limit = (value: number | null) => (value === null ? texts.asSet : texts.minutes(value));
  return (
    <Table caption={texts.sections.segments} columns={Object.values(segmentColumns)}>
      {document.segments.map((segment) => (
        <tr key={segment.code}>
          <th scope="row">{segment.name}</th>
          <td data-label={segmentColumns.origins}>
            {document.segments
              .filter((other) => other.code === segment.code || segment.origins.includes(other.code))
              .map((other) => other.name)
              .join('、')}
          </td>
          <td data-label={segmentColumns.export}>{segment.export_allowed ? texts.exports.true : texts.exports.false}</td>
          <td data-label={segmentColumns.factors}>{texts.factors(segment.factors)}</td>
          <td data-label={segmentColumns.idle}>{limit(segment.idle_minutes)}</td>
          <td data-label={segmentColumns.absolute}>{limit(segment.absolute_minutes)}</td>
        </tr>
      ))}
    </Table>
  );
}

// Roles with a power that the body asks two kinds of proof for, wherever the session comes from.
export function StrictRoles({ document }: { document: OrganisationProfile }) {
  const strict = document.two_factor_powers ?? [];
  const names = document.roles.filter((role) => role.powers.some((power) => strict.includes(power))).map((role) => role.name);
  return names.length === 0 ? null : <p>{texts.twoFactorRoles(names.join('、'))}</p>;
}
