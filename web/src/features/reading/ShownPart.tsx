// Showing a document to the staff, so that each is asked to read what is addressed to her.
import { reading as api, type ShownToStaff } from '../../api/reading';
import { Button } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { readingTexts as t } from './messages';
import '../policies/Policies.css';

// `at`: changes whenever the document's versions do.
export function ShownPart({ document, mayManage, at }: { document: string; mayManage: boolean; at: unknown }) {
  const { data, error, reload, set } = useLoad(() => api.shown(document), [document, at]);
  const { busy, error: actError, run } = useAction();
  const act = (done: Promise<ShownToStaff>) =>
    void run(async () => {
      const next = await done;
      set(() => next);
    });
  return (
    <section className="policy-part">
      <h2>{t.shownTitle}</h2>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {actError !== null && <ErrorNotice error={actError} />}
      <p>{t.shownLead}</p>
      {data && (
        <>
          <p role="status">{data.shown ? t.shownBy(data.shown_by ?? '', formatTime(data.shown_at)) : data.in_force ? t.notShown : t.notInForce}</p>
          {data.held && <Notice tone="warning">{t.held}</Notice>}
          <p>
            <Link href="/readings/people">{t.peopleLink}</Link>
          </p>
          {mayManage && data.in_force && (
            <div className="policy-actions">
              {(!data.shown || data.held) && (
                <Button kind="solid" disabled={busy} onClick={() => act(api.show(document))}>
                  {data.held ? t.showAgain : t.show}
                </Button>
              )}
              {data.shown && (
                <Button kind="outline" disabled={busy} onClick={() => act(api.hide(document))}>
                  {t.hide}
                </Button>
              )}
            </div>
          )}
        </>
      )}
    </section>
  );
}
