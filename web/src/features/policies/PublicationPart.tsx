// What of a document the public may read: the whole by a switch, each clause by another, the copies to save.
import { useState } from 'react';
import { collections } from '../../api';
import { policyVersions as api, type ClausePublicity, type PolicyPublication } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { saveBase64 } from '../../lib/download';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

export function PublicationPart({ publication, mayManage, onChange }: { publication: PolicyPublication; mayManage: boolean; onChange: (changed: PolicyPublication) => void }) {
  const { busy, error, run } = useAction();
  const save = (format: 'html' | 'pdf') =>
    void run(async () => {
      const file = await api.publicFile(publication.document, format);
      saveBase64(file.name, file.content, file.type);
    });
  return (
    <section className="policy-part">
      <h2>{t.publicationTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {!publication.in_force && <p>{t.notInForce}</p>}
      <p role="status">
        {publication.published ? t.publishedBy(publication.published_by ?? '', formatTime(publication.published_at ?? '')) : t.notPublished}
        {publication.collection !== null && (publication.placed ? t.placed : t.placing)}
      </p>
      {publication.held && <Notice tone="warning">{t.held}</Notice>}
      {mayManage && publication.in_force && <Switch publication={publication} onChange={onChange} />}
      {publication.published && !publication.held && (
        <div className="policy-actions">
          <Button kind="outline" disabled={busy} onClick={() => save('html')}>
            {t.saveHtml}
          </Button>
          <Button kind="outline" disabled={busy} onClick={() => save('pdf')}>
            {t.savePdf}
          </Button>
        </div>
      )}
      <Clauses publication={publication} mayManage={mayManage} onChange={onChange} />
    </section>
  );
}

function Switch({ publication, onChange }: { publication: PolicyPublication; onChange: (changed: PolicyPublication) => void }) {
  const { data: places } = useLoad(() => collections.list(), []);
  const [collection, setCollection] = useState(publication.collection ?? '');
  const { busy, error, run } = useAction();
  return (
    <>
      {error !== null && <ErrorNotice error={error} />}
      <SelectField label={t.collection} value={collection} onChange={(event) => setCollection(event.target.value)}>
        <option value="">{t.noCollection}</option>
        {places
          ?.filter((place) => place.can_manage)
          .map((place) => (
            <option key={place.id} value={place.id}>
              {place.name}
            </option>
          ))}
      </SelectField>
      <div className="policy-actions">
        <Button kind="solid" disabled={busy} onClick={() => void run(async () => onChange(await api.publish(publication.document, collection === '' ? undefined : collection)))}>
          {publication.published ? t.publishAgain : t.publish}
        </Button>
        {publication.published && (
          <Button kind="outline" disabled={busy} onClick={() => void run(async () => onChange(await api.withdraw(publication.document)))}>
            {t.withdraw}
          </Button>
        )}
      </div>
    </>
  );
}

function Clauses({ publication, mayManage, onChange }: { publication: PolicyPublication; mayManage: boolean; onChange: (changed: PolicyPublication) => void }) {
  const [withholding, setWithholding] = useState<ClausePublicity | null>(null);
  const { busy, error, run } = useAction();
  return (
    <>
      <h3>{t.publicity}</h3>
      {error !== null && <ErrorNotice error={error} />}
      <Table caption={t.publicity} columns={t.publicityColumns}>
        {publication.clauses.map((clause) => (
          <tr key={clause.id}>
            <th scope="row">
              {clause.ref} {clause.title}
            </th>
            <td>{clause.withheld ? t.withheld : clause.inherited ? t.inherited : t.open}</td>
            <td className="policy-text">{clause.reason}</td>
            <td>
              {mayManage && !clause.withheld && !clause.inherited && (
                <Button kind="outline" disabled={busy} aria-label={t.withholdOf(clause.ref)} onClick={() => setWithholding(clause)}>
                  {t.withhold}
                </Button>
              )}
              {mayManage && clause.withheld && (
                <Button
                  kind="outline"
                  disabled={busy}
                  aria-label={t.discloseOf(clause.ref)}
                  onClick={() => void run(async () => onChange(await api.disclose(publication.document, clause.id)))}
                >
                  {t.disclose}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {withholding && (
        <WithholdDialog
          document={publication.document}
          clause={withholding}
          onClose={(changed) => {
            setWithholding(null);
            if (changed) onChange(changed);
          }}
        />
      )}
    </>
  );
}

function WithholdDialog({ document, clause, onClose }: { document: string; clause: ClausePublicity; onClose: (changed: PolicyPublication | null) => void }) {
  const [reason, setReason] = useState('');
  const { busy, error, run } = useAction();
  return (
    <FormDialog
      title={t.withholdOf(clause.ref)}
      submit={t.withhold}
      busy={busy}
      onSubmit={() => void run(async () => onClose(await api.withhold(document, clause.id, reason)))}
      onClose={() => onClose(null)}
    >
      {error !== null && <ErrorNotice error={error} />}
      <p>{t.withholdHint}</p>
      <TextArea label={t.reason} required rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  );
}
