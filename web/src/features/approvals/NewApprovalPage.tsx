// First the kind, then its form.
import { approvals as api, type ApprovalKind } from '../../api/approvals';
import { ButtonLink } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Link, navigate, useLocation } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { ApprovalForm } from './ApprovalForm';
import { text } from './messages';
import './Approvals.css';

export default function NewApprovalPage() {
  const { params } = useLocation();
  const { data, error, reload } = useLoad(() => api.kinds(), []);
  const kind = data?.find((each) => each.key === params.get('kind'));
  if (kind)
    return (
      <Page key={kind.key} title={text.newTitle(kind.title)} lead={kind.description}>
        <KindFacts kind={kind} />
        <ApprovalForm
          kind={kind}
          request={null}
          onSave={async (input, submit) => navigate(`/approvals/${(await api.create(kind.key, input, submit)).id}`)}
        />
      </Page>
    );
  return (
    <Page title={text.chooseKind} lead={text.kindLead} actions={<ButtonLink href="/approvals">{text.back}</ButtonLink>}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      <Notice tone="info">
        <p>{text.permitsElsewhere}</p>
        <ButtonLink size="small" href="/office">
          {text.toOffice}
        </ButtonLink>
      </Notice>
      <ul className="approval-kinds">
        {[...(data ?? [])].sort((a, b) => Number(b.may_ask) - Number(a.may_ask)).map((each) => (
          <li key={each.key} className="approval-kind">
            <h2>{each.may_ask ? <Link href={`/approvals/new?kind=${each.key}`}>{each.title}</Link> : each.title}</h2>
            <p>{each.description}</p>
            {!each.may_ask && <p className="meta">{text.notYours}</p>}
            <p className="meta">
              {text.clauses}：{each.clauses.join('、')}
            </p>
          </li>
        ))}
      </ul>
    </Page>
  );
}

export function KindFacts({ kind }: { kind: ApprovalKind }) {
  const facts: [string, string][] = [
    [text.clauses, kind.clauses.join('、')],
    [text.approvers, kind.approvers.length > 1 ? text.allOf(kind.approvers) : kind.approvers.join('')],
    [text.notified, kind.notified.join('、') || text.nobody],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
