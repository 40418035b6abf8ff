// Recovery codes, shown once.
import { useState } from 'react';
import { Button } from '../../components/Button/Button';
import { copyText } from '../../lib/clipboard';
import { ja } from '../../messages/ja';
import './Factors.css';
import { texts } from './messages';

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const [note, setNote] = useState('');
  const copy = () =>
    copyText(codes.join('\n')).then(
      () => setNote(ja.chat.copied),
      () => setNote(ja.chat.copyFailed),
    );
  return (
    <div className="factor-enrol">
      <p>{texts.codes.text}</p>
      <ul className="factor-codes" aria-label={texts.codes.title} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p role="status">{note}</p>
      <div className="dialog-buttons">
        <Button icon="copy" onClick={() => void copy()}>
          {texts.codes.copy}
        </Button>
        <Button kind="solid" onClick={onKept}>
          {texts.codes.kept}
        </Button>
      </div>
    </div>
  );
}
