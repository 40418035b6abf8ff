import { useState } from 'react';
import { documents as api } from '../../api';
import { ApiError } from '../../api/client';
import { Button, ButtonLink } from '../../components/Button/Button';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatBytes, formatNumber } from '../../lib/format';
import { Link, useLocation } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { disposalTexts } from '../disposal/messages';
import { LowerDialog } from '../lowering/LowerDialog';
import { text as lowering } from '../lowering/messages';
import { mayGoDown } from '../lowering/mayGoDown';
import { useSession } from '../session/session';
import { DocumentStateTag } from './DocumentStateTag';
import { SourceText } from './SourceText';
import './DocumentPage.css';

// The passage to mark comes in the address: /documents/ID?start=120&end=180
export default function DocumentPage({ id }: { id: string }) {
  const { params } = useLocation();
  const { session } = useSession();
  const about = useLoad(() => api.get(id), [id]);
  const text = useLoad(() => api.text(id), [id]);
  const [asking, setAsking] = useState(false);
  const start = Number(params.get('start') ?? Number.NaN);
  const end = Number(params.get('end') ?? Number.NaN);
  const page = params.get('page');
  const passage = Number.isInteger(start) && Number.isInteger(end) && start < end ? { start, end } : null;

  if (about.error !== null)
    return (
      <Page title={ja.document.text}>
        <ErrorNotice error={about.error} onRetry={() => void about.reload()} />
      </Page>
    );
  if (!about.data)
    return (
      <div className="page">
        <Spinner />
      </div>
    );
  const document = about.data;
  const headings = (text.data?.sections ?? []).filter((section) => section.heading !== '');
  const unread = text.error instanceof ApiError && text.error.problem.status < 500 && document.state !== 'ready';
  const { label } = document;
  const lowerable = mayGoDown(label);
  return (
    <Page
      title={document.name}
      actions={
        <>
          {lowerable && session.user.powers.includes('approvals.use') && <Button onClick={() => setAsking(true)}>{lowering.ask}</Button>}
          {session.user.powers.includes('approvals.use') && <ButtonLink href={`/disposals?scope=documents&id=${id}`}>{disposalTexts.ask}</ButtonLink>}
          {session.may_carry_out && (
            <ButtonLink href={api.contentUrl(id)} icon="download" download={document.name}>
              {ja.document.original}
            </ButtonLink>
          )}
        </>
      }
    >
      {asking && <LowerDialog what="documents" id={id} onClose={() => setAsking(false)} />}
      <div className="meta">
        <DocumentStateTag state={document.state} />
        <LabelBadge label={document.label} />
        <span>{document.type.toUpperCase()}</span>
        {document.encoding && <span>{document.encoding}</span>}
        <span>{formatBytes(document.bytes)}</span>
        <span>{ja.document.characters(formatNumber(document.characters))}</span>
        {document.pages !== null && <span>{ja.document.pages(document.pages)}</span>}
        <Link href={`/collections/${document.collection_id}`}>{ja.document.collection}</Link>
      </div>
      {document.reason && (
        <Notice tone="warning">
          <p>{document.reason}</p>
        </Notice>
      )}
      {unread && (
        <Notice tone="info">
          <p>{ja.document.unread}</p>
        </Notice>
      )}
      {text.error !== null && !unread && <ErrorNotice error={text.error} onRetry={() => void text.reload()} />}
      {text.loading && <Spinner />}
      {text.data && (
        <div className="document-columns">
          {headings.length > 1 && (
            <details className="document-contents">
              <summary>{ja.document.contents}</summary>
              <ul>
                {headings.map((section) => (
                  <li key={section.n}>
                    <a href={`#section-${section.n}`}>{section.heading}</a>
                  </li>
                ))}
              </ul>
            </details>
          )}
          <section aria-labelledby="text-title">
            <h2 id="text-title" className="visually-hidden">
              {ja.document.text}
            </h2>
            <SourceText sections={text.data.sections} passage={passage} page={page === null ? null : Number(page)} />
          </section>
        </div>
      )}
    </Page>
  );
}
