// A secret that is shown once: a one-time password or an API key.
import { useState } from 'react';
import { copyText } from '../../lib/clipboard';
import { ja } from '../../messages/ja';
import { Button } from '../Button/Button';
import { Dialog } from '../Dialog/Dialog';
import './SecretDialog.css';

export function SecretDialog({ title, text, secret, onClose }: { title: string; text: string; secret: string; onClose: () => void }) {
  const [note, setNote] = useState('');
  const copy = () =>
    copyText(secret).then(
      () => setNote(ja.chat.copied),
      () => setNote(ja.chat.copyFailed),
    );
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="form">
        <p>{text}</p>
        <p className="secret" data-testid="secret">
          {secret}
        </p>
        <p role="status">{note}</p>
        <div className="dialog-buttons">
          <Button icon="copy" onClick={() => void copy()}>
            {ja.keys.copy}
          </Button>
          <Button kind="solid" onClick={onClose}>
            {ja.close}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
