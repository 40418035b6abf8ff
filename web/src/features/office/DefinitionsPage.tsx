// The definitions in force: for whoever may change them.
import { office as api } from '../../api/office';
import { ButtonLink } from '../../components/Button/Button';
import { Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { FindingList } from './FindingList';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';

export default function DefinitionsPage() {
  const { data, error, reload } = useLoad(() => api.registers(), []);
  const [, kind, version, clauses, state] = t.definitionColumns;
  return (
    <Page
      title={t.tabs.definitions}
      lead={t.definitionsLead}
      actions={
        data?.may_define && (
          <ButtonLink href="/office/define" kind="solid" icon="add">
            {t.defineTitle}
          </ButtonLink>
        )
      }
    >
      <OfficeTabs current="definitions" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && !data.may_define && (
        <Notice tone="info">
          <p>{t.mayNot}</p>
        </Notice>
      )}
      {data && data.items.length > 0 && (
        <Table caption={t.tabs.definitions} columns={t.definitionColumns}>
          {data.items.map((item) => (
            <tr key={item.name}>
              <th scope="row">
                {item.broken ? item.title : <Link href={`/office/definitions/${item.name}`}>{item.title}</Link>}
                <span className="table-note">{item.name}</span>
              </th>
              <td data-label={kind}>{t.definitionKinds[item.kind] ?? ''}</td>
              <td data-label={version}>{t.versionOf(item.own, item.number)}</td>
              <td data-label={clauses}>{item.clauses.slice(0, 6).join('、')}</td>
              <td data-label={state}>{item.broken ? <FindingList findings={item.findings} /> : t.usable}</td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
