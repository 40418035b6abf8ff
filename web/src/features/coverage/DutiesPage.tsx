// What a person's own roles have to do this month, and the clauses that name them.
import { coverage as api } from '../../api/coverage';
import { ButtonLink } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { coverageTexts as t } from './messages';
import { State } from './State';
import './Coverage.css';

export default function DutiesPage() {
  const { session } = useSession();
  const { data, error, loading, reload } = useLoad(() => api.own(), []);
  return (
    <Page
      title={t.ownTitle}
      lead={t.ownLead}
      actions={session.user.powers.includes('policies.read') && <ButtonLink href="/admin/coverage">{t.matrix}</ButtonLink>}
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <p>
            {t.month(data.month)}　{t.roles(data.roles)}
          </p>
          <section className="coverage-part" aria-labelledby="duties-items">
            <h2 id="duties-items">{t.own}</h2>
            {data.items.length === 0 ? (
              <p className="empty">{t.nothingDue}</p>
            ) : (
              <Table caption={t.own} columns={t.dutyColumns}>
                {data.items.map((duty) => (
                  <tr key={duty.control}>
                    <td className="coverage-state">
                      <State state={duty.state} />
                    </td>
                    <th scope="row">
                      {duty.title}
                      <div className="meta">{duty.role}</div>
                      {duty.clauses.length > 0 && <div className="meta">{t.answers(duty.clauses)}</div>}
                    </th>
                    <td data-label={t.dutyColumns[2]}>{duty.reason}</td>
                    <td data-label={t.dutyColumns[3]}>{duty.due_at ? formatTime(duty.due_at) : ''}</td>
                    <td data-label={t.dutyColumns[4]}>{duty.mend}</td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
          <section className="coverage-part" aria-labelledby="duties-clauses">
            <h2 id="duties-clauses">{t.ownClauses}</h2>
            {data.clauses.length === 0 ? (
              <p className="empty">{t.noOwnClauses}</p>
            ) : (
              <Table caption={t.ownClauses} columns={t.clauseColumns}>
                {data.clauses.map((clause) => (
                  <tr key={`${clause.version}/${clause.id}`}>
                    <td className="coverage-state">
                      <State state={clause.state} />
                    </td>
                    <th scope="row">{clause.ref}</th>
                    <td>{clause.title || clause.text}</td>
                    <td>{clause.reason}</td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
        </>
      )}
    </Page>
  );
}
