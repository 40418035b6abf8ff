// The source of one citation beside the conversation: the document's text at the cited place, the passage marked.
import { useEffect, useRef } from 'react';
import { documents } from '../../api';
import type { Citation } from '../../api/types';
import { ButtonLink, IconButton } from '../../components/Button/Button';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { locatePassage } from '../documents/sourcePassage';
import { SourceText } from '../documents/SourceText';
import './SourcePanel.css';

export function SourcePanel({ citation, onClose }: { citation: Citation; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const text = useLoad(() => documents.text(citation.document_id), [citation.document_id]);
  useEffect(() => heading.current?.focus(), [citation]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);

  const sections = text.data?.sections ?? [];
  const found = locatePassage(sections, citation.start, citation.end).length > 0;
  const href = `/documents/${citation.document_id}?start=${citation.start}&end=${citation.end}`;
  return (
    <aside className="source-panel" aria-label={ja.source.panel}>
      <div className="source-panel-head">
        <h2 ref={heading} tabIndex={-1}>
          <span className="cite-number">{citation.n}</span>
          {citation.document}
        </h2>
        <IconButton icon="close" label={ja.close} onClick={onClose} />
      </div>
      <div className="meta source-panel-meta">
        <CitationPlace citation={citation} />
        {text.data && <LabelBadge label={text.data.document.label} />}
      </div>
      <div className="source-panel-text" tabIndex={0} role="region" aria-label={ja.document.text}>
        {text.loading && <Spinner />}
        {text.error !== null && <ErrorNotice error={text.error} onRetry={() => void text.reload()} />}
        {text.data && !found && (
          <>
            <Notice tone="warning">
              <p>{ja.source.moved}</p>
            </Notice>
            <p className="source-passage">{citation.text}</p>
          </>
        )}
        {text.data && <SourceText sections={sections} passage={citation} page={citation.page} />}
      </div>
      <div className="source-panel-foot">
        <ButtonLink size="small" icon="document" href={href}>
          {ja.source.openPage}
        </ButtonLink>
      </div>
    </aside>
  );
}

export function CitationPlace({ citation }: { citation: Citation }) {
  return (
    <>
      {citation.section && <span>{citation.section}</span>}
      {citation.page !== null && <span>{ja.chat.page(citation.page)}</span>}
    </>
  );
}
