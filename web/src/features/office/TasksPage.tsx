// What waits for the person: decisions first, then what can be moved on. For whoever decides much this is the page of the day.
import { office as api, type OfficeItem } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { ja } from '../../messages/ja';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';
import { Due, StateTag } from './StateTag';
import { usePages } from './usePages';

export default function TasksPage() {
  const { items, next, error, busy, reload, more } = usePages((after) => api.tasks(after), []);
  return (
    <Page title={t.tabs.tasks} lead={t.tasksLead}>
      <OfficeTabs current="tasks" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!items && error === null && <Spinner />}
      {items && <Tasks title={t.decide} empty={t.noDecide} items={items.filter((item) => item.kind === 'waiting')} />}
      {items && <Tasks title={t.proceed} empty={t.noProceed} items={items.filter((item) => item.kind !== 'waiting')} />}
      {next && (
        <div>
          <Button disabled={busy} onClick={more}>
            {ja.more}
          </Button>
        </div>
      )}
    </Page>
  );
}

function Tasks({ title, empty, items }: { title: string; empty: string; items: OfficeItem[] }) {
  const [, subject, state, unit, due] = t.taskColumns;
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      {items.length === 0 && <p className="empty">{empty}</p>}
      {items.length > 0 && (
        <Table caption={title} columns={t.taskColumns}>
          {items.map((item) => (
            <tr key={item.id}>
              <th scope="row">
                <Link href={`/office/cases/${item.id}`}>{item.number}</Link>
                <span className="table-note">{item.definition_title}</span>
              </th>
              <td data-label={subject}>{item.subject || t.untitled}</td>
              <td data-label={state}>
                <StateTag title={item.state_title} kind={item.kind} />
              </td>
              <td data-label={unit}>{item.unit}</td>
              <td data-label={due}>
                <Due item={item} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
