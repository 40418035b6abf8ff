// What everybody of the body may read of its policy: the public documents, and one of them.
import { policyVersions as api } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { saveBase64 } from '../../lib/download';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { PublicText } from './PublicText';
import { versionTexts as t } from './versionMessages';

export default function PublicPoliciesPage() {
  const { data, error, loading, reload } = useLoad(() => api.publicList(), []);
  return (
    <Page title={t.publicPage} lead={t.publicLead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.items.length === 0 && <p className="empty">{t.publicEmpty}</p>}
      <ul>
        {data?.items.map((item) => (
          <li key={item.document}>
            <Link href={`/policies/${item.document}`}>{item.title}</Link>　{t.effective(wareki(item.effective_on))}
          </li>
        ))}
      </ul>
    </Page>
  );
}

export function PublicPolicyPage({ id }: { id: string }) {
  const { data, error, loading, reload } = useLoad(() => api.publicText(id), [id]);
  const { busy, error: saveError, run } = useAction();
  const save = (format: 'html' | 'pdf') =>
    void run(async () => {
      const file = await api.publicFile(id, format);
      saveBase64(file.name, file.content, file.type);
    });
  return (
    <Page title={data?.title ?? t.publicPage} lead={data ? t.effective(wareki(data.effective_on)) : undefined}>
      <p>
        <Link href="/policies">{t.publicBack}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {saveError !== null && <ErrorNotice error={saveError} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <div className="policy-actions">
            <Button kind="outline" disabled={busy} onClick={() => save('html')}>
              {t.saveHtml}
            </Button>
            <Button kind="outline" disabled={busy} onClick={() => save('pdf')}>
              {t.savePdf}
            </Button>
          </div>
          <PublicText clauses={data.clauses} />
        </>
      )}
    </Page>
  );
}
