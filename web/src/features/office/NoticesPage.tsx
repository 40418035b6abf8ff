// Notices of the security office to the person.
import { office as api, type OfficeNotice } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { warekiDue, warekiMinute } from '../../lib/wareki';
import { ja } from '../../messages/ja';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';
import { usePages } from './usePages';

export default function NoticesPage() {
  const { items, next, error, busy, reload, more, set } = usePages((after) => api.notices(after), []);
  const action = useAction();
  const see = (notice: OfficeNotice) =>
    void action.run(async () => {
      await api.see(notice.id);
      set((old) => ({ ...old, items: old.items.map((item) => (item.id === notice.id ? { ...item, unseen: false } : item)) }));
    });
  const [, number, at, due, state] = t.noticeColumns;
  return (
    <Page title={t.tabs.notices} lead={t.noticesLead}>
      <OfficeTabs current="notices" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {action.error !== null && <OfficeError error={action.error} />}
      {!items && error === null && <Spinner />}
      {items?.length === 0 && <p className="empty">{t.noNotices}</p>}
      {items && items.length > 0 && (
        <Table caption={t.tabs.notices} columns={t.noticeColumns}>
          {items.map((notice) => (
            <tr key={notice.id}>
              <th scope="row">
                {notice.text}
                {notice.clause !== '' && <span className="table-note">{t.clauses([notice.clause])}</span>}
              </th>
              <td data-label={number}>
                <Link href={`/office/cases/${notice.about}`}>{notice.number}</Link>
              </td>
              <td data-label={at}>{warekiMinute(notice.at)}</td>
              <td data-label={due}>{warekiDue(notice.due_at) || t.noDue}</td>
              <td data-label={state}>
                {!notice.unseen && t.seen}
                {notice.unseen && (
                  <span className="table-actions">
                    <span className="state-tag state-bad">{t.unseen}</span>
                    <Button size="small" disabled={action.busy} aria-label={t.seeOf(notice.number)} onClick={() => see(notice)}>
                      {t.see}
                    </Button>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
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
