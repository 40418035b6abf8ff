// The clauses addressed to me, for reading and printing; the acknowledgement of exactly what is shown, and the consent to it where my category is asked
// for one; and my questions about a clause, with what the manager answered.
import { useState } from 'react';
import { reading as api, type ReadingClause, type ReadingPage as Shown, type ReadingQuestion } from '../../api/reading';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { useSession } from '../session/session';
import { readingTexts as t } from './messages';
import '../office/Office.css';
import '../office/Print.css';
import './Reading.css';

export default function ReadingPage({ id }: { id: string }) {
  const { session } = useSession();
  const { data, error, loading, reload, set } = useLoad(() => api.open(id), [id]);
  const asked = useLoad(() => api.questions(id), [id]);
  const [asking, setAsking] = useState<Asking | null>(null);
  const mayAsk = session.user.powers.includes('approvals.use');
  const questions = asked.data?.items ?? [];
  return (
    <Page
      title={data?.reading.title ?? t.title}
      lead={data ? t.pageLead(data.reading.number, wareki(data.reading.effective_on), data.reading.clauses) : undefined}
      actions={
        <Button kind="outline" disabled={!data} onClick={() => window.print()}>
          {t.print}
        </Button>
      }
    >
      <p>
        <Link href="/readings">{t.back}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && <Sheet page={data} questions={questions} onAsk={mayAsk ? setAsking : undefined} />}
      {data && <Acknowledge page={data} onDone={(reading) => set(() => ({ ...data, reading }))} />}
      {data && mayAsk && (
        <section className="reading-questions" id="questions">
          <h2>{t.questions}</h2>
          {asked.error !== null && <ErrorNotice error={asked.error} onRetry={() => void asked.reload()} />}
          {questions.length > 0 && <Questions items={questions} />}
          <div>
            <Button onClick={() => setAsking({ name: data.reading.title })}>{t.askWhole}</Button>
          </div>
        </section>
      )}
      {data && asking && (
        <AskDialog
          page={data}
          about={asking}
          onClose={(items) => {
            setAsking(null);
            if (items) asked.set(() => ({ items }));
          }}
        />
      )}
    </Page>
  );
}

// What the question is about: a clause, or the document as a whole.
interface Asking {
  clause?: string;
  name: string;
}

function Sheet({ page, questions, onAsk }: { page: Shown; questions: ReadingQuestion[]; onAsk?: (about: Asking) => void }) {
  const { session } = useSession();
  const { reading } = page;
  return (
    <article className="print-sheet reading-sheet" lang="ja">
      <header className="reading-print">
        <p className="print-head">
          <span>{session.body.name}</span>
          <span>{t.versionName(reading.number, wareki(reading.effective_on))}</span>
        </p>
        <h2>{reading.title}</h2>
      </header>
      {page.clauses.map((clause) => (
        <Clause key={clause.id} clause={clause} asked={questions.filter((one) => one.clause === clause.id).length} onAsk={onAsk} />
      ))}
      <table className="print-rows reading-print">
        <tbody>
          {t.printSign.map((name) => (
            <tr key={name}>
              <th scope="row" className="print-name">
                {name}
              </th>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function Clause({ clause, asked, onAsk }: { clause: ReadingClause; asked: number; onAsk?: (about: Asking) => void }) {
  const mark = t.modality[clause.modality];
  const name = clause.ref === '' ? clause.label : clause.ref;
  return (
    <div className={clause.addressed ? 'reading-clause reading-mine' : 'reading-clause'} style={{ marginInlineStart: `${Math.min(clause.depth, 8)}rem` }}>
      <p>
        <b>{clause.label}</b> {clause.withheld ? t.withheld : <b>{clause.title}</b>}
        {mark && <span className="reading-mark">{mark}</span>}
      </p>
      {clause.text !== '' && <p className="reading-text">{clause.text}</p>}
      {clause.addressed && onAsk && (
        <p className="reading-ask no-print">
          <Button kind="text" size="small" aria-label={t.askOf(name)} onClick={() => onAsk({ clause: clause.id, name })}>
            {t.ask}
          </Button>
          {asked > 0 && <a href="#questions">{t.questionsHere(asked)}</a>}
        </p>
      )}
    </div>
  );
}

// One act for whoever is asked for a consent: it confirms too.
function Acknowledge({ page, onDone }: { page: Shown; onDone: (reading: Shown['reading']) => void }) {
  const [read, setRead] = useState(false);
  const { busy, error, run } = useAction();
  const { reading } = page;
  const consents = reading.consent_asked && reading.consented_at === null;
  const waits = consents || reading.state !== 'acknowledged';
  return (
    <section className="reading-acknowledge">
      {error !== null && <ErrorNotice error={error} />}
      {reading.state === 'extended' && <Notice tone="warning">{t.changedRole}</Notice>}
      {reading.state === 'acknowledged' && <p role="status">{t.acknowledgedAt(formatTime(reading.acknowledged_at))}</p>}
      {reading.consented_at !== null && <p role="status">{t.consentedAt(formatTime(reading.consented_at))}</p>}
      {consents && (
        <>
          <h2>{t.consentTitle}</h2>
          <p>{t.consentLead}</p>
        </>
      )}
      {waits && (
        <>
          <label className="reading-check">
            <input type="checkbox" checked={read} onChange={(event) => setRead(event.target.checked)} />
            {consents ? t.consentCheck : t.confirm}
          </label>
          <div>
            <Button kind="solid" disabled={busy || !read} onClick={() => void run(async () => onDone(await (consents ? api.consent(page) : api.acknowledge(page))))}>
              {consents ? t.consent : t.acknowledge}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Questions({ items }: { items: ReadingQuestion[] }) {
  return (
    <ul className="reading-asked">
      {items.map((item) => (
        <li key={item.id}>
          <p>
            <b>{item.ref === '' ? t.questionWhole : item.ref}</b>
            <span className="reading-mark">{item.state}</span>
            <small>
              {formatTime(item.asked_at)}　{item.version}
            </small>
          </p>
          <p className="reading-text">{item.question}</p>
          <p className="reading-text">{item.answer === '' ? t.notAnswered : t.answer(item.answer)}</p>
          <p>
            <Link href={`/office/cases/${item.id}`}>{t.questionCase(item.number)}</Link>
          </p>
        </li>
      ))}
    </ul>
  );
}

function AskDialog({ page, about, onClose }: { page: Shown; about: Asking; onClose: (items: ReadingQuestion[] | null) => void }) {
  const [words, setWords] = useState('');
  const { busy, error, run } = useAction();
  return (
    <FormDialog
      title={t.askTitle(about.name)}
      submit={t.askSend}
      busy={busy || words.trim() === ''}
      onSubmit={() => void run(async () => onClose((await api.ask(page, words, about.clause)).items))}
      onClose={() => onClose(null)}
    >
      <p>{t.askLead}</p>
      {error !== null && <ErrorNotice error={error} />}
      <TextArea label={t.askLabel} required rows={5} value={words} onChange={(event) => setWords(event.target.value)} />
    </FormDialog>
  );
}
