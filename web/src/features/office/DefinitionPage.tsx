// One definition: its versions and its text. Cases keep the version that they were opened under, so old ones can be read too.
import { useState } from 'react';
import { office as api } from '../../api/office';
import { Button, ButtonLink } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link, navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { warekiMinute } from '../../lib/wareki';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import './Office.css';

export default function DefinitionPage({ name }: { name: string }) {
  const [version, setVersion] = useState<string | undefined>(undefined);
  const { data, error, reload } = useLoad(() => api.definition(name, version), [name, version]);
  const { data: list } = useLoad(() => api.registers(), [name]);
  const [leaving, setLeaving] = useState(false);
  const leave = useAction();
  const own = list?.items.find((item) => item.name === name)?.own ?? false;
  const [, by, at, note] = t.versionColumns;
  return (
    <Page
      title={t.definitionTitle(data?.definition.title ?? name)}
      lead={data?.definition.summary ?? undefined}
      actions={
        list?.may_define && (
          <>
            <ButtonLink href={`/office/define?from=${name}`}>{t.copySource}</ButtonLink>
            {own && <Button onClick={() => setLeaving(true)}>{t.withdraw}</Button>}
          </>
        )
      }
    >
      <p>
        <Link href="/office/definitions">{t.backTo(t.tabs.definitions)}</Link>
      </p>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && (
        <section className="section" aria-labelledby="office-versions">
          <h2 id="office-versions">{t.versions}</h2>
          {data.versions.length === 0 && <p>{t.noVersions}</p>}
          {data.versions.length > 0 && (
            <Table caption={t.versions} columns={t.versionColumns}>
              {data.versions.map((each) => (
                <tr key={each.id}>
                  <th scope="row">
                    {t.versionOf(each.own, each.number)}
                    {each.withdrawn_at && <span className="table-note">{t.withdrawn(warekiMinute(each.withdrawn_at))}</span>}
                  </th>
                  <td data-label={by}>{each.put_by === 'program' ? t.program : each.put_by}</td>
                  <td data-label={at}>{warekiMinute(each.put_at)}</td>
                  <td data-label={note}>{each.note}</td>
                  <td>
                    <Button size="small" onClick={() => setVersion(each.id)}>
                      {t.showSource(each.number)}
                    </Button>
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </section>
      )}
      {data && (
        <section className="section" aria-labelledby="office-source">
          <h2 id="office-source">{data.number > 0 ? t.sourceOf(data.number) : t.source}</h2>
          <pre className="office-source" tabIndex={0}>
            {data.source}
          </pre>
        </section>
      )}
      {leaving && (
        <FormDialog
          title={t.withdraw}
          submit={t.withdraw}
          danger
          busy={leave.busy}
          onClose={() => setLeaving(false)}
          onSubmit={() =>
            void leave.run(async () => {
              await api.withdraw(name);
              navigate('/office/definitions');
            })
          }
        >
          {leave.error !== null && <OfficeError error={leave.error} />}
          <p>{t.withdrawText}</p>
        </FormDialog>
      )}
    </Page>
  );
}
