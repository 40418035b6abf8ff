// The body's policy documents: list, import, and two versions side by side.
import { useRef, useState } from 'react';
import { policies as api, type PolicyDocument } from '../../api/policies';
import { Button } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { toBase64 } from '../../lib/base64';
import { formatTime } from '../../lib/format';
import { Link, navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ComparePart } from './ComparePart';
import { OscalImport } from './Interchange';
import { policyTexts as t } from './messages';
import { versionTexts } from './versionMessages';
import './Policies.css';

export default function PoliciesPage() {
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      <p>
        <Link href="/admin/policies/guideline">{t.toGuideline}</Link>
      </p>
      {data?.items.length === 0 && <p className="empty">{t.empty}</p>}
      {data?.items.map((document) => <Versions key={document.id} document={document} />)}
      {data?.may_manage && <Import documents={data.items} />}
      {data?.may_manage && <OscalImport documents={data.items} />}
      {data && data.items.some((document) => document.versions.length > 0) && <ComparePart documents={data.items} />}
    </Page>
  );
}

function Versions({ document }: { document: PolicyDocument }) {
  return (
    <section className="policy-part">
      <h2>{document.title}</h2>
      <Table caption={t.versions(document.title)} columns={t.columns}>
        {document.versions.map((version) => (
          <tr key={version.id}>
            <th scope="row">
              <Link href={`/admin/policies/${version.id}`}>{t.versionName(version.number)}</Link>
            </th>
            <td data-label={t.columns[1]}>{versionTexts.state[version.state]}</td>
            <td data-label={t.columns[2]}>{version.file_name}</td>
            <td data-label={t.columns[3]}>{version.clauses}</td>
            <td data-label={t.columns[4]}>{version.open_repairs}</td>
            <td data-label={t.columns[5]}>
              {version.imported_by}　{formatTime(version.imported_at)}
            </td>
          </tr>
        ))}
      </Table>
      <p>
        <Link href={`/admin/policies/documents/${document.id}`} aria-label={versionTexts.documentLinkOf(document.title)}>
          {versionTexts.documentLink}
        </Link>
      </p>
    </section>
  );
}

function Import({ documents }: { documents: PolicyDocument[] }) {
  const [document, setDocument] = useState('');
  const [missing, setMissing] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useAction();
  const submit = () => {
    const chosen = file.current?.files?.[0];
    setMissing(!chosen);
    if (!chosen) return;
    void run(async () => {
      const done = await api.import(chosen.name, await toBase64(chosen), document === '' ? undefined : document);
      navigate(`/admin/policies/${done.version}`);
    });
  };
  return (
    <section className="policy-part">
      <h2>{t.importTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          {t.noFile}
        </Notice>
      )}
      <div className="policy-choices">
        <TextField label={t.file} hint={t.fileHint} ref={file} type="file" accept=".txt,.md,.docx,.pdf,.html,.htm" />
        <SelectField label={t.asVersionOf} value={document} onChange={(event) => setDocument(event.target.value)}>
          <option value="">{t.newDocument}</option>
          {documents.map((one) => (
            <option key={one.id} value={one.id}>
              {t.newVersionOf(one.title)}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="policy-actions">
        <Button kind="solid" disabled={busy} onClick={submit}>
          {t.submit}
        </Button>
      </div>
    </section>
  );
}
