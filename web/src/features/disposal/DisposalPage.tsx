// What is to be erased, how far it is, and the certificates.
import { useState } from 'react';
import { disposal as api } from '../../api';
import type { Disposal } from '../../api/types';
import { Button, ButtonLink } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { saveBase64 } from '../../lib/download';
import { formatNumber, formatTime } from '../../lib/format';
import { useLocation } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { base64Of } from '../../lib/base64';
import { useLoad } from '../../lib/useLoad';
import { AskDialog } from './AskDialog';
import { disposalTexts as t } from './messages';

const stateOf = (each: Disposal) => (each.state === 'asked' && t.closed[each.approval_state]) || t.states[each.state] || each.state;

// What is to go may come in the address: /disposals?scope=documents&id=ID opens the request for it.
export default function DisposalPage() {
  const { params } = useLocation();
  const scope = params.get('scope') ?? '';
  const id = params.get('id') ?? '';
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const [asking, setAsking] = useState(scope in t.scopes && id !== '');
  const action = useAction();
  const save = (id: string, form: 'pdf' | 'json') =>
    void action.run(async () => {
      const made = await api.certificate(id);
      if (form === 'pdf') saveBase64(`${made.name}.pdf`, made.pdf_base64, 'application/pdf');
      else saveBase64(`${made.name}.json`, base64Of(new TextEncoder().encode(made.file)), 'application/json');
    });
  const close = (asked: boolean) => {
    setAsking(false);
    if (asked) void reload();
  };
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      <div>
        <Button icon="add" onClick={() => setAsking(true)}>
          {t.ask}
        </Button>
      </div>
      {loading && !data && <Spinner />}
      {data && data.items.length === 0 && <p className="empty">{t.empty}</p>}
      {data && data.items.length > 0 && (
        <Table caption={t.title} columns={Object.values(t.columns)}>
          {data.items.map((each) => (
            <DisposalRow key={each.id} disposal={each} busy={action.busy} onSave={save} />
          ))}
        </Table>
      )}
      {asking && <AskDialog first={{ scope: scope in t.scopes ? scope : 'documents', id }} onClose={close} />}
    </Page>
  );
}

interface RowProps {
  disposal: Disposal;
  busy: boolean;
  onSave: (id: string, form: 'pdf' | 'json') => void;
}

function DisposalRow({ disposal: each, busy, onSave }: RowProps) {
  return (
    <tr>
      <th scope="row">
        {each.what}
        <div className="meta">{`${t.scopes[each.scope] ?? each.scope} ${t.items(formatNumber(each.items))}`}</div>
      </th>
      <td>
        {stateOf(each)}
        {each.trouble !== '' && <div className="meta">{t.trouble}</div>}
      </td>
      <td>{`${each.requested_by} ${formatTime(each.requested_at)}`}</td>
      <td>{each.permitted_at ? `${each.permitted.map((p) => p.name).join('、')} ${formatTime(each.permitted_at)}` : ''}</td>
      <td>
        {each.verification.at && t.found(formatNumber(each.verification.samples), formatNumber(each.verification.found))}
        {each.remaining.map((r) => (
          <div key={r.store + r.ground + String(r.until)} className="meta">
            {t.remain(t.stores[r.store] ?? r.store, formatNumber(r.count), t.grounds[r.ground] ?? r.ground, r.until ? formatTime(r.until) : '')}
          </div>
        ))}
      </td>
      <td>
        {each.certificates > 0 ? (
          <>
            <Button size="small" icon="download" disabled={busy} aria-label={t.certificateOf(each.what)} onClick={() => onSave(each.id, 'pdf')}>
              {t.certificate}
            </Button>
            <Button size="small" icon="download" disabled={busy} aria-label={t.fileOf(each.what)} onClick={() => onSave(each.id, 'json')}>
              {t.file}
            </Button>
          </>
        ) : (
          <ButtonLink size="small" href={`/approvals/${each.approval}`}>
            {t.openApproval}
          </ButtonLink>
        )}
      </td>
    </tr>
  );
}
