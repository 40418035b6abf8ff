// The papers of a meeting as one file, for cases whose definition has them.
import { office as api } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import type { Loaded } from './CasePage';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';

export function CaseDossier({ one, definition }: Loaded) {
  const { busy, error, run } = useAction();
  if (!definition.print?.dossier) return null;
  const save = (format: string) =>
    void run(async () => {
      const file = await api.dossier(one.id, format);
      saveBase64(file.name, file.content, file.type);
    });
  return (
    <section className="section" aria-labelledby="office-dossier">
      <h2 id="office-dossier">{t.dossier}</h2>
      <p>{t.dossierLead}</p>
      {error !== null && <OfficeError error={error} />}
      <div className="page-actions">
        <Button kind="solid" disabled={busy} onClick={() => save('pdf')}>
          {t.dossierPdf}
        </Button>
        <Button disabled={busy} onClick={() => save('html')}>
          {t.dossierHtml}
        </Button>
      </div>
    </section>
  );
}
