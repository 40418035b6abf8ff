// The organisation sheet: everything in which this body differs from others, and who is appointed to what.
import { useState } from 'react';
import { organisation as api } from '../../api';
import type { Organisation, OrganisationProfile } from '../../api/types';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { useLoad } from '../../lib/useLoad';
import { Appointments } from './Appointments';
import { texts } from './messages';
import './Organisation.css';
import { Outline, Roles, Scheme, Segments, StrictRoles, Units } from './Sheet';
import { Terms, TimeWords } from './TermsAndTimes';
import { Versions } from './Versions';

type Section = keyof typeof texts.sections;

export default function OrganisationPage() {
  const { data, error, loading, reload } = useLoad(() => api.get(), []);
  const [section, setSection] = useState<Section>('outline');
  const [drafted, setDrafted] = useState<number | null>(null);
  const onDraft = (number: number) => {
    setDrafted(number);
    void reload();
  };
  return (
    <Page title={texts.title} lead={texts.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {drafted !== null && (
        <Notice tone="success" role="status">
          <p>{texts.drafted(drafted)}</p>
        </Notice>
      )}
      {data && (
        <>
          <nav className="org-sections" aria-label={texts.sectionsLabel}>
            {(Object.entries(texts.sections) as [Section, string][]).map(([key, text]) => (
              <button key={key} type="button" aria-current={section === key ? 'true' : undefined} onClick={() => setSection(key)}>
                {text}
              </button>
            ))}
          </nav>
          <section aria-labelledby="org-section">
            <h2 id="org-section">{texts.sections[section]}</h2>
            {data.document ? (
              <SectionOf section={section} data={data} document={data.document} onDraft={onDraft} onChanged={() => void reload()} />
            ) : (
              <p className="empty">{texts.missing}</p>
            )}
          </section>
        </>
      )}
    </Page>
  );
}

function SectionOf({
  section,
  data,
  document,
  onDraft,
  onChanged,
}: {
  section: Section;
  data: Organisation;
  document: OrganisationProfile;
  onDraft: (number: number) => void;
  onChanged: () => void;
}) {
  switch (section) {
    case 'outline':
      return <Outline document={document} />;
    case 'units':
      return <Units units={data.units} kinds={document.unit_kinds} />;
    case 'roles':
      return <Roles document={document} />;
    case 'appointments':
      return <Appointments />;
    case 'scheme':
      return <Scheme document={document} />;
    case 'segments':
      return (
        <>
          <Segments document={document} />
          <StrictRoles document={document} />
        </>
      );
    case 'terms':
      return <Terms document={document} onDraft={onDraft} />;
    case 'time':
      return <TimeWords document={document} onDraft={onDraft} />;
    case 'versions':
      return <Versions versions={data.versions} onChanged={onChanged} />;
  }
}
