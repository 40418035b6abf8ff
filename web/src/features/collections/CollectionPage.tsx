import { useCallback, useEffect, useRef, useState } from 'react';
import { collections as api } from '../../api';
import type { Collection, Document } from '../../api/types';
import { Button, ButtonLink } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatBytes, formatNumber } from '../../lib/format';
import { navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { disposalTexts } from '../disposal/messages';
import { LowerDialog } from '../lowering/LowerDialog';
import { mayGoDown } from '../lowering/mayGoDown';
import { text as lowering } from '../lowering/messages';
import { useSession } from '../session/session';
import { DocumentsTable } from './DocumentsTable';
import { UploadSection } from './UploadSection';
import './Collections.css';

const kRefreshMs = 2_000;

export default function CollectionPage({ id }: { id: string }) {
  const found = useLoad(async () => (await api.list()).find((item) => item.id === id) ?? null, [id]);
  const documents = useDocuments(id);
  const { session } = useSession();
  const [removing, setRemoving] = useState(false);
  const [asking, setAsking] = useState(false);
  if (found.error !== null)
    return (
      <Page title={ja.collections.title}>
        <ErrorNotice error={found.error} onRetry={() => void found.reload()} />
      </Page>
    );
  if (found.loading && !found.data)
    return (
      <div className="page">
        <Spinner />
      </div>
    );
  const collection = found.data;
  if (!collection)
    return (
      <Page title={ja.collections.title}>
        <Notice tone="error">
          <p>{ja.collections.notFound}</p>
        </Notice>
      </Page>
    );
  return (
    <Page
      title={collection.name}
      lead={collection.description}
      actions={
        <>
          {mayGoDown(collection.label) && session.user.powers.includes('approvals.use') && <Button onClick={() => setAsking(true)}>{lowering.ask}</Button>}
          {session.user.powers.includes('approvals.use') && <ButtonLink href={`/disposals?scope=collection&id=${id}`}>{disposalTexts.ask}</ButtonLink>}
          {collection.can_manage && (
            <Button icon="trash" onClick={() => setRemoving(true)}>
              {ja.remove}
            </Button>
          )}
        </>
      }
    >
      {asking && <LowerDialog what="collections" id={id} onClose={() => setAsking(false)} />}
      <div className="meta">
        <LabelBadge label={collection.label} />
        <span>{ja.collections.readersOf(collection.readers)}</span>
        {collection.department && <span>{ja.collections.department(collection.department)}</span>}
        <span>{ja.collections.size(formatNumber(collection.documents), formatBytes(collection.bytes))}</span>
      </div>
      {collection.can_manage && <UploadSection collection={id} onProgress={documents.refreshSoon} />}
      <section className="section" aria-labelledby="documents-title">
        <div className="page-head">
          <h2 id="documents-title">{ja.collections.documents}</h2>
          <Button size="small" icon="again" onClick={() => void documents.refresh()}>
            {ja.collections.refresh}
          </Button>
        </div>
        {documents.error !== null && <ErrorNotice error={documents.error} onRetry={() => void documents.refresh()} />}
        {documents.loaded && documents.items.length === 0 && <p className="empty">{ja.collections.noDocuments}</p>}
        {documents.items.length > 0 && (
          <DocumentsTable items={documents.items} canManage={collection.can_manage} onChanged={documents.put} onRemoved={documents.drop} />
        )}
        {documents.next !== null && (
          <div>
            <Button onClick={() => void documents.more()}>{ja.more}</Button>
          </div>
        )}
      </section>
      {removing && <RemoveDialog collection={collection} onClose={() => setRemoving(false)} />}
    </Page>
  );
}

// The pages of documents seen so far; they are read again together, so that states stay true while files are being read.
function useDocuments(collection: string) {
  const [state, setState] = useState<{ items: Document[]; next: string | null; loaded: boolean; error: unknown }>({
    items: [],
    next: null,
    loaded: false,
    error: null,
  });
  const pages = useRef(1);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const alive = useRef(true);

  const refreshing = useRef(false);
  const refresh = useCallback(async () => {
    if (refreshing.current) return;
    refreshing.current = true;
    try {
      const items: Document[] = [];
      let next: string | null = null;
      for (let n = 0; n < pages.current; n++) {
        const page: { items: Document[]; next?: string | null } = await api.documents(collection, next);
        items.push(...page.items);
        next = page.next ?? null;
        if (next === null) break;
      }
      if (alive.current) setState({ items, next, loaded: true, error: null });
    } catch (error) {
      if (alive.current) setState((old) => ({ ...old, loaded: true, error }));
    } finally {
      refreshing.current = false;
    }
  }, [collection]);

  const refreshSoon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      void refresh();
    }, kRefreshMs / 2);
  }, [refresh]);

  useEffect(() => {
    alive.current = true;
    void refresh();
    return () => {
      alive.current = false;
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    };
  }, [refresh]);

  const busy = state.items.some((item) => item.state === 'waiting' || item.state === 'reading');
  useEffect(() => {
    if (!busy) return;
    const interval = setInterval(() => void refresh(), kRefreshMs);
    return () => clearInterval(interval);
  }, [busy, refresh]);

  return {
    ...state,
    refresh,
    refreshSoon,
    more: () => {
      pages.current++;
      return refresh();
    },
    put: (document: Document) =>
      setState((old) => ({ ...old, items: old.items.map((item) => (item.id === document.id ? document : item)) })),
    drop: (document: Document) => setState((old) => ({ ...old, items: old.items.filter((item) => item.id !== document.id) })),
  };
}

function RemoveDialog({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const { busy, error, run } = useAction();
  const remove = () =>
    void run(async () => {
      await api.remove(collection.id);
      onClose();
      navigate('/collections', true);
    });
  return (
    <FormDialog title={ja.collections.removeTitle} submit={ja.remove} danger busy={busy} onSubmit={remove} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{ja.collections.removeText(collection.name)}</p>
    </FormDialog>
  );
}
