// A definition of the body's own: written or uploaded, checked by line, put in force.
import { useEffect, useRef, useState, type ChangeEvent } from 'react';
import { office as api, type OfficeCheck } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { TextArea, TextField } from '../../components/Field/Field';
import { Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Link, useLocation } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { FindingList } from './FindingList';
import { lineRange } from './lines';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import './Office.css';

export default function DefinePage() {
  const from = useLocation().params.get('from') ?? '';
  const { data } = useLoad(async () => (from === '' ? '' : (await api.definition(from)).source), [from]);
  const [source, setSource] = useState('');
  const [note, setNote] = useState('');
  const [found, setFound] = useState<OfficeCheck | null>(null);
  const [missing, setMissing] = useState(false);
  const [put, setPut] = useState(0);
  const act = useAction();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => setSource(data ?? ''), [data]);
  const write = (text: string) => {
    setSource(text);
    setFound(null);
    setPut(0);
  };
  const upload = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) write(await file.text());
  };
  const check = async () => {
    const answer = await api.check(source);
    setFound(answer);
    return answer;
  };
  const ask = (action: () => Promise<void>) => {
    setMissing(source.trim() === '');
    if (source.trim() !== '') void act.run(action);
  };
  // The line is selected in the text, so that the next key corrects it.
  const show = (line: number) => {
    const area = frame.current?.querySelector('textarea');
    const [start, end] = lineRange(source, line);
    area?.focus();
    area?.setSelectionRange(start, end);
  };
  const define = async () => {
    if (!(await check()).usable) return;
    setPut((await api.define(source, note)).number);
  };
  return (
    <Page title={t.defineTitle} lead={t.defineLead}>
      <p>
        <Link href="/office/definitions">{t.backTo(t.tabs.definitions)}</Link>
      </p>
      <div className="field">
        <label htmlFor="office-define-file" className="field-label">
          {t.defineFile}
        </label>
        <input id="office-define-file" className="office-file" type="file" accept=".yaml,.yml" onChange={(event) => void upload(event)} />
      </div>
      <div ref={frame}>
        <TextArea
          label={t.defineSource}
          className="field-input field-area office-source"
          rows={20}
          spellCheck={false}
          error={missing ? t.sourceMissing : undefined}
          value={source}
          onChange={(event) => write(event.target.value)}
        />
      </div>
      <TextField label={t.memo} value={note} onChange={(event) => setNote(event.target.value)} />
      <div role="status">{found && <Checked found={found} onLine={show} />}</div>
      <div role="status">
        {put > 0 && (
          <Notice tone="success">
            <p>{t.putDone(put)}</p>
          </Notice>
        )}
      </div>
      {act.error !== null && <OfficeError error={act.error} />}
      <div className="office-actions">
        <Button disabled={act.busy} onClick={() => ask(async () => void (await check()))}>
          {t.check}
        </Button>
        <Button kind="solid" disabled={act.busy} onClick={() => ask(define)}>
          {t.put}
        </Button>
      </div>
    </Page>
  );
}

function Checked({ found, onLine }: { found: OfficeCheck; onLine: (line: number) => void }) {
  if (found.absent)
    return (
      <Notice tone="warning">
        <p>{t.checkAbsent}</p>
      </Notice>
    );
  if (found.findings.length === 0)
    return (
      <Notice tone="success">
        <p>{t.checkGood(found.name)}</p>
      </Notice>
    );
  return (
    <Notice tone="error">
      <p>{t.checkBad(found.findings.length)}</p>
      <FindingList findings={found.findings} onLine={onLine} />
    </Notice>
  );
}
