// One policy document: its versions and their way, 改め文, and what of it is public.
import { policies } from '../../api/policies';
import { policyVersions as api } from '../../api/policyVersions';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { ShownPart } from '../reading/ShownPart';
import { AmendingPart } from './AmendingPart';
import { PublicationPart } from './PublicationPart';
import { versionTexts as t } from './versionMessages';
import { VersionsPart } from './VersionsPart';

export default function PolicyDocumentPage({ id }: { id: string }) {
  const { data: history, error, loading, reload } = useLoad(() => api.history(id), [id]);
  const { data: list } = useLoad(() => policies.list(), []);
  const { data: publication, error: publicationError, reload: reloadPublication, set } = useLoad(() => api.publication(id), [id]);
  const changed = () => {
    void reload();
    void reloadPublication();
  };
  return (
    <Page title={history?.title ?? t.historyTitle}>
      <p>
        <Link href="/admin/policies">{t.back}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !history && <Spinner />}
      {history && <VersionsPart history={history} onChange={changed} />}
      {history && history.items.length > 1 && <AmendingPart versions={history.items} />}
      {history && <ShownPart document={id} mayManage={list?.may_manage ?? false} at={history} />}
      {publicationError !== null && <ErrorNotice error={publicationError} onRetry={() => void reloadPublication()} />}
      {publication && <PublicationPart publication={publication} mayManage={list?.may_manage ?? false} onChange={(next) => set(() => next)} />}
    </Page>
  );
}
